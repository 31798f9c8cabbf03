"""What the function of a message does to the stored lists of its flight, from bytes to the store."""

from datetime import timedelta
from itertools import permutations

import pytest
from store_setup import ACCESS, NOW, open_demo
from told_lists import ARBEN, BOJANA, PILOT, START, listed, paxlst, pnrgov, send

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.stores.sql.hits import read_hits
from pnr_pipeline.stores.sql.travellers import open_traveller

ARBEN_ALONE = ("", "", "", "UPR1")


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as opened:
        yield opened


def is_listed(store) -> bool:
    """The one hit of the store, in the queue and opened as an officer does."""
    (line,) = store.hits(now=NOW)
    assert store.hit(line.hit_id, ACCESS, NOW).listed is line.listed
    return line.listed


def test_a_cancelled_flight_takes_everybody_off_all_lists_and_deletes_nobody(store):
    send(
        store, paxlst(0, "745", ARBEN, BOJANA), paxlst(1, "250+C", PILOT, role="FM"), pnrgov(2, ARBEN, BOJANA),
        paxlst(3, "266+XF"),
    )  # fmt: skip
    assert listed(store) == {"api": Listed(0, 3), "pnr": Listed(0, 2)}
    assert not is_listed(store)
    assert store._ground.db.execute("SELECT count(*) FROM record_head WHERE status = 'live' AND kind = 'traveller'"
                                    ).fetchone() == (3,)  # fmt: skip


def test_whoever_is_listed_again_after_the_cancellation_is_listed(store):
    send(store, paxlst(0, "745", ARBEN, BOJANA), pnrgov(1, ARBEN), paxlst(2, "266+XF"), paxlst(3, "745", ARBEN))
    assert listed(store) == {"api": Listed(1, 1), "pnr": Listed(0, 1)}
    assert is_listed(store)


def test_a_cancellation_that_arrives_late_takes_off_only_those_listed_before_it(store):
    send(store, paxlst(0, "745", BOJANA), paxlst(2, "745", ARBEN), paxlst(1, "266+XF"))
    assert listed(store) == {"api": Listed(1, 1)}
    assert is_listed(store)


def test_a_changed_schedule_takes_nobody_off(store):
    send(store, paxlst(0, "745", ARBEN, BOJANA), paxlst(1, "266+CF"))
    assert listed(store) == {"api": Listed(2, 0)}


def test_those_not_on_board_and_those_who_cancelled_are_no_longer_listed_and_come_back_when_listed_again(store):
    send(store, paxlst(0, "745", ARBEN, BOJANA), paxlst(1, "266+CLNB", ARBEN_ALONE))
    assert (listed(store), is_listed(store)) == ({"api": Listed(1, 1)}, False)
    send(store, paxlst(2, "745", ARBEN))
    assert (listed(store), is_listed(store)) == ({"api": Listed(2, 0)}, True)
    send(store, paxlst(3, "745+XR", ARBEN_ALONE))
    assert (listed(store), is_listed(store)) == ({"api": Listed(1, 1)}, False)


def test_a_list_of_those_on_board_leaves_out_the_others_but_no_crew(store):
    send(store, paxlst(0, "745", ARBEN, BOJANA), paxlst(1, "250", PILOT, role="FM"), paxlst(2, "266+CLOB", ARBEN_ALONE))
    assert (listed(store), is_listed(store)) == ({"api": Listed(2, 1)}, True)


def test_a_traveller_renamed_by_reference_is_one_record_whose_hit_settles_by_the_new_document(store):
    renamed = ("HALILAJ:FATMIR", "711130", "U0000009", "UPR1")
    send(store, paxlst(0, "745", ARBEN), paxlst(1, "745+CP", renamed))
    assert listed(store) == {"api": Listed(1, 0)}
    (hit,) = read_hits(store._ground, None)
    assert (hit.state, hit.version) == ("excluded", 2)
    assert len(store.hit(hit.hit_id, ACCESS, NOW).versions) == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_what_was_prepared_in_one_minute_the_last_interchange_wins_whenever_it_arrives(tmp_path, order):
    renamed = ("HALILAJ:FATMIR", "711130", "U0000009", "UPR1")
    told = [paxlst(0, "745", ARBEN), paxlst(1, "745+CP", renamed), paxlst(2, "745+XR", ARBEN_ALONE)]
    same_minute = [body.replace(b":0900+", b":0800+").replace(b":1000+", b":0800+") for body in told]
    with open_demo(tmp_path / "other") as store:
        send(store, *(same_minute[place] for place in order))
        assert listed(store) == {"api": Listed(0, 1)}
        (record_id,) = store._ground.db.execute("SELECT record_id FROM record_head WHERE status = 'live'").fetchone()
        assert open_traveller(store._ground, record_id).person.view.surname == "HALILAJ"


def test_of_a_gate_pass_only_its_row_among_the_dead_letters_is_kept(store):
    send(store, paxlst(0, "655", ARBEN))
    (letter,) = store.dead_letters()
    assert (letter.reason, listed(store)) == ("gate-pass", {})
    assert store._ground.db.execute("SELECT length(sealed) FROM dead_letter").fetchone() == (0,)
    with pytest.raises(UsageFault, match="nothing of this letter was kept"):
        store.replay(letter.dead_id, ACCESS, NOW)


def test_a_list_of_a_coach_waits_among_the_dead_letters_for_a_store_of_its_own(store):
    send(store, paxlst(0, "745", ARBEN).replace(b"TDT+20+QX101++", b"TDT+20+QX101+3+"))
    (letter,) = store.dead_letters()
    assert (letter.reason, listed(store)) == ("other-mode", {})


def test_a_hit_tells_since_when_and_by_which_message_nobody_lists_its_person(store):
    send(store, paxlst(0, "745", ARBEN, BOJANA), pnrgov(1, ARBEN))
    on_board = send(store, paxlst(2, "266+CLOB", BOJANA))
    (hit,) = read_hits(store._ground, None)
    file = store.hit(hit.hit_id, ACCESS, NOW)
    assert (hit.unlisted, file.listed, list(file.left)) == (None, True, ["api"])
    assert (file.left["api"].function, file.left["api"].message_id) == ("266+CLOB", on_board[0].message_id)
    (cancelled,) = send(store, paxlst(3, "266+XF"))
    (hit,) = read_hits(store._ground, None)
    assert (hit.unlisted.function, hit.unlisted.message_id, hit.version) == ("266+XF", cancelled.message_id, 1)
    assert hit.unlisted.received_at == START + timedelta(hours=24)
    send(store, paxlst(4, "745", ARBEN))
    assert [hit.unlisted for hit in read_hits(store._ground, None)] == [None]


def test_the_first_list_without_a_person_is_told_whatever_came_after_or_arrived_late(store):
    first, second = paxlst(1, "266+CLOB", BOJANA), paxlst(2, "266+CLOB", BOJANA)
    send(store, paxlst(0, "745", ARBEN, BOJANA), second)
    (told,) = send(store, first)
    (hit,) = read_hits(store._ground, None)
    assert hit.unlisted.message_id == told.message_id


@pytest.mark.law("ING-10")
def test_a_whole_batch_list_replaces_the_former_one_of_passengers_and_a_list_of_crew_that_of_crew(store):
    others = [(f"PASSENGER:NAME{chr(65 + n)}", "900101", f"U11{n:05}", f"UPR5{n}") for n in range(11)]
    send(store, paxlst(0, "745", ARBEN, BOJANA), paxlst(1, "250+C", PILOT, role="FM", told="CNT+41:1'"))
    send(store, paxlst(2, "745", BOJANA, *others, told="CNT+42:12'"))
    assert (listed(store), is_listed(store)) == ({"api": Listed(13, 1)}, False)
    second = ("HALILAJ:ELIRA", "850505", "U0000004", "UPR4")
    send(store, paxlst(3, "250+C", second, role="FM", told="CNT+41:1'"))
    assert listed(store) == {"api": Listed(13, 2)}
    send(store, paxlst(4, "745", ARBEN, told="CNT+42:160'"))
    assert (listed(store), is_listed(store)) == ({"api": Listed(14, 1)}, True)


def test_changes_of_a_master_crew_list_meet_on_the_list_of_their_carrier_and_no_flight(store):
    master = {"role": "FM", "flight": "QXMCL"}
    send(
        store, paxlst(0, "336+G", ARBEN, PILOT, **master), paxlst(1, "745", ARBEN), paxlst(2, "336+H", ARBEN, **master)
    )
    keys = store._ground.db.execute("SELECT leg_key FROM leg ORDER BY leg_key").fetchall()
    assert keys == [("QX101/2026-03-02/IST-TIA",), ("crew:QX/2026-Q1",)]
    assert sorted(store.listed_by_source().values()) == [Listed(1, 0), Listed(1, 1)]


def test_whom_a_full_list_leaves_out_is_counted_once_and_a_cancelled_flight_is_no_fault(store):
    closing = paxlst(1, "266+CLOB", BOJANA)
    send(store, paxlst(0, "745", ARBEN, BOJANA), paxlst(0, "250", PILOT, role="FM"), closing)
    send(store, closing)
    send(store, paxlst(2, "266+CLOB", BOJANA), paxlst(3, "266+XF"))
    assert [line for line in store.finding_counts() if line[1] == "CNT-04"] == [("QX", "CNT-04", 1)]
