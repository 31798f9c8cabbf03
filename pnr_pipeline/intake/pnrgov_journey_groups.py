"""Segments of the itinerary, of check-in and of history (groups 5 to 7 and 10 to 12 of PNRGOV)."""

from typing import Final

from pnr_pipeline.intake.pnrgov_checkin import read_bags, read_seat
from pnr_pipeline.intake.pnrgov_history import with_status
from pnr_pipeline.intake.pnrgov_itinerary import (
    is_second_number,
    with_operating_flight,
    with_second_number,
)
from pnr_pipeline.intake.pnrgov_services import SEAT_GIVEN
from pnr_pipeline.intake.pnrgov_state import PAST, Group, State
from pnr_pipeline.intake.ssr import normal_reference
from pnr_pipeline.wire.edifact.segment import Segment

_CONFIRMED: Final = ["HK"]


def tvl(state: State, segment: Segment) -> None:
    """TVL: by its group a leg of the message, of the booking, of history, or beside the flight."""
    if not state.is_open and is_second_number(segment) and state.legs:
        state.legs[-1] = with_second_number(state.legs[-1], segment.get(5), state.legs[-1])
    elif not state.is_open:
        state.legs.append(state.read_leg(segment))
        state.draft.depart(state.legs[0])
    elif state.group in PAST:
        state.booking.history.append(state.change.leg(segment))
    elif state.group == Group.BESIDE:
        state.booking.add_beside(state.read_leg(segment), state.subject)
    elif is_second_number(segment) and state.booking.legs:
        state.booking.legs[-1] = with_second_number(state.booking.legs[-1], segment.get(5), state.message_leg())
        state.see_leg()
    else:
        state.end_check_in()
        state.booking.add_leg(state.read_leg(segment))
        state.see_leg()
        state.group = Group.SEGMENT


def tra(state: State, segment: Segment) -> None:
    """TRA: the operating flight of the leg before."""
    if not state.is_open and state.legs:
        state.legs[-1] = with_operating_flight(state.legs[-1], segment)
    elif state.is_open and state.booking.legs and state.group not in (*PAST, Group.BESIDE):
        state.booking.legs[-1] = with_operating_flight(state.booking.legs[-1], segment)
        state.see_leg()


def rpi(state: State, segment: Segment) -> None:
    """RPI: the status of the leg before."""
    if not state.is_open or state.group == Group.BESIDE:
        return
    if state.group in PAST:
        history = state.booking.history
        if history and history[-1].element == "segment" and (status := _status(segment)):
            history[-1] = with_status(history[-1], status)
    elif state.booking.status:
        status = state.booking.status[-1] = _status(segment)
        state.booking.count_seats(segment.get(1), status, segment.offset)


def _status(segment: Segment) -> str:
    told = segment.elements[2:]
    if told == _CONFIRMED:
        return "HK"
    codes = ((one if isinstance(one, str) else one[0]).strip().upper() for one in told)
    return " ".join(code for code in codes if code.isalpha() and len(code) <= 3)


def tri(state: State, segment: Segment) -> None:
    """TRI: someone checks in."""
    state.in_booking(segment)
    state.end_check_in()
    state.tri_reference = normal_reference(segment.get(2, 3))
    state.tri_sequence = segment.get(2)
    state.tri_offset = segment.offset
    state.group = Group.CHECKED


def ssd(state: State, segment: Segment) -> None:
    """SSD: a seat."""
    if state.group in (Group.CHECKED, Group.CHECKIN) and (person := state.who_checks_in()):
        read_seat(segment, person, SEAT_GIVEN + 2 * state.leg_here)


def tbd(state: State, segment: Segment) -> None:
    """TBD: bags."""
    if state.group in PAST:
        state.booking.history.append(state.change.bags(segment))
    elif state.group in (Group.CHECKED, Group.CHECKIN) and (person := state.who_checks_in()):
        read_bags(segment, person, here=state.leg_here)


def abi(state: State, segment: Segment) -> None:
    """ABI: another transaction of history."""
    state.in_booking(segment)
    state.end_check_in()
    state.change.begin(segment)
    state.group = Group.HISTORY


def sac(state: State, segment: Segment) -> None:
    """SAC: a change."""
    state.in_booking(segment)
    state.end_check_in()
    state.change.read_action(segment)
    state.group = Group.CHANGE


def lts(state: State, segment: Segment) -> None:
    """LTS: dropped; read only for infants that nothing else names."""
    state.in_booking(segment)
    state.end_check_in()
    state.group = Group.LINES
    state.draft.drop("text:LTS")
    state.infant_lines.read(segment)
