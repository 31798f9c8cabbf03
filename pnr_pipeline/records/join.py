"""One person, one record: how the messages of a leg tell its travellers, whatever the order they arrive in.

The persons of a leg are a function of the *set* of its messages: `fold` over them in the order of `sets_of`, where
the parts of one list are one message. One more message behind all others is one `join_step`; a late one, or one more
part, means folding again, and `regroup` says which group of listings keeps which record id.

A person is never found by ordinal: ordinals shift when someone drops out. Two travellers of one message are never
one person; where more than one answer is possible, the traveller is a new person with a finding, never a merge.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from pnr_pipeline.records.push import Push
from pnr_pipeline.records.push_sets import PushSet
from pnr_pipeline.records.same_person import (
    TESTS,
    Listing,
    Person,
    Source,
    Standing,
    Test,
    ages_allow,
    alike,
    keys_of,
)
from pnr_pipeline.records.view import corrected, filled, is_nameless

Member = tuple[str, int]
"""(message id, ordinal): one listing; it belongs to exactly one person."""

_CROWD = 9
"""A carrier's reference that more persons of one leg than this have says nothing about any of them."""


class Joined(msgspec.Struct, frozen=True):
    """What one message changed: persons by id (new ones too), the id each listing got, and which are doubtful."""

    changed: dict[str, Person]
    ids: dict[Member, str]
    ambiguous: tuple[Member, ...]


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


def join_step(persons: Mapping[str, Person], parts: Sequence[Push], fresh: Callable[[Member], str]) -> Joined:
    """One message, or all parts of one, onto the persons of its leg that share a key with it (`probe_keys`).

    Others cannot change. `fresh` makes the id of a new person from its listing. No message older than a listing may be
    given: see `fold`.
    """
    source = parts[0].source
    listings = {
        (push.message_id, traveller.ordinal): push.listing(traveller) for push in parts for traveller in push.travellers
    }
    ids, ambiguous = _find(persons, listings, source)
    changed: dict[str, Person] = {}
    for member, listing in listings.items():
        if member not in ids:
            ids[member] = fresh(member)
        before = persons.get(ids[member], Person())
        changed[ids[member]] = _listed(before, listing, source)
    if source == "pnr":
        changed |= _not_told_again(persons, parts, changed.keys())
    return Joined(changed, ids, tuple(sorted(ambiguous)))


def fold(sets: Iterable[PushSet]) -> tuple[dict[str, Person], dict[str, list[Member]], set[Member]]:
    """All messages of a leg, as `sets_of` orders them: persons and listings under temporary ids; doubtful listings."""
    persons: dict[str, Person] = {}
    members: dict[str, list[Member]] = defaultdict(list)
    doubtful: set[Member] = set()
    by_key: dict[str, set[str]] = defaultdict(set)
    for parts in chain.from_iterable(one.steps() for one in sets):
        near = {one for push in parts for key in probe_keys(push) for one in by_key.get(key, ())}
        joined = join_step({one: persons[one] for one in near}, parts, _temporary_id)
        for one, changed in joined.changed.items():
            had, has = person_keys(persons[one]) if one in persons else set(), person_keys(changed)
            for key in had - has:
                by_key[key].discard(one)
            for key in has - had:
                by_key[key].add(one)
        persons |= joined.changed
        for member, person in joined.ids.items():
            members[person].append(member)
        doubtful |= set(joined.ambiguous)
    return persons, dict(members), doubtful


def _temporary_id(member: Member) -> str:
    message_id, ordinal = member
    return f"{message_id}#{ordinal}"


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


def _listed(before: Person, listing: Listing, source: Source) -> Person:
    """The person with their newest listing; one that only takes them off keeps what was known of them.

    A correction replaces the fields it tells (FORMATS 2.9), whatever name stood there.
    """
    old: Listing | None = getattr(before, source)
    if old is not None and (listing.corrects or alike(old, listing)):
        off = listing.standing in ("cancelled", "not_boarded")
        fill = corrected if listing.corrects else filled
        traveller = old.traveller if off else fill(listing.traveller, old.traveller)
        if traveller != listing.traveller:
            tells_part = off or listing.corrects or is_nameless(listing.traveller)
            locators = tuple(dict.fromkeys((*listing.locators, *(old.locators if tells_part else ()))))
            listing = msgspec.structs.replace(
                listing,
                traveller=traveller,
                locator=listing.locator or (old.locator if tells_part else ""),
                locators=locators,
            )
    return msgspec.structs.replace(before, **{source: listing})


def _not_told_again(persons: Mapping[str, Person], parts: Iterable[Push], told: Iterable[str]) -> dict[str, Person]:
    """Persons whose booking came again without them, or was cancelled without naming anyone."""
    cancelled = {booking.locator for push in parts for booking in push.bookings if booking.cancelled}
    told_at = {locator: push.order for push in parts for locator in push.told_bookings}
    gone: dict[str, Person] = {}
    for person_id, person in persons.items():
        if person.pnr and person_id not in told and person.pnr.locator in told_at:
            standing: Standing = "cancelled" if person.pnr.locator in cancelled else "dropped"
            order = told_at[person.pnr.locator]
            gone[person_id] = msgspec.structs.replace(
                person, pnr=msgspec.structs.replace(person.pnr, standing=standing, order=order)
            )
    return gone


def _find(
    persons: Mapping[str, Person], listings: Mapping[Member, Listing], source: Source
) -> tuple[dict[Member, str], set[Member]]:
    """The person of each listing where exactly one answer is possible, and the listings with several."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for person_id, person in persons.items():
        for key in person_keys(person):
            by_key[key].append(person_id)
    near = {
        member: [
            one
            for one in dict.fromkeys(one for key in keys_of(listing) for one in _not_a_crowd(key, by_key))
            if ages_allow(listing, persons[one], source)
        ]
        for member, listing in listings.items()
    }
    found: dict[Member, str] = {}
    taken: set[str] = set()
    ambiguous: set[Member] = set()
    for test in TESTS:
        answers = dict(_answers(test, persons, listings, near, source, found, taken))
        for member, person_id in _unique(answers, listings):
            found[member] = person_id
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
    listings: Mapping[Member, Listing],
    near: Mapping[Member, list[str]],
    source: Source,
    found: Mapping[Member, str],
    taken: set[str],
) -> Iterator[tuple[Member, list[str]]]:
    for member, listing in listings.items():
        if member not in found:
            fits = [one for one in near[member] if one not in taken and test(listing, persons[one], source)]
            if fits:
                yield member, fits


def _unique(answers: Mapping[Member, list[str]], listings: Mapping[Member, Listing]) -> Iterator[tuple[Member, str]]:
    """Pairs that are each other's only answer; and listings alike in all they tell, if there is a person for each."""
    asked_by: dict[str, list[Member]] = defaultdict(list)
    for member, fits in answers.items():
        for person_id in fits:
            asked_by[person_id].append(member)
    for member, fits in answers.items():
        rivals = asked_by[fits[0]]
        if len(fits) == 1 and len(rivals) == 1:
            yield member, fits[0]
        elif (
            len(fits) == len(rivals)
            and all(sorted(answers[rival]) == sorted(fits) for rival in rivals)
            and all(asked_by[one] == rivals for one in fits)
            and len({_content(listings[rival]) for rival in rivals}) == 1
        ):
            yield member, sorted(fits)[rivals.index(member)]


def _content(listing: Listing) -> Listing:
    """The listing without what differs between any two places of one message, in one part or several."""
    bare = msgspec.structs.replace(
        listing.traveller, ordinal=0, offset=-1, booking=None, accompanied_by=None, pooled_with=None
    )
    return msgspec.structs.replace(listing, order="", message_id="", traveller=bare)
