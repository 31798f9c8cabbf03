"""Every `*.cases.yaml` of `rules/law/` is run, and the set of rules is looked at as a whole."""

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pytest
import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from pnr_pipeline.law import Law
from pnr_pipeline.stores.rule_files import rule_texts, rules_root
from pnr_pipeline.stores.rulebooks import load_law


class Expect(BaseModel):
    model_config = ConfigDict(extra="forbid")
    due: bool | None = None
    in_force: bool | None = None
    value: str | None = None
    narrows: str | None = None
    status: Literal["confirmed", "to be confirmed"] | None = None


class Case(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    asked_on: date | None = None
    starts: AwareDatetime | None = None
    asked_at: AwareDatetime | None = None
    expect: Expect

    @model_validator(mode="after")
    def _asks_something(self) -> "Case":
        assert self.expect.model_fields_set, "a case that expects nothing cannot fail"
        assert (self.expect.due is not None) == (self.starts is not None) == (self.asked_at is not None)
        return self


def _cases() -> list[tuple[Path, Case]]:
    files = sorted((rules_root() / "law").rglob("*.cases.yaml"))
    return [(file, Case.model_validate(case)) for file in files for case in yaml.safe_load(file.read_text("utf-8"))]


def _rule_id(file: Path) -> str:
    return yaml.safe_load(file.with_name(file.name.replace(".cases", "")).read_text("utf-8"))["rule"]


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


@pytest.mark.parametrize(("file", "case"), _cases(), ids=lambda part: getattr(part, "name", None))
def test_the_law_answers_as_its_cases_say(law: Law, file: Path, case: Case) -> None:
    rule = law.rule(_rule_id(file))
    day = case.asked_on or (case.starts.date() if case.starts else date(2026, 11, 23))
    answer = law.in_force(rule.rule, day)
    expect = case.expect
    if expect.in_force is not None:
        assert (answer is not None) is expect.in_force
    if expect.due is not None:
        assert answer is not None
        assert isinstance(case.starts, datetime)
        assert (case.asked_at >= answer.period.after(case.starts)) is expect.due
    for field in ("value", "status"):
        if (wanted := getattr(expect, field)) is not None:
            assert getattr(answer, field) == wanted
    if expect.narrows is not None:
        assert rule.narrows == expect.narrows


def test_each_rule_has_cases_and_each_file_is_named_for_its_rule() -> None:
    for name in rule_texts("law"):
        file = rules_root() / Path(name).relative_to("rules")
        assert file.with_name(file.stem + ".cases.yaml").is_file(), name
        assert ".".join(Path(name).with_suffix("").parts[2:]) == yaml.safe_load(file.read_text("utf-8"))["rule"]


def test_what_the_first_path_needs_of_the_law_is_there(law: Law) -> None:
    covered = {requirement for rule in law for requirement in rule.requirement}
    assert covered >= {
        "RET-1", "RET-2", "RET-3", "RET-4", "RET-5", "ING-2", "LOG-3", "SCR-1", "SCR-5", "SCR-7", "DIS-1", "DIS-3",
    }  # fmt: skip


def test_every_address_of_a_source_is_official(law: Law) -> None:
    assert {rule.cites.href.split("/")[2] for rule in law} <= {"data.europa.eu", "eur-lex.europa.eu"}
