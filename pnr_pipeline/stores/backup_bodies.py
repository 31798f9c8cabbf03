"""Open parts in a backup: sealed under the keys of their periods, so that deletion by law reaches them there too.

In the database they stand in clear and go with their rows. A backup that is younger than 35 days may hold rows that
were dropped since: under its own key alone they would be readable for as long. So each open part is sealed in the
snapshot by the key of its day, and opened again where that key still stands when the backup is restored.
"""

import base64
import sqlite3
from collections.abc import Callable

from pnr_pipeline.errors import KeyGone
from pnr_pipeline.stores.seal import Sealer

_ROWS_AT_ONCE = 5_000
_MARK = "sealed:"
_NOTHING = "{}"


def seal_open_parts(db: sqlite3.Connection, sealer: Sealer) -> int:
    """Seal every open part in this copy of a database; what stood there is overwritten. Returns how many."""
    db.execute("PRAGMA secure_delete = ON").fetchall()
    return _changed(db, lambda record_id, period, told: _MARK + _sealed(sealer, record_id, period, told))


def reopen_open_parts(db: sqlite3.Connection, sealer: Sealer) -> int:
    """Open every open part of a restored database whose key still stands; of the others nothing is left.

    Returns how many were gone.
    """
    gone = 0

    def reopened(record_id: str, period: str, told: str) -> str:
        nonlocal gone
        try:
            sealed = base64.b64decode(told.removeprefix(_MARK))
            return sealer.open(period, "open", f"{record_id}/backup", 0, sealed).decode()
        except KeyGone:
            gone += 1
            return _NOTHING

    _changed(db, reopened)
    return gone


def _sealed(sealer: Sealer, record_id: str, period: str, told: str) -> str:
    return base64.b64encode(sealer.seal(period, "open", f"{record_id}/backup", 0, told.encode())).decode()


def _changed(db: sqlite3.Connection, change: Callable[[str, str, str], str]) -> int:
    last, count = "", 0
    db.execute("BEGIN")
    while True:
        rows = db.execute(
            "SELECT record_id, period, open FROM body WHERE record_id > ? ORDER BY record_id LIMIT ?",
            (last, _ROWS_AT_ONCE),
        ).fetchall()
        if not rows:
            db.execute("COMMIT")
            return count
        db.executemany(
            "UPDATE body SET open = ? WHERE record_id = ? AND period = ?",
            [(change(record_id, period, told), record_id, period) for record_id, period, told in rows],
        )
        last, count = rows[-1][0], count + len(rows)
