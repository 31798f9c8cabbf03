"""A feed of both domains gives two copies: own stores, keys, queues and clocks, and nothing crosses (SCR-12)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from store_setup import Count, entry, law, registration
from told_lists import ARBEN, BOJANA, paxlst, pnrgov

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, RuleFault, StoreFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.pipelines import run as running
from pnr_pipeline.pipelines import workplaces
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace
from pnr_pipeline.records import Received
from pnr_pipeline.routing import RoutingTable
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_routing
from pnr_pipeline.stores.sealed_box import UnitKeys
from pnr_pipeline.stores.sql.opening import made_for, open_store
from pnr_pipeline.stores.state import StateFolder

pytestmark = pytest.mark.law("SCR-12")

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
AT_THE_BORDER = Access("officer-7", "border", "desk-1")
POLICE = Access("officer-7", "a", "case-1")
SOUGHT = entry("E1", "DRAGANOV", "ARBEN", born="1961-02-02", document="U0000001")


def the_profile(border_documents="reviewed"):
    text = rule_texts("profiles")["rules/profiles/demo.yaml"]
    both = text.replace("PAXLST: [law_enforcement]", "PAXLST: [law_enforcement, border]")
    assert both != text
    return Profile.from_text(f"{both}border_documents: {border_documents}\n", "both.yaml")


def the_routing(profile):
    """The shipped units, with a rule for sought documents at the airport of arrival."""
    shipped = load_routing(profile)
    unit = next(one for one in shipped.units.values() if one.id.startswith("al-"))
    rule = shipped.rules[0].model_copy(
        update={"rule": "at-the-desk", "domain": "border", "border_points": (), "arrives_at": ("TIA",), "unit": unit.id}
    )
    table = RoutingTable.__new__(RoutingTable)
    table.units, table.rules, table._allowed = shipped.units, (*shipped.rules, rule), ("yes", "exercise")
    return table, unit.id


@pytest.fixture(params=["reviewed", "at_once"])
def both(request, tmp_path, monkeypatch):
    """Both domains ran over one folder: bookings and passenger lists of one flight, the same list on both shelves."""
    profile = the_profile(request.param)
    table, unit = the_routing(profile)
    monkeypatch.setattr(workplaces, "usable_profile", lambda *_: profile)
    monkeypatch.setattr(workplaces, "load_routing", lambda _: table)
    spool = tmp_path / "in"
    spool.mkdir()
    (spool / "1.edi").write_bytes(pnrgov(0, ARBEN, BOJANA))
    (spool / "2.edi").write_bytes(paxlst(1, "745", ARBEN, BOJANA))
    for domain in ("law_enforcement", "border"):
        told = msgspec.structs.replace(registration(), domain=domain)
        ListShelf(tmp_path / domain / "lists").publish(told, [SOUGHT], NOW)
        options = RunOptions(state=tmp_path / domain, domain=domain, profile="demo", now=NOW)
        run_files(options, list(waiting([spool])), Accounts())
        close_workplace(options)
    return tmp_path, profile, table, unit, request.param


def opened(both, domain, now=NOW, **more):
    root, profile, table, _, _ = both
    return open_store(
        StateFolder(root / domain), profile=profile, law=law(), routing=table, now=now, domain=domain, **more
    )


def test_the_border_gets_the_passenger_list_and_no_booking_and_each_copy_has_its_own_legal_basis(both):
    told = {}
    for domain in ("law_enforcement", "border"):
        with opened(both, domain) as store:
            db = store._ground.db
            kinds = {kind for (kind,) in db.execute("SELECT kind FROM message").fetchall()}
            acts = {act for (act,) in db.execute("SELECT DISTINCT legal_basis FROM basis_state").fetchall()}
            classes = {period.partition("/")[0] for (period,) in db.execute("SELECT period FROM body").fetchall()}
            log = [msgspec.json.decode(body) for (body,) in db.execute("SELECT body FROM audit_entry").fetchall()]
            purposes, articles = {one["purpose"] for one in log}, {one["article"] for one in log}
            told[domain] = kinds, acts, classes, purposes - {"admin"}
            assert any(one.startswith("PNR ") for one in articles) == (domain == "law_enforcement")
    assert told["law_enforcement"] == ({"PAXLST", "PNRGOV"}, {"Directive (EU) 2016/681 art. 4(2), 6(1)"}, {"S"}, {"a"})
    assert told["border"] == ({"PAXLST"}, {"Directive 2004/82/EC art. 3(1), 6(1)"}, {"api"}, {"border"})


def test_nothing_of_one_domain_opens_with_the_keys_of_the_other(both):
    with opened(both, "law_enforcement") as police, opened(both, "border") as desk:
        for mine, others in ((police, desk), (desk, police)):
            rows = "SELECT record_id, version, period, identity FROM record_head JOIN body USING (record_id, period)"
            for record, version, period, sealed in mine._ground.db.execute(rows).fetchall():
                assert mine._ground.sealer.open(period, "identity", record, version, sealed)
                with pytest.raises((KeyGone, StoreFault)):
                    others._ground.sealer.open(period, "identity", record, version, sealed)


def test_a_store_of_one_domain_is_not_opened_as_the_others(both):
    root, profile, table, _, _ = both
    assert made_for(StateFolder(root / "border"))[1] == "border"
    with pytest.raises(StoreFault, match="domain border"):
        open_store(StateFolder(root / "border"), profile=profile, law=law(), routing=table, now=NOW)


@pytest.mark.law("SCR-1")
def test_the_purposes_of_the_one_domain_read_nothing_in_the_other(both):
    for domain, good, bad in (("law_enforcement", POLICE, AT_THE_BORDER), ("border", AT_THE_BORDER, POLICE)):
        with opened(both, domain) as store:
            (line, *_) = store.hits(now=NOW, access=good)
            assert store.hit(line.hit_id, good, NOW).hit.domain == domain
            with pytest.raises(UsageFault, match="SCR-1"):
                store.hits(now=NOW, access=bad)
            with pytest.raises(UsageFault, match="SCR-1"):
                store.hit(line.hit_id, bad, NOW)


def test_api_of_the_border_settles_no_hit_of_the_police(both):
    with opened(both, "law_enforcement") as police, opened(both, "border") as desk:
        hits = [{line.hit_id for line in store.hits(now=NOW)} for store in (police, desk)]
        records = [
            {one for (one,) in store._ground.db.execute("SELECT record_id FROM record_head").fetchall()}
            for store in (police, desk)
        ]
    assert all(hits) and not hits[0] & hits[1] and not records[0] & records[1]


@pytest.mark.law("SCR-5")
def test_a_sought_document_goes_to_the_desk_at_once_where_the_profile_says_so_and_never_from_the_police(both):
    *_, unit, choice = both
    keys = {UnitKeys(StateFolder(both[0] / one).keys / "units").public(unit) for one in ("law_enforcement", "border")}
    assert len(keys) == 2
    with opened(both, "border") as desk:
        (line,) = desk.hits(now=NOW)
        assert line.settlement == "confirmed_by_document"
        assert line.state == ("sent" if choice == "at_once" else "new")
        queue = desk.queue(unit, AT_THE_BORDER, NOW)
        assert len(queue) == (choice == "at_once")
        if queue:
            assert "API art. 6(1)" in queue[0].payload.conditions
            assert queue[0].event["data"]["kept_for"][0]["legal_basis"].startswith("Directive 2004/82/EC")
    with opened(both, "law_enforcement") as police:
        assert {line.state for line in police.hits(now=NOW)} == {"new"}
        assert police.queue(unit, POLICE, NOW) == []


@pytest.mark.law("RET-4", "RET-1")
def test_after_24_hours_the_border_has_nothing_left_and_the_police_all(both):
    count = Count(NOW)
    for domain, left in (("law_enforcement", True), ("border", False)):
        count.now = NOW
        with opened(both, domain, count=count) as store:
            assert store._ground.db.execute("SELECT count(*) FROM record_head").fetchone()[0]
            count.now = NOW + timedelta(hours=24)
            store.retention.sweep(count.now)
            for table in ("record_head", "body", "push", "push_body", "hit", "unit_queue", "join_key", "rights_key"):
                (number,) = store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone()
                assert left or number == 0, table


def test_criteria_are_refused_at_the_border(both):
    with opened(both, "border") as desk, pytest.raises(UsageFault, match="no criteria at the border"):
        desk.approve_criterion("", "x.yaml", Access("lead-2", "c", "case-1"), "", NOW)


def test_a_list_of_the_police_is_not_compared_at_the_border(tmp_path):
    root = tmp_path / "lists"
    ListShelf(root).publish(registration(), [SOUGHT], NOW)
    assert ListShelf(root, "border").versions() == {}
    assert list(ListShelf(root, "law_enforcement").versions()) == list(ListShelf(root).versions()) == ["wanted"]


def test_a_followed_spool_hands_on_what_is_for_the_border_too_and_nothing_else(tmp_path, monkeypatch):
    profile = the_profile()
    monkeypatch.setattr(workplaces, "usable_profile", lambda *_: profile)
    monkeypatch.setattr(running, "load_profile", lambda *_: profile)
    spool, other = tmp_path / "in", tmp_path / "border-in"
    spool.mkdir()
    other.mkdir()
    listed = paxlst(1, "745", ARBEN, BOJANA)
    (spool / "1.edi").write_bytes(pnrgov(0, ARBEN, BOJANA))
    (spool / "2.edi").write_bytes(listed)
    options = RunOptions(state=tmp_path / "state", profile="demo", now=NOW, hand_on=other)
    run_files(options, list(waiting([spool])), Accounts())
    run_files(options, list(waiting([spool])), Accounts())
    close_workplace(options)
    (copy,) = other.iterdir()
    assert copy.read_bytes() == listed and copy.stat().st_mode & 0o777 == 0o600


def test_what_nobody_can_read_leaves_no_bytes_at_the_border(both):
    with opened(both, "border") as desk:
        desk.bury(Received("spool", "x.edi", b"who knows", NOW), "third-attempt", (), NOW)
        (letter,) = desk.dead_letters()
        with pytest.raises(UsageFault, match="nothing of this letter was kept"):
            desk.replay(letter.dead_id, Access("engineer-1", "border", "desk-1"), NOW)


def test_bookings_for_the_border_are_refused_in_a_profile():
    text = rule_texts("profiles")["rules/profiles/demo.yaml"]
    with pytest.raises(RuleFault, match="bookings used for border control"):
        Profile.from_text(text.replace("PNRGOV: [law_enforcement]", "PNRGOV: [border]"), "x.yaml")
