"""Names to keys to candidates to evidence to a score that explains itself."""

from pnr_pipeline.screening.engine_version import ENGINE
from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.match import compare, in_queue, screen, screen_among
from pnr_pipeline.screening.rules import ScreeningRules
from pnr_pipeline.screening.settlement import contradiction, is_named, settle

__all__ = [
    "ENGINE",
    "Index",
    "ScreeningRules",
    "compare",
    "contradiction",
    "in_queue",
    "is_named",
    "screen",
    "screen_among",
    "settle",
]
