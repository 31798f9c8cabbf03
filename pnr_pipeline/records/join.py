"""One person, one record: how the messages of a leg tell its travellers, whatever the order they arrive in.

The persons of a leg are a function of the *set* of its messages: `fold` over them in the order of `Message.order`.
One more message in that order is one `join_step`; a late one means folding again, and `regroup` says which
group of listings keeps which record id.

A person is never found by ordinal: ordinals shift when someone drops out. Two travellers of one message are never
one person; where more than one answer is possible, the traveller is a new person with a finding, never a merge.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.same_person import TESTS, Listing, Person, Source, Standing, Test, is_infant, keys_of
from pnr_pipeline.records.same_person import compatible_names as _compatible
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.records.view import filled

Member = tuple[str, int]
"""(message id, ordinal): one listing; it belongs to exactly one person."""

_STANDING: dict[str, Standing] = {
    "745+XR": "cancelled",
    "745+RP": "cancelled",
    "266+XF": "cancelled",
    "266+CLNB": "not_boarded",
    "266+CLOB": "boarded",
}
_FULL_LISTS = ("22", "266+CLOB")
"""Functions whose message lists everybody: PNRGOV full push (MSG 22), API closing list of those on board."""

_CROWD = 9
"""A carrier's reference that more persons of one leg than this have says nothing about any of them."""


class Push(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message as the join needs it; this is what is kept, sealed, to fold again."""

    order: str
    message_id: str
    source: Source
    travellers: tuple[Traveller, ...] = ()
    bookings: tuple[Booking, ...] = ()
    standing: Standing = "listed"
    flight: FlightLeg = FlightLeg()

    def listing(self, traveller: Traveller) -> Listing:
        """The traveller as this message lists them, with every locator that leads to them."""
        index = traveller.booking
        booking = self.bookings[index] if index is not None and index < len(self.bookings) else None
        locator = traveller.locator or (booking.locator if booking else "")
        others = (*booking.split_from, *(one.rpartition(":")[2] for one in booking.locators)) if booking else ()
        cancelled = booking is not None and booking.cancelled
        return Listing(
            order=self.order,
            message_id=self.message_id,
            traveller=traveller,
            locator=locator,
            locators=tuple(dict.fromkeys(one for one in (locator, *others) if one)),
            standing="cancelled" if cancelled else self.standing,
            leg_day=self.flight.departure_local.date().isoformat() if self.flight.departure_local else "",
        )

    @property
    def told_bookings(self) -> set[str]:
        """Locators whose whole party this message tells: a PNR always lists all of a booking."""
        return {booking.locator for booking in self.bookings if booking.locator}


class Joined(msgspec.Struct, frozen=True):
    """What one message changed: persons by id (new ones too), the id each ordinal got, and which are doubtful."""

    changed: dict[str, Person]
    ids: dict[int, str]
    ambiguous: tuple[int, ...]


def order_key(message: Message) -> str:
    """`Message.order` as text that sorts the same way."""
    at, sequence, message_id = message.order
    return f"{at} {max(sequence, 0):012d} {message_id}"


def push_of(message: Message, flight: FlightLeg) -> Push:
    """The message as the join needs it; `flight` is the leg its travellers are stored on."""
    return Push(
        order=order_key(message),
        message_id=message.message_id,
        source="api" if message.kind == "PAXLST" else "pnr",
        travellers=message.travellers,
        bookings=message.bookings,
        standing=_STANDING.get(message.function, "listed"),
        flight=flight,
    )


def is_full_list(message: Message) -> bool:
    """Whether who is not in this message (or its set) is no longer on the list; a 745 alone never says so."""
    return message.complete and message.function in _FULL_LISTS


def full_list_floor(parts: Iterable[tuple[str, int, bool]]) -> str:
    """Where a full list begins that came as these parts (order, sequence from 1, last of the set); '' while one lacks.

    Whoever its source lists only before that is no longer listed. A list in one message has sequence 0 or 1.
    """
    told = {max(sequence, 1): (order, last) for order, sequence, last in parts}
    whole = [number for number, (_, last) in told.items() if last]
    if not whole or any(number not in told for number in range(1, max(whole) + 1)):
        return ""
    return min(order for order, _ in told.values())


def is_listed(listing: Listing, floor: str) -> bool:
    """Whether the source still lists the person; `floor` is its newest full list. Crew stand on lists of their own."""
    if listing.standing not in ("listed", "boarded"):
        return False
    return listing.order >= floor or listing.traveller.role == "crew"


def probe_keys(push: Push) -> set[str]:
    """Every key under which a person that this message concerns may be stored."""
    keys = {key for traveller in push.travellers for key in keys_of(push.listing(traveller))}
    return keys | {f"b:{locator}" for locator in push.told_bookings}


def person_keys(person: Person) -> set[str]:
    """Every key under which this person is found again, their present booking's (`b:`) included."""
    keys = {key for listing in person.listings for key in keys_of(listing)}
    if person.pnr and person.pnr.locator:
        keys.add(f"b:{person.pnr.locator}")
    return keys


def join_step(persons: Mapping[str, Person], push: Push, fresh: Callable[[int], str]) -> Joined:
    """One message onto the persons of its leg that share a key with it (`probe_keys`); others cannot change.

    `fresh` makes the id of a new person from the ordinal. No message older than a listing may be given: see `fold`.
    """
    listings = {traveller.ordinal: push.listing(traveller) for traveller in push.travellers}
    ids, ambiguous = _find(persons, listings, push.source)
    changed: dict[str, Person] = {}
    for ordinal, listing in listings.items():
        if ordinal not in ids:
            ids[ordinal] = fresh(ordinal)
        before = persons.get(ids[ordinal], Person())
        changed[ids[ordinal]] = _listed(before, listing, push.source)
    if push.source == "pnr":
        changed |= _not_told_again(persons, push, changed.keys())
    return Joined(changed, ids, tuple(sorted(ambiguous)))


def fold(pushes: Iterable[Push]) -> tuple[dict[str, Person], dict[str, list[Member]], set[Member]]:
    """All messages of a leg, in any order: persons and their listings under temporary ids, and doubtful listings."""
    persons: dict[str, Person] = {}
    members: dict[str, list[Member]] = defaultdict(list)
    doubtful: set[Member] = set()
    for push in sorted(pushes, key=lambda push: push.order):
        joined = join_step(persons, push, lambda ordinal, of=push.message_id: f"{of}#{ordinal}")  # type: ignore[misc]  # bound now, not when called
        persons |= joined.changed
        for ordinal, person in joined.ids.items():
            members[person].append((push.message_id, ordinal))
        doubtful |= {(push.message_id, ordinal) for ordinal in joined.ambiguous}
    return persons, dict(members), doubtful


def regroup(held: Mapping[Member, str], groups: Mapping[str, list[Member]]) -> dict[str, str]:
    """Which group keeps which record id (group → id), by the listings they share: most first, then oldest listing.

    Groups left out need a new id; ids left out are superseded.
    """
    age = {member: place for place, member in enumerate(held)}
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for group, members in groups.items():
        for member in members:
            if member in held:
                shared[group, held[member]].append(age[member])
    kept: dict[str, str] = {}
    for group, record in sorted(shared, key=lambda pair: (-len(shared[pair]), min(shared[pair]))):
        if group not in kept and record not in kept.values():
            kept[group] = record
    return kept


def fold_flight(before: FlightLeg, now: FlightLeg) -> FlightLeg:
    """The newer schedule of the same leg; what it does not tell stays."""
    told = msgspec.structs.asdict(now)
    return FlightLeg(**{field: told[field] or value for field, value in msgspec.structs.asdict(before).items()})


def fold_booking(before: Booking | None, now: Booking) -> Booking:
    """The newer version; an empty cancellation (ORG without content) keeps what was known and marks it cancelled."""
    if before is not None and now.cancelled and not now.travellers:
        return msgspec.structs.replace(before, cancelled=True)
    return now


def _listed(before: Person, listing: Listing, source: Source) -> Person:
    """The person with their newest listing; one that only takes them off keeps what was known of them."""
    old: Listing | None = getattr(before, source)
    if old is not None and _compatible(old, listing):
        off = listing.standing in ("cancelled", "not_boarded")
        traveller = old.traveller if off else filled(listing.traveller, old.traveller)
        if traveller != listing.traveller:
            locators = tuple(dict.fromkeys((*listing.locators, *(old.locators if off else ()))))
            listing = msgspec.structs.replace(listing, traveller=traveller, locators=locators)
    return msgspec.structs.replace(before, **{source: listing})


def _not_told_again(persons: Mapping[str, Person], push: Push, told: Iterable[str]) -> dict[str, Person]:
    """Persons whose booking came again without them, or was cancelled without naming anyone."""
    cancelled = {booking.locator for booking in push.bookings if booking.cancelled}
    gone: dict[str, Person] = {}
    for person_id, person in persons.items():
        if person.pnr and person_id not in told and person.pnr.locator in push.told_bookings:
            standing: Standing = "cancelled" if person.pnr.locator in cancelled else "dropped"
            gone[person_id] = msgspec.structs.replace(
                person, pnr=msgspec.structs.replace(person.pnr, standing=standing, order=push.order)
            )
    return gone


def _find(
    persons: Mapping[str, Person], listings: Mapping[int, Listing], source: Source
) -> tuple[dict[int, str], set[int]]:
    """The person of each listing where exactly one answer is possible, and the listings with several."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for person_id, person in persons.items():
        for key in person_keys(person):
            by_key[key].append(person_id)
    near = {
        ordinal: [
            one
            for one in dict.fromkeys(one for key in keys_of(listing) for one in _not_a_crowd(key, by_key))
            if any(map(is_infant, persons[one].listings)) == is_infant(listing)
        ]
        for ordinal, listing in listings.items()
    }
    found: dict[int, str] = {}
    taken: set[str] = set()
    ambiguous: set[int] = set()
    for test in TESTS:
        answers = dict(_answers(test, persons, listings, near, source, found, taken))
        for ordinal, person_id in _unique(answers, listings):
            found[ordinal] = person_id
            taken.add(person_id)
        ambiguous |= answers.keys()
    return found, ambiguous - found.keys()


def _not_a_crowd(key: str, by_key: Mapping[str, list[str]]) -> list[str]:
    """Who has this key; nobody, where it is a reference that the carrier gave to everyone."""
    persons = by_key.get(key, [])
    return [] if key.startswith("r:") and len(persons) > _CROWD else persons


def _answers(
    test: Test,
    persons: Mapping[str, Person],
    listings: Mapping[int, Listing],
    near: Mapping[int, list[str]],
    source: Source,
    found: Mapping[int, str],
    taken: set[str],
) -> Iterator[tuple[int, list[str]]]:
    for ordinal, listing in listings.items():
        if ordinal not in found:
            fits = [one for one in near[ordinal] if one not in taken and test(listing, persons[one], source)]
            if fits:
                yield ordinal, fits


def _unique(answers: Mapping[int, list[str]], listings: Mapping[int, Listing]) -> Iterator[tuple[int, str]]:
    """Pairs that are each other's only answer; and listings alike in all they tell, if there is a person for each."""
    asked_by: dict[str, list[int]] = defaultdict(list)
    for ordinal, fits in answers.items():
        for person_id in fits:
            asked_by[person_id].append(ordinal)
    for ordinal, fits in answers.items():
        rivals = asked_by[fits[0]]
        if len(fits) == 1 and len(rivals) == 1:
            yield ordinal, fits[0]
        elif (
            len(fits) == len(rivals)
            and all(sorted(answers[rival]) == sorted(fits) for rival in rivals)
            and all(asked_by[one] == rivals for one in fits)
            and len({_content(listings[rival]) for rival in rivals}) == 1
        ):
            yield ordinal, sorted(fits)[rivals.index(ordinal)]


def _content(listing: Listing) -> Listing:
    """The listing without what differs between any two places of one message."""
    bare = msgspec.structs.replace(listing.traveller, ordinal=0, offset=-1, accompanied_by=None)
    return msgspec.structs.replace(listing, traveller=bare)
