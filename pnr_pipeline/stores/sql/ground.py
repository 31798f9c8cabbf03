"""What every part of the store stands on, and the audit rows that each act writes in its own transaction."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pnr_pipeline.audit import MOST_REFERENCES, Access, Act, Entry, Purpose, canonical
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Law, Profile
from pnr_pipeline.law.staff import May
from pnr_pipeline.records import Domain, Hit
from pnr_pipeline.retention import moments, period_class
from pnr_pipeline.review import MemoryRules, Sampling
from pnr_pipeline.routing import RoutingTable
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sealed_box import UnitKeys
from pnr_pipeline.stores.sql.approver_seals import hold_half
from pnr_pipeline.stores.sql.bases import Bases, must_reach, states_reached
from pnr_pipeline.stores.sql.clock_mark import ClockMark
from pnr_pipeline.stores.sql.criteria_in_force import CriteriaInForce
from pnr_pipeline.stores.sql.database import Database, utc_text
from pnr_pipeline.stores.sql.order_gate import must_cover
from pnr_pipeline.stores.sql.periods import use_period
from pnr_pipeline.stores.sql.suspension import refuse_suspended
from pnr_pipeline.stores.staff_file import StaffKeys
from pnr_pipeline.stores.state import StateFolder

_AT_THE_BORDER = {
    "PNR 6(7)": "GDPR 39(1)", "PNR 13(6)": "GDPR 39(1)", "LED 14": "GDPR 15", "LED 16(1)": "GDPR 16",
    "LED 16(2)": "GDPR 17", "LED 16(3)": "GDPR 18", "LED 29(2)": "GDPR 32(1)", "LED 4(1)": "GDPR 5(1)",
    "LED 4(4)": "GDPR 5(2)",
}  # fmt: skip
"""The border domain is under the GDPR (LAW 6): what stands there for an article of the police's law."""

_BORDER_CHECKS = "API 6(1)"
"""What stands there for every other article of the PNR Directive, by which nothing is done in that domain."""


SERVICE = "pnr-pipeline"
"""The actor of acts that no person did."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One open store: its database, its keys, and the law and rules it works by."""

    db: Database
    state: StateFolder
    sealer: Sealer
    units: UnitKeys
    profile: Profile
    law: Law
    routing: RoutingTable
    domain: Domain
    sampling: Sampling
    memory: MemoryRules
    criteria: CriteriaInForce
    set_wait: timedelta
    """How long the parts of one list may take (rules/feeds)."""
    staff_keys: StaffKeys
    clock: ClockMark
    bases: Bases
    notices: bool = False
    """Whether there is a broker that is to be told what is committed."""

    @property
    def holds_late(self) -> bool:
        """Whether nothing late is looked at or sent without an order; False at the border, and outside the EU
        where a profile says so: the order of DIS-3 is of the PNR Directive."""
        return self.domain != "border" and self.profile.late == "screen_and_hold"

    @property
    def assesses(self) -> Purpose:
        """What an officer looks at a hit for before the flight's time, and at the border at any time."""
        return "border" if self.domain == "border" else "a"

    def reach(self, person: str) -> str:
        """The States whose data a person may see; `*` for all."""
        return states_reached(self.staff_keys.staff, self.profile, person)

    def admit(
        self, person: str, act: May, now: datetime, *, records: Iterable[str] = (), hits: Iterable[str] = ()
    ) -> None:
        """Let a person of the staff act, on these records and hits; UsageFault, with the clause, for anybody else.

        So for who is suspended (SEC-4). Who acts for other States than theirs is told the same as where there is no
        such record or hit (PNR art. 4(4)).
        """
        refuse_suspended(self.db, person)
        self.staff_keys.staff.admit(person, act, now.date())
        must_reach(self.db, self.reach(person), records=records, hits=hits)


@dataclass(frozen=True, slots=True)
class Term:
    """How long what was received at one moment is kept: its key period, masking, deletion, each with its article."""

    period: str
    received_at: str
    mask_at: str | None
    mask_because: str | None
    delete_at: str
    delete_because: str


def term(ground: Ground, received_at: datetime, *, promoted: bool = False) -> Term:
    """The term of a record first received at `received_at`, in the caller's transaction, which notes its period.

    Raises StoreFault where it is one of class L and the approver holds no half for its day.
    """
    kept = "api" if ground.domain == "border" else period_class(ground.profile, promoted)
    due = {one.what: one for one in moments(ground.profile, ground.law, received_at, ground.domain, promoted)}
    mask, delete = due.get("mask"), due["delete"]
    period = use_period(ground.db, ground.law, kept, received_at).id
    if kept == "L":
        hold_half(ground, period)
    return Term(
        period=period,
        received_at=utc_text(received_at),
        mask_at=utc_text(mask.at) if mask else None,
        mask_because=mask.because if mask else None,
        delete_at=utc_text(delete.at),
        delete_because=delete.because,
    )


def new_id() -> str:
    """A surrogate id: 128 random bits in hex, telling nothing about whom it stands for."""
    return secrets.token_hex(16)


def write_entry(
    ground: Ground,
    act: Act,
    *,
    now: datetime,
    article: str,
    case: str,
    purpose: Purpose = "a",
    actor: str = SERVICE,
    references: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
    recipient: str = "",
) -> None:
    """One audit row in the caller's transaction (LOG-2); further ones where the references are too many for one."""
    if ground.domain == "border":
        article = _AT_THE_BORDER.get(article, _BORDER_CHECKS if article.startswith(("PNR ", "CJ ")) else article)
        purpose = "border" if purpose in ("a", "b", "c") else purpose
    told = tuple(references)
    for start in range(0, max(len(told), 1), MOST_REFERENCES):
        entry = Entry(
            at=now,
            act=act,
            purpose=purpose,
            actor=actor,
            case=case,
            article=article,
            references=told[start : start + MOST_REFERENCES],
            counts=dict(counts or {}) if start == 0 else {},
            recipient=recipient,
        )
        body = canonical(entry).decode()
        ground.db.execute("INSERT INTO audit_entry (at, body) VALUES (?, ?)", (utc_text(now), body))


def purpose_of(hit: Hit) -> Purpose:
    """What an act on this hit serves: advance assessment (a), or, once that is over, an approved request (b)."""
    return "b" if hit.late or hit.approval else "a"


def write_access(
    ground: Ground, access: Access, may: May, *, now: datetime, article: str, references: Iterable[str]
) -> None:
    """The one gate to passenger data: a person who may, and the row of the consultation before data are returned.

    Purpose b passes with an order that names each record and hit (DIS-3); a unit's own queue, and what partners abroad
    wrote, was disclosed before.
    """
    told = tuple(references)
    ids = {kind: [one.partition(":")[2] for one in told if one.startswith(kind)] for kind in ("record:", "hit:")}
    ground.admit(access.actor, may, now, records=ids["record:"], hits=ids["hit:"])
    if (access.purpose == "dpo") != (may in ("rights", "oversight")):
        raise UsageFault("rights of persons and oversight serve purpose dpo, and nothing else does (SCR-1)")
    if access.purpose != "dpo" and (access.purpose == "border") != (ground.domain == "border"):
        raise UsageFault("border checks are no purpose of PNR data, nor are its purposes the border's (SCR-1, SCR-12)")
    if access.purpose == "b" and may not in ("queue", "exchange"):
        must_cover(ground.db, access.order, [*ids["record:"], *ids["hit:"]], now)
        told = (*told, f"order:{access.order}")
    write_entry(
        ground,
        "consultation",
        now=now,
        article=article,
        case=access.case,
        purpose=access.purpose,
        actor=access.actor,
        references=told,
    )
