"""History of a booking (groups 10 to 12 of PNRGOV: ABI, DAT, SAC and what follows): item 19 of Annex I.

Kept are changes of legs, names, seats, bags and of services that Annex I names; of the latter only that they changed.
Free text (IFT, LTS) is never kept, and sensitive services are dropped here as everywhere (FORMATS 7.3).
"""

import re

import msgspec

from pnr_pipeline.intake.pnrgov_booking import moment
from pnr_pipeline.intake.pnrgov_checkin import bags_of
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_itinerary import read_leg
from pnr_pipeline.intake.pnrgov_payment import mask_cards
from pnr_pipeline.intake.ssr import read_ssr
from pnr_pipeline.records.booking import HistoryEntry
from pnr_pipeline.records.traveller import Bags
from pnr_pipeline.wire.edifact.segment import Segment

GROUP_QUALIFIERS = frozenset(("G", "CP", "BS"))
"""Group, corporate, block space (PADIS 6353 in C322): such a TIF names no person."""
_CODE = re.compile(r"(?=[A-Z]{0,3}\d|[A-Z]{2,4}$)[A-Z0-9]{1,9}")
_SEAT_SERVICES = frozenset(("SEAT", "RQST", "NSST", "NSSA", "NSSW", "SMSA", "SMSW", "SMST"))


class Change:
    """The place in history that is being read: time and author of the ABI group, action of the SAC group."""

    __slots__ = ("action", "at", "by", "names")

    def __init__(self) -> None:
        self.at: str | None = None
        self.by = ""
        self.action = ""
        self.names = 0

    def begin(self, segment: Segment) -> None:
        """ABI: another transaction, its time to come with DAT; who made it (C300 agent and duty, place, company)."""
        self.at = None
        told = (*segment.components(2)[:2], segment.get(3), segment.get(5))
        self.by = " ".join(part for part in told if _CODE.fullmatch(part))
        self.action = ""
        self.names = 0

    def read_time(self, segment: Segment) -> None:
        """DAT behind ABI, whatever its qualifier (T, ZT): UTC."""
        self.at = moment(segment.get(1, 1), segment.get(1, 2)) or self.at

    def read_action(self, segment: Segment) -> None:
        """SAC: A added, X cancelled; other words are not kept."""
        action = segment.get(3).strip().upper() or segment.get(1).strip().upper()
        self.action = action if action in ("A", "X") else ""
        self.names = 0

    def leg(self, segment: Segment) -> HistoryEntry:
        """A leg was added or cancelled."""
        return self._entry("segment", read_leg(segment).key)

    def name(self, draft: MessageDraft, segment: Segment) -> HistoryEntry:
        """A name was added or cancelled: `SURNAME/GIVEN`, or that of a group."""
        self.names += 1
        value = "/".join(part for part in (segment.get(1).strip(), segment.get(2).strip()) if part)
        if segment.get(1, 1).strip().upper() in GROUP_QUALIFIERS:
            value = draft.kept(mask_cards(value))
        return self._entry("name", value)

    def service(self, segment: Segment) -> HistoryEntry:
        """A service was added or cancelled; of seats alone the value is kept."""
        ssr = read_ssr(segment)
        value = " ".join(seat for seat in ssr.seats if seat) if ssr.code in _SEAT_SERVICES else ""
        return self._entry(f"ssr {ssr.code}", value)

    def bags(self, segment: Segment) -> HistoryEntry:
        """Bags were added or taken out: pieces, weight and tags."""
        bags = bags_of(segment) or Bags()
        weight = f"{bags.weight:g} {bags.weight_unit}".rstrip() if bags.weight is not None else ""
        pieces = f"{bags.pieces} pieces" if bags.pieces is not None else ""
        return self._entry("bags", " ".join(part for part in (pieces, weight, *bags.tags) if part))

    def _entry(self, element: str, value: str) -> HistoryEntry:
        return HistoryEntry(self.at, self.action, element, value, self.by)


def with_status(entry: HistoryEntry, status: str) -> HistoryEntry:
    """The entry of a leg with the status that RPI behind it tells."""
    return msgspec.structs.replace(entry, value=f"{entry.value} {status}")
