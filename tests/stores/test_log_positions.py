"""Where reading of a log goes on: the store's own position, moved by commits alone, never back and never ahead."""

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Finding, LogPlace, Received

WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
LOG = "pnr.receipts/identity/0"
INDEX = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])


def came(after: int, offset: int, body: bytes = b"") -> Received:
    return Received(
        f"kafka:{LOG}", f"receipt-{offset}", body or str(offset).encode(), NOW, place=LogPlace(LOG, after, offset)
    )


def test_a_commit_moves_the_position_with_it(tmp_path):
    with open_demo(tmp_path) as store:
        flight = Flight()
        flight.add("PAXLST", [WHO])
        kept = received(flight.messages[0])
        told = Received(f"kafka:{LOG}", "receipt-7", kept.body, kept.received_at, place=LogPlace(LOG, 7, 7))
        assert store.log_positions([LOG]) == {}
        commit(store, told, flight.messages, INDEX)
        assert store.log_positions([LOG, "another/log/0"]) == {LOG: 8}
        held = "SELECT count(*) FROM source_position"
        assert store._ground.db.execute(held).fetchone()[0] == 0


def test_dead_letters_replays_and_what_is_passed_over_move_it_too(tmp_path):
    with open_demo(tmp_path) as store:
        store.bury(came(0, 0), "unopened", [Finding("UNOPENED", "E", -1, "Damaged")], NOW)
        assert store.log_positions([LOG]) == {LOG: 1}
        again = Received(f"kafka:{LOG}", "receipt-0", b"0", NOW, place=LogPlace(LOG, 1, 1))
        store.bury(again, "unopened", [], NOW)
        assert store.log_positions([LOG]) == {LOG: 2}
        store.pass_over(LogPlace(LOG, 2, 5), NOW)
        assert store.log_positions([LOG]) == {LOG: 6}


def test_a_replay_moves_it_nowhere(tmp_path):
    with open_demo(tmp_path) as store:
        store.pass_over(LogPlace(LOG, 0, 9), NOW)
        store.bury(came(3, 3), "unopened", [], NOW)
        assert store.log_positions([LOG]) == {LOG: 10}


def test_a_reader_that_left_something_out_commits_nothing(tmp_path):
    with open_demo(tmp_path) as store:
        store.pass_over(LogPlace(LOG, 0, 4), NOW)
        with pytest.raises(StoreFault, match="ahead of what is committed"):
            store.bury(came(6, 6), "unopened", [], NOW)
        assert store.log_positions([LOG]) == {LOG: 5}
        assert store.dead_letters() == []
