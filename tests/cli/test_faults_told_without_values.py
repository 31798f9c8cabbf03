"""A fault of the program is told by type and place: an exception's text may quote what was in hand."""

import sys

import pytest
from store_setup import NOW, commit, index_of, open_demo

from pnr_pipeline import intake
from pnr_pipeline.cli.main import main
from pnr_pipeline.records import Message, Received

SURNAME = "ZQVORNIK"


def fails(*_: object, **__: object):
    raise ValueError(f"{SURNAME} cannot be read")


def told(capsys, monkeypatch, *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["pnr", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    output = capsys.readouterr()
    return output.out + output.err


def test_a_letter_whose_replay_fails_stays_and_its_text_is_not_quoted(tmp_path, capsys, monkeypatch):
    with open_demo(tmp_path / "state") as store:
        commit(store, Received("spool", "odd.edi", SURNAME.encode(), NOW), [Message("o:1", "UNREADABLE")], index_of([]))
        (letter,) = store.dead_letters()
    monkeypatch.setattr(intake, "decode", fails)
    words = ("dead", "replay", letter.dead_id, "--as", "engineer-2", "--case", "ticket-9")
    text = told(capsys, monkeypatch, *words, "--state", str(tmp_path / "state"), "--now", "2026-02-28T10:00:00")
    assert "the letter stays as it is: ValueError at test_faults_told_without_values.py" in text
    assert SURNAME not in text
    with open_demo(tmp_path / "state") as store:
        assert [one.replayed_at for one in store.dead_letters()] == [None]


def test_a_fault_in_any_command_is_told_by_type_and_place(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("pnr_pipeline.cli.decode.message_object", fails)
    file = tmp_path / "message.edi"
    file.write_bytes(b"UNB+UNOA:4+A+B+260110:0500+1'")
    text = told(capsys, monkeypatch, "decode", str(file))
    assert "ValueError at test_faults_told_without_values.py" in text
    assert SURNAME not in text


def test_what_stands_in_brackets_in_a_fault_is_told_too(tmp_path, capsys, monkeypatch):
    text = told(
        capsys,
        monkeypatch,
        "hits",
        "list",
        "--state",
        str(tmp_path / "no[where]"),
        "--as",
        "officer-1",
        "--purpose",
        "a",
        "--case",
        "c-1",
    )
    assert "no[where]" in text.replace("\n", "")
