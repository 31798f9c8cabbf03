"""What holds copies of a period's records outside the database, and goes with its keys: lake and backups (RET-8).

Without the keys the copies are noise; they are removed so that no disk fills with it and nobody wonders.
"""

import shutil
from pathlib import Path

from pnr_pipeline.stores.durable_file import sync
from pnr_pipeline.stores.state import StateFolder

BACKUP_ENDING = ".pnr-backup"
UNFINISHED = ".unfinished-"
"""Begins the name of a backup that is not complete; a crash may leave one behind, sealed."""


def end_copies(state: StateFolder, period: str) -> dict[str, int]:
    """Remove the files of a period whose keys were destroyed; how many, by kind, for the receipt of the deletion.

    Done again, it does no harm. `period` is as `retention.key_period` names it.
    """
    key_class, _, day = period.partition("/")
    if key_class == "backup":
        return _counted("backup.files", _removed(backups_of(state.backups, day)))
    folder = state.lake / key_class / day
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    if files:
        shutil.rmtree(folder)
        sync(folder.parent)
    return _counted("lake.files", len(files))


def backups_of(folder: Path, day: str = "") -> list[Path]:
    """The backups in a folder, of one day of their making or all; their names begin with it."""
    return sorted(folder.glob(f"{day}*{BACKUP_ENDING}")) if folder.is_dir() else []


def _removed(paths: list[Path]) -> int:
    for path in paths:
        path.unlink(missing_ok=True)
    if paths:
        sync(paths[0].parent)
    return len(paths)


def _counted(kind: str, number: int) -> dict[str, int]:
    return {kind: number} if number else {}
