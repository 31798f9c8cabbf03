import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from pnr_pipeline.cli.law_checking import check_rules
from pnr_pipeline.cli.law_explaining import askers
from pnr_pipeline.cli.law_proofs import proofs_text
from pnr_pipeline.cli.main import app
from pnr_pipeline.cli.rule_models import KINDS, kind_of
from pnr_pipeline.cli.schemas import contracts
from pnr_pipeline.stores.rule_files import case_texts, rule_texts

ROOT = Path(__file__).parents[2]
MASK = rule_texts("law")["rules/law/eu/pnr/mask.yaml"]
MASK_CASES = case_texts("law")["rules/law/eu/pnr/mask.cases.yaml"]
EU = rule_texts("profiles")["rules/profiles/eu.yaml"]


def _run(*words: str):
    return CliRunner().invoke(app, ["law", *words])


@pytest.fixture
def draft(tmp_path):
    """A folder that looks like a checkout's, with one rule and its cases."""
    folder = tmp_path / "rules/law/eu/pnr"
    folder.mkdir(parents=True)
    (folder / "mask.yaml").write_text(MASK)
    (folder / "mask.cases.yaml").write_text(MASK_CASES)
    return folder


def test_all_rules_of_the_house_are_without_fault():
    told = check_rules([])
    assert told.faults == []
    assert told.rules > 80
    assert told.cases > told.rules


def test_every_file_of_rules_has_one_schema_and_keeps_it():
    schemas = dict(contracts())
    for name, text in (rule_texts("") | case_texts("")).items():
        kind = kind_of(name)
        assert kind is not None, name
        content = json.loads(json.dumps(yaml.safe_load(text), default=str))
        jsonschema.validate(content, json.loads(schemas[f"rules/{kind.name}.schema.json"]))
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_schema_refuses_what_the_reader_refuses():
    schema = json.loads(dict(contracts())["rules/law.schema.json"])
    wrong = json.loads(json.dumps(yaml.safe_load(MASK) | {"answer": "maybe"}, default=str))
    with pytest.raises(jsonschema.ValidationError, match="maybe"):
        jsonschema.validate(wrong, schema)


def test_a_draft_without_fault_ends_with_0(draft):
    ended = _run("check", str(draft))
    assert ended.exit_code == 0, ended.output
    assert "1 rules of law, 7 cases, 0 profiles: 0 faults" in ended.output


@pytest.mark.parametrize(
    ("right", "wrong", "place", "kind", "clause"),
    [
        ("evidence: T", "evidence: X", "mask.yaml:5:11", "form", "Directive (EU) 2016/681 art. 12(2)"),
        ("requirement: [RET-2]", "requirement: [RET-99]", "mask.yaml:3:15", "reference", ""),
        ("rule: eu.pnr.mask", "rule: eu.pnr.mask\nnarrows: eu.pnr.gone", "mask.yaml:2:10", "reference", ""),
        ("value: P6M", "value: P7M", "mask.cases.yaml:8:17", "case", "art. 12(2)"),
        ("from: 2018-05-25", "from: 2018-05-24", "mask.cases.yaml:19:22", "case", "art. 12(2)"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_place_kind_and_clause(draft, right, wrong, place, kind, clause):
    assert right in MASK
    (draft / "mask.yaml").write_text(MASK.replace(right, wrong))
    ended = _run("check", str(draft), "--format", "json")
    assert ended.exit_code == 1
    (first, *_) = json.loads(ended.stdout)
    assert f"{first['file']}:{first['line']}:{first['column']}".endswith(place)
    assert (first["kind"], first["severity"]) == (kind, "error")
    assert clause in first["clause"]


def test_a_rule_without_cases_beside_it_is_a_fault(draft):
    (draft / "mask.cases.yaml").unlink()
    ended = _run("check", str(draft / "mask.yaml"))
    assert ended.exit_code == 1
    assert "mask.yaml:1:7 case: rule: no cases beside it" in ended.output


def test_a_profile_below_the_floor_is_told_at_its_field_wherever_it_lies(tmp_path):
    profile = tmp_path / "ours.yaml"
    profile.write_text(EU.replace("period_class: S", "period_class: L"))
    ended = _run("check", str(profile))
    assert ended.exit_code == 1
    line = 1 + EU[: EU.index("period_class")].count("\n")
    assert f"ours.yaml:{line}:15 floor: period_class: everything kept for five years: refused" in ended.output


def test_faults_are_told_as_sarif_too(draft):
    (draft / "mask.yaml").write_text(MASK.replace("value: P6M", "value: six months"))
    ended = _run("check", str(draft), "--format", "sarif")
    (run,) = json.loads(ended.stdout)["runs"]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "form"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


def test_what_is_not_there_is_wrong_usage(tmp_path):
    for words in (("check", str(tmp_path / "none.yaml")), ("explain", "eu.pnr.mas")):
        ended = _run(*words)
        assert type(ended.exception).__name__ == "UsageFault"
    assert "eu.pnr.mask" in str(ended.exception)


def test_a_file_that_no_schema_reads_is_a_fault(tmp_path):
    (tmp_path / "other.yaml").write_text("colour: red\n")
    ended = _run("check", str(tmp_path / "other.yaml"))
    assert ended.exit_code == 1
    assert "other.yaml:1:1 form: no schema reads it" in ended.output


def test_a_rule_is_explained_with_value_article_askers_cases_and_requirement():
    told = _run("explain", "eu.pnr.mask", "--on", "2026-11-23").output
    for words in ("on 2026-11-23: P6M, from receipt by piu", "art. 12(2)", "narrowed by eu.pnr.unmask_approval",
                  "asked by:  pnr_pipeline/", "in a leap year that is the 29th", "RET-2 is"):  # fmt: skip
        assert words in told
    assert "on 2018-05-24: nothing" in _run("explain", "eu.pnr.mask", "--on", "2018-05-24").output


def test_a_requirement_is_explained_with_its_rules_and_what_a_profile_chooses():
    told = _run("explain", "ret-3", "--profile", "eu").output
    for words in ("CJ ¶251-262", "eu.pnr.delete_without_evidence", "profile eu: period_class = S"):
        assert words in told


def test_a_rule_that_no_code_asks_says_so():
    assert "eu.pnr.right_of_entry" not in askers()
    assert "no code" in _run("explain", "eu.pnr.right_of_entry").output


def test_the_matrix_joins_every_requirement_with_rules_and_tests():
    ended = _run("matrix", "--format", "json")
    rows = {row["id"]: row for row in json.loads(ended.stdout)}
    assert len(rows) == 64
    for row in rows.values():
        assert row["rule"] in (*row["rules"], None)
        assert row["status"] == ("waiting" if row["waiting"] else "open" if row["lacks"] else "closed")
        assert row["rules"], "a requirement without a rule file"
    assert rows["RET-2"]["rule"] == "rules/law/eu/pnr/mask.yaml"


def test_a_release_is_stopped_by_an_open_gate_alone(monkeypatch):
    from pnr_pipeline.law.requirements import MatrixRow
    from pnr_pipeline.stores import rulebooks

    def row(verified, status):
        return [MatrixRow("RET-1", "", verified, None, (), (), status)]

    for verified, status, code in ((("gate",), "open", 1), (("dpo",), "open", 0), (("gate",), "waiting", 0)):
        monkeypatch.setattr(rulebooks, "load_matrix", lambda v=verified, s=status: row(v, s))
        assert _run("matrix").exit_code == code


def test_tests_are_found_by_their_marks_without_being_imported(tmp_path):
    (tmp_path / "tests/law").mkdir(parents=True)
    (tmp_path / "tests/law/test_one.py").write_text(
        'import nowhere\npytestmark = pytest.mark.law("RET-1")\n'
        '@pytest.mark.law("RET-2", "RET-3")\n@pytest.mark.skip\ndef test_a(): ...\n'
        "def test_b(): ...\ndef helper(): ...\n"
    )
    assert json.loads(proofs_text(tmp_path)) == {
        "RET-1": ["tests/law/test_one.py::test_a", "tests/law/test_one.py::test_b"],
        "RET-2": ["tests/law/test_one.py::test_a"],
        "RET-3": ["tests/law/test_one.py::test_a"],
    }


def test_every_marked_requirement_is_in_the_catalogue():
    ids = {row["id"] for row in json.loads(_run("matrix", "--format", "json").stdout)}
    assert set(json.loads(proofs_text(ROOT))) <= ids
