import json
import re
from datetime import timedelta

import pytest
from store_setup import NOW, commit, entry, open_demo, registration
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import ReviewFault, StaleHit, UsageFault
from pnr_pipeline.records import Message, Received
from pnr_pipeline.stores.list_snapshots import ListShelf

READS = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")

SOUGHT = Truth(4, "HALILAJ", "FATMIR", "1958-05-05", "M", "U7654321", "document", "KAB123")


@pytest.fixture
def state(tmp_path):
    with open_demo(tmp_path / "state") as store:
        shelf = ListShelf(tmp_path / "state" / "lists")
        shelf.publish(registration(), [entry("E1", "HALILAJ", "FATMIR", "1958-05-05", "U7654321")], NOW)
        index = shelf.load(NOW)
        flight = Flight()
        flight.add("PNRGOV", [SOUGHT])
        commit(store, received(flight.messages[0]), flight.messages, index)
        commit(
            store, Received("spool", "[b]odd\x1b.edi", b"not a message", NOW), [Message("odd:1", "UNREADABLE")], index
        )
    return tmp_path / "state"


def pnr(state, *words, fails=None):
    result = CliRunner().invoke(app, [*words, "--state", str(state), "--now", "2026-02-28T10:00:00"])
    if fails:
        assert isinstance(result.exception, fails)
    elif result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def the_hit(state, *, only="open"):
    (line,) = [
        json.loads(line)
        for line in pnr(state, "hits", "list", "--format", "json", "--only", only, *READS).stdout.splitlines()
    ]
    return line


WHO = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")
CONFIRM = (
    "--confirm",
    "--reason",
    "same-document",
    "--offence",
    "4",
    "--air-link",
    "flight-as-means",
    "--as",
    "officer-7",
)


def test_the_list_shows_time_left_and_no_traveller(state):
    shown = pnr(state, "hits", "list", *READS).stdout
    assert the_hit(state)["hit_id"][:6] in re.sub(r"\s", "", shown)
    assert "HALILAJ" not in shown
    assert "HALILAJ" not in pnr(state, "hits", "list", "--format", "json", *READS).stdout


def test_show_sets_both_side_by_side_and_needs_purpose_case_and_officer(state):
    shown = pnr(state, "hits", "show", the_hit(state)["hit_id"][:8], *WHO).stdout
    assert shown.count("HALILAJ") >= 2
    assert "U7654321" in shown
    assert pnr(state, "hits", "show", the_hit(state)["hit_id"], "--as", "officer-7").exit_code == 2
    pnr(
        state,
        "hits",
        "show",
        the_hit(state)["hit_id"],
        "--as",
        "o7",
        "--purpose",
        "x",
        "--case",
        "c1",
        fails=UsageFault,
    )


def test_a_hit_replayed_with_the_lists_of_its_time_comes_out_the_same(state):
    hit = the_hit(state)["hit_id"]
    done = pnr(state, "hits", "replay", hit[:8], *WHO)
    assert done.exit_code == 0
    assert "the same score" in done.stdout
    changed = [entry("E1", "HALILAJ", "FATMIR", "1958-05-05", "U7654321"), entry("E2", "HALILAJ", "AGIM", "1960-01-01")]
    ListShelf(state / "lists").publish(registration(), changed, NOW + timedelta(hours=1))
    told = json.loads(pnr(state, "hits", "replay", hit[:8], *WHO, "--format", "json").stdout)
    assert told["same"]


def test_a_hit_whose_list_is_not_kept_is_not_said_to_be_the_same(state):
    hit = the_hit(state)["hit_id"]
    for snapshot in (state / "lists").glob("*/*.jsonl"):
        snapshot.unlink()
    done = pnr(state, "hits", "replay", hit[:8], *WHO)
    assert done.exit_code == 1
    assert "not computed again" in done.stdout
    assert "give the stored score" in done.stdout


def test_a_confirmed_hit_is_sent_and_its_unit_reads_it(state):
    hit = the_hit(state)["hit_id"]
    shown = pnr(state, "hits", "decide", hit[:8], "--version", "1", *CONFIRM).stdout
    assert "confirmed" in shown
    unit = the_hit(state, only="sent")["unit"]
    (line,) = pnr(state, "queue", "read", "--unit", unit, *WHO).stdout.splitlines()
    read = json.loads(line)
    assert (read["seq"], read["payload"]["traveller"]["surname"]) == (1, "HALILAJ")
    assert pnr(state, "queue", "relay").stdout == "0 sent\n"


def test_a_stale_version_and_a_reason_of_no_list_are_refused(state):
    hit = the_hit(state)["hit_id"]
    pnr(state, "hits", "decide", hit, "--version", "7", *CONFIRM, fails=StaleHit)
    words = ("--version", "1", "--reject", "--reason", "because", "--as", "officer-7")
    pnr(state, "hits", "decide", hit, *words, fails=ReviewFault)
    assert the_hit(state)["state"] == "new"


def test_a_rejected_hit_leaves_the_open_queue(state):
    words = ("--version", "1", "--reject", "--reason", "other-name", "--as", "officer-7", "--note", "seen in person")
    pnr(state, "hits", "decide", the_hit(state)["hit_id"], *words)
    assert pnr(state, "hits", "list", "--format", "json", *READS).stdout == ""
    assert the_hit(state, only="negative")["state"] == "negative"


def test_the_reasons_are_listed():
    shown = CliRunner().invoke(app, ["hits", "reasons", "--format", "json"]).stdout
    assert {"same-document", "flight-as-means"} <= {row["code"] for row in json.loads(shown)}


def test_dead_letters_are_listed_and_stay_dead_while_nothing_is_mended(state):
    (letter,) = [json.loads(line) for line in pnr(state, "dead", "list", "--format", "json").stdout.splitlines()]
    assert letter["reason"] == "unreadable"
    assert "odd" not in pnr(state, "dead", "list").stdout, "a carrier may name a file after a traveller"
    named = ("--as", "engineer-2", "--case", "ticket-9")
    assert "[b]odd?.edi" in pnr(state, "dead", "list", *named).stdout
    again = pnr(state, "dead", "replay", letter["dead_id"][:8], "--as", "engineer-2", "--case", "ticket-9")
    assert again.exit_code == 1
    assert "unreadable" in again.stdout


def test_where_there_is_no_store_it_is_said_what_to_do(tmp_path):
    result = pnr(tmp_path / "nothing", "hits", "list", *READS, fails=UsageFault)
    assert "pnr run" in str(result.exception)
    assert not (tmp_path / "nothing").exists()


def test_not_this_person_is_remembered_listed_and_woken(state):
    words = ("--version", "1", "--not-this-person", "--reason", "other-name", "--as", "officer-7")
    pnr(state, "hits", "decide", the_hit(state)["hit_id"], *words)
    (line,) = [
        json.loads(line) for line in pnr(state, "hits", "memory", "list", "--format", "json").stdout.splitlines()
    ]
    assert (line["reason"], line["suppressed"], line["woken_at"]) == ("other-name", 0, None)
    assert "holds" in pnr(state, "hits", "memory", "list").stdout
    pnr(state, "hits", "memory", "wake", line["memory_id"][:6], "--as", "officer-8")
    assert "by hand" in " ".join(pnr(state, "hits", "memory", "list").stdout.split())


def test_a_decision_says_one_of_confirm_reject_and_not_this_person(state):
    hit = the_hit(state)["hit_id"]
    words = ("--version", "1", "--reason", "other-name", "--as", "officer-7")
    pnr(state, "hits", "decide", hit, *words, fails=UsageFault)
    pnr(state, "hits", "decide", hit, "--reject", "--not-this-person", *words, fails=UsageFault)
