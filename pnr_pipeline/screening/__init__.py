"""Names to keys to candidates to evidence to a score that explains itself."""

from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.match import ENGINE, compare, screen
from pnr_pipeline.screening.rules import ScreeningRules
from pnr_pipeline.screening.settlement import settle

__all__ = ["ENGINE", "Index", "ScreeningRules", "compare", "screen", "settle"]
