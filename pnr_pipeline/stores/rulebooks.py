"""The rules of intake, law, profile, routing, topics, review and offences, read from `rules/`.

Each function reads its files anew: call it once a process. All raise RuleFault for a wrong file.
"""

import json
from datetime import datetime
from pathlib import Path

import yaml

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake.answer_rules import AnswerRules
from pnr_pipeline.intake.feed_rules import FeedRules
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.setting import Setting
from pnr_pipeline.law import Law, OffenceList, Profile
from pnr_pipeline.law.dpo_forms import DpoForm
from pnr_pipeline.law.replies import Replies
from pnr_pipeline.law.requirements import MatrixRow, Requirements, matrix
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records import Domain
from pnr_pipeline.retention.topics import Topics
from pnr_pipeline.review import Marks, MemoryRules, ReviewCodes, Sampling
from pnr_pipeline.routing import RoutingTable
from pnr_pipeline.routing.exchange import Checklist
from pnr_pipeline.screening.criteria import Attributes
from pnr_pipeline.stores.rule_files import rule_texts, rules_root


def load_rulebook(profile: Profile | None = None) -> Rulebook:
    """What `intake.decode` needs: the rules of validation, what may be taken in, and where, as the profile says."""
    setting = Setting(frozenset(profile.home_countries)) if profile else Setting()
    return Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"), setting)


def load_feed_rules() -> FeedRules:
    """When carriers' pushes are due, and what is more than usual."""
    return FeedRules.from_texts(rule_texts("feeds"))


def load_dpo_form(name: str) -> DpoForm:
    """A paper of the data-protection officer: `impact-assessment` or `breach`."""
    file = f"rules/dpo/{name}.yaml"
    return read_rule(rule_texts("dpo")[file], file, DpoForm)


def load_law() -> Law:
    """The law of `rules/law/`."""
    return Law.from_texts(rule_texts("law"))


def load_requirements() -> Requirements:
    """The catalogue of requirements of law."""
    file = "rules/requirements/requirements.yaml"
    return Requirements.from_text(rule_texts("requirements")[file], file)


def load_matrix() -> list[MatrixRow]:
    """Each requirement with the rule files that name it and the tests that prove it."""
    rules: dict[str, list[str]] = {}
    for name, text in rule_texts("").items():
        content = yaml.load(text, Loader=yaml.CSafeLoader)
        named = content.get("requirement", ()) if isinstance(content, dict) else ()
        for one in named:
            rules.setdefault(one, []).append(name)
    proofs = rules_root() / "requirements" / "tests.json"
    tests = json.loads(proofs.read_text("utf-8")) if proofs.is_file() else {}
    files = {one: tuple(sorted(names, key=_law_first)) for one, names in rules.items()}
    return list(matrix(load_requirements(), files, {one: tuple(nodes) for one, nodes in tests.items()}))


def _law_first(name: str) -> tuple[bool, str]:
    return not name.startswith("rules/law/"), name


def load_profile(name: str | None = None) -> Profile:
    """The profile of this name in `rules/profiles/`, or in the file at this path; None gives `eu`, the strictest.

    Raises UsageFault where there is none (SEC-3).
    """
    text, file, _ = profile_file(name)
    return Profile.from_text(text, file)


def profile_file(name: str | None = None) -> tuple[str, str, Path]:
    """Text, name for faults and path of the file that `load_profile` reads."""
    name = name or "eu"
    if name.endswith(".yaml"):
        path = Path(name)
        if not path.is_file():
            raise UsageFault(f"no profile file {name}")
        return path.read_text("utf-8"), name, path
    texts = rule_texts("profiles")
    file = f"rules/profiles/{name}.yaml"
    if file not in texts:
        known = ", ".join(sorted(Path(one).stem for one in texts))
        raise UsageFault(f"no profile {name}: there are {known}, or give the path of a file")
    return texts[file], file, rules_root() / "profiles" / f"{name}.yaml"


def load_routing(profile: Profile) -> RoutingTable:
    """The routing table; exercise units receive under an exercise profile only (DIS-1)."""
    return RoutingTable.from_texts(rule_texts("routing"), exercise=profile.kind == "exercise")


def load_topics(law: Law, routing: RoutingTable, now: datetime, *, prefix: str, domain: Domain) -> Topics:
    """The topics of one domain on Kafka, below the prefix of the deployment."""
    file = "rules/topics/topics.yaml"
    return Topics.from_text(
        rule_texts("topics")[file], file, law, now, prefix=prefix, domain=domain, units=routing.units
    )


def load_checklist() -> Checklist:
    """What is asked before anything goes abroad."""
    file = "rules/exchange/checklist.yaml"
    return Checklist.from_text(rule_texts("exchange")[file], file)


def load_offences() -> OffenceList:
    """Annex II and terrorism."""
    file = "rules/offences/annex_ii.yaml"
    return OffenceList.from_text(rule_texts("offences")[file], file)


def load_review_codes() -> ReviewCodes:
    """Reasons and air links that a decision may name."""
    return ReviewCodes.from_texts(rule_texts("review"), load_offences())


def load_sampling() -> Sampling:
    """Which share of the exclusions a person looks at."""
    file = "rules/review/sampling.yaml"
    return read_rule(rule_texts("review")[file], file, Sampling)


def load_memory_rules() -> MemoryRules:
    """When and for how long a rejection is remembered."""
    file = "rules/review/memory.yaml"
    return read_rule(rule_texts("review")[file], file, MemoryRules)


def load_marks() -> Marks:
    """The grounds on which the data-protection officer finds an act lawful or unlawful."""
    file = "rules/review/marks.yaml"
    return read_rule(rule_texts("review")[file], file, Marks)


def load_attributes() -> Attributes:
    """What no criterion may rest on, and what stands in for it."""
    return Attributes.from_texts(rule_texts("criteria"), load_law())


def load_answer_rules() -> AnswerRules:
    """Which answers carriers get, and with which codes."""
    return AnswerRules.from_texts(rule_texts("answers"))


def load_replies() -> Replies:
    """The letter to a person who asks, by language."""
    file = "rules/rights/replies.yaml"
    return read_rule(rule_texts("rights")[file], file, Replies)
