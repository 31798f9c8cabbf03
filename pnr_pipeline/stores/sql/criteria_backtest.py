"""Stored records for a back-test: facts from their open parts alone, and three groups as codes (SCR-1, SCR-4).

Purpose (c), art. 6(2)(c): noted in the log before anything is read. What rests on names, documents, contacts or payment
is not known here; the shadow mode tells about it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, UsageFault
from pnr_pipeline.records import FlightLeg, Traveller
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.screening.criteria import Judge, Judgement, booking_of_open_part, facts_of
from pnr_pipeline.screening.criteria.backtest import BackTest, Tried, age_band, tally, undecided
from pnr_pipeline.stores.sql.database import no_locks, transaction, utc_time
from pnr_pipeline.stores.sql.ground import Ground, write_access
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.populations import smallest_cell
from pnr_pipeline.stores.sql.travellers import open_traveller


def backtest(ground: Ground, judge: Judge, access: Access, now: datetime) -> BackTest:
    """See Store.backtest."""
    if access.purpose != "c":
        raise UsageFault("a back-test serves purpose c, the making of criteria, and no other (SCR-1)")
    criterion = judge.criterion
    with transaction(ground.db, no_locks, access):
        write_access(
            ground,
            access,
            "criteria",
            now=now,
            article="PNR 6(2)(c)",
            references=(f"criterion:{criterion.id}/v{criterion.version}",),
        )
        untold: Counter[str] = Counter()
        decided = [hit for hit in read_hits(ground, None) if hit.match.list_id == criterion.list_id and hit.reviewer]
        tried = _tried(ground, judge, untold)
        head = (criterion.id, criterion.version, judge.digest)
        dismissed = sum(hit.state == "negative" for hit in decided)
        result = tally(head, tried, untold, len(decided), dismissed, smallest_cell(ground, now))
    return msgspec.structs.replace(result, untold=dict(untold.most_common()))


def _tried(ground: Ground, judge: Judge, untold: Counter[str]) -> Iterator[Tried]:
    """Every live record of a booked traveller, judged; counts into `untold` what could not be decided."""
    others = _other_hits(ground, judge.criterion.list_id)
    bookings = {
        (leg_id, told["locator"]): told for leg_id, told in _open_parts(ground, "booking") if told.get("locator")
    }
    flights = {
        leg_id: from_json(FlightLeg, flight.encode())
        for leg_id, flight in ground.db.execute("SELECT leg_id, flight FROM leg").fetchall()
    }
    rows = ground.db.execute(
        "SELECT record_id, leg_id, received_at, open FROM record_head JOIN body USING (record_id, period)"
        " WHERE kind = 'traveller' AND status = 'live' AND pnr_ord IS NOT NULL"
    ).fetchall()
    for record_id, leg_id, received_at, open_part in rows:
        told = from_json(dict, open_part.encode())
        locator = told.pop("locator", "")
        told.pop("standing", None)
        view = msgspec.convert({"ordinal": 0, "role": "passenger"} | told, Traveller)
        booking = bookings.get((leg_id, locator))
        facts = facts_of(view, booking_of_open_part(booking) if booking else None, flights[leg_id])
        judgement = judge.judge(facts)
        untold.update(undecided([judgement]))
        yield _one(ground, record_id, utc_time(received_at), flights[leg_id], judgement, others[record_id])


def _one(
    ground: Ground, record_id: str, received: datetime, leg: FlightLeg, judgement: Judgement, others: tuple[str, ...]
) -> Tried:
    """The judgement, then the three groups, read after it and kept as codes."""
    nationality = sex = age = ""
    try:
        person = open_traveller(ground, record_id).person.view
        nationality, sex = person.nationality_alpha3 or "", person.sex or ""
        on = leg.departure_local.date() if leg.departure_local else received.astimezone(UTC).date()
        age = age_band(person.date_of_birth, on)
    except KeyGone:  # masked: what is left is counted as not known
        pass
    month = (leg.departure_local or received).strftime("%Y-%m")
    return Tried(month, judgement.fires, judgement.held_back, others, nationality, sex, age)


def _open_parts(ground: Ground, kind: str) -> Iterator[tuple[str, dict[str, object]]]:
    rows = ground.db.execute(
        "SELECT leg_id, open FROM record_head JOIN body USING (record_id, period) WHERE kind = ? AND status = 'live'",
        (kind,),
    ).fetchall()
    for leg_id, told in rows:
        yield leg_id, from_json(dict, told.encode())


def _other_hits(ground: Ground, but: str) -> dict[str, tuple[str, ...]]:
    """The lists and criteria, this one left out, that each record hit, shadow hits included."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    rows = ground.db.execute(
        "SELECT record_id, list_id FROM hit WHERE state NOT IN ('excluded', 'superseded') AND list_id != ?"
        " UNION SELECT record_id, list_id FROM shadow_hit WHERE list_id != ?",
        (but, but),
    ).fetchall()
    for record_id, list_id in rows:
        found[record_id] += (list_id,)
    return found
