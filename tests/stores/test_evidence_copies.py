"""A restricted copy has an authority, an end and a review, and outlives no record in the Union (RET-10)."""

from datetime import UTC, date, datetime

import pytest
from store_setup import NOW, Count, commit, index_of, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, RuleFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.stores.rule_files import rule_texts

KEEPER = Access("retention-1", "b", "dispute-9")
UNTIL, REVIEW, PAST = date(2026, 6, 1), date(2026, 5, 1), date(2026, 9, 1)
WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def store(tmp_path, count):
    with open_demo(tmp_path / "state", count=count) as opened:
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        commit(opened, received(flight.messages[0]), flight.messages, index_of([]))
        yield opened


def record_of(store) -> str:
    return store._ground.db.execute("SELECT record_id FROM record_head WHERE kind = 'traveller'").fetchone()[0]


@pytest.mark.law("RET-10")
def test_a_copy_is_sealed_listed_for_the_officer_and_stays_when_the_record_is_erased(store):
    record_id = record_of(store)
    copy_id = store.retention.copy_for_dispute(record_id, "court-1", UNTIL, REVIEW, KEEPER, NOW)
    store.retention.erase(record_id, "request", KEEPER, NOW)
    (line,) = store.retention.evidence_copies()
    assert (line.copy_id, line.authority, line.review_by, line.ends_on) == (copy_id, "court-1", REVIEW, UNTIL)
    (sealed,) = store._ground.db.execute("SELECT sealed FROM evidence_copy").fetchone()
    assert b"KELMENDI" not in bytes(sealed)


@pytest.mark.law("RET-10")
def test_a_copy_ends_with_its_key_at_the_start_of_its_day(store, count):
    copy_id = store.retention.copy_for_dispute(record_of(store), "court-1", UNTIL, REVIEW, KEEPER, NOW)
    (sealed,) = store._ground.db.execute("SELECT sealed FROM evidence_copy").fetchone()
    count.now = datetime(2026, 6, 1, tzinfo=UTC)
    (ended,) = store.retention.sweep(count.now).ended
    assert (ended.period, ended.counts) == ("evidence/2026-06-01", {"restricted_copies": 1})
    assert store.retention.evidence_copies() == []
    with pytest.raises(KeyGone):
        store._ground.sealer.open("evidence/2026-06-01", "identity", copy_id, 1, bytes(sealed))


@pytest.mark.law("RET-10")
def test_in_the_union_no_hold_prolongs_the_copy_past_its_record(store):
    with pytest.raises(UsageFault, match=r"goes on 2026-08-28.*RET-10"):
        store.retention.copy_for_dispute(record_of(store), "court-1", PAST, REVIEW, KEEPER, NOW)


@pytest.mark.law("RET-10")
def test_a_copy_without_a_review_before_its_end_is_refused(store):
    for review in (NOW.date(), PAST):
        with pytest.raises(UsageFault, match="review"):
            store.retention.copy_for_dispute(record_of(store), "court-1", UNTIL, review, KEEPER, NOW)


@pytest.mark.law("RET-10")
@pytest.mark.parametrize(("jurisdiction", "basis"), [("eu", True), ("other", False)])
def test_holds_are_refused_in_an_eu_profile_and_elsewhere_without_a_citation(jurisdiction, basis):
    text = rule_texts("profiles")["rules/profiles/eu.yaml"] + "case_holds: allowed\n"
    text = text.replace("jurisdiction: eu", f"jurisdiction: {jurisdiction}")
    text += "deviations: [{requirement: RET-10, basis: A national act}]\n" if basis else ""
    with pytest.raises(RuleFault, match="RET-10"):
        Profile.from_text(text, "n.yaml")
    if not basis:
        cited = text + "deviations: [{requirement: RET-10, basis: A national act}]\n"
        assert Profile.from_text(cited, "n.yaml").case_holds == "allowed"
