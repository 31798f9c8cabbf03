"""`pnr rights rectify` and its notices as the data-protection officer uses them."""

import json

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.rights import app
from pnr_pipeline.errors import UsageFault

WHO = ("--as", "dpo-1", "--case", "R-1")


@pytest.fixture
def state(tmp_path):
    with open_demo(tmp_path / "state") as store:
        flight = Flight()
        flight.add("PAXLST", [Truth(1, "ZOGRAFIDI", "JOVANKA", "1971-01-11", "F", "U0000001", "document", "KAB123")])
        commit(store, received(flight.messages[0]), flight.messages, index_of([entry("E1", "NOBODY", "AT ALL")]))
    return tmp_path / "state"


def pnr(state, *words, code=0):
    given = [*map(str, words), "--state", str(state), "--profile", "demo", "--now", NOW.isoformat()]
    ended = CliRunner().invoke(app, given)
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    assert ended.exit_code == code, ended.output
    return ended.stdout


@pytest.mark.law("RGT-4")
def test_what_is_put_right_is_told_to_the_carrier_and_the_answer_reads_as_ever(state, tmp_path):
    search = (
        "search",
        "--surname",
        "Zografidi",
        "--given",
        "Jovanka",
        "--born",
        "1971-01-11",
        "--right",
        "rectify",
        *WHO,
    )
    record = json.loads(pnr(state, *search).splitlines()[0])["record_id"]
    changes, letter = tmp_path / "right.json", tmp_path / "letter.txt"
    changes.write_text('{"date_of_birth": "1990-12-24"}')
    said = pnr(state, "rectify", record, "--changes", changes, *WHO)
    assert "date_of_birth: rectified in 1 messages" in said and "1990" not in said
    (notice,) = (json.loads(line) for line in pnr(state, "notices", code=1).splitlines())
    assert notice["recipient"].startswith("carrier:") and notice["record_id"] == record
    assert "was told" in pnr(state, "told", notice["notice_id"], *WHO)
    assert pnr(state, "notices") == ""
    pnr(state, "answer", "--language", "en", "--out", letter, *WHO)
    text = letter.read_text()
    assert "R-1" in text and "1990" not in text and "rectif" not in text.partition("R-1")[0]


def test_a_file_that_is_none_is_refused_without_quoting_it(state, tmp_path):
    changes = tmp_path / "wrong.json"
    changes.write_text('{"surname": "ZOGRAFIDI", "colour": "red"}')
    with pytest.raises(UsageFault) as fault:
        pnr(state, "complete", "0" * 32, "--changes", changes, *WHO)
    assert "ZOGRAFIDI" not in str(fault.value)
