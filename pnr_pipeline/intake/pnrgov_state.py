"""The state of a PNRGOV message between two segments: the open booking, its group, who is being spoken of.

header | SRC booking | TIF traveller | TKT ticket | FOP payment | TVL segment | DAT check-in | TRI one checks in
       | EQN split | MSG beside the flight | ABI history | SAC change | LTS lines
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from pnr_pipeline.intake.content import MessageHead
from pnr_pipeline.intake.pnrgov_booking import BookingDraft
from pnr_pipeline.intake.pnrgov_checkin import mark_checked_in
from pnr_pipeline.intake.pnrgov_close import close_booking
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_history import Change
from pnr_pipeline.intake.pnrgov_infants import InfantLines
from pnr_pipeline.intake.pnrgov_itinerary import read_leg, same_leg
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.pnrgov_services import Pending
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.edifact.segment import Segment


class Group(IntEnum):
    """The group in which the next segment stands (FORMATS 4.1)."""

    HEADER = 0
    BOOKING = 1
    TRAVELLER = 2
    TICKET = 3
    PAYMENT = 4
    SEGMENT = 5
    CHECKIN = 6
    CHECKED = 7
    SPLIT = 8
    BESIDE = 9
    HISTORY = 10
    CHANGE = 11
    LINES = 12


PERSONAL = frozenset((Group.TRAVELLER, Group.TICKET, Group.PAYMENT))
PAST = frozenset((Group.HISTORY, Group.CHANGE))


class State:
    """What is known between two segments. `tri_offset` is -1 while no check-in is open."""

    def __init__(self, segments: Sequence[Segment], head: MessageHead, rulebook: Rulebook, now: datetime) -> None:
        self.segments = segments
        self.at = 0
        self.draft = MessageDraft(rulebook, now.date(), head.offset)
        self.function = ""
        self.legs: list[FlightLeg] = []
        self._legs_told: dict[tuple[str | tuple[str, ...], ...], FlightLeg] = {}
        self.travellers: list[Traveller] = []
        self.bookings: list[Booking] = []
        self.bookings_told: int | None = None
        self.group = Group.HEADER
        self.is_open = False
        self.begin_booking(-1)

    def begin_booking(self, offset: int) -> None:
        """Forget the booking before."""
        self.booking = BookingDraft(offset)
        self.services: list[Pending] = []
        self.infant_lines = InfantLines()
        self.change = Change()
        self.persons: list[Person] = []
        self.checked: Person | None = None
        self.tri_reference = ""
        self.tri_sequence = ""
        self.tri_offset = -1
        self.leg_here = False
        self.subject = ""

    def end_booking(self) -> None:
        """Freeze the open booking and its travellers."""
        if self.is_open:
            self.end_check_in()
            record, travellers = close_booking(
                self.booking, self.draft, self.services, self.infant_lines, len(self.bookings), len(self.travellers)
            )
            self.bookings.append(record)
            self.travellers += travellers
            self.is_open = False

    def in_booking(self, segment: Segment) -> None:
        """Open a booking where SRC is missing."""
        if not self.is_open:
            self.begin_booking(segment.offset)
            self.is_open = True
            self.group = Group.BOOKING
            self.draft.note("SYN-01", offset=segment.offset, segment=segment.tag)

    def next_tag(self) -> str:
        """The tag of the segment behind the one that is being read; '' at the end."""
        return self.segments[self.at + 1].tag if self.at + 1 < len(self.segments) else ""

    def person(self) -> Person | None:
        """The one person under whose TIF a segment stands; None where it stands elsewhere or TIF names several."""
        return self.persons[0] if len(self.persons) == 1 and self.group in PERSONAL else None

    def message_leg(self) -> FlightLeg | None:
        """The first leg of the header."""
        return self.legs[0] if self.legs else None

    def read_leg(self, segment: Segment) -> FlightLeg:
        """The leg of a TVL: bookings of one flight tell the same ones, so each is read once a message."""
        told = tuple(segment.elements)
        leg = self._legs_told.get(told)
        if leg is None:
            leg = self._legs_told[told] = read_leg(segment)
        return leg

    def see_leg(self) -> None:
        """Note whether the newest leg is the one of the message."""
        self.leg_here = bool(self.legs) and same_leg(self.booking.legs[-1], self.legs[0])

    def is_here(self, board: str, off: str) -> bool:
        """Whether these places are those of the leg of the message."""
        return bool(self.legs) and (board, off) == (self.legs[0].origin, self.legs[0].destination)

    def check_in(self, person: Person) -> None:
        """This person checks in."""
        self.checked = person
        person.sequence = person.sequence or self.tri_sequence
        mark_checked_in(person, here=self.leg_here)

    def who_checks_in(self) -> Person | None:
        """The person of the open check-in: TIF has named them, or the reference of TRI does."""
        if self.checked is None and self.tri_reference:
            person = self.booking.party.referred_to(self.tri_reference)
            if person is not None:
                self.check_in(person)
        return self.checked

    def end_check_in(self) -> None:
        """Leave a check-in; a finding if nobody can be told from it."""
        if self.tri_offset >= 0 and self.who_checks_in() is None:
            self.draft.note("PNR-03", offset=self.tri_offset, segment="TRI")
        self.tri_offset = -1
        self.tri_reference = self.tri_sequence = ""
        self.checked = None
