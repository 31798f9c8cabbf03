"""Where the files of `rules/` are, and their texts."""

import os
from pathlib import Path

from pnr_pipeline.errors import UsageFault


def rules_root() -> Path:
    """The folder of rules: `PNR_RULES` if set, else the installed copy, else the checkout's `rules/`.

    Raises UsageFault when there is none.
    """
    named = os.environ.get("PNR_RULES")
    package = Path(__file__).resolve().parent.parent
    for candidate in (Path(named) if named else None, package / "_rules", package.parent / "rules"):
        if candidate and candidate.is_dir():
            return candidate
    raise UsageFault("no rules folder: set PNR_RULES to one, or install the wheel, which carries it")


def case_texts(below: str) -> dict[str, str]:
    """Texts of all `*.cases.yaml` below `rules/<below>`, keyed as those of `rule_texts`."""
    root = rules_root()
    return {
        f"rules/{path.relative_to(root).as_posix()}": path.read_text("utf-8")
        for path in sorted((root / below).rglob("*.cases.yaml"))
    }


def rule_texts(below: str) -> dict[str, str]:
    """Texts of all `*.yaml` below `rules/<below>`, keyed `rules/<below>/…`; `*.cases.yaml` left out."""
    root = rules_root()
    return {
        f"rules/{path.relative_to(root).as_posix()}": path.read_text("utf-8")
        for path in sorted((root / below).rglob("*.yaml"))
        if not path.name.endswith(".cases.yaml")
    }
