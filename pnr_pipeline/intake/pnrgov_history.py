"""History of a booking (groups 10 to 12 of PNRGOV: ABI, DAT, SAC and what follows): item 19 of Annex I.

Kept are changes of legs, names, seats, bags and of services that Annex I names; of the latter only that they changed.
Free text (IFT, LTS) is never kept, and sensitive services are dropped here as everywhere (FORMATS 7.3).
"""

from pnr_pipeline.intake.pnrgov_booking import moment
from pnr_pipeline.intake.pnrgov_itinerary import read_leg
from pnr_pipeline.intake.ssr import read_ssr
from pnr_pipeline.records.booking import HistoryEntry
from pnr_pipeline.wire.edifact.segment import Segment

_SEAT_SERVICES = frozenset(("SEAT", "RQST", "NSST", "NSSA", "NSSW", "SMSA", "SMSW", "SMST"))


class Change:
    """The place in history that is being read: time of the ABI group, action of the SAC group."""

    __slots__ = ("action", "at", "names")

    def __init__(self) -> None:
        self.at: str | None = None
        self.action = ""
        self.names = 0

    def begin(self) -> None:
        """ABI: another transaction, its time to come with DAT."""
        self.at = None
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
        leg = read_leg(segment)
        return HistoryEntry(at=self.at, action=self.action, element="segment", value=leg.key)

    def name(self, segment: Segment) -> HistoryEntry:
        """A name was added or cancelled: `SURNAME/GIVEN`."""
        self.names += 1
        value = "/".join(part for part in (segment.get(1).strip(), segment.get(2).strip()) if part)
        return HistoryEntry(at=self.at, action=self.action, element="name", value=value)

    def service(self, segment: Segment) -> HistoryEntry:
        """A service was added or cancelled; of seats alone the value is kept."""
        ssr = read_ssr(segment)
        value = " ".join(seat for seat in ssr.seats if seat) if ssr.code in _SEAT_SERVICES else ""
        return HistoryEntry(at=self.at, action=self.action, element=f"ssr {ssr.code}", value=value)

    def bags(self) -> HistoryEntry:
        """Bags were added or taken out."""
        return HistoryEntry(at=self.at, action=self.action, element="bags")
