import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from store_setup import open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import ReviewFault, RuleFault, UsageFault
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rule_files import rules_root

READS = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")

NOW = "2026-11-19T06:00:00"
BROAD = """
id: booked-and-paid
version: 1
title: Booked within a year and paid somehow
author: analyst-3
offences: ["4"]
necessity: Exercise of the path from a criterion to the queue; invented, and in force in this folder of state alone.
incriminating:
  - {id: lead, when: booking.lead_days <= 400, says: Booked within four hundred days.}
  - {id: paid, when: 'payment.form in ["cash", "card"]', says: Paid in cash or by card.}
exonerating:
  - {id: company, when: companions.count >= 1, says: Others travel in the same booking.}
minimum: 2
valid_from: 2026-11-01
expires: 2027-10-31
review_by: 2027-04-30
mode: live
hits_a_month: 1
instruction: Interview on the purpose of the journey.
"""
WHO = ("--as", "lead-2", "--why", "asked by the task force", "--case", "ex-1")


@pytest.fixture
def state(tmp_path) -> Path:
    open_demo(tmp_path / "state").close()
    return tmp_path / "state"


def pnr(*words, fails=None):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if fails:
        assert isinstance(result.exception, fails)
    elif result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def at(state):
    return ("--state", state, "--now", NOW)


def written(tmp_path, **changes) -> Path:
    text = BROAD
    for key, value in changes.items():
        text = text.replace(*value) if isinstance(value, tuple) else text.replace(f"{key}:", f"{key}: {value} #")
    path = tmp_path / "booked-and-paid.yaml"
    path.write_text(text)
    return path


def run(state, tmp_path) -> None:
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    for file in simulate(Scenario(seed=3, flights=2, day=date(2026, 11, 20), travellers=8, planted=0)):
        (folder / file.name).write_bytes(file.body)
    options = RunOptions(state=state, profile="demo", now=NOW)
    run_files(options, list(waiting([folder])), Accounts())
    close_workplace(options)


def hits(state, only="open") -> list[dict]:
    lines = pnr("hits", "list", "--format", "json", "--only", only, *READS, *at(state)).stdout.splitlines()
    return [json.loads(line) for line in lines]


def listed(state) -> dict:
    (line,) = json.loads(pnr("criteria", "list", "--format", "json", *at(state)).stdout)
    return line


def test_the_examples_pass_check_and_test():
    examples = rules_root() / "criteria" / "examples"
    assert "6 criteria, 0 refused, 0 doubts" in pnr("criteria", "check", examples).stdout
    tested = pnr("criteria", "test", examples)
    assert tested.exit_code == 0 and "0 come out otherwise" in tested.stdout


def test_check_names_file_line_column_and_clause_of_a_prohibited_attribute(tmp_path):
    path = written(tmp_path, when=("booking.lead_days <= 400", 'traveller.nationality == "QX"'))
    result = pnr("criteria", "check", path)
    assert result.exit_code == 1
    assert "booked-and-paid.yaml:9:22 refused (SCR-4, CJ 197)" in result.stdout.replace("\n", "")
    (remark,) = json.loads(pnr("criteria", "check", path, "--format", "json").stdout)
    assert remark["severity"] == "E"


def test_a_case_that_comes_out_otherwise_is_told_with_its_line(tmp_path):
    path = written(tmp_path)
    (tmp_path / "booked-and-paid.cases.yaml").write_text(
        "cases:\n"
        "  - {name: booked and paid, facts: {booking: {lead_days: 3}, payment: {form: cash}}, fires: false}\n"
        "  - {name: nothing known, facts: {}, fires: true}\n"
    )
    result = pnr("criteria", "test", path)
    assert result.exit_code == 1
    assert "booked-and-paid.cases.yaml:2:" in result.stdout and "2 cases, 2 come out otherwise" in result.stdout


def test_every_fact_is_listed_with_its_source():
    facts = json.loads(pnr("criteria", "facts", "--format", "json").stdout)
    assert {"journey.stay_hours", "payment.third_party"} <= {fact["name"] for fact in facts}


def test_a_live_criterion_brings_hits_into_the_queue_that_a_person_reviews_and_ends_with_it(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    run(state, tmp_path)
    found = hits(state)
    assert found and {hit["list_id"] for hit in found} == {"criteria:booked-and-paid"}
    one, other = (hit["hit_id"] for hit in found[:2])
    shown = json.loads(
        pnr(
            "hits", "show", one, "--as", "officer-1", "--purpose", "a", "--case", "c-1", "--format", "json", *at(state)
        ).stdout
    )
    assert [term["field"] for term in shown["hit"]["match"]["evidence"]] == ["incriminating"] * 2 + ["exonerating"]
    assert shown["hit"]["instruction"] == "Interview on the purpose of the journey."
    look = (one, "--as", "officer-1", "--purpose", "a", "--case", "c-1", *at(state))
    assert "you decide" in " ".join(pnr("hits", "show", *look).stdout.split())
    again = pnr("hits", "replay", *look)
    assert again.exit_code == 0 and "the same evidence" in again.stdout
    decide = ("hits", "decide", one, "--version", found[0]["version"], "--as", "officer-1")
    confirm = (*decide, "--confirm", "--reason", "criterion-and-more", "--offence", "4", *at(state))
    pnr(*confirm, fails=ReviewFault)
    assert "confirmed" in pnr(*confirm, "--air-link", "flight-as-means").stdout
    pnr("hits", "decide", other, "--version", found[1]["version"], "--as", "officer-1", "--reject", "--reason",
        "criterion-explained", *at(state))  # fmt: skip
    line = listed(state)
    assert (line["state"], line["hits"], line["reviewed"], line["dismissed"]) == ("live", len(found), 2, 1)
    assert line["month"] > line["limit"]
    assert pnr("criteria", "list", *at(state)).exit_code == 1
    pnr("criteria", "retire", "booked-and-paid", "--as", "dpo-1", "--case", "ex-2", *at(state))
    assert hits(state) == [] and json.loads(pnr("criteria", "list", "--format", "json", *at(state)).stdout) == []
    assert {hit["state"] for hit in hits(state, "all")} == {"superseded", "negative", "confirmed"}


def test_a_criterion_in_shadow_mode_is_counted_and_reaches_nobody(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path, mode=("mode: live", "mode: shadow")), *WHO, *at(state))
    run(state, tmp_path)
    assert hits(state, "all") == []
    line = listed(state)
    assert line["state"] == "shadow" and line["shadow"] > 0 and line["hits"] == 0


def test_the_same_person_is_the_same_hit_however_often_the_carrier_pushes(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    run(state, tmp_path)
    found = hits(state, "all")
    assert len({hit["hit_id"] for hit in found}) == len(found)
    with open_demo(state) as store:
        people = store._ground.db.execute("SELECT count(DISTINCT record_id), count(*) FROM hit").fetchone()
    assert people[0] == people[1]


def test_the_author_approves_nothing_and_a_changed_text_asks_for_a_new_version(state, tmp_path):
    path = written(tmp_path)
    own = pnr("criteria", "approve", path, "--as", "analyst-3", "--why", "mine", "--case", "ex-1", *at(state),
              fails=RuleFault)  # fmt: skip
    assert str(own.exception).startswith("booked-and-paid.yaml:5:9: author") and "SCR-4" in str(own.exception)
    pnr("criteria", "approve", path, *WHO, *at(state))
    path = written(tmp_path, when=("<= 400", "<= 300"))
    again = pnr("criteria", "approve", path, *WHO, *at(state), fails=UsageFault)
    assert "new version" in str(again.exception)


def test_a_text_changed_in_the_store_and_one_that_has_expired_judge_nobody_and_are_told(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    late = pnr("criteria", "list", "--format", "json", "--state", state, "--now", "2027-11-01T00:00:00")
    (line,) = json.loads(late.stdout)
    assert late.exit_code == 1 and line["state"] == "refused"
    assert line["because"].startswith("booked-and-paid.yaml:15:10: expires") and "SCR-4" in line["because"]
    with open_demo(state) as store:
        store._ground.db.execute("UPDATE criterion SET text = replace(text, '<= 400', '<= 900')")
    assert "changed after it was approved" in listed(state)["because"]
    run(state, tmp_path)
    assert hits(state, "all") == []


def test_each_act_stands_in_the_log_with_who_and_case_and_without_a_text(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    pnr("criteria", "retire", "booked-and-paid", "--as", "dpo-1", "--case", "ex-2", *at(state))
    with open_demo(state) as store:
        rows = [json.loads(body) for (body,) in store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row")]
    acts = [(row["actor"], row["case"], row["purpose"], row["counts"]) for row in rows if "criterion" in str(row)]
    assert acts == [("lead-2", "ex-1", "c", {"criterion.approve": 1}), ("dpo-1", "ex-2", "c", {"criterion.retire": 1})]
    assert "task force" not in str(rows)


def test_a_back_test_counts_over_open_parts_with_purpose_c_noted_first(state, tmp_path):
    run(state, tmp_path)
    path = written(tmp_path, when=('\'payment.form in ["cash", "card"]\'', "journey.legs >= 1"))
    words = ("criteria", "backtest", path, "--as", "lead-2", "--case", "ex-3", *at(state))
    result = json.loads(pnr(*words, "--format", "json", "--svg", tmp_path / "effect.svg").stdout)
    assert result["hits"] > 0 and result["judged"] >= result["hits"]
    assert sum(result["months"].values()) == result["hits"]
    assert result["untold"] == {"company": result["judged"]}
    assert set(result["effect"]) == {"nationality", "sex", "age"}
    assert ElementTree.fromstring((tmp_path / "effect.svg").read_text()).tag.endswith("svg")
    assert "Effect by sex" in pnr(*words).stdout
    assert "purpose c" in str(pnr(*words, "--purpose", "a", fails=UsageFault).exception)
    with open_demo(state) as store:
        last = json.loads(store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row DESC").fetchone()[0])
    assert (last["act"], last["purpose"], last["actor"], last["case"]) == ("consultation", "c", "lead-2", "ex-3")


def test_a_back_test_of_a_criterion_that_nobody_knows_says_where_to_look(state):
    words = ("criteria", "backtest", "unheard-of", "--as", "lead-2", "--case", "ex-3", *at(state))
    assert "pnr criteria list" in str(pnr(*words, fails=UsageFault).exception)


def test_the_doctor_tells_criteria_in_force_and_those_that_are_refused(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    with open_demo(state) as store:
        store._ground.db.execute("UPDATE criterion SET text = replace(text, '<= 400', '<= 900')")
    found = json.loads(pnr("doctor", "--state", state, "--profile", "demo", "--format", "json").stdout)
    (told,) = [one for one in found if one["subject"] == "criterion booked-and-paid"]
    assert told["mark"] == "fault" and "changed after it was approved" in told["what"]


def test_nobody_is_remembered_for_a_criterion(state, tmp_path):
    pnr("criteria", "approve", written(tmp_path), *WHO, *at(state))
    run(state, tmp_path)
    hit = hits(state)[0]
    decide = ("hits", "decide", hit["hit_id"], "--version", hit["version"], "--as", "officer-1")
    refused = pnr(*decide, "--reason", "criterion-explained", "--not-this-person", *at(state), fails=ReviewFault)
    assert "names no person" in str(refused.exception)
