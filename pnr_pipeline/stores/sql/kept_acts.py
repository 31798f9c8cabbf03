"""The database's side of the ledger of acts (`stores.act_ledger`): which of them it has done."""

from datetime import datetime

from pnr_pipeline.audit import Access
from pnr_pipeline.stores.act_ledger import KeptAct, Kind, new_act
from pnr_pipeline.stores.sql.database import utc_text
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.ground import Ground, write_entry

_OF_ROUTINE = ("keys.backup",)
"""Noted in the log, and of no use in the data-protection officer's inbox."""


def keep_act(ground: Ground, kind: Kind, reference: str, access: Access, now: datetime) -> None:
    """Write an act into the ledger, durably, and note it as done; the last step of the caller's transaction.

    Where that is taken back after all, the next sweep does the act again.
    """
    act = new_act(now, kind, reference, access.actor, access.case)
    ground.state.acts.append(act)
    note_done(ground, act, now)


def note_done(ground: Ground, act: KeptAct, now: datetime) -> None:
    """Say that this database has done the act, in the caller's transaction."""
    ground.db.execute("INSERT INTO kept_act VALUES (?, ?) ON CONFLICT DO NOTHING", (act.act_id, utc_text(now)))


def not_done(ground: Ground) -> list[KeptAct]:
    """The acts of the ledger that this database does not know, oldest first."""
    acts = ground.state.acts.acts()
    if not acts:
        return []
    done = {act_id for (act_id,) in ground.db.execute("SELECT act_id FROM kept_act").fetchall()}
    return [act for act in acts if act.act_id not in done]


def note_administration(ground: Ground, act: KeptAct, now: datetime) -> None:
    """The log's entry on an act upon keys or staff, and the officer's item, in the caller's transaction (LOG-2)."""
    staff = act.reference.startswith("staff:")
    write_entry(
        ground, "administration", now=now, article="LED 29(2)", case=act.case, actor=act.actor, purpose="admin",
        references=(act.reference,) if staff else (), counts={act.kind: 1},
    )  # fmt: skip
    if act.kind not in _OF_ROUTINE:
        tell_dpo(ground, act.kind, act.reference if staff else f"key:{act.kind}", now)
