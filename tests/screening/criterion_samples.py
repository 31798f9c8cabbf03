"""The example criteria of `rules/criteria/`, and what they are checked with."""

from functools import cache

from pnr_pipeline.screening.criteria import Attributes
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law


@cache
def texts() -> dict[str, str]:
    return rule_texts("criteria")


@cache
def attributes() -> Attributes:
    return Attributes.from_texts(texts(), load_law())


def example(criterion: str = "quick-return") -> str:
    return texts()[f"rules/criteria/examples/{criterion}.yaml"]


EXAMPLES = sorted(name for name in texts() if "/examples/" in name)
