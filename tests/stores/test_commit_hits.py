"""What API and PNR together do to a hit."""

from datetime import timedelta

import msgspec
import pytest
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes, screened
from told_flights import DEPARTURE, LEG, START, Flight, Truth, received

from pnr_pipeline.records import Document, Message
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.hits import read_hits, read_match

WANTED = entry("E1", "DRAGANOV", "ARBEN", born="1961-02-02", document="U0000001")
LISTS = index_of([WANTED])
SOUGHT = Truth(4, "DRAGANOV", "ARBEN", "1961-02-02", "M", "U0000001", "name", "KAB123")
NAMESAKE = Truth(2, "DRAGANOV", "ARBEN", "1988-11-30", "M", "U0000002", "name", "KAB123")


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def tell(store, *steps, index=LISTS, now=NOW):
    flight = Flight()
    for kind, people in steps:
        flight.add(kind, people)
    for message in flight.messages:
        commit(store, received(message), [message], index, now)
    return list(read_hits(store._ground, None))


def pnr_only(place: int, *people: Truth) -> Message:
    flight = Flight()
    for _ in range(place + 1):
        flight.add("PNRGOV", list(people))
    return flight.messages[place]


def reject(store, hit, now=NOW):
    decision = Decision(hit.hit_id, hit.version, "negative", "too-little-evidence", "officer-7", now)
    return store.decide(decision, review_codes(), case="case-1").hit


def test_a_name_only_hit_is_excluded_by_the_birth_date_and_document_of_another_person(store):
    (hit,) = tell(store, ("PNRGOV", [NAMESAKE]))
    assert (hit.state, hit.match.queue) == ("new", "weak")
    message = Flight()
    message.add("PNRGOV", [NAMESAKE])
    message.add("PAXLST", [NAMESAKE])
    commit(store, received(message.messages[1]), [message.messages[1]], LISTS)
    (hit,) = read_hits(store._ground, None)
    assert (hit.state, hit.settlement, hit.version) == ("excluded", "excluded", 2)
    assert {one.field: one.verdict for one in hit.match.evidence}["birth date"] == "differs"


def test_a_name_only_hit_is_confirmed_by_the_document_that_checks_in(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]), ("PAXLST", [SOUGHT]))
    assert (hit.state, hit.settlement, hit.version, hit.match.by_document) == ("new", "confirmed_by_document", 2, True)
    first, second = (read_match(store._ground, hit.hit_id, version) for version in (1, 2))
    assert not first.by_document
    assert second == hit.match


def test_api_first_gives_the_same_hit_in_one_version(store):
    (hit,) = tell(store, ("PAXLST", [SOUGHT]), ("PNRGOV", [SOUGHT]))
    assert (hit.settlement, hit.version, hit.hit_id) == ("confirmed_by_document", 1, hit.hit_id)


def test_the_same_evidence_told_again_makes_no_new_version(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]), ("PNRGOV", [SOUGHT]), ("PNRGOV", [SOUGHT]))
    assert hit.version == 1


def test_a_negative_decision_stands_until_evidence_strengthens(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]))
    assert reject(store, hit).state == "negative"
    again = pnr_only(1, SOUGHT)
    commit(store, received(again), [again], LISTS)
    assert [one.state for one in read_hits(store._ground, None)] == ["negative"]
    flight = Flight()
    for kind in ("PNRGOV", "PNRGOV", "PAXLST"):
        flight.add(kind, [SOUGHT])
    commit(store, received(flight.messages[2]), [flight.messages[2]], LISTS)
    (hit,) = read_hits(store._ground, None)
    assert (hit.state, hit.version, hit.reviewer) == ("new", 2, "")


def test_a_message_screened_with_an_older_list_is_screened_again_before_commit(store):
    message = pnr_only(0, SOUGHT)
    old = index_of([], version="v0")
    store.commit(received(message), [screened(message, old)], index=LISTS, now=NOW)
    (hit,) = read_hits(store._ground, None)
    assert hit.match.list_version == "v1"
    assert store._ground.db.execute(
        "SELECT DISTINCT list_version FROM record_head WHERE kind = 'traveller'"
    ).fetchall() == [(LISTS.version,)]


def test_a_hit_whose_entry_left_the_list_is_superseded_when_its_person_is_told_again(store):
    tell(store, ("PNRGOV", [SOUGHT]))
    again = pnr_only(1, SOUGHT)
    commit(store, received(again), [again], index_of([entry("E9", "OTHER", "NAME")], version="v2"))
    assert [hit.state for hit in read_hits(store._ground, None)] == ["superseded"]


def test_a_hit_counts_down_to_the_landing_of_an_inbound_flight_and_is_late_after_it(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]))
    assert hit.deadline_at.isoformat() == "2026-03-02T09:40:00+00:00"  # 10:40 in Skopje
    assert not hit.late


def test_a_hit_counts_down_to_the_new_landing_when_the_flight_is_delayed(store):
    tell(store, ("PNRGOV", [SOUGHT]))
    delayed = msgspec.structs.replace(LEG, arrival_local=DEPARTURE + timedelta(hours=3))
    message = msgspec.structs.replace(pnr_only(1, SOUGHT), flights=(delayed,))
    commit(store, received(message), [message], LISTS)
    (hit,) = read_hits(store._ground, None)
    assert (hit.deadline_at.isoformat(), hit.version) == ("2026-03-02T12:00:00+00:00", 1)


def test_a_hit_raised_after_the_landing_is_late(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]), now=NOW + timedelta(days=3))
    assert hit.late


def test_a_hit_carries_what_the_list_asks_the_unit_to_do(store):
    (hit,) = tell(store, ("PNRGOV", [SOUGHT]))
    assert hit.instruction == "Take aside, ask for the second document."


def test_a_late_message_that_shows_two_records_to_be_one_person_supersedes_the_lesser_with_its_hit(store):
    """Two API listings without a common key, and an older PNR whose document leads to both."""
    base = Flight()
    base.add("PNRGOV", [SOUGHT])
    by_passport = msgspec.structs.replace(
        base.messages[0], message_id="p:1", kind="PAXLST", function="745", bookings=(),
        prepared_at=START + timedelta(hours=2),
        travellers=(_api(documents=(Document("P", "U0000001", "TUR", "TUR"),)),),
    )  # fmt: skip
    by_reference = msgspec.structs.replace(
        by_passport,
        message_id="r:1",
        prepared_at=START + timedelta(hours=3),
        travellers=(_api(carrier_reference="UPR1"),),
    )
    both = msgspec.structs.replace(
        by_passport, message_id="b:1", prepared_at=START + timedelta(hours=1),
        travellers=(_api(documents=(Document("P", "U0000001", "TUR", "TUR"),), carrier_reference="UPR1"),),
    )  # fmt: skip
    for message in (by_passport, by_reference):
        commit(store, received(message), [message], LISTS)
    assert len(list(read_hits(store._ground, None))) == 2
    commit(store, received(both), [both], LISTS)
    states = sorted(hit.state for hit in read_hits(store._ground, None))
    assert states == ["new", "superseded"]
    statuses = store._ground.db.execute("SELECT status FROM record_head ORDER BY status").fetchall()
    assert statuses == [("live",), ("superseded",)]


def _api(**told):
    from pnr_pipeline.records import Traveller

    return Traveller(1, "passenger", "DRAGANOV", "ARBEN", **told)


def test_a_leg_missing_day_or_number_meets_no_other(store):
    nowhere = msgspec.structs.replace(LEG, departure_local=None, arrival_local=DEPARTURE)
    for place in range(2):
        message = msgspec.structs.replace(pnr_only(place, SOUGHT), flights=(nowhere,))
        commit(store, received(message), [message], LISTS)
    assert store._ground.db.execute("SELECT count(*) FROM leg").fetchone() == (2,)
    assert store._ground.db.execute("SELECT count(*) FROM record_head WHERE kind = 'traveller'").fetchone() == (2,)
