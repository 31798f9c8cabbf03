"""From audit rows to the log: numbered after commit, published once, in the order of their numbers (DESIGN 7).

`seq` is null until the publisher numbers a committed row, in a transaction of its own; it is the entry's place in the
tree. What is published is told by the log's own checkpoint, so nothing is lost or doubled however a process ends: the
next publication begins after the last entry that a checkpoint covers.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise

from pnr_pipeline.audit.note import LOG, Checkpoint, Signer
from pnr_pipeline.audit.tiles import WIDTH, TileTree
from pnr_pipeline.audit.tree import leaf_hash
from pnr_pipeline.audit.verifying import PRUNED_TO
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.retention.moments import earliest
from pnr_pipeline.stores.durable_file import trouble_in
from pnr_pipeline.stores.sql.database import no_locks, transaction
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.lease import end_lease, take_lease
from pnr_pipeline.stores.tile_log import TileLog

_TASK = "log"
_AT_ONCE = 10_000
_COUNT = f'$.counts."{PRUNED_TO}"'
LOG_PERIOD = ("eu.pnr.log_period",)


def log_of(ground: Ground) -> TileLog:
    """The deployment's log; its signing key is made on first use, beside the other keys and wrapped as they are."""
    seed = ground.sealer.named("log/ed25519")
    return TileLog(ground.state.log, Signer(f"pnr-pipeline/{ground.profile.id}/{ground.domain}", LOG, seed))


def publish_log(ground: Ground, holder: str, now: datetime) -> int:
    """See AuditLog.publish. Nothing is done while another holds the lease: it publishes what is committed."""
    log = log_of(ground)
    checkpoint = log.checkpoint(log.key)
    before = checkpoint.size if checkpoint else 0
    if not _waiting(ground, before):
        return 0
    with transaction(ground.db, no_locks):  # the row of the lease is the lock: numbers are given by one at a time
        if not take_lease(ground, _TASK, holder, now):
            return 0
        _still_ours(ground, log)
        _number(ground)
    try:
        size = before
        while ground.db.execute("SELECT 1 FROM audit_entry WHERE seq >= ? LIMIT 1", (size,)).fetchone():
            with trouble_in("log"):
                size = log.extend(partial(_entries_after, ground)).size
    finally:
        with transaction(ground.db, no_locks):
            end_lease(ground, _TASK, holder)
    return size - before


def prune_log(ground: Ground, holder: str, now: datetime) -> int:
    """See AuditLog.prune. The entry that says so is in the log before any file of it goes."""
    publish_log(ground, holder, now)
    log = log_of(ground)
    checkpoint = log.checkpoint(log.key)
    first = ground.db.execute("SELECT min(seq) FROM audit_entry").fetchone()[0]
    if checkpoint is None or first is None:
        return 0
    due = first // WIDTH
    # the last entry stays in any case: the next publication begins from it
    while (due + 1) * WIDTH < checkpoint.size and _over(ground, due, now):
        due += 1
    if due * WIDTH > first:
        with transaction(ground.db):
            write_entry(
                ground, "erasure", now=now, article="PNR 13(6)", case=f"log:{due * WIDTH}", purpose="admin",
                counts={PRUNED_TO: due * WIDTH},
            )  # fmt: skip
            ground.db.execute("DELETE FROM audit_entry WHERE seq < ?", (due * WIDTH,))
        publish_log(ground, holder, now)
    _remove_told(ground, log)
    return int(due * WIDTH - first)


def _waiting(ground: Ground, size: int) -> bool:
    """Whether a row has no number yet, or one that no checkpoint covers."""
    # two searches of the index on seq: one OR over the rows would read them all
    return bool(
        ground.db.execute(
            "SELECT EXISTS (SELECT 1 FROM audit_entry WHERE seq IS NULL)"
            " OR EXISTS (SELECT 1 FROM audit_entry WHERE seq >= ?)",
            (size,),
        ).fetchone()[0]
    )


def _remove_told(ground: Ground, log: TileLog) -> None:
    """Remove the files of which a published entry says that they are pruned; also after a crash halfway."""
    checkpoint = log.checkpoint(log.key)
    told = ground.db.execute(
        "SELECT json_extract(body, ?) FROM audit_entry WHERE seq < ? AND json_extract(body, '$.act') = 'erasure'"
        " AND json_extract(body, ?) IS NOT NULL ORDER BY seq DESC LIMIT 1",
        (_COUNT, checkpoint.size if checkpoint else 0, _COUNT),
    ).fetchone()
    if told:
        log.prune(int(told[0]) // WIDTH)


def _over(ground: Ground, index: int, now: datetime) -> bool:
    """Whether every entry of a bundle is past the time for which the law keeps it."""
    (last,) = ground.db.execute(
        "SELECT max(at) FROM audit_entry WHERE seq >= ? AND seq < ?", (index * WIDTH, (index + 1) * WIDTH)
    ).fetchone()
    return last is not None and earliest("delete", LOG_PERIOD, datetime.fromisoformat(last), ground.law).at <= now


def _number(ground: Ground) -> None:
    """Give each committed row without a number the next one, in the order of commit."""
    ground.db.execute(
        "UPDATE audit_entry SET seq = new.seq FROM (SELECT row, row_number() OVER (ORDER BY row) - 1"
        " + (SELECT coalesce(max(seq) + 1, 0) FROM audit_entry) AS seq FROM audit_entry WHERE seq IS NULL) AS new"
        " WHERE audit_entry.row = new.row"
    )


def _still_ours(ground: Ground, log: TileLog) -> None:
    """Refuse to number rows of a database that is behind the log: its numbers would be given twice."""
    checkpoint = log.checkpoint(log.key)
    (highest,) = ground.db.execute("SELECT max(seq) FROM audit_entry").fetchone()
    if checkpoint and checkpoint.size and (highest is None or highest < checkpoint.size - 1):
        raise StoreFault(
            f"the log holds {checkpoint.size} entries, the database numbers {0 if highest is None else highest + 1}: "
            "an older database was restored; see docs/audit-log.md"
        )


def _entries_after(ground: Ground, old: Checkpoint, tree: TileTree) -> Iterator[bytes]:
    """The next numbered rows; the last published one must be the one that the log holds."""
    rows = ground.db.execute(
        "SELECT seq, body FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT ?", (max(old.size - 1, 0), _AT_ONCE + 1)
    ).fetchall()
    if old.size:
        if not rows or rows[0][0] != old.size - 1 or leaf_hash(rows[0][1].encode()) != tree.leaf(old.size - 1):
            raise StoreFault("the last published row is not the last entry of the log; see `pnr audit verify`")
        rows = rows[1:]
    if any(after[0] != before[0] + 1 for before, after in pairwise([(old.size - 1, ""), *rows])):
        raise StoreFault("numbered audit rows are missing; see `pnr audit verify`")
    return iter([body.encode() for _, body in rows])
