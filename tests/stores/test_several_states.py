"""One unit of two States (PNR art. 4(4)): each row says whose it is; an officer of one sees nothing of the other."""

import pytest
from store_setup import NOW, law, placed
from told_lists import ARBEN, BOJANA, paxlst, send

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.records import Received
from pnr_pipeline.records.unit_event import AnswersFor
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_review_codes, load_routing
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.staff_file import make_key, write_staff
from pnr_pipeline.stores.state import StateFolder

pytestmark = pytest.mark.law("ING-1")

HOME = "home_countries: [AL, BA, XK, ME, MK, RS, TR, BG]"
SERVES = """home_countries: [AL, MK]
serves:
  - {state: AL, id: al-piu, name: Invented unit, contact: a@example.org, legal_basis: {law_enforcement: Law 1 art. 2}}
  - {state: MK, id: mk-piu, name: Invented unit, contact: m@example.org}"""
OF_TRAVELLERS = "SELECT table_name FROM retention_class WHERE class IN ('record', 'ingest') ORDER BY table_name"
ALBANIAN = AnswersFor("AL", "al-piu", "Law 1 art. 2")
MACEDONIAN = AnswersFor("MK", "mk-piu", "Directive (EU) 2016/681 art. 4(2), 6(1)")


def the_profile(told=SERVES):
    text = rule_texts("profiles")["rules/profiles/demo.yaml"]
    assert HOME in text
    return Profile.from_text(text.replace(HOME, told), "two.yaml")


def flown(number, start, end, *who):
    body = paxlst(number, "745", *who, flight=f"QX10{number}")
    return body.replace(b"LOC+125+IST", b"LOC+125+%b" % start).replace(b"LOC+87+TIA", b"LOC+87+%b" % end)


@pytest.fixture
def store(tmp_path, database):
    """A flight to each of the States and one between them, the same traveller wanted on all."""
    state = StateFolder(placed(tmp_path / "state"))
    state.prepare()
    people = (("al-1", "[officer, reviewer]", "[AL]"), ("mk-1", "[officer, reviewer]", "[MK]"),
              ("both-1", "[officer, reviewer]", "[AL, MK]"), ("none-1", "[officer, reviewer]", "[]"),
              ("keeper-1", "[retention]", "[MK]"))  # fmt: skip
    text = 'version: "1"\nstaff:\n' + "".join(
        f"  - {{id: {one}, name: Invented {one}, organisation: unit, roles: {roles}, states: {states},"
        f" trained_on: 2026-01-05, valid_until: 2026-12-31, key: '{make_key(open_keystore(state), one)}'}}\n"
        for one, roles, states in people
    )
    write_staff(state, open_keystore(state), text)
    profile = the_profile()
    with open_store(state, profile=profile, law=law(), routing=load_routing(profile), now=NOW) as opened:
        send(opened, flown(1, b"IST", b"TIA", ARBEN, BOJANA), flown(2, b"IST", b"SKP", ARBEN),
             flown(3, b"TIA", b"SKP", ARBEN))  # fmt: skip
        yield opened


def by_flight(store):
    """The one hit of each flight."""
    return {line.leg_key.split("/")[0]: line.hit_id for line in store.hits(now=NOW)}


def sees(store, person, hit_id):
    try:
        store.hit(hit_id, Access(person, "a", "case-1"), NOW)
    except UsageFault:
        return False
    return True


def test_each_row_of_each_table_of_travellers_tells_state_controller_and_legal_basis(store):
    db, told = store._ground.db, store._ground.bases.told
    filled = set()
    for (table,) in db.execute(OF_TRAVELLERS).fetchall():
        if table == "gate_key":
            continue
        rows = db.execute(f"SELECT basis FROM {table}").fetchall()
        filled |= {table} if rows else set()
        assert all(told[basis] for (basis,) in rows)
    assert filled >= {
        "record_head",
        "body",
        "push",
        "push_body",
        "listing",
        "join_key",
        "hit",
        "hit_version",
        "rights_key",
    }
    flights = {
        leg_key.split("/")[0]: told[basis] for leg_key, basis in db.execute("SELECT leg_key, basis FROM leg").fetchall()
    }
    assert flights == {"QX101": (ALBANIAN,), "QX102": (MACEDONIAN,), "QX103": (ALBANIAN, MACEDONIAN)}


def test_the_rows_of_a_flight_are_all_of_the_same_states(store):
    db = store._ground.db
    for table in ("record_head", "push", "push_body", "listing", "join_key", "hit"):
        query = f"SELECT count(*) FROM {table} t JOIN leg USING (leg_id) WHERE t.basis != leg.basis"
        assert db.execute(query).fetchone() == (0,)


def test_an_officer_of_one_state_sees_its_flights_and_those_to_both_and_nothing_of_the_other(store):
    hits = by_flight(store)
    seen = {person: {flight for flight, one in hits.items() if sees(store, person, one)}
            for person in ("al-1", "mk-1", "both-1", "none-1")}  # fmt: skip
    assert seen == {"al-1": {"QX101", "QX103"}, "mk-1": {"QX102", "QX103"}, "both-1": set(hits), "none-1": set()}


def test_who_may_not_see_a_hit_is_told_the_same_as_where_there_is_none_and_decides_nothing(store):
    hit = by_flight(store)["QX101"]
    for act in (
        lambda: store.hit(hit, Access("mk-1", "a", "case-1"), NOW),
        lambda: store.claim(hit, Access("mk-1", "a", "case-1"), NOW),
        lambda: store.decide(Decision(hit, 1, "negative", "other-birth-date", "mk-1", NOW), load_review_codes(),
                             case="case-1"),
        lambda: store.retention.erase(store.hit(hit, Access("al-1", "a", "case-1"), NOW).hit.record_id, "unlawful",
                                      Access("keeper-1", "a", "case-1"), NOW),
    ):  # fmt: skip
        with pytest.raises(UsageFault, match=r"no (hit|record) with"):
            act()


def test_postgresql_itself_shows_an_officer_no_row_of_the_other_state(store, database):
    db, reached = store._ground.db, {"al-1": {"QX101", "QX103"}, "mk-1": {"QX102", "QX103"}, "none-1": set()}
    if database == "sqlite":  # whoever opens the file sees all of it: there the store alone holds the line
        reached = {person: {"QX101", "QX102", "QX103"} for person in reached}
    for person, flights in reached.items():
        db.begin(lambda: (), Access(person, "a", "case-1"))
        seen = db.execute("SELECT DISTINCT leg_key FROM hit JOIN leg USING (leg_id)").fetchall()
        for table in ("record_head", "body", "push", "push_body", "listing", "join_key", "hit_version", "rights_key"):
            (number,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert (number > 0) == bool(flights), table
        db.rollback()
        assert {key.split("/")[0] for (key,) in seen} == flights


def test_the_columns_of_the_lake_tell_it_too(store, tmp_path):
    import pyarrow.parquet as pq

    later = NOW.replace(month=3, day=20)
    (day,) = store.lake.close(later)
    for file in day.files.values():
        table = pq.read_table(tmp_path / "state" / "lake" / day.period / file.name)
        rows = {tuple(table[name][place].as_py() for name in ("states", "controllers", "legal_basis"))
                for place in range(table.num_rows)}  # fmt: skip
        both = ("AL; MK", "al-piu; mk-piu", f"{ALBANIAN.legal_basis}; {MACEDONIAN.legal_basis}")
        assert rows == {("AL", "al-piu", ALBANIAN.legal_basis), ("MK", "mk-piu", MACEDONIAN.legal_basis), both}


def test_dead_letters_are_of_the_states_of_their_flight_and_of_all_where_none_can_be_read(store):
    send(store, flown(4, b"IST", b"TIA", ARBEN).replace(b"BGM+745", b"BGM+655"))
    store.bury(Received("spool", "x.edi", b"nothing", NOW), "third-attempt", (), NOW)
    told = {letter.reason: letter.kept_for for letter in store.dead_letters()}
    assert told == {"gate-pass": (ALBANIAN,), "third-attempt": (ALBANIAN, MACEDONIAN)}


def test_a_profile_that_leaves_a_home_country_without_controller_is_refused():
    with pytest.raises(RuleFault, match="names each of the home countries once"):
        the_profile(SERVES.replace("[AL, MK]", "[AL, MK, RS]"))


def test_of_one_state_nobody_is_asked_for_which_they_act():
    profile = the_profile("home_countries: [AL]")
    (served,) = profile.states_served()
    assert (served.state, served.id) == ("AL", "exercise-piu") and profile.serves == ()
