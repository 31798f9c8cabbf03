"""Travellers' records: found by blind keys, opened, written back sealed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pnr_pipeline.errors import KeyGone
from pnr_pipeline.records.clear import clear, clear_traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.full_list import Floors, list_of, taken_off
from pnr_pipeline.records.join import Member, person_keys
from pnr_pipeline.records.same_person import Listing, Person
from pnr_pipeline.stores.sql.bodies import open_bodies
from pnr_pipeline.stores.sql.bookings import KEEP_BODY
from pnr_pipeline.stores.sql.ground import Ground, Term
from pnr_pipeline.stores.sql.legs import Leg, blind
from pnr_pipeline.stores.sql.periods import why_gone
from pnr_pipeline.stores.sql.rights_index import index_persons

_ADD_KEY = "INSERT INTO join_key VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Kept:
    """A traveller's record as it is in the store now."""

    record_id: str
    version: int
    term: Term
    list_version: str
    person: Person


def travellers_by_keys(ground: Ground, leg: Leg, keys: Iterable[str]) -> dict[str, Kept]:
    """Live records of the leg that have one of these keys; nothing else of the leg is opened."""
    rows = ground.db.execute(
        "SELECT DISTINCT record_id FROM join_key WHERE period = ? AND leg_id = ?"
        " AND key IN (SELECT unhex(value) FROM json_each(?))",
        (leg.period, leg.leg_id, to_json([key.hex() for key in _blind(ground, leg, keys).values()]).decode()),
    )
    found = {record_id for (record_id,) in rows.fetchall()}
    return {kept.record_id: kept for kept in _open(ground, sorted(found))}


def travellers_of_leg(ground: Ground, leg: Leg) -> dict[str, Kept]:
    """All live records of the leg."""
    rows = ground.db.execute(
        "SELECT record_id FROM record_head WHERE leg_id = ? AND kind = 'traveller' AND status = 'live'", (leg.leg_id,)
    ).fetchall()
    ids = [record_id for (record_id,) in rows]
    return {kept.record_id: kept for kept in _open(ground, ids)}


def travellers_behind(ground: Ground, leg_id: str, edition: str) -> Iterator[Kept]:
    """The live records of the leg that were screened with other lists than this edition of them."""
    return _open_where(
        ground, "leg_id = ? AND kind = 'traveller' AND status = 'live' AND list_version != ?", (leg_id, edition)
    )


def save_travellers(
    ground: Ground,
    leg: Leg,
    persons: Mapping[str, Person],
    before: Mapping[str, Kept],
    terms: Mapping[str, Term],
    list_version: str,
) -> None:
    """Write these persons under their ids, sealed anew, keys moved; `terms` names the new and the re-dated ones."""
    heads, bodies, left, gone_keys, new_keys = [], [], [], [], []
    periods: dict[str, tuple[str, Person]] = {}
    for record_id, person in persons.items():
        old = before.get(record_id)
        term = terms.get(record_id) or _kept_term(old)
        version = old.version + 1 if old else 1
        periods[record_id] = (term.period, person)
        if old and old.term.period != term.period:
            left.append((record_id, old.term.period))
        heads.append(
            (record_id, leg.leg_id, version, _newest(person), term.period, term.received_at, term.mask_at,
             term.mask_because, term.delete_at, term.delete_because, list_version, *_listed(person), leg.basis)
        )  # fmt: skip
        identity = ground.sealer.seal(term.period, "identity", record_id, version, to_json(person))
        bodies.append((record_id, term.period, to_json(_open_part(person.pnr)).decode(), identity, leg.basis))
        had, has = person_keys(old.person) if old else set(), person_keys(person)
        gone_keys += [(leg.leg_id, key, record_id, leg.period) for key in _blind(ground, leg, had - has).values()]
        new_keys += [
            (leg.leg_id, key, record_id, leg.period, leg.basis) for key in _blind(ground, leg, has - had).values()
        ]
    ground.db.executemany(
        "INSERT INTO record_head (record_id, kind, leg_id, status, version, ord, period, received_at,"
        " mask_at, mask_because, delete_at, delete_because, list_version, api_list, api_ord, pnr_ord, basis)"
        " VALUES (?, 'traveller', ?, 'live', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (record_id) DO UPDATE SET"
        " version = excluded.version, ord = excluded.ord, period = excluded.period, received_at = excluded.received_at,"
        " mask_at = excluded.mask_at, mask_because = excluded.mask_because, delete_at = excluded.delete_at,"
        " delete_because = excluded.delete_because, list_version = excluded.list_version,"
        " api_list = excluded.api_list, api_ord = excluded.api_ord, pnr_ord = excluded.pnr_ord",
        heads,
    )
    ground.db.executemany("DELETE FROM body WHERE record_id = ? AND period = ?", left)
    ground.db.executemany(KEEP_BODY, bodies)
    ground.db.executemany(
        "DELETE FROM join_key WHERE leg_id = ? AND key = ? AND record_id = ? AND period = ?", gone_keys
    )
    ground.db.executemany(_ADD_KEY, new_keys)
    index_persons(ground, periods, {one: (kept.term.period, kept.person) for one, kept in before.items()},
                  leg.basis)  # fmt: skip


def move_keys(ground: Ground, leg: Leg, keys: Mapping[str, Iterable[str]]) -> None:
    """Let these records be found on this leg by their keys."""
    ground.db.executemany(
        _ADD_KEY,
        [
            (leg.leg_id, key, record, leg.period, leg.basis)
            for record, told in keys.items()
            for key in _blind(ground, leg, told).values()
        ],
    )


def supersede_travellers(ground: Ground, leg: Leg, records: Iterable[str]) -> None:
    """Records whose listings all belong to another person now: they keep their term and are found no more."""
    ids = [(record_id,) for record_id in records]
    ground.db.executemany("UPDATE record_head SET status = 'superseded' WHERE record_id = ?", ids)
    ground.db.executemany(
        "DELETE FROM join_key WHERE period = ? AND leg_id = ? AND record_id = ?",
        [(leg.period, leg.leg_id, one) for (one,) in ids],
    )


def add_listings(ground: Ground, leg: Leg, listings: Mapping[Member, str]) -> None:
    """Which record each listing belongs to, from now on."""
    ground.db.executemany(
        "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (period, leg_id, message_id, ordinal) DO UPDATE SET"
        " record_id = excluded.record_id",
        [
            (leg.leg_id, message_id, ordinal, record_id, leg.period, leg.basis)
            for (message_id, ordinal), record_id in listings.items()
        ],
    )


def drop_listings(ground: Ground, leg: Leg, message_id: str) -> None:
    """Forget who was listed in a message of the leg."""
    ground.db.execute(
        "DELETE FROM listing WHERE period = ? AND leg_id = ? AND message_id = ?", (leg.period, leg.leg_id, message_id)
    )


def listings_of_leg(ground: Ground, leg: Leg) -> dict[Member, str]:
    """The record of each listing, oldest message first."""
    rows = ground.db.execute(
        "SELECT message_id, ordinal, record_id FROM listing JOIN push USING (leg_id, message_id)"
        " WHERE listing.period = ? AND leg_id = ? ORDER BY ord, ordinal",
        (leg.period, leg.leg_id),
    )
    return {(message_id, ordinal): record_id for message_id, ordinal, record_id in rows}


def open_traveller(ground: Ground, record_id: str) -> Kept:
    """One record, also a superseded one. KeyGone or Masked say since when and by which article it cannot be read."""
    try:
        return next(_open(ground, [record_id]))
    except KeyGone as fault:
        (period,) = ground.db.execute("SELECT period FROM record_head WHERE record_id = ?", (record_id,)).fetchone()
        raise why_gone(ground.db, period, fault) from None


def _open(ground: Ground, ids: list[str]) -> Iterator[Kept]:
    return _open_where(ground, "record_id IN (SELECT value FROM json_each(?))", (to_json(ids).decode(),))


def _open_where(ground: Ground, where: str, values: tuple[str, ...]) -> Iterator[Kept]:
    columns = "record_id, version, list_version, period, received_at, mask_at, mask_because, delete_at, delete_because"
    query = f"SELECT {columns} FROM record_head WHERE {where}"  # noqa: S608  # constants
    rows = ground.db.execute(query, values).fetchall()
    opened = open_bodies(ground, [(record_id, version, period) for record_id, version, _, period, *_ in rows])
    for (record_id, version, list_version, *term), body in zip(rows, opened, strict=True):
        yield Kept(record_id, version, Term(*term), list_version, from_json(Person, body))


def _blind(ground: Ground, leg: Leg, keys: Iterable[str]) -> dict[str, bytes]:
    return {key: blind(ground, leg.leg_id, leg.period, key) for key in keys}


def _open_part(pnr: Listing | None) -> dict[str, object]:
    """What stays open of a traveller, from the PNR only: API data are identity as a whole (RET-2)."""
    if pnr is None:
        return {}
    locator = clear("locator", pnr.locator)
    return clear_traveller(pnr.traveller) | ({"locator": locator} if locator else {}) | {"standing": pnr.standing}


def _newest(person: Person) -> str:
    return max(listing.order for listing in person.listings)


def _listed(person: Person) -> tuple[str | None, str | None, str | None]:
    """On which list of the API, and the orders by which API and PNR list the person, '' where that took them off."""
    api, pnr = (
        None if listing is None else "" if taken_off("api", listing, Floors()) else listing.order
        for listing in (person.api, person.pnr)
    )
    return (list_of("api", person.api) if person.api else None), api, pnr


def _kept_term(old: Kept | None) -> Term:
    assert old is not None, "a new record needs a term"
    return old.term
