"""Where findings on travellers go, each once."""

from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.traveller import Traveller


class PersonFindings:
    """Findings on the travellers of one message, in the place where each is named (`tag` and its offset)."""

    __slots__ = ("_found", "_rulebook", "_tag", "_told")

    def __init__(self, rulebook: Rulebook, found: list[Finding], tag: str) -> None:
        self._rulebook = rulebook
        self._found = found
        self._tag = tag
        self._told = {(finding.rule, finding.traveller) for finding in found}

    def find(self, rule: str, traveller: Traveller, case: str = "") -> None:
        """Note that a traveller's record breaks a rule."""
        self._found.append(
            self._rulebook.finding(
                rule, case=case, offset=traveller.offset, segment=self._tag, traveller=traveller.ordinal
            )
        )

    def find_missing(self, rule: str, traveller: Traveller, case: str = "") -> None:
        """The same for a value that is not there, unless the reader already said that the value sent was wrong."""
        if (rule, traveller.ordinal) not in self._told:
            self.find(rule, traveller, case)
