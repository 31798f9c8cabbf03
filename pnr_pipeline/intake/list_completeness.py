"""Whether a passenger list tells everybody on its flight, as data: `rules/intake/passenger-lists.yaml`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.records.flight import FlightLeg

Carrier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
Practice = Literal["batch", "interactive", "count"]

CREW_LIST = "250"
_PASSENGERS = frozenset(("745",))
_CREW = frozenset(f"{CREW_LIST}{kind}" for kind in ("", "+A", "+B", "+C", "+D", "+E", "+F"))
"""Functions of lists that may be complete; changes of passengers and crew (CP, XR, RP, BC, CC, EC, FC) never are."""


class ListRules(RuleModel):
    """`rules/intake/passenger-lists.yaml`: the practice of carriers, by the carrier of the flight."""

    lists: Literal["completeness"]
    source: str
    practice: Practice
    interactive_travellers: Annotated[int, Field(ge=1, le=100)]
    carriers: Mapping[Carrier, Practice]

    def is_complete(
        self, function: str, flights: Sequence[FlightLeg], *, listed: int, told: int | None, part: bool
    ) -> bool:
        """Whether a list of this function, or the set it is a `part` of, tells all passengers, or crew, of its flight.

        `listed` are those of its kind in this message, `told` the number in CNT, None where it is not told.
        """
        if function not in _PASSENGERS and function not in _CREW:
            return False
        practice = next((self.carriers[leg.carrier] for leg in flights if leg.carrier in self.carriers), self.practice)
        if practice != "count":
            return practice == "batch" and listed > 0
        if part:
            return True
        enough = 0 if function in _CREW else self.interactive_travellers
        return listed > enough and told is not None and told <= listed
