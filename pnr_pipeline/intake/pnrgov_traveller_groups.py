"""Segments that speak of a traveller: TIF, FTI, REF, FAR, SSR (group 2 of PNRGOV, and where they stand elsewhere)."""

import re
from typing import Final

from pnr_pipeline.intake.pnrgov_checkin import find_checked_in
from pnr_pipeline.intake.pnrgov_history import GROUP_QUALIFIERS
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.pnrgov_services import Pending, admit
from pnr_pipeline.intake.pnrgov_state import PAST, Group, State
from pnr_pipeline.intake.ssr import normal_reference, read_ssr
from pnr_pipeline.wire.edifact.segment import Segment

REFERENCE: Final = re.compile(r"[A-Za-z0-9./\-]{1,35}")
STATUS: Final = re.compile(r"[A-Za-z0-9 ]{1,12}")
"""Unique references and frequent flyer numbers, and the status beside the latter."""
_ONLY_OF_TRAVELLERS: Final = frozenset(("FTI", "REF", "FAR", "TKT"))


def tif(state: State, segment: Segment) -> None:
    """TIF: travellers in group 2, one who checks in behind TRI, a name in history behind SAC.

    A TIF that no open group can hold is a traveller, so that a missing segment before it loses nobody.
    """
    if state.group == Group.CHANGE and state.next_tag() in _ONLY_OF_TRAVELLERS:
        state.end_booking()
    if not state.is_open:
        state.in_booking(segment)
    if state.group == Group.CHANGE and not state.change.names:
        state.booking.history.append(state.change.name(state.draft, segment))
        return
    if state.group == Group.CHECKED and state.checked is None:
        state.check_in(find_checked_in(state.booking.party, state.tri_reference, segment))
        return
    if state.group in (Group.CHECKIN, Group.CHECKED):
        known = _repeated(state, segment)
        state.end_check_in()
        if known is not None:
            state.check_in(known)
            return
    named = [place for place, one in enumerate(segment.elements) if place > 1 and any(one)]
    if not named and segment.get(1, 1).strip().upper() in GROUP_QUALIFIERS:
        state.booking.read_group(state.draft, segment)
        state.persons = []
    else:
        state.persons = [_traveller(state, segment, place) for place in named or (2,)]
    state.group = Group.TRAVELLER


def _traveller(state: State, segment: Segment, place: int) -> Person:
    given, kind, reference, infant, other = (*segment.components(place), "", "", "", "", "")[:5]
    kind = kind.strip().upper()
    if klass := state.draft.rules.sensitive.fare_type(kind):
        state.draft.drop(f"sensitive:{klass}")
        kind = ""
    person = state.booking.party.add(
        segment.get(1),
        f"{given} {other}" if other else given,
        segment.offset,
        reference=normal_reference(reference),
        fare_type=kind,
    )
    person.infant_told = infant.strip() not in ("", "0")
    return person


def _repeated(state: State, segment: Segment) -> Person | None:
    """The person whom a TIF in check-in repeats by reference and name: their TRI is missing."""
    reference = normal_reference(segment.get(2, 2))
    person = state.booking.party.referred_to(reference)
    return person if person and person.is_called(segment.get(1), segment.get(2)) else None


def fti(state: State, segment: Segment) -> None:
    """FTI: frequent flyer numbers."""
    for place in range(1, len(segment)):
        airline, number, reference, _, level = (*segment.components(place), "", "", "", "", "")[:5]
        person = state.booking.party.referred_to(normal_reference(reference)) or state.person()
        if person is not None and REFERENCE.fullmatch(number.strip()):
            airline = airline.strip() if len(airline.strip()) <= 3 else ""
            status = state.draft.kept(level.strip())
            person.add_loyalty(f"{airline}{number.strip()} {status if STATUS.fullmatch(status) else ''}".rstrip())


def ref(state: State, segment: Segment) -> None:
    """REF: the unique passenger reference."""
    person = state.person()
    if person is not None and person.carrier_reference is None:
        for place in range(1, len(segment)):
            value = segment.get(place, 1).strip() or segment.get(place).strip()
            if REFERENCE.fullmatch(value):
                person.carrier_reference = value
                return


def far(state: State, segment: Segment) -> None:
    """FAR: the fare type, where TIF tells none; a sensitive one is dropped."""
    kind = segment.get(1).strip().upper()
    for told in (kind, segment.get(3), *segment.components(5)[:5]):
        if told and (klass := state.draft.rules.sensitive.fare_type(told.strip().upper())):
            state.draft.drop(f"sensitive:{klass}")
            return
    person = state.person()
    if person is not None and not person.fare_type and kind.isalnum() and len(kind) <= 3:
        person.fare_type = kind
        person.infant = person.infant or kind in ("IN", "INF")


def ssr(state: State, segment: Segment) -> None:
    """SSR: kept for the close of the booking, or counted and gone."""
    code = segment.get(1).strip().upper()
    state.in_booking(segment)
    if code not in state.draft.rules.plain_services and not admit(
        state.draft, code, "".join(segment.components(1)[8:]), segment.offset
    ):
        return
    if state.group in PAST:
        state.booking.history.append(state.change.service(segment))
        return
    ssr = read_ssr(segment)
    here = state.is_here(ssr.board, ssr.off) if ssr.board and ssr.off else state.leg_here
    state.services.append(Pending(ssr, state.person(), here))
