"""May this be sent to that partner abroad, now, on these grounds? Each condition of the law answered by itself.

PNR art. 9 (units and, in an emergency, authorities of other Member States), 10 (Europol), 11 with LED art. 35 to 38
(third countries). Which conditions hold is law (`rules/law/`), what each means and who answers it is
`rules/exchange/checklist.yaml`; nothing may be sent while one is not met (DIS-5, DIS-6, DIS-7).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Law, Profile
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import RequirementId, Text

Way = Literal["unasked", "on_request"]


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is about to send. `said` are the officer's words by item of the checklist.

    `reviewed` is whether a person confirmed each match, `ordered_for` the partner that the approver's order names (''
    for none), `needs_order` whether purpose (a) is over or anything is masked. `request…` is of the signed request that
    is answered. `origins` are other States from which data in it were obtained, `consent` the reference of their
    agreement.
    """

    way: Way
    offence: str
    case: str
    persons: int
    reviewed: bool = False
    needs_order: bool = True
    ordered_for: str = ""
    signed_request: bool = False
    request_reasons: str = ""
    request_case: str = ""
    request_through: str = ""
    request_emergency: bool = False
    request_copied_to: str = ""
    request_dpo_informed: bool = False
    origins: tuple[str, ...] = ()
    consent: str = ""
    derogation: str = ""
    said: Mapping[str, str] = {}


class Item(msgspec.Struct, frozen=True):
    """One condition: whether it is met, who says so, by which article, and what to do where it is not."""

    item: str
    met: bool
    answered_by: Literal["program", "officer"]
    means: str
    article: str
    fix: str


class Checked(msgspec.Struct, frozen=True):
    """The whole list, in the law's order. `article` is the one that allows it, as the log writes it."""

    article: str
    items: tuple[Item, ...]
    without_consent: bool = False
    derogation: str = ""

    @property
    def missing(self) -> tuple[Item, ...]:
        """What is not met; nothing may be sent while this is not empty."""
        return tuple(one for one in self.items if not one.met)


class ChecklistItem(RuleModel):
    """What one condition means, and who answers it."""

    item: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{3,50}$")]
    answered_by: Literal["program", "officer"]
    means: Text
    fix: Text


class ChecklistFile(RuleModel):
    """`rules/exchange/checklist.yaml`."""

    version: Text
    requirement: tuple[RequirementId, ...]
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


class Checklist:
    """Every condition by its code."""

    def __init__(self, items: tuple[ChecklistItem, ...]) -> None:
        self._items = {one.item: one for one in items}

    @classmethod
    def from_text(cls, text: str, name: str) -> "Checklist":
        """The list in this YAML; RuleFault where an item stands twice, or is not one that the program can answer."""
        items = read_rule(text, name, ChecklistFile).items
        for at, one in enumerate(items):
            if one.item in [other.item for other in items[:at]]:
                raise fault_at(text, name, ("items", at, "item"), f"{one.item} stands here twice")
            if (one.item in _ANSWERS) is not (one.answered_by == "program"):
                raise fault_at(text, name, ("items", at, "answered_by"), "answered by nobody: officer, or program code")
        return cls(items)

    def __getitem__(self, code: str) -> ChecklistItem:
        try:
            return self._items[code]
        except KeyError:
            raise RuleFault(
                "rules/exchange/checklist.yaml", f"the law asks for {code}, and nothing answers it"
            ) from None

    def __iter__(self) -> Iterator[ChecklistItem]:
        return iter(self._items.values())


def check_transfer(
    planned: Planned, partner: Partner, profile: Profile, law: Law, checklist: Checklist, offences: frozenset[str],
    now: datetime,
) -> Checked:  # fmt: skip
    """Every condition that holds for this partner on this day, with its answer.

    Raises UsageFault where the partner may receive nothing in this way at all: not in the register or past its days, an
    organisation for which no article stands, Europol or a third country without a request.
    """
    day = now.date()
    profile.exchange.partner(partner.id, day)
    if partner.kind not in law.value("eu.pnr.exchange_partners", day).items and profile.jurisdiction == "eu":
        raise UsageFault(
            "no article of the PNR Directive allows it: PNR art. 9 to 11 name units, Europol, third countries"
        )
    if planned.way == "unasked" and partner.kind != "piu":
        raise UsageFault("unasked results go to units of other Member States alone (PNR art. 9(1)); others ask first")
    if planned.way == "unasked" and not planned.persons:  # on request the order names them
        raise UsageFault("nobody is named: case by case (PNR art. 9 to 11)")
    without = _goes_without_consent(planned, partner)
    codes: list[tuple[str, str]] = []
    for rule in _rules_for(planned, partner, without):
        answer = law.value(rule, day)
        codes += [(code, answer.because) for code in answer.items]
    article = _ARTICLES[planned.way, partner.kind]
    if _leaves_the_union(partner):
        because = law.value("eu.led.transfer_basis", day).because
        codes.append((_basis(planned, partner, law, now), because))
    seen: dict[str, Item] = {}
    for code, because in codes:
        told = checklist[code]
        said = bool(planned.said.get(code, "").strip())
        met = _ANSWERS[code](planned, partner, offences) if told.answered_by == "program" else said
        if code == "derogation":
            met = met and planned.derogation in law.value("eu.led.derogations", day).items
        seen.setdefault(code, Item(code, met, told.answered_by, told.means, because, told.fix))
    needed = planned.way == "unasked" and planned.needs_order and "approved_order" not in seen
    if needed:  # the flight's time has come, or something is masked: then review alone is not enough
        told, because = checklist["approved_order"], law.value("eu.pnr.late_approval", day).because
        met = _ANSWERS["approved_order"](planned, partner, offences)
        seen["approved_order"] = Item("approved_order", met, "program", told.means, because, told.fix)
    derogation = planned.derogation if "derogation" in seen else ""
    return Checked(article, tuple(seen.values()), without, derogation)


_ARTICLES = {
    ("unasked", "piu"): "PNR 9(1)",
    ("on_request", "piu"): "PNR 9(2)",
    ("on_request", "authority"): "PNR 9(3)",
    ("on_request", "europol"): "PNR 10(1)",
    ("on_request", "third_country"): "PNR 11(1)",
    ("on_request", "organisation"): "LED 35(1)",  # outside the Union, under a national law
}

_REQUEST = "eu.pnr.exchange_on_request"


def _rules_for(planned: Planned, partner: Partner, without_consent: bool) -> Iterator[str]:
    if planned.way == "unasked":
        yield "eu.pnr.exchange_unasked"
    elif partner.kind == "piu":
        yield _REQUEST
    elif partner.kind == "authority":
        yield from ("eu.pnr.exchange_emergency", _REQUEST)
    elif partner.kind == "europol":
        yield from ("eu.pnr.europol_request", "eu.pnr.europol_channel")
    else:
        yield from ("eu.pnr.third_countries", _REQUEST)
    if _leaves_the_union(partner):
        yield "eu.pnr.third_country_without_consent" if without_consent else "eu.pnr.third_country_consent"


def _leaves_the_union(partner: Partner) -> bool:
    return partner.kind in ("third_country", "organisation")


def _goes_without_consent(planned: Planned, partner: Partner) -> bool:
    """Whether the exception of art. 11(2) is claimed: others' data, no agreement, and the officer names the threat."""
    claimed = "specific_actual_threat" in planned.said or "no_time_to_ask" in planned.said
    return _leaves_the_union(partner) and bool(planned.origins) and not planned.consent and claimed


def _basis(planned: Planned, partner: Partner, law: Law, now: datetime) -> str:
    """Adequacy or safeguards where the register has one that holds, else a derogation in this case."""
    bases = law.value("eu.led.transfer_basis", now.date()).items
    basis = partner.basis
    kind = basis.kind if basis and now.date() <= basis.valid_until and not planned.derogation else "derogation"
    if kind not in bases:
        raise RuleFault("eu.led.transfer_basis", f"{kind} is no basis of a transfer")
    return kind


_Answers = Callable[[Planned, Partner, frozenset[str]], bool]


def _listed(planned: Planned, _: Partner, offences: frozenset[str]) -> bool:
    return planned.offence in offences


def _always(_planned: Planned, _partner: Partner, _offences: frozenset[str]) -> bool:
    return True


_ANSWERS: dict[str, _Answers] = {
    "identified_by_review": lambda planned, *_: planned.reviewed,
    "for_listed_offence": _listed,
    "these_purposes_only": _listed,
    "reasoned_request": lambda planned, *_: planned.signed_request and bool(planned.request_reasons.strip()),
    "specific_case": lambda planned, *_: bool(planned.case and planned.request_case.strip()),
    "approved_order": lambda planned, partner, _: planned.ordered_for == partner.id,
    "emergency": lambda planned, *_: planned.request_emergency,
    "copy_to_own_unit": lambda planned, partner, _: planned.request_copied_to == partner.own_unit,
    "through_national_unit": lambda planned, partner, _: planned.request_through == partner.through,
    "electronic_request": lambda planned, *_: planned.signed_request,
    "within_competence": lambda planned, partner, _: planned.offence in partner.competence,
    "europol_dpo_informed": lambda planned, *_: planned.request_dpo_informed,
    "over_siena": lambda _planned, partner, _: partner.channel == "siena",
    # what is sent never goes without the terms of `records.exchange.Terms`: no other onward use, none without asking us
    "onward_only_if_strictly_necessary_and_agreed": _always,
    # its items stand in the same list by themselves
    "conditions_of_art_9_2": lambda planned, *_: planned.signed_request,
    "originating_state_agreed": lambda planned, *_: not planned.origins or bool(planned.consent),
    "adequacy": _always,  # chosen where the register's entry holds today
    "safeguards": _always,
}
"""How the program answers an item; what is not here the officer says in words."""
