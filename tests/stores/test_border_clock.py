"""Border data: a clock for each push, and further time only for those who did not present themselves (RET-4, RET-5)."""

from datetime import timedelta

import pytest
from store_setup import ACCESS, NOW, Count, commit, index_of, law, open_demo
from told_flights import RECEIVED, Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Law
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_profile, load_routing
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.travellers import open_traveller
from pnr_pipeline.stores.state import StateFolder

HOUR = timedelta(hours=1)
START = RECEIVED.replace(minute=0)
DESK = Access("officer-7", "a", "desk-1")
CAME, AWAY = (
    Truth(number, surname, "ELIRA", "1990-01-01", "F", f"U000000{number}", "document", "KAB123")
    for number, surname in ((1, "KELMENDI"), (2, "MARKOVSKI"))
)


def regulation() -> Law:
    """The law on the day from which Regulation (EU) 2025/12 will apply, and the Directive no more."""
    texts = rule_texts("law")
    name = "rules/law/eu/api/delete.yaml"
    texts = {
        key: text.replace("{from: null", "{from: 2026-01-01") if "2025/12" in text else text
        for key, text in texts.items()
    }
    texts[name] = texts[name].replace("{from: 2006-09-05, value", "{from: 2006-09-05, until: 2026-01-01, value")
    return Law.from_texts(texts)


def border(root, of, count):
    profile = load_profile("demo").model_copy(update={"feeds": {"PAXLST": ("border",)}})
    return open_store(
        StateFolder(root), profile=profile, law=of, routing=load_routing(profile), now=NOW, domain="border", count=count
    )


@pytest.fixture(params=["directive", "regulation"])
def told(request, tmp_path):
    count = Count(RECEIVED)
    with border(tmp_path / "state", law() if request.param == "directive" else regulation(), count) as store:
        flight = Flight()
        flight.add("PAXLST", [CAME, AWAY], function="745")
        commit(store, received(flight.messages[0]), flight.messages, index_of([]), RECEIVED)
        ids = {
            open_traveller(store._ground, one).person.view.surname: one
            for (one,) in store._ground.db.execute("SELECT record_id FROM record_head").fetchall()
        }
        yield store, count, ids, {"directive": 24, "regulation": 48}[request.param]


def left_at(store, count, hours) -> list[str]:
    count.now = START + hours * HOUR
    store.retention.sweep(count.now)
    rows = store._ground.db.execute("SELECT record_id FROM record_head").fetchall()
    return sorted(open_traveller(store._ground, one).person.view.surname for (one,) in rows)


@pytest.mark.law("RET-4", "RET-5")
def test_of_whom_nothing_is_said_the_data_go_with_everybodys(told):
    store, count, _, hours = told
    assert left_at(store, count, hours - 1) == ["KELMENDI", "MARKOVSKI"]
    assert left_at(store, count, hours) == []


@pytest.mark.law("RET-5")
def test_who_did_not_come_stays_48_hours_more_under_the_regulation_and_not_under_the_directive(told):
    store, count, ids, hours = told
    store.retention.note_presence([ids["KELMENDI"]], True, DESK, RECEIVED)
    store.retention.note_presence([ids["MARKOVSKI"]], False, DESK, RECEIVED)
    assert left_at(store, count, hours) == (["MARKOVSKI"] if hours == 48 else [])
    assert left_at(store, count, 95) == (["MARKOVSKI"] if hours == 48 else [])
    assert left_at(store, count, 96) == []
    assert store._ground.db.execute("SELECT count(*) FROM presence").fetchone() == (0,)


@pytest.mark.law("RET-5")
def test_who_came_in_the_end_goes_with_everybody(told):
    store, count, ids, hours = told
    store.retention.note_presence([ids["MARKOVSKI"]], False, DESK, RECEIVED)
    store.retention.note_presence([ids["MARKOVSKI"]], True, DESK, RECEIVED + HOUR)
    assert left_at(store, count, hours) == []


@pytest.mark.law("RET-5")
def test_the_key_of_the_hour_is_gone_also_where_an_absent_stays(told):
    store, count, ids, hours = told
    store.retention.note_presence([ids["MARKOVSKI"]], False, DESK, RECEIVED)
    left_at(store, count, hours)
    rows = store._ground.db.execute("SELECT period FROM key_period WHERE ended_at IS NULL").fetchall()
    assert rows == ([("absent/2026-02-28T09",)] if hours == 48 else [])


@pytest.mark.law("SCR-12")
def test_the_unit_of_law_enforcement_is_not_asked_who_came(tmp_path):
    with open_demo(tmp_path / "state") as store, pytest.raises(UsageFault, match="SCR-12"):
        store.retention.note_presence(["0" * 32], True, ACCESS, NOW)
