"""The register of lists: no list is compared with travellers before its entry here is complete (SCR-3, SCR-2, SEC-5).

Directive (EU) 2016/681 art. 6(3)(a), as C-817/19 ¶182-192 read it: databases of persons or objects sought or under
alert, kept by competent authorities, for these offences, on objective and non-discriminatory grounds.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, BinaryIO, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.period import Period
from pnr_pipeline.law.rule_text import RuleModel, read_rule
from pnr_pipeline.records import Domain, ListKind, ListRegistration
from pnr_pipeline.screening.list_formats.formats import CsvForm, ListFormat, read_list
from pnr_pipeline.screening.list_formats.gathering import OFFENCES, Imported
from pnr_pipeline.screening.list_formats.national_csv import Column, DateOrder

Freshness = Literal["fresh", "stale", "refused"]
Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]

_MANDATORY = (
    "id",
    "title",
    "owner",
    "legal_basis",
    "offences",
    "domain",
    "kind",
    "quality",
    "update_duty",
    "review_by",
)


class ListRegister(RuleModel):
    """A register file: who keeps a list, why it may be used, and in which `format` its owner gives it.

    `columns`, `delimiter`, `date_order` and `several` are for `national-csv`. `stale_after` is the duty to update as
    a period (P1D, PT6H); `drop_share` the part of the entries (0..1) that a new version may lack without being asked.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
    title: Told
    owner: Told
    legal_basis: Told
    offences: tuple[str, ...] = Field(min_length=1)
    domain: Domain
    kind: ListKind
    quality: Told
    update_duty: Told
    review_by: date
    alert_threshold: float | None = Field(default=None, gt=0, lt=1)
    weak_threshold: float | None = Field(default=None, gt=0, lt=1)
    instruction: str = ""
    confirmed: bool = False
    stale_after: str = ""
    drop_share: float = Field(default=0.2, ge=0, le=1)
    format: ListFormat = "json-lines"
    columns: dict[Column, str] = Field(default_factory=dict)
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    date_order: DateOrder = "ymd"
    several: Annotated[str, StringConstraints(min_length=1, max_length=3)] = "|"

    @field_validator("offences")
    @classmethod
    def _annex_ii(cls, offences: tuple[str, ...]) -> tuple[str, ...]:
        if not set(offences) <= OFFENCES:
            raise ValueError('an offence is `terrorism` or a number of Annex II, "1" to "26" (SCR-2)')
        return offences

    @field_validator("stale_after")
    @classmethod
    def _period(cls, stale_after: str) -> str:
        if stale_after:
            Period.parse(stale_after)
        return stale_after

    @model_validator(mode="after")
    def _something_to_compare(self) -> Self:
        if self.columns and not {"full", "surname", "number"} & set(self.columns):
            raise ValueError("columns name neither `full` nor `surname` nor `number`: nothing to compare")
        if (self.format == "national-csv") != bool(self.columns):
            raise ValueError("`columns` belong to `format: national-csv`, and to no other")
        return self

    def registration(self) -> ListRegistration:
        """The entry as it goes with each snapshot of the list."""
        kept = {field: getattr(self, field) for field in ListRegistration.__struct_fields__}
        return ListRegistration(**kept | {"review_by": self.review_by.isoformat()})

    def read(self, files: Mapping[str, BinaryIO]) -> Imported:
        """The entries in the files of this list, by name, and what is wrong with their lines; see `read_list`."""
        form = CsvForm(self.columns, self.delimiter, self.date_order, self.several) if self.columns else None
        return read_list(self.format, files, self.id, form)


def read_register(text: str, name: str) -> ListRegister:
    """The register entry in a YAML text; `name` is its file for faults.

    Raises RuleFault that names every missing or wrong field and where to look it up.
    """
    try:
        return read_rule(text, name, ListRegister)
    except RuleFault as fault:
        raise RuleFault(
            fault.where,
            f"{fault.what}. A list loads only with all of {', '.join(_MANDATORY)} (SCR-3); see rules/lists/",
        ) from None


def unfit(registration: ListRegistration, today: date) -> str:
    """Why this list may not be used today and what to do; '' when it may."""
    missing = [field for field in _MANDATORY if not getattr(registration, field)]
    if missing:
        return f"its register entry lacks {', '.join(missing)} (SCR-3): add it to the register file and build again"
    try:
        review = date.fromisoformat(registration.review_by)
    except ValueError:
        return "`review_by` of its register entry is no date (SCR-3): write it as 2027-05-01 and build again"
    if review < today:
        return (
            f"its review was due by {registration.review_by} (SCR-3): review it with its owner, set a new `review_by`"
            " in the register file and build again, or take it out of force with `pnr lists retire`"
        )
    return ""


def freshness(registration: ListRegistration, published_at: datetime, now: datetime) -> Freshness:
    """Whether the owner's duty to update and the review are kept; both moments are aware.

    A `stale` list still screens, for an old warrant is better than none, and is told as stale (SEC-5); a `refused` one
    is past its review (SCR-3). Without a period in the register no list is stale.
    """
    if unfit(registration, now.date()):
        return "refused"
    period = registration.stale_after
    return "stale" if period and Period.parse(period).after(published_at) < now else "fresh"
