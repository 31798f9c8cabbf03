"""A database that is older than the ledger of acts does again what it does not know of (RET-8, RGT-4, ING-8).

It came out of a backup or off an old disk, or a crash took the act back between ledger and commit. Nobody is served
before: the sweep does it, and every opening sweeps. Acts upon keys and staff, which happen outside of the database,
come into the log this way too.
"""

from collections.abc import Callable
from datetime import datetime

from pnr_pipeline.audit import Access
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.act_ledger import KeptAct
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.erasure import erase_again, recall_again
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.kept_acts import not_done, note_administration, note_done
from pnr_pipeline.stores.sql.relay import forget_lines
from pnr_pipeline.stores.sql.rights import lift_again, restrict_again
from pnr_pipeline.stores.sql.suspension import note_suspension


def do_again(ground: Ground, index: Callable[[], Index], now: datetime) -> int:
    """Do every act of the ledger that this database has not done, in their order; returns how many.

    `index` is over the lists in force, asked for where a message is to be recalled.
    """
    left = not_done(ground)
    for act in left:
        with transaction(ground.db):
            if ground.db.execute("SELECT 1 FROM kept_act WHERE act_id = ?", (act.act_id,)).fetchone():
                continue  # another process was first, or only now committed it
            _do(ground, act, index, now)
            note_done(ground, act, now)
    if left:
        forget_lines(ground)
        ground.db.reclaim()
    return len(left)


def _do(ground: Ground, act: KeptAct, index: Callable[[], Index], now: datetime) -> None:
    subject = act.reference.partition(":")[2]
    access = Access(act.actor, "dpo" if act.kind in ("restrict", "lift") else "b", act.case)
    if act.kind == "erase":
        erase_again(ground, subject, access, now)
    elif act.kind == "recall":
        recall_again(ground, subject, access, index(), now)
    elif act.kind == "restrict":
        restrict_again(ground, subject, access, act.at, now)
    elif act.kind == "lift":
        lift_again(ground, subject, access, now)
    else:
        if act.kind in ("suspend", "staff.remove", "reinstate", "staff.add"):
            note_suspension(ground, subject, act.kind in ("suspend", "staff.remove"), act.actor, act.case, act.at)
        note_administration(ground, act, now)
