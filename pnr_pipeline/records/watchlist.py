"""A watchlist: who keeps it, on what legal ground, and whom or what it names."""

from datetime import date, timedelta
from typing import Literal

import msgspec

from pnr_pipeline.records.traveller import Document

Domain = Literal["law_enforcement", "border"]
ListKind = Literal["persons", "documents"]


class ListRegistration(msgspec.Struct, frozen=True):
    """The register entry without which no list loads (SCR-3, SEC-5; SCR-2 for `offences`).

    `offences` are Annex II numbers or `terrorism`. `quality` says what is fact and what assessment,
    `update_duty` how often the owner must refresh it, `review_by` (ISO date) until when it may be used
    unreviewed. `thresholds` are `alert` and `weak` in 0..1; None = the engine's. `confirmed` is False until the
    customer's DPO confirmed the entry.
    """

    id: str
    title: str
    owner: str
    legal_basis: str
    offences: tuple[str, ...]
    domain: Domain
    kind: ListKind
    quality: str
    update_duty: str
    review_by: str
    alert_threshold: float | None = None
    weak_threshold: float | None = None
    instruction: str = ""
    """What the unit is asked to do on a confirmed hit."""
    confirmed: bool = False
    stale_after: str = ""
    """The duty to update as an ISO 8601 period; '' where the register tells none."""


class EntryName(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name of an entry. `kind` is primary, alias or weak; `script` LATIN, CYRILLIC, ARABIC …"""

    full: str
    surname: str = ""
    given: str = ""
    kind: str = "primary"
    script: str = ""


class ListEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person or document sought. Dates of birth are ISO, also `YYYY` or `YYYY-MM`; nationalities alpha-2 or -3."""

    id: str
    list: str
    names: tuple[EntryName, ...] = ()
    dob: tuple[str, ...] = ()
    gender: str | None = None
    nationality: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    offences: tuple[str, ...] = ()
    category: str = ""
    """Suspect, convicted, victim or other party (LED art. 6; SEC-5)."""
    instruction: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    """First and last day of validity, ISO, in UTC; None where there is no bound."""

    def turning_days(self) -> tuple[str, ...]:
        """The days (ISO) on which the entry begins and ceases to be valid."""
        after = (date.fromisoformat(self.valid_until) + timedelta(days=1)).isoformat() if self.valid_until else None
        return tuple(day for day in (self.valid_from, after) if day)

    def is_valid(self, day: str) -> bool:
        """Whether the entry may be compared with travellers on this day (ISO)."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)
