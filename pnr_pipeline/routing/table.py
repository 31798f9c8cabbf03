"""Who receives which hit: the first rule that fits, or nobody (SEC-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.rule_text import RuleModel, fault_at, named_text, read_rule
from pnr_pipeline.law.rules import Text
from pnr_pipeline.records import FlightLeg, Hit
from pnr_pipeline.routing.units import AirportCode, BorderPoint, Unit, UnitId, Units


class RoutingRule(RuleModel):
    """One row: every criterion that it names must fit, and it must name one besides the domain."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    domain: Literal["law_enforcement", "border"]
    flights: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$")], ...] = ()
    arrives_at: tuple[AirportCode, ...] = ()
    departs_from: tuple[AirportCode, ...] = ()
    border_points: tuple[BorderPoint, ...] = ()
    lists: tuple[Text, ...] = ()
    offences: tuple[Text, ...] = ()
    unit: UnitId
    legal_basis: Text

    @model_validator(mode="after")
    def _names_something(self) -> "RoutingRule":
        if not any((self.flights, self.arrives_at, self.departs_from, self.border_points, self.lists, self.offences)):
            raise ValueError("a rule without criteria would be a default recipient (SEC-3)")
        return self

    def fits(self, hit: Hit, leg: FlightLeg, border_point: str) -> bool:
        """Whether every criterion named fits the hit and its leg."""
        asked = (
            (self.flights, leg.designator),
            (self.arrives_at, leg.destination),
            (self.departs_from, leg.origin),
            (self.border_points, border_point),
            (self.lists, hit.match.list_id),
            (self.offences, hit.offence),
        )
        return self.domain == hit.domain and all(not allowed or value in allowed for allowed, value in asked)


class RoutingFile(RuleModel):
    """`rules/routing/table.yaml`."""

    version: Text
    note: Text
    requirement: tuple[str, ...]
    rules: Annotated[tuple[RoutingRule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Routed:
    """The unit that receives the hit, the rule that says so, and its legal basis in words."""

    unit: Unit
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody receives the hit, and why."""

    because: str


class RoutingTable:
    """Units and ordered rules. `exercise` is True under an exercise profile only: then exercise units receive."""

    def __init__(self, units: Units, rules: tuple[RoutingRule, ...], *, exercise: bool) -> None:
        self.units = {unit.id: unit for unit in units.units}
        self.rules = rules
        self._allowed = ("yes", "exercise") if exercise else ("yes",)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], *, exercise: bool = False) -> "RoutingTable":
        """From `units.yaml` and `table.yaml`; RuleFault for a missing file, a double id, or an unknown unit."""
        units_name, units_text = named_text(texts, "units.yaml")
        table_name, table_text = named_text(texts, "table.yaml")
        units = read_rule(units_text, units_name, Units)
        table = read_rule(table_text, table_name, RoutingFile)
        known = [unit.id for unit in units.units]
        for index, unit_id in enumerate(known):
            if unit_id in known[:index]:
                raise fault_at(units_text, units_name, ("units", index, "id"), f"{unit_id} is used twice")
        rules = [rule.rule for rule in table.rules]
        for index, rule in enumerate(table.rules):
            if rule.rule in rules[:index]:
                raise fault_at(table_text, table_name, ("rules", index, "rule"), f"{rule.rule} is used twice")
            if rule.unit not in known:
                raise fault_at(table_text, table_name, ("rules", index, "unit"), f"no unit {rule.unit}")
        return cls(units, table.rules, exercise=exercise)

    def recipient(self, unit_id: str) -> Unit:
        """The unit of this id; UsageFault where it is none, or not on the notified list (DIS-1)."""
        unit = self.units.get(unit_id)
        if unit is None or unit.notified not in self._allowed:
            raise UsageFault(f"{unit_id} is not on the notified list of competent authorities (DIS-1)")
        return unit

    def route(self, hit: Hit, leg: FlightLeg, border_point: str = "") -> Routed | Refused:
        """Where the hit goes; nowhere before a person confirmed it (SCR-5).

        `border_point` is the crossing that the traveller's message names, if any.
        """
        if hit.state != "confirmed":
            return Refused(f"the hit is {hit.state}: no person has confirmed it (SCR-5)")
        for rule in self.rules:
            if rule.fits(hit, leg, border_point):
                unit = self.units[rule.unit]
                if unit.notified not in self._allowed:
                    return Refused(f"{unit.id} is not on the notified list of competent authorities (DIS-1)")
                return Routed(unit, rule.rule, rule.legal_basis)
        return Refused("no routing rule fits, and there is no default recipient (SEC-3)")
