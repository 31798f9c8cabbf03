"""Searches of the archive under purpose (b): on an order, within its persons, days and places (DIS-3).

What was found is told by record and evidence; each record is opened by itself, with an entry in the log. Of a masked
one only the blind index is asked, with the approver's answers, and nothing is shown: that needs an order to unmask it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import product

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, OrderFault, UsageFault
from pnr_pipeline.records import FlightLeg, ListEntry, ListRegistration, Match, Traveller
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.records.view import merged
from pnr_pipeline.retention.archive_scope import Search, Searched, Shard, is_within
from pnr_pipeline.retention.order import LookUp, OrderRequest
from pnr_pipeline.screening import Index, ScreeningRules, screen
from pnr_pipeline.stores import lake
from pnr_pipeline.stores.lake_columns import joined
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.sql.archive_file import MASKED, CaseFile, OpenedFind, case_file, keep_finds, unsealed
from pnr_pipeline.stores.sql.bodies import open_bodies
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.ground import Ground, write_access
from pnr_pipeline.stores.sql.lake_closing import DatabaseLake
from pnr_pipeline.stores.sql.order_gate import must_cover, spend
from pnr_pipeline.stores.sql.orders import Grounds, Orders
from pnr_pipeline.stores.sql.restrictions import restricted
from pnr_pipeline.stores.sql.rights_index import (
    Asked,
    Question,
    asked,
    blinded,
    is_masked,
    kept_periods,
    records_under,
    row_key,
)
from pnr_pipeline.stores.sql.travellers import open_traveller

_AT_ONCE = 500
_LIST = "order"


class _Told(msgspec.Struct):
    traveller: Traveller


class _Sources(msgspec.Struct):
    """The part of a record that a search reads of the lake: who the person is, by source."""

    api: _Told | None = None
    pnr: _Told | None = None


class Archive:
    """The archive searches of one open store; one thread at a time."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._jobs: dict[str, tuple[OrderRequest, Search, Index]] = {}
        self._scope: tuple[str, dict[str, int]] = ("", {})

    def ask(self, grounds: Grounds, access: Access, now: datetime) -> OrderRequest:
        """The request of an order to search; for masked days with blind look-ups, by birth date or document."""
        self._refuse_border()
        search = grounds.search or Search(())
        lookups = tuple(
            LookUp(period, blinded(self._ground, period, token).hex())
            for period in kept_periods(self._ground)
            if is_within(period, grounds.first, grounds.last) and is_masked(self._ground, period)
            for token in sorted({token for one in search.persons for of in _questions(one) for token in of.tokens})
        )
        return Orders(self._ground).request(grounds, access, now, lookups=lookups)

    def begin(self, order_id: str, access: Access, now: datetime) -> list[Shard]:
        """Note the search in the log, once, and return its pieces: closed days from the lake, others from the database.

        Raises OrderFault for an order that does not hold, was used, or is not one to search. A search that did not come
        to its end is begun again.
        """
        ground = self._ground
        with transaction(ground.db):
            request, _, _ = self._admitted(order_id, access, now)
            must_cover(ground.db, order_id, (order_id,), now, unused=True)
            write_access(ground, access, "request", now=now, article="PNR 6(2)(b)", references=())
            ground.db.execute(
                "INSERT INTO archive_search VALUES (?, ?, ?, NULL, 0) ON CONFLICT (order_id) DO UPDATE SET"
                " begun_at = excluded.begun_at, begun_by = excluded.begun_by",
                (order_id, utc_text(now), access.actor),
            )
        return list(self._shards(request, now))

    def search(self, shard: Shard, access: Access, now: datetime) -> Searched:
        """Screen the records of one piece against the persons of the order and keep what is found; again is the same.

        Raises OrderFault where the order has expired meanwhile, or does not reach this day.
        """
        order_id, ground = access.order, self._ground
        request, search, index = self._admitted(order_id, access, now)
        must_cover(ground.db, order_id, (order_id,), now, unused=True)
        if not ground.db.execute("SELECT 1 FROM archive_search WHERE order_id = ?", (order_id,)).fetchone():
            raise OrderFault("the search was not begun: it is noted in the log first (LOG-2)")
        if not is_within(shard.period, request.first, request.last):
            raise OrderFault("the order does not reach this day (DIS-2, DIS-3)")
        scope = self._in_scope(shard.period, search)
        read = self._of_lake(shard, scope) if shard.source == "lake" else self._of_database(shard.period, scope)
        records, found = 0, 0
        for batch in _batches(read):
            matches = _screened(batch, index, now)
            records += len(batch)
            found += len({record_id for record_id, _ in matches})
            self._keep(order_id, shard.period, matches)
        return Searched(shard.period, records, found)

    def finish(self, order_id: str, access: Access, now: datetime) -> CaseFile:
        """Look in masked days by the approver's answers, close the case file, tell the DPO; the order is used then."""
        ground = self._ground
        with transaction(ground.db):
            request, search, _ = self._admitted(order_id, access, now)
            spend(ground.db, order_id, (order_id,), now)
            looked = self._look_up(request, search)
            ground.db.execute(
                "INSERT INTO order_subject SELECT DISTINCT order_id, record_id, CAST(NULL AS TEXT) FROM archive_find"
                " WHERE order_id = ? AND masked = 0",
                (order_id,),
            )
            ground.db.execute(
                "UPDATE archive_search SET done_at = ?, masked = ? WHERE order_id = ?",
                (utc_text(now), looked, order_id),
            )
            due = ground.law.value("eu.pnr.order_review", now.date()).period.after(now)
            tell_dpo(ground, "search", f"order:{order_id}", now, due)
        Orders(ground).end_key(order_id)
        return case_file(self._ground, request)

    def results(self, order_id: str, access: Access, now: datetime) -> CaseFile:
        """The case file again; noted in the log. OrderFault while the search has not come to its end."""
        with transaction(self._ground.db):
            request, _, _ = self._admitted(order_id, access, now)
            self._must_be_done(order_id)
            write_access(self._ground, access, "request", now=now, article="PNR 6(2)(b)", references=())
        return case_file(self._ground, request)

    def open(self, order_id: str, record_id: str, access: Access, now: datetime) -> OpenedFind:
        """One record of the case file, opened; an entry in the log of its own. Masked where it needs its own order."""
        ground = self._ground
        with transaction(ground.db):
            self._admitted(order_id, access, now)
            self._must_be_done(order_id)
            rows = ground.db.execute(
                "SELECT person, period, masked, sealed FROM archive_find WHERE order_id = ? AND record_id = ?",
                (order_id, record_id),
            ).fetchall()
            if not rows:
                raise UsageFault("the search of this order found no such record, or its time has come")
            if any(masked for _, _, masked, _ in rows):
                raise Masked(f"{MASKED}: pnr orders request --act unmask --record {record_id} (DIS-4)")
            if restricted(ground, [record_id]):
                raise UsageFault("this record is restricted: nobody uses it (LED art. 16(3), RGT-4)")
            write_access(
                ground, access, "request", now=now, article="PNR 6(2)(b)", references=(f"record:{record_id}",)
            )  # fmt: skip
            matches = {
                person: from_json(Match, unsealed(ground, period, "hits", order_id, record_id, sealed))
                for person, period, _, sealed in rows
            }
            (flight,) = ground.db.execute(
                "SELECT flight FROM record_head JOIN leg USING (leg_id) WHERE record_id = ?", (record_id,)
            ).fetchone()
            traveller = open_traveller(ground, record_id).person.view
        return OpenedFind(record_id, from_json(FlightLeg, flight.encode()), traveller, matches)

    def _admitted(self, order_id: str, access: Access, now: datetime) -> tuple[OrderRequest, Search, Index]:
        self._refuse_border()
        if (access.purpose, access.order) != ("b", order_id):
            raise OrderFault("a search of the archive serves purpose b and names its order (SCR-1, DIS-3)")
        self._ground.admit(access.actor, "request", now)
        job = self._jobs.get(order_id)
        if job is None:
            request = Orders(self._ground).read(order_id)
            if request.search is None:
                raise OrderFault(f"the order allows {request.act}, not a search (DIS-3)")
            job = self._jobs[order_id] = (request, request.search, _index(request, request.search))
        if job[0].case != access.case:
            raise OrderFault("the order is for another case (DIS-2)")
        return job

    def _refuse_border(self) -> None:
        if self._ground.domain == "border":
            raise UsageFault("border data are for border checks alone: no archive is searched in them (SCR-12)")

    def _must_be_done(self, order_id: str) -> None:
        row = self._ground.db.execute("SELECT done_at FROM archive_search WHERE order_id = ?", (order_id,)).fetchone()
        if row is None or row[0] is None:
            raise OrderFault("the search of this order has not come to its end: pnr archive search")

    def _shards(self, request: OrderRequest, now: datetime) -> Iterator[Shard]:
        ground = self._ground
        there = {one.period: one.day for one in DatabaseLake(ground).closed(now) if one.day and not one.stale}
        for period in kept_periods(ground):
            if not is_within(period, request.first, request.last) or is_masked(ground, period):
                continue
            day = there.get(period)
            if day is None:
                yield Shard(period, "database")
            else:
                groups = -(-day.files["identity"].rows // lake.ROWS_AT_ONCE)
                yield from (Shard(period, "lake", group) for group in range(groups))

    def _in_scope(self, period: str, search: Search) -> dict[str, int]:
        """Live, unrestricted records of the day on flights that the order covers, with their versions."""
        if self._scope[0] != period:
            covered: dict[str, bool] = {}
            scope: dict[str, int] = {}
            for record_id, version, flight in self._ground.db.execute(
                "SELECT record_id, version, flight FROM record_head h JOIN leg USING (leg_id) WHERE h.period = ?"
                " AND kind = 'traveller' AND status = 'live'"
                " AND record_id NOT IN (SELECT record_id FROM restriction)",
                (period,),
            ).fetchall():
                if flight not in covered:
                    covered[flight] = search.covers(from_json(FlightLeg, flight.encode()))
                if covered[flight]:
                    scope[record_id] = version
            self._scope = (period, scope)
        return self._scope[1]

    def _of_lake(self, shard: Shard, scope: Mapping[str, int]) -> Iterator[tuple[str, list[Traveller]]]:
        root, sealer = self._ground.state.lake, self._ground.sealer
        day = lake.day(root, shard.period)
        if day is None:
            raise UsageFault("the lake lost a day while it was searched: begin again")
        for cells in lake.read_cells(root, sealer, day, "identity", ("person",), scope, group=shard.group):
            told = msgspec.convert(joined(cells.columns), _Sources)
            yield cells.record_id, _views(*(one.traveller if one else None for one in (told.api, told.pnr)))

    def _of_database(self, period: str, scope: Mapping[str, int]) -> Iterator[tuple[str, list[Traveller]]]:
        ids = sorted(scope)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            bodies = open_bodies(self._ground, [(record_id, scope[record_id], period) for record_id in some])
            for record_id, body in zip(some, bodies, strict=True):
                person = from_json(Person, body)
                yield record_id, _views(*(one.traveller if one else None for one in (person.api, person.pnr)))

    def _keep(self, order_id: str, period: str, matches: Mapping[tuple[str, str], Match]) -> None:
        if matches:
            with transaction(self._ground.db):
                keep_finds(
                    self._ground, order_id, period, "hits", {of: to_json(match) for of, match in matches.items()}
                )

    def _look_up(self, request: OrderRequest, search: Search) -> int:
        """Find masked records by the approver's answers; returns in how many days. Their identity stays sealed."""
        ground = self._ground
        answers = Orders(ground).answers(request) or ()
        asks = {person.id: _questions(person) for person in search.persons}
        tokens = {
            (period, blinded(ground, period, token).hex()): token
            for period in {one.period for one, _ in answers}
            for token in sorted({token for of in asks.values() for one in of for token in one.tokens})
        }
        keys: dict[str, dict[bytes, str]] = {}
        for one, answer in answers:
            keys.setdefault(one.period, {})[row_key(one.period, b"", answer)] = tokens[one.period, one.blinded]
        for period, of_period in keys.items():
            scope = self._in_scope(period, search)
            found: dict[tuple[str, str], bytes] = {}
            for record_id, met in records_under(ground, period, of_period).items():
                for person, questions in asks.items():
                    by = next(filter(None, (one.meets(met) for one in questions)), "")
                    if by and record_id in scope:
                        found[record_id, person] = by.encode()
            keep_finds(ground, request.order_id, period, "orders", found)
        return len(keys)


def _questions(person: ListEntry) -> list[Asked]:
    """What a blind index is asked for one person: each name with each birth date, and all documents."""
    documents = tuple(one.number for one in person.documents if one.number)
    names = [(one.surname, one.given) if one.surname else (one.full, "") for one in person.names] or [("", "")]
    return [
        asked(Question(surname, given, born, documents))
        for (surname, given), born in product(names, person.dob or ("",))
    ]


def _index(request: OrderRequest, search: Search) -> Index:
    """The small index of the persons sought, in the place of a list: what they are sought by is the order."""
    registration = ListRegistration(
        id=_LIST, title="Persons of an order", owner=request.requester, legal_basis="PNR 6(2)(b)",
        offences=(request.offence,), domain="law_enforcement", kind="persons", quality="as told by the order",
        update_duty="none", review_by=request.last,
    )  # fmt: skip
    entries = [msgspec.structs.replace(one, list=_LIST) for one in search.persons]
    return Index.build([(registration, request.digest[:16], entries)], _rules())


@cache
def _rules() -> ScreeningRules:
    return ScreeningRules.from_texts(rule_texts("screening"))


def _views(api: Traveller | None, pnr: Traveller | None) -> list[Traveller]:
    """The person as API and PNR tell them together, and as each does."""
    told = [one for one in (api, pnr) if one]
    return [merged(api, pnr), *told] if len(told) > 1 else told


def _batches(read: Iterable[tuple[str, list[Traveller]]]) -> Iterator[list[tuple[str, list[Traveller]]]]:
    batch: list[tuple[str, list[Traveller]]] = []
    for one in read:
        batch.append(one)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _screened(batch: list[tuple[str, list[Traveller]]], index: Index, now: datetime) -> dict[tuple[str, str], Match]:
    """The best match of each record with each person sought, by both."""
    of = [(record_id, one) for record_id, views in batch for one in views]
    travellers = [msgspec.structs.replace(one, ordinal=number) for number, (_, one) in enumerate(of)]
    best: dict[tuple[str, str], Match] = {}
    for match in screen(travellers, index, now):
        key = (of[match.traveller][0], match.entry_id)
        if key not in best or match.score > best[key].score:
            best[key] = match
    return best
