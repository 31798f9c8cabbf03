"""The engine made ready before the first traveller waits for it: compiled once an installation, then read from disk."""

from datetime import datetime

from pnr_pipeline.records import EntryName, ListEntry, ListRegistration, Traveller
from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.match import screen
from pnr_pipeline.screening.rules import ScreeningRules

_NOBODY = ListRegistration(
    "readiness",
    "Nobody",
    "",
    "",
    (),
    domain="law_enforcement",
    kind="persons",
    quality="",
    update_duty="",
    review_by="",
)


def make_ready(rules: ScreeningRules, now: datetime) -> bool:
    """Screen an invented person against a list of theirs alone; whether they were found. About 20 s if never done."""
    entry = ListEntry("nobody", "readiness", (EntryName("", "EXAMPLARIUS", "READY"),), ("1980-01-02",), gender="F")
    traveller = Traveller(1, "passenger", "EXAMPLARIUS", "READY", sex="F", date_of_birth="1980-01-02")
    return bool(screen([traveller], Index.build([(_NOBODY, "", [entry])], rules), now))
