"""Which model reads which file of `rules/`: for the published schemas, for editors, and for `pnr law check`."""

from fnmatch import fnmatchcase
from typing import NamedTuple

from pydantic import BaseModel

from pnr_pipeline.intake.answer_rules import CarrierFile, CodeFile
from pnr_pipeline.intake.catalogue import AirlineCodes, AnnexFile, Limits
from pnr_pipeline.intake.directory import DirectoryFile, DocumentNumbersFile
from pnr_pipeline.intake.feed_rules import FeedRules
from pnr_pipeline.intake.list_completeness import ListRules
from pnr_pipeline.intake.rulebook import ValidationFile
from pnr_pipeline.intake.sensitive import SensitiveCodesFile, SensitiveTermsFile
from pnr_pipeline.law.cases import LawCases
from pnr_pipeline.law.dpo_forms import DpoForm
from pnr_pipeline.law.offences import OffenceList
from pnr_pipeline.law.profile import Profile
from pnr_pipeline.law.replies import Replies
from pnr_pipeline.law.requirements import Requirements
from pnr_pipeline.law.rules import Rule
from pnr_pipeline.law.staff import Roles, StaffFile
from pnr_pipeline.retention.file_classes import KeptFiles
from pnr_pipeline.retention.topics import TopicFile
from pnr_pipeline.review.codes import AirLinks, Reasons
from pnr_pipeline.review.marks import Marks
from pnr_pipeline.review.memory import MemoryRules
from pnr_pipeline.review.sampling import Sampling
from pnr_pipeline.routing.exchange import ChecklistFile
from pnr_pipeline.routing.table import RoutingFile
from pnr_pipeline.routing.units import Units
from pnr_pipeline.screening.criteria import Attributes, Criterion
from pnr_pipeline.screening.criteria.cases import Cases
from pnr_pipeline.screening.list_register import ListRegister
from pnr_pipeline.screening.name_frequencies import NameFrequencies
from pnr_pipeline.screening.rules import NameForms, NameWords, Weights


class RuleKind(NamedTuple):
    """A kind of rule file: the name of its schema, where it lies (`*` crosses folders), what reads it."""

    name: str
    pattern: str
    model: type[BaseModel]


KINDS = (
    RuleKind("law-cases", "rules/law/*.cases.yaml", LawCases),
    RuleKind("law", "rules/law/*.yaml", Rule),
    RuleKind("requirements", "rules/requirements/requirements.yaml", Requirements),
    RuleKind("profile", "rules/profiles/*.yaml", Profile),
    RuleKind("offences", "rules/offences/*.yaml", OffenceList),
    RuleKind("answer-carriers", "rules/answers/carriers.yaml", CarrierFile),
    RuleKind("answer-error-codes", "rules/answers/error-codes.yaml", CodeFile),
    RuleKind("criterion-cases", "rules/criteria/*.cases.yaml", Cases),
    RuleKind("criterion-attributes", "rules/criteria/attributes.yaml", Attributes),
    RuleKind("criterion", "rules/criteria/*/*.yaml", Criterion),
    RuleKind("exchange-checklist", "rules/exchange/*.yaml", ChecklistFile),
    RuleKind("dpo-form", "rules/dpo/*.yaml", DpoForm),
    RuleKind("feeds", "rules/feeds/*.yaml", FeedRules),
    RuleKind("intake-airline-codes", "rules/intake/airline-codes.yaml", AirlineCodes),
    RuleKind("intake-annex-i", "rules/intake/annex-i.yaml", AnnexFile),
    RuleKind("intake-directory", "rules/intake/directory.yaml", DirectoryFile),
    RuleKind("intake-document-numbers", "rules/intake/document-numbers.yaml", DocumentNumbersFile),
    RuleKind("intake-limits", "rules/intake/limits.yaml", Limits),
    RuleKind("intake-passenger-lists", "rules/intake/passenger-lists.yaml", ListRules),
    RuleKind("intake-sensitive-codes", "rules/intake/sensitive-codes.yaml", SensitiveCodesFile),
    RuleKind("intake-sensitive-terms", "rules/intake/sensitive-terms.yaml", SensitiveTermsFile),
    RuleKind("list-register", "rules/lists/*.yaml", ListRegister),
    RuleKind("retention-files", "rules/retention/files.yaml", KeptFiles),
    RuleKind("review-air-links", "rules/review/air_links.yaml", AirLinks),
    RuleKind("review-marks", "rules/review/marks.yaml", Marks),
    RuleKind("review-memory", "rules/review/memory.yaml", MemoryRules),
    RuleKind("review-reasons", "rules/review/reasons.yaml", Reasons),
    RuleKind("review-sampling", "rules/review/sampling.yaml", Sampling),
    RuleKind("rights-replies", "rules/rights/replies.yaml", Replies),
    RuleKind("routing-table", "rules/routing/table.yaml", RoutingFile),
    RuleKind("routing-units", "rules/routing/units.yaml", Units),
    RuleKind("screening-name-forms", "rules/screening/name_forms.yaml", NameForms),
    RuleKind("screening-name-frequencies", "rules/screening/name_frequencies.yaml", NameFrequencies),
    RuleKind("screening-name-words", "rules/screening/name_words.yaml", NameWords),
    RuleKind("screening-weights", "rules/screening/weights.yaml", Weights),
    RuleKind("staff-roles", "rules/staff/roles.yaml", Roles),
    RuleKind("staff", "rules/staff/*.yaml", StaffFile),
    RuleKind("topics", "rules/topics/*.yaml", TopicFile),
    RuleKind("validation", "rules/validation/*.yaml", ValidationFile),
)
"""In the order in which a path is looked up: the first that fits."""


def kind_of(name: str) -> RuleKind | None:
    """What a file called `…/rules/law/eu/pnr/mask.yaml` is by its place; None for one that lies elsewhere."""
    _, found, below = name.replace("\\", "/").rpartition("rules/")
    return next((kind for kind in KINDS if found and fnmatchcase(f"rules/{below}", kind.pattern)), None)
