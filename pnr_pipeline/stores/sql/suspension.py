"""People of the staff file who may do nothing for now, or were taken out of it: refused at their next act (SEC-4).

The row is asked at each act, so that it counts at once in every process and on every machine, whatever an older staff
file that a backup brought back still says.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.sql.database import Database, utc_text

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.ground import Ground


def refuse_suspended(db: Database, person: str) -> None:
    """Raises UsageFault where the person is suspended."""
    if db.execute("SELECT 1 FROM suspension WHERE person = ? AND ended_at IS NULL", (person,)).fetchone():
        raise UsageFault(f"{person} is suspended, or was taken out of the staff: pnr staff show (SEC-4)")


def suspended(db: Database) -> set[str]:
    """The people who are suspended now, those who were removed among them."""
    rows = db.execute("SELECT person FROM suspension WHERE ended_at IS NULL").fetchall()
    return {person for (person,) in rows}


def note_suspension(ground: "Ground", person: str, begins: bool, actor: str, case: str, at: datetime) -> None:
    """Begin or end it, in the caller's transaction; done again, it does no harm."""
    if not begins:
        ground.db.execute(
            "UPDATE suspension SET ended_at = ? WHERE person = ? AND ended_at IS NULL", (utc_text(at), person)
        )
        return
    ground.db.execute(
        "INSERT INTO suspension VALUES (?, ?, ?, ?, NULL) ON CONFLICT (person) DO UPDATE SET at = excluded.at,"
        " actor = excluded.actor, case_ref = excluded.case_ref, ended_at = NULL",
        (person, utc_text(at), actor, case),
    )
