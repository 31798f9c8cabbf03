"""Acts upon keys and staff, which need no open database: who may, and how they come into the log (LOG-2)."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pnr_pipeline.cli.terminal import err
from pnr_pipeline.errors import PnrFault, UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.law.staff import May, Staff
    from pnr_pipeline.stores.act_ledger import Kind
    from pnr_pipeline.stores.state import StateFolder


def admit(folder: "StateFolder", person: str, may: "May", now: datetime) -> None:
    """Let a person act upon keys or staff; UsageFault for anybody else (SEC-4).

    While nobody of the staff file may, as when the first people are added, whoever has the machine does, and is noted.
    """
    from pnr_pipeline.audit import Access

    Access(person, "a", "form:1")  # the form of an id
    if may == "staff" and not folder.staff.is_file():
        return
    staff = _staff(folder)
    if not staff.anybody_may(may, now.date()):
        return
    staff.admit(person, may, now.date())
    if person in suspended_in(folder):
        raise UsageFault(f"{person} is suspended (SEC-4)")


def note(
    folder: "StateFolder", kind: "Kind", reference: str, person: str, now: datetime, case: str = ""
) -> None:  # fmt: skip
    """Write the act into the ledger; it comes into the log with the next opening of the store."""
    from pnr_pipeline.stores.act_ledger import new_act

    folder.acts.append(new_act(now, kind, reference, person, case or f"{kind}:{now:%Y-%m-%dT%H:%M:%SZ}"))


def log_now(state: Path | None, folder: "StateFolder", now: datetime) -> None:
    """Open the store, which brings the act into the log; where that cannot be, the next opening does."""
    from pnr_pipeline.cli.desk import open_desk
    from pnr_pipeline.stores.sql.place import has_store

    if not has_store(folder):
        return
    try:
        open_desk(state, None, now).close()
    except PnrFault as fault:
        err.print(f"noted beside the keys; comes into the log when the store opens again ({type(fault).__name__})")


def _staff(folder: "StateFolder") -> "Staff":
    from pnr_pipeline.stores.rulebooks import load_profile
    from pnr_pipeline.stores.sql.opening import profile_of
    from pnr_pipeline.stores.sql.place import has_store
    from pnr_pipeline.stores.staff_file import load_staff

    return load_staff(folder, load_profile(profile_of(folder) if has_store(folder) else None))


def suspended_in(folder: "StateFolder") -> set[str]:
    """Who of the staff is suspended or was removed; nobody where there is no store yet."""
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.sql.place import has_store, open_database
    from pnr_pipeline.stores.sql.suspension import suspended

    if not has_store(folder):
        return set()
    db = open_database(folder, open_keystore(folder))
    try:
        return suspended(db)
    finally:
        db.close()
