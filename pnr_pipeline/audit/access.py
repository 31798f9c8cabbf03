"""What must be said before passenger data are read (SCR-1)."""

from dataclasses import dataclass

from pnr_pipeline.audit.entry import ACTOR, CASE, Purpose
from pnr_pipeline.errors import UsageFault


@dataclass(frozen=True, slots=True)
class Access:
    """Who reads, for which purpose, in which case: every read takes one, and none of the three has a default.

    `dpo` is the purpose of the data-protection officer alone: rights of persons, oversight. Purpose b needs an `order`
    of the approver too, by its id, but to ask for one (DIS-3).
    Raises UsageFault where one is missing or not of its form.
    """

    actor: str
    purpose: Purpose
    case: str
    order: str = ""

    def __post_init__(self) -> None:
        if self.purpose not in ("a", "b", "c", "border", "dpo"):
            raise UsageFault(
                "name the purpose: a, b or c of art. 6(2) of the PNR Directive, border at the border (SCR-1)"
            )
        if not ACTOR.fullmatch(self.actor):
            raise UsageFault("name who reads by their id, without blanks (LOG-2)")
        if not CASE.fullmatch(self.case):
            raise UsageFault("name the case: its reference, with a digit and without blanks (SCR-1)")
