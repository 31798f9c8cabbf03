"""Segments of the message header and of a booking as a whole (header, groups 1, 3, 4, 8 and 9 of PNRGOV)."""

from typing import Final

from pnr_pipeline.intake.pnrgov_booking import address_line, issue_day
from pnr_pipeline.intake.pnrgov_state import PAST, PERSONAL, Group, State
from pnr_pipeline.wire.edifact.segment import Segment

_FULL_PUSH: Final = "22"
_BESIDE: Final = {
    "1": "air", "2": "car", "3": "hotel", "4": "ferry", "5": "cruise", "6": "rail", "7": "tour", "8": "hotel",
    "9": "car", "10": "air taxi", "11": "tour", "12": "surface", "13": "tour", "17": "charter", "30": "limousine",
    "41": "transfer", "45": "coach", "46": "bus",
}  # fmt: skip
"""What MSG 4025 in group 9 says was booked beside the flight (PADIS; insurance, 29, is no travel)."""

_TICKETING: Final = frozenset((Group.TICKET, Group.PAYMENT))
_FLYING: Final = frozenset((Group.SEGMENT, Group.CHECKIN, Group.CHECKED))
_ABOUT_THE_BOOKING: Final = PERSONAL | {Group.BOOKING}


def src(state: State, segment: Segment) -> None:
    """SRC: another booking."""
    state.end_booking()
    state.begin_booking(segment.offset)
    state.is_open = True
    state.group = Group.BOOKING


def msg(state: State, segment: Segment) -> None:
    """MSG: the function of the message in its header, later something booked beside the flight."""
    if not state.is_open:
        function = segment.get(1, 1).strip()
        state.function = state.function or (function if function.isdecimal() and len(function) < 4 else "")
    else:
        state.end_check_in()
        state.group = Group.BESIDE
        state.subject = _BESIDE.get(segment.get(1).strip(), "")


def eqn(state: State, segment: Segment) -> None:
    """EQN: the number of bookings in the header, later a split booking."""
    if state.is_open:
        state.end_check_in()
        state.group = Group.SPLIT
        number = segment.get(1).strip()
        state.booking.split_size = int(number) if number.isdecimal() and 0 < len(number) < 4 else None
    elif (number := segment.get(1).strip()).isdecimal() and len(number) < 7:
        state.bookings_told = int(number)


def rci(state: State, segment: Segment) -> None:
    """RCI: locators; of the booking, of its segments, of the bookings it was split from."""
    if state.is_open and state.group != Group.BOOKING and _begins_another(state, segment):
        state.end_booking()
    state.in_booking(segment)
    if state.group == Group.SPLIT:
        for place in range(1, len(segment)):
            locator = segment.get(place, 1)
            if locator:
                state.booking.add_split(segment.get(place), locator)
    elif state.group not in PAST:
        state.booking.read_locators(segment)


def _begins_another(state: State, segment: Segment) -> bool:
    """Whether this RCI opens a booking whose SRC is missing: a new locator, with DAT 700, ORG, ADD or TIF behind it."""
    locator = segment.get(1, 1).strip()
    known = state.booking.known_locators
    if not locator or not known or locator in known or state.at + 1 >= len(state.segments):
        return False
    following = state.segments[state.at + 1]
    return following.tag in ("ORG", "ADD", "EBD", "TIF") or (
        following.tag == "DAT" and following.get(1) in ("700", "710")
    )


def org(state: State, segment: Segment) -> None:
    """ORG: the agency in group 1; empty in an update it says that the booking is cancelled."""
    if state.is_open and state.group in _ABOUT_THE_BOOKING:
        if not any(segment.elements[1:]):
            state.booking.cancelled = state.booking.cancelled or state.function != _FULL_PUSH
        else:
            state.booking.read_agency(state.draft, segment)


def dat(state: State, segment: Segment) -> None:
    """DAT: by the group it stands in, see the table of groups."""
    group = state.group
    if group in _TICKETING:
        state.booking.purse.read_issue(issue_day(segment))
    elif segment.get(1) in ("700", "710"):
        if group not in (Group.BOOKING, Group.TRAVELLER):
            state.end_booking()  # no other group has these: SRC and RCI are missing
        state.in_booking(segment)
        state.booking.read_dates(segment)
    elif group in PAST:
        state.change.read_time(segment)
    elif group in _FLYING:
        state.end_check_in()
        state.group = Group.CHECKIN


def add(state: State, segment: Segment) -> None:
    """ADD: contact in groups 1 and 2, billing address beside a payment."""
    state.in_booking(segment)
    if state.group == Group.BOOKING:
        state.booking.read_address(state.draft, segment, None)
    elif state.group == Group.TRAVELLER:
        state.booking.read_address(state.draft, segment, state.person())
    elif state.group in _TICKETING:
        for place in range(2, len(segment)):
            line = state.draft.kept(address_line(segment.components(place)[1:7]))
            state.booking.purse.bill(billing_address=line)
    else:
        state.draft.drop("text:ADD")


def ebd(state: State, segment: Segment) -> None:
    """EBD: excess baggage."""
    state.in_booking(segment)
    state.booking.read_excess(segment, state.person())


def ift(state: State, segment: Segment) -> None:
    """IFT: contacts and payer are kept, all other text is dropped (ING-3, ING-4)."""
    subject = segment.get(1, 1).strip()
    if not state.is_open or state.group in PAST or subject not in state.draft.rules.texts:
        for place in range(2, len(segment)):
            state.draft.drop_text("IFT", "".join(segment.components(place)))
    elif subject == "43":
        texts = ["".join(segment.components(place)) for place in range(2, len(segment))]
        state.booking.purse.read_payer(state.draft, texts)
    else:
        state.booking.read_osi(state.draft, segment, state.person())


def tkt(state: State, segment: Segment) -> None:
    """TKT: a ticket of the person."""
    if state.group in PERSONAL:
        state.booking.purse.read_ticket(state.draft, segment, state.person())
        state.group = Group.TICKET


def mon(state: State, segment: Segment) -> None:
    """MON: the fare."""
    if state.group in _TICKETING:
        state.booking.purse.read_fare(segment)


def fop(state: State, segment: Segment) -> None:
    """FOP: payments."""
    state.in_booking(segment)
    state.booking.purse.read_payment(state.draft, segment)
    if state.group in PERSONAL:
        state.group = Group.PAYMENT
