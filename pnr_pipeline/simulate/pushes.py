"""What each push of a flight shows: travellers come, go, are renamed and divided between one push and the next."""

from collections.abc import Sequence
from random import Random

from pnr_pipeline.simulate.parties import Booking, Passenger
from pnr_pipeline.simulate.paxlst import Listed
from pnr_pipeline.simulate.pnrgov import Booked

SEAT_LATER_SHARE = 0.06
FLYING = ("flies", "booked_late")


def bookings_ahead(bookings: Sequence[Booking]) -> list[Booked]:
    """48 hours before departure: without those who book later, with those who will cancel, and undivided."""
    joined = {id(one.divided_from): one for one in bookings if one.divided_from is not None}
    shown = []
    for booking in bookings:
        if booking.divided_from is not None:
            continue
        divided = joined.get(id(booking))
        everyone = [*booking.passengers, *(divided.passengers if divided else ())]
        present = tuple([one for one in everyone if one.fate != "booked_late"])
        if present:
            shown.append(Booked(booking, present))
    return shown


def bookings_at_closure(bookings: Sequence[Booking]) -> list[Booked]:
    """At closure: whoever is booked then, on board or not; the cancelled stay in the history of their booking."""
    shown = []
    for booking in bookings:
        gone = tuple([one for one in booking.passengers if one.fate == "cancelled"])
        present = tuple([one for one in booking.passengers if one.fate != "cancelled"])
        if present:
            shown.append(Booked(booking, present, gone))
    return shown


def checked_in_early(bookings: Sequence[Booking], random: Random) -> list[Listed]:
    """The first list: in the order of check-in, some without a seat yet, with those who will be taken off."""
    listed = [
        Listed(one, booking, "" if random.random() < SEAT_LATER_SHARE else one.seat)
        for booking in bookings
        for one in booking.passengers
        if one.fate == "offloaded" or (one.fate in FLYING and one.early)
    ]
    random.shuffle(listed)
    return listed


def on_board(bookings: Sequence[Booking]) -> list[Listed]:
    """The list at closure, in the order of the seats."""
    return [Listed(one, booking, one.seat) for booking in bookings for one in booking.passengers if one.fate in FLYING]


def changes_of_bookings(bookings: Sequence[Booking]) -> tuple[str, ...]:
    """What the push at closure changes, each as `added|dropped|renamed|split <person>`."""
    told = []
    for booking in bookings:
        for one in booking.passengers:
            told += [f"{what} {one.person.person}" for what in _changes(booking, one)]
    return tuple(told)


def changes_of_lists(earlier: Sequence[Listed], later: Sequence[Listed]) -> tuple[str, ...]:
    """Who came and who went between two lists, and who was given a seat."""
    before = {one.passenger.person.person: one.seat for one in earlier}
    after = {one.passenger.person.person: one.seat for one in later}
    told = [f"added {person}" for person in after if person not in before]
    told += [f"dropped {person}" for person in before if person not in after]
    told += [f"seated {person}" for person, seat in after.items() if seat and before.get(person) == ""]
    return tuple(told)


def _changes(booking: Booking, one: Passenger) -> list[str]:
    changes = []
    if one.fate == "booked_late":
        changes.append("added")
    elif one.fate == "cancelled":
        changes.append("dropped")
    if one.former is not None and one.fate != "cancelled":
        changes.append("renamed")
    if booking.divided_from is not None:
        changes.append("split")
    return changes
