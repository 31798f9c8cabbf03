"""The units that may receive hits (DIS-1)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Text

UnitId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z0-9]+)+$")]
AirportCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,4}$")]
BorderPoint = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z-]*$")]


class Unit(RuleModel):
    """One border-police unit: an airport's, or a land district's with its crossings.

    `notified` says whether its authority stands on the State's notified list of competent authorities: `exercise`
    units exist in exercise profiles only and receive nothing in any other.
    """

    id: UnitId
    name: Text
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    kind: Literal["airport", "land"]
    airports: tuple[AirportCode, ...] = ()
    border_points: tuple[BorderPoint, ...] = ()
    notified: Literal["yes", "exercise", "no"]
    note: Text | None = None


class Units(RuleModel):
    """`rules/routing/units.yaml`."""

    version: Text
    note: Text
    requirement: tuple[str, ...]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
