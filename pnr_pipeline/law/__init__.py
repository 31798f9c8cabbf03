"""Rule text to rules, and dated answers that carry their article."""

from pnr_pipeline.law.offences import Offence, OffenceList
from pnr_pipeline.law.period import Period
from pnr_pipeline.law.profile import Profile
from pnr_pipeline.law.rules import Dated, Law, Rule

__all__ = ["Dated", "Law", "Offence", "OffenceList", "Period", "Profile", "Rule"]
