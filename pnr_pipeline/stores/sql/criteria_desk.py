"""The lead's and the DPO's side of criteria: approve, retire, list with what they did (SCR-4, SCR-6, SCR-8)."""

from datetime import datetime, timedelta

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records import Match
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.review import supersede
from pnr_pipeline.screening.criteria import Approval, Criterion, InForce
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.hits import read_hits, update_hit

_MONTH = timedelta(days=30)


class CriterionLine(msgspec.Struct, frozen=True):
    """A criterion as the desk lists it: who wrote and approved it, why, until when, and what it did.

    `state` is live, shadow, waiting (not valid yet) or refused, and `because` says why. `month` counts its
    hits of the last 30 days, shadow ones included; above `limit` it must be looked at again. `dismissed` of `reviewed`
    hits were found negative by a person.
    """

    id: str
    version: int
    title: str
    state: str
    author: str
    approver: str
    why: str
    approved_at: datetime
    offences: tuple[str, ...]
    expires: str
    review_by: str
    month: int
    limit: int
    hits: int
    shadow: int
    reviewed: int
    dismissed: int
    because: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it fired more often than its author thought it would."""
        return self.month > self.limit > 0


def approve_criterion(ground: Ground, text: str, name: str, access: Access, why: str, now: datetime) -> InForce:
    """See Store.approve_criterion."""
    ground.admit(access.actor, "criteria", now)
    if ground.domain == "border":
        raise UsageFault("no criteria at the border: API data are used for checks there, not for profiles (SCR-12)")
    with transaction(ground.db):
        approved = ground.criteria.approved_by(access.actor, text, name, why, now)
        approval = approved.approval
        before = ground.db.execute(
            "SELECT approval FROM criterion WHERE id = ? AND version = ? AND act = 'approve'",
            (approval.criterion, approval.version),
        ).fetchall()
        if any(from_json(Approval, one.encode()).digest != approval.digest for (one,) in before):
            raise UsageFault(f"version {approval.version} was approved with another text: give this one a new version")
        _act(ground, "approve", approval, name, text, access, now)
        _end_hits(ground, approved.criterion.list_id, approved.criterion.entry_id, now)
    return approved


def retire_criterion(ground: Ground, criterion: str, access: Access, now: datetime) -> Approval:
    """See Store.retire_criterion."""
    ground.admit(access.actor, "criteria", now)
    with transaction(ground.db):
        approval = next((one for _, _, one in ground.criteria.approved() if one.criterion == criterion), None)
        if approval is None:
            raise UsageFault(f"no criterion {criterion} was approved: see `pnr criteria list`")
        _act(ground, "retire", approval, "", "", access, now)
        _end_hits(ground, f"criteria:{criterion}", "", now)
    return approval


def text_of(ground: Ground, match: Match) -> str:
    """See Store.criterion_text."""
    row = ground.db.execute(
        "SELECT text FROM criterion WHERE act = 'approve' AND 'criteria:' || id = ? AND 'v' || version = ?",
        (match.list_id, match.entry_id),
    ).fetchone()
    return str(row[0]) if row else ""


def criterion_lines(ground: Ground, now: datetime) -> list[CriterionLine]:
    """See Store.criteria."""
    judges, refused = ground.criteria.admitted(now)
    by_digest: dict[str, Criterion] = {judge.digest: judge.criterion for judge in judges}
    why_refused = {one.approval.criterion: one.why for one in refused}
    return [
        _line(ground, approval, by_digest.get(approval.digest), why_refused.get(approval.criterion, ""), now)
        for _, _, approval in ground.criteria.approved()
    ]


def _line(
    ground: Ground, approval: Approval, criterion: Criterion | None, because: str, now: datetime
) -> CriterionLine:
    list_id, since = f"criteria:{approval.criterion}", utc_text(now - _MONTH)
    hits = [hit for hit in read_hits(ground, None) if hit.match.list_id == list_id]
    (shadow, recent) = ground.db.execute(
        "SELECT count(*), count(*) FILTER (WHERE raised_at >= ?) FROM shadow_hit WHERE list_id = ?", (since, list_id)
    ).fetchone()
    reviewed = [hit for hit in hits if hit.reviewer]
    valid = criterion is not None and criterion.valid_from <= now.date()
    return CriterionLine(
        id=approval.criterion,
        version=approval.version,
        title=criterion.title if criterion else "",
        state="refused" if criterion is None else criterion.mode if valid else "waiting",
        author=criterion.author if criterion else "",
        approver=approval.approver,
        why=approval.why,
        approved_at=approval.approved_at,
        offences=criterion.offences if criterion else (),
        expires=criterion.expires.isoformat() if criterion else "",
        review_by=criterion.review_by.isoformat() if criterion else "",
        month=recent + sum(hit.raised_at >= now - _MONTH for hit in hits),
        limit=criterion.hits_a_month if criterion else 0,
        hits=len(hits),
        shadow=shadow,
        reviewed=len(reviewed),
        dismissed=sum(hit.state == "negative" for hit in reviewed),
        because=because,
    )


def _act(ground: Ground, act: str, approval: Approval, name: str, text: str, access: Access, now: datetime) -> None:
    """The act, and its row in the log, which has no free text: the reason stands in the approval."""
    ground.db.execute(
        "INSERT INTO criterion (at, act, id, version, name, text, approval) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (utc_text(now), act, approval.criterion, approval.version, name, text, to_json(approval).decode()),
    )
    write_entry(
        ground, "administration", now=now, article="PNR 6(3)(b)", case=access.case, purpose=access.purpose,
        actor=access.actor, references=(f"criterion:{approval.criterion}/v{approval.version}",),
        counts={f"criterion.{act}": 1},
    )  # fmt: skip


def _end_hits(ground: Ground, list_id: str, but: str, now: datetime) -> None:
    """Open hits of a criterion, or of its other versions than `but`, end with it; shadow ones go."""
    for hit in read_hits(ground, None):
        if hit.match.list_id == list_id and hit.match.entry_id != but and hit.state in ("new", "under_review"):
            update_hit(ground, supersede(hit, now, "entry withdrawn"))
    ground.db.execute("DELETE FROM shadow_hit WHERE list_id = ? AND entry_id != ?", (list_id, but))
