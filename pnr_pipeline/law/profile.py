"""The profile of a deployment: what a State or a unit may choose, and the floor it may not go below.

What has no field here cannot be chosen: that purpose and case are asked on every read (SCR-1), that only registered
lists are compared (SCR-3) and that the two domains never meet (SCR-12) is built in. Law: LAW 10, `rules/profiles/`.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from pnr_pipeline.law.partners import Exchange
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import RequirementId, Text

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
ProfileId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Route = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[A-Z]{3}$")]
ListId = Annotated[str, StringConstraints(pattern=r"^\S+$")]
Feed = Literal["PAXLST", "PNRGOV", "PNR-XML", "CSV"]
Domain = Literal["law_enforcement", "border"]
PeriodClass = Literal["S", "L"]


class Named(RuleModel):
    """An authority or a person in office, and where to reach it."""

    name: Text
    contact: Text


class Controller(Named):
    """The authority that answers for the data (PNR art. 4); `id` stands on every row that is kept (ING-1)."""

    id: ProfileId


class Site(RuleModel):
    """A secure place where data are kept and processed, and the hosts there by name (PNR art. 6(8))."""

    id: ProfileId
    country: Country
    hosts: tuple[Text, ...] = ()


class Served(Controller):
    """A State that the unit serves, the controller it named, and its own acts in place of the Union's, by domain."""

    state: Country
    legal_basis: dict[Domain, Text] = Field(default_factory=dict)


class Officer(Named):
    """The data-protection officer; `person` is the id in the staff file, whose key signs this profile."""

    person: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,127}$")]


class Approver(RuleModel):
    """Who approves late disclosure and unmasking (DIS-3, DIS-4)."""

    kind: Literal["court", "independent_authority", "unit"]
    name: Text


class Review(RuleModel):
    """How deep people look before anything is sent (SCR-5), and where a second pair of eyes is asked."""

    depth: Literal["every_match", "none"]
    claim_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    four_eyes_all: bool = False
    four_eyes_lists: tuple[ListId, ...] = ()


class Selection(RuleModel):
    """A decision by which flights inside the area are taken in: a threat for all of them, or chosen routes (SCR-11)."""

    basis: Text
    decided_on: date
    valid_until: date
    threat: bool = False
    """A genuine, present or foreseeable terrorist threat: all flights, for the time of the decision."""
    routes: tuple[Route, ...] = ()
    """Pairs of airports (IATA), in either direction."""

    @model_validator(mode="after")
    def _selects(self) -> "Selection":
        if self.threat == bool(self.routes):
            raise ValueError("either `threat` for all flights, or `routes`")
        return self


class IntraArea(RuleModel):
    """The States between which a flight is inside the Union, and the decisions by which some are taken in."""

    countries: tuple[Country, ...] = ()
    selections: tuple[Selection, ...] = ()


class Known(RuleModel):
    """What was found of a State's law when its template was written, and how well it is known."""

    says: Text
    evidence: Literal["T", "S", "M"]


class Deviation(RuleModel):
    """A choice below the EU text: outside the EU it needs a national citation, in it there is none (LAW 10)."""

    requirement: RequirementId
    basis: Text


_CHOICES: dict[str, tuple[str, ...]] = {
    "ING-1": ("controller", "serves"),
    "SCR-1": ("home_countries", "late"),
    "SCR-5": ("review",),
    "SCR-9": ("territory", "sites"),
    "SCR-10": ("right_of_entry",),
    "SCR-11": ("intra_area",),
    "SCR-12": ("feeds", "border_documents"),
    "DIS-3": ("approver", "late"),
    "DIS-4": ("approver",),
    "DIS-5": ("exchange",),
    "DIS-6": ("exchange",),
    "DIS-7": ("exchange",),
    "RET-3": ("period_class",),
    "RET-10": ("case_holds",),
    "LOG-7": ("dpo",),
    "RGT-1": ("controller", "dpo", "supervisor", "languages"),
}


class Profile(RuleModel):
    """A deployment, as `rules/profiles/<id>.yaml` describes it."""

    id: ProfileId
    title: Text
    kind: Literal["default", "national", "exercise"]
    jurisdiction: Literal["eu", "other"]
    confirmed: bool
    """False until the deployment's data-protection officer confirmed the file."""
    controller: Controller
    dpo: Officer
    supervisor: Named
    """The supervisory authority, with which a complaint may be lodged (RGT-1)."""
    approver: Approver
    home_countries: tuple[Country, ...]
    serves: tuple[Served, ...] = ()
    """Of a unit of several States (PNR art. 4(4)): each of them; else the home countries are those of `controller`."""
    feeds: dict[Feed, tuple[Domain, ...]]
    period_class: PeriodClass
    late: Literal["screen_and_hold", "screen_and_send"]
    review: Review
    border_documents: Literal["reviewed", "at_once"] = "reviewed"
    """At the border, whether a sought document goes to the unit that checks the person without a review before it."""
    case_holds: Literal["refused", "allowed"] = "refused"
    """Whether a restricted copy may outlive its record (RET-10)."""
    right_of_entry: Text
    """What the assessment never touches (PNR art. 6(9)); told to each unit with what it receives."""
    territory: tuple[Country, ...] = ()
    """Where data may be kept and processed (PNR art. 6(8))."""
    sites: tuple[Site, ...] = ()
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """Of notices and replies to persons (RGT-1)."""
    intra_area: IntraArea = IntraArea()
    exchange: Exchange = Exchange()
    """With whom abroad data are exchanged (PNR art. 9 to 11); nobody by default (SEC-3)."""
    deviations: tuple[Deviation, ...] = ()
    known: tuple[Known, ...] = ()

    @model_validator(mode="after")
    def _serves_each_once(self) -> "Profile":
        states = sorted(one.state for one in self.serves)
        if states and states != sorted(set(self.home_countries)):
            raise ValueError("`serves` names each of the home countries once")
        return self

    @classmethod
    def from_text(cls, text: str, name: str) -> "Profile":
        """The profile in this YAML; `name` is its file's.

        Raises RuleFault at the weak field when an EU profile goes below the floor, or another one does so without
        citing its national basis.
        """
        profile = read_rule(text, name, cls)
        if profile.jurisdiction == "eu" and profile.kind != "exercise" and not profile.intra_area.countries:
            raise fault_at(text, name, ("jurisdiction",), "`intra_area` names no countries of the Union (SCR-11)")
        cited = {deviation.requirement for deviation in profile.deviations}
        for requirements, path, what in profile.below_floor():
            if profile.jurisdiction == "eu":
                raise fault_at(text, name, path, f"{what}: refused in an EU profile ({', '.join(requirements)})")
            if missing := [one for one in requirements if one not in cited]:
                raise fault_at(text, name, path, f"{what}: `deviations` cites no basis for {', '.join(missing)}")
        return profile

    def below_floor(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
        """What is weaker than the EU text: LAW.md ids, place in the file, words."""
        if self.period_class == "L":
            yield ("RET-3",), ("period_class",), "everything kept for five years"
        if self.case_holds == "allowed":
            yield ("RET-10",), ("case_holds",), "copies for a case kept beyond the record"
        if self.late == "screen_and_send":
            yield ("DIS-3",), ("late",), "late hits sent without approval"
        if self.approver.kind == "unit":
            yield ("DIS-3", "DIS-4"), ("approver", "kind"), "the unit approves its own disclosures"
        for feed in ("PNRGOV", "PNR-XML"):
            if "border" in self.domains(feed):
                yield ("SCR-1", "SCR-12"), ("feeds", feed), "bookings used for border control"
        if self.review.depth == "none":
            yield ("SCR-5", "RGT-7"), ("review", "depth"), "matches sent without a person's review"

    @model_validator(mode="after")
    def _sites_inside(self) -> "Profile":
        outside = sorted(site.id for site in self.sites if site.country not in self.territory)
        if outside:
            raise ValueError(f"outside `territory`: {', '.join(outside)} (SCR-9)")
        return self

    def site_of(self, host: str) -> Site | None:
        """The site that a host is of; None for one that no site names."""
        return next((site for site in self.sites if host.lower() in {one.lower() for one in site.hosts}), None)

    def states_served(self) -> tuple[Served, ...]:
        """Each State whose data are kept, with who answers for them; ZZ where the profile names none yet."""
        if self.serves:
            return self.serves
        told = self.controller.model_dump()
        return tuple(Served(state=state, **told) for state in self.home_countries or ("ZZ",))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all that it chooses, whatever its comments."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def told_deviations(self) -> Iterator[tuple[str, str, str]]:
        """Requirement, what is weaker than the EU text, and the national basis it cites."""
        bases = {one.requirement: one.basis for one in self.deviations}
        for requirements, _, what in self.below_floor():
            yield from ((one, what, bases[one]) for one in requirements)

    def choices(self, requirement: str) -> Iterator[tuple[str, str]]:
        """What this profile chooses where the requirement leaves a choice: field and value."""
        for field in _CHOICES.get(requirement, ()):
            value = getattr(self, field)
            yield field, value.model_dump_json() if isinstance(value, BaseModel) else str(value)

    def domains(self, kind: str) -> tuple[Domain, ...]:
        """The domains that receive a copy of this kind of message; none for a feed the profile does not name."""
        return next((domains for feed, domains in self.feeds.items() if feed == kind), ())

    def four_eyes(self, list_id: str) -> bool:
        """Whether a hit of this list needs a second reviewer."""
        return self.review.four_eyes_all or list_id in self.review.four_eyes_lists
