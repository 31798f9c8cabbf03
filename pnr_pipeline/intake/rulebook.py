"""The rules of validation, as data: `rules/validation/*.yaml` (FORMATS 8)."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake.catalogue import FOLDER, IntakeRules
from pnr_pipeline.intake.setting import Setting
from pnr_pipeline.law.rule_text import RuleModel, read_rule
from pnr_pipeline.records.finding import Finding, Severity


class RuleCase(RuleModel):
    """One way to break a rule that has its own wording or severity (`softer` by habit: W beside the rule's E)."""

    severity: Severity
    what: str


class ValidationRule(RuleModel):
    """One rule: what is wrong, why it matters, where it is written, how a carrier mends it, and a good example.

    `wrong` is an example that breaks the rule, where a few segments can show it.
    """

    id: str = Field(pattern=r"^[A-Z]{3}-\d\d$")
    severity: Severity
    what: str
    why: str
    source: str
    fix: str
    example: str
    wrong: str = ""
    cases: dict[str, RuleCase] = Field(default_factory=dict)


class ValidationFile(RuleModel):
    """One file of rules about one subject."""

    subject: str
    rules: tuple[ValidationRule, ...]


class Rulebook:
    """All rules by id; the only source of a finding's words, so that no finding can quote a traveller.

    `setting` says where it is used.
    """

    __slots__ = ("_intake", "_rules", "_wording", "setting")

    def __init__(
        self,
        rules: Mapping[str, ValidationRule],
        intake: IntakeRules | None = None,
        setting: Setting = Setting(),  # noqa: B008  # frozen
    ) -> None:
        self._rules = dict(rules)
        self.setting = setting
        self._intake = intake
        self._wording: dict[tuple[str, str], tuple[Severity, str]] = {}
        for rule in rules.values():
            self._wording[rule.id, ""] = (rule.severity, rule.what)
            for name, case in rule.cases.items():
                self._wording[rule.id, name] = (case.severity, case.what)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], setting: Setting = Setting()) -> "Rulebook":  # noqa: B008  # frozen
        """The rulebook in YAML `texts`, keyed by file name; raises RuleFault on a wrong or doubled rule.

        Names below `rules/intake/` are the catalogue of what may be kept; all others are files of validation rules.
        """
        rules: dict[str, ValidationRule] = {}
        intake = {name: text for name, text in texts.items() if name.startswith(FOLDER)}
        for name, text in texts.items():
            if name in intake:
                continue
            for rule in read_rule(text, name, ValidationFile).rules:
                if rule.id in rules:
                    raise RuleFault(name, f"rule {rule.id} stands twice")
                rules[rule.id] = rule
        return cls(rules, IntakeRules.from_texts(intake) if intake else None, setting)

    @property
    def intake(self) -> IntakeRules:
        """What may be kept of a PNR; RuleFault if the texts of `rules/intake/` were not given."""
        if self._intake is None:
            raise RuleFault(FOLDER, "not loaded: without it no passenger name record may be read in")
        return self._intake

    def __getitem__(self, rule_id: str) -> ValidationRule:
        return self._rules[rule_id]

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __iter__(self) -> Iterator[ValidationRule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def finding(
        self,
        rule_id: str,
        *,
        case: str = "",
        offset: int = -1,
        segment: str = "",
        traveller: int | None = None,
        detail: str = "",
    ) -> Finding:
        """A finding in the words of the rule, or of one of its `cases`.

        `detail` is of fixed form (a place, a clause, a count), never a value of the traveller. KeyError for a rule
        or case that is not in the book: our bug.
        """
        severity, what = self._wording[rule_id, case]
        return Finding(rule_id, severity, offset, f"{what}: {detail}" if detail else what, segment, traveller)
