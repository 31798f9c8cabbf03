"""The papers of the officer: the assessment from the configuration, whom a breach concerns from the log."""

from datetime import date, timedelta

import pytest
import yaml
from store_setup import NOW, commit, entry, index_of, law, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.audit import Access
from pnr_pipeline.cli.main import app
from pnr_pipeline.law.dpo_forms import TO_BE_WRITTEN, filled
from pnr_pipeline.stores.rulebooks import load_dpo_form

SOUGHT, OTHER = (
    Truth(number, surname, "ELIRA", "1990-01-01", "F", f"U000000{number}", "document", "KAB123")
    for number, surname in ((1, "KELMENDI"), (2, "MARKOVSKI"))
)
LIST = index_of([entry("E1", "KELMENDI", "ELIRA", born="1990-01-01", document="U0000001")])
SINCE, UNTIL = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def run(root, *words, at=NOW):
    return CliRunner().invoke(
        app, [*words, "--as", "dpo-1", "--case", "breach-1", "--state", str(root), "--profile", "demo",
              "--now", at.isoformat()],
    )  # fmt: skip


@pytest.fixture
def state(tmp_path):
    """Two travellers; an officer looked at one of them."""
    root = tmp_path / "state"
    with open_demo(root) as store:
        flight = Flight()
        flight.add("PAXLST", [SOUGHT, OTHER], function="745")
        commit(store, received(flight.messages[0]), flight.messages, LIST, NOW)
        (line,) = store.hits(now=NOW)
        store.hit(line.hit_id, Access("officer-7", "a", "case-1"), NOW)
        (record,) = store._ground.db.execute("SELECT record_id FROM hit").fetchone()
    return root, record


def breach(root, out, *more, at=NOW + timedelta(hours=2), known=NOW + timedelta(hours=1)):
    return run(root, "dpo", "breach", "--since", f"{SINCE:%Y-%m-%dT%H:%M:%S}", "--until", f"{UNTIL:%Y-%m-%dT%H:%M:%S}",
               "--known", f"{known:%Y-%m-%dT%H:%M:%S}", "--out", str(out), *more, at=at)  # fmt: skip


@pytest.mark.law("RGT-6")
def test_a_stolen_login_concerns_whom_it_looked_at_and_a_copied_database_everybody(state, tmp_path):
    root, record = state
    told = {}
    for name, more in (
        ("login", ("--person", "officer-7")),
        ("other", ("--person", "officer-8")),
        ("all", ("--everything",)),
    ):
        assert breach(root, tmp_path / name, *more).exit_code == 1
        told[name] = (tmp_path / name / "records.txt").read_text().splitlines()
    assert (told["login"], told["other"], len(told["all"])) == ([record], [], 2)


@pytest.mark.law("RGT-6")
def test_the_notification_has_the_listed_content_and_no_name_and_says_what_people_must_write(state, tmp_path):
    root, _ = state
    ended = breach(root, tmp_path / "out", "--person", "officer-7")
    text = (tmp_path / "out" / "notification.md").read_text()
    for point in ("30(1)", "30(3)(a)", "30(3)(b)", "30(3)(c)", "30(3)(d)", "31(1)"):
        assert f"LED {point}" in text
    assert "persons: 1" in text and "dpo@example.org" in text and "in time: yes" in text
    assert "KELMENDI" not in text and "U0000001" not in text
    assert text.count(TO_BE_WRITTEN) == 4
    assert "nature, consequences, measures, told_persons" in ended.output.replace("\n", " ")


@pytest.mark.law("RGT-6")
def test_with_words_it_is_whole_and_after_72_hours_it_asks_for_the_reasons(state, tmp_path):
    root, _ = state
    words = tmp_path / "words.yaml"
    words.write_text(yaml.safe_dump(dict.fromkeys(("nature", "consequences", "measures", "told_persons"), "Invented.")))
    known = NOW + timedelta(hours=1)
    on_time = known + timedelta(hours=72)
    assert breach(root, tmp_path / "one", "--words", str(words), at=on_time, known=known).exit_code == 0
    ended = breach(root, tmp_path / "two", "--words", str(words), at=on_time + timedelta(seconds=1), known=known)
    assert ended.exit_code == 1 and "reasons" in ended.output
    assert "Reasons for the delay" in (tmp_path / "two" / "notification.md").read_text()


@pytest.mark.law("RGT-6")
def test_a_breach_is_documented_in_the_log_by_reference(state, tmp_path):
    root, record = state
    breach(root, tmp_path / "out", "--person", "officer-7")
    with open_demo(root) as store:
        rows = [body for _, body in store.oversight._rows() if b"breach.persons" in body]
    (row,) = rows
    assert f"record:{record}".encode() in row and b"LED 30(5)" in row


@pytest.mark.law("RGT-6", "LOG-9")
def test_nobody_but_the_data_protection_officer_makes_these_papers(state, tmp_path):
    root, _ = state
    ended = CliRunner().invoke(
        app, ["dpo", "assessment", "--out", str(tmp_path / "a.md"), "--as", "officer-7", "--case", "x-1", "--state",
              str(root), "--profile", "demo", "--now", NOW.isoformat()],
    )  # fmt: skip
    assert ended.exit_code != 0 and not (tmp_path / "a.md").exists()


@pytest.mark.law("LOG-9")
def test_the_assessment_is_filled_from_the_configuration_and_asks_only_for_what_people_must_say(state, tmp_path):
    root, _ = state
    ended = run(root, "dpo", "assessment", "--out", str(tmp_path / "a.md"))
    text = (tmp_path / "a.md").read_text()
    assert ended.exit_code == 1 and text.count(TO_BE_WRITTEN) == 4
    for told in ("exercise-piu", "dpo@example.org",
                 "supervisor@example.org", "Exercise court", "PAXLST: law_enforcement",
                 "Directive (EU) 2016/681 art. 4(2), 6(1)", "record_head: delete_at", "officer-7: officer, reviewer",
                 "P42D", "none from the EU text"):  # fmt: skip
        assert told in text, told
    words = tmp_path / "words.yaml"
    words.write_text(yaml.safe_dump(dict.fromkeys(("necessity", "risks", "sites", "persons"), "Invented.")))
    whole = run(root, "dpo", "assessment", "--out", str(tmp_path / "b.md"), "--words", str(words))
    assert whole.exit_code == 0 and TO_BE_WRITTEN not in (tmp_path / "b.md").read_text()


@pytest.mark.law("LOG-9", "RGT-6")
@pytest.mark.parametrize(
    ("form", "sections"),
    [
        ("impact-assessment",
         "responsible description legal_basis periods necessity* risks* measures sites* persons* consultation"),
        ("breach", "time delay* nature* numbers contact consequences* measures* told_persons*"),
    ],
)  # fmt: skip
def test_the_forms_have_every_section_that_the_law_lists(form, sections):
    told = load_dpo_form(form)
    assert [f"{one.id}{'*' if one.words else ''}" for one in told.sections] == sections.split()
    assert [one.id for one in told.sections if one.when == "late"] == (["delay"] if form == "breach" else [])
    assert told.id == form and all(one.source for one in told.sections)


def test_a_code_that_the_program_cannot_tell_is_a_fault_and_not_left_out():
    with pytest.raises(KeyError):
        filled(load_dpo_form("breach"), {}, {})
    assert law().value("eu.led.breach_supervisor", date(2026, 11, 23)).value == "PT72H"
