"""What the data-protection officer reads, draws and reports."""

import json

import msgspec
import pytest
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.audit.statistics import statistics
from pnr_pipeline.audit.tiles import entries_of
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.review import Decision

DPO = Access("dpo-1", "dpo", "audit-7")
PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 8)]  # fmt: skip
LISTS = index_of([entry(f"E{n}", one.surname, one.given, one.born) for n, one in enumerate(PEOPLE)])


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        flight = Flight()
        flight.add("PAXLST", PEOPLE)
        commit(opened, received(flight.messages[0]), flight.messages, LISTS)
        for line in opened.hits(now=NOW):
            opened.hit(line.hit_id, ACCESS, NOW)
        yield opened


@pytest.mark.law("SCR-8")
def test_reads_are_told_by_person_and_by_record_and_the_look_is_noted(store):
    line = store.hits(now=NOW)[0]
    (one,) = [read for read in store.oversight.reads(DPO, NOW, record=line.hit_id) if read.act == "consultation"]
    assert (one.actor, one.purpose, one.case) == ("officer-7", "a", "case-1")
    assert len(store.oversight.reads(DPO, NOW, person="officer-7")) == len(PEOPLE)
    assert {read.purpose for read in store.oversight.reads(DPO, NOW, person="dpo-1")} == {"dpo"}
    with pytest.raises(UsageFault):
        store.oversight.reads(DPO, NOW)
    with pytest.raises(UsageFault):
        store.oversight.reads(ACCESS, NOW, person="officer-7")


@pytest.mark.law("SCR-8")
def test_a_sample_is_drawn_into_the_inbox_and_marked(store):
    drawn = store.oversight.sample(3, DPO, NOW)
    items = store.inbox(NOW)
    assert sorted(one.reference for one in items) == sorted(f"entry:{line.row}" for line in drawn)
    store.settle_item(items[0].item_id, "unlawful", DPO, NOW, reason="no-case")
    assert len(store.inbox(NOW)) == 2
    (body,) = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC LIMIT 1").fetchone()
    assert json.loads(body)["counts"] == {"dpo.sample.unlawful": 1, "dpo.reason.no-case": 1}


@pytest.mark.law("STA-1", "STA-2")
def test_the_figures_of_a_year_are_those_that_the_published_log_gives_anybody(store):
    line = store.hits(now=NOW)[0]
    decided = Decision(line.hit_id, line.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means")
    store.decide(decided, review_codes(), case="case-1")
    store.relay(NOW)
    ours = store.oversight.statistics(NOW.year, DPO, NOW)
    assert ours.figures["travellers told in messages"] == len(PEOPLE)
    assert ours.figures["persons identified for further examination and sent"] == "not told"
    store.log.publish(NOW)
    bundles = [one for one in (store.log.folder / "tile" / "entries").rglob("*") if one.is_file()]
    published = entries_of(max(bundles, key=lambda one: one.stat().st_size).read_bytes())
    assert statistics(published, NOW.year, 5) == ours
    assert statistics(published, NOW.year - 1, 5).figures == {}


@pytest.mark.law("SCR-6")
def test_false_positives_are_counted_by_list(store):
    line = store.hits(now=NOW)[0]
    rejected = Decision(line.hit_id, line.version, "negative", "other-name", "officer-7", NOW)
    store.decide(rejected, review_codes(), case="case-1")
    (rate,) = store.oversight.match_rates(DPO, NOW)
    assert (rate.list_id, rate.hits, rate.negative, rate.dismissed) == ("wanted", len(PEOPLE), 1, 1.0)


@pytest.mark.law("LOG-1")
def test_the_documentation_tells_organisation_access_periods_bases_and_requests_and_no_traveller(store):
    told = msgspec.json.encode(store.oversight.documentation(DPO, NOW)).decode()
    for part in ("staff", "access by role", "retention of tables", "orders", "legal basis", "approver"):
        assert f'"{part}"' in told
    assert not any(one.surname in told or one.document in told for one in PEOPLE)
