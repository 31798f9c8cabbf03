import pytest

from pnr_pipeline.stores.copies import end_copies
from pnr_pipeline.stores.state import StateFolder


def _laid(state, *names):
    for name in names:
        path = state.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"noise")


def test_the_lake_of_an_ended_day_is_removed_and_counted_and_its_neighbours_stay(tmp_path):
    state = StateFolder(tmp_path / "state")
    ended = ("lake/S/2026-01-10/open/0.parquet", "lake/S/2026-01-10/identity/0.parquet")
    stays = ("lake/S/2026-01-11/open/0.parquet", "lake/L/2026-01-10/open/0.parquet")
    _laid(state, *ended, *stays)
    assert end_copies(state, "S/2026-01-10") == {"lake.files": 2}
    assert end_copies(state, "S/2026-01-10") == {}
    assert sorted(path.relative_to(state.root).as_posix() for path in state.lake.rglob("*.parquet")) == sorted(stays)


@pytest.mark.law("RET-8")
def test_the_backups_of_a_day_go_with_its_key(tmp_path):
    state = StateFolder(tmp_path / "state")
    _laid(state, "backups/2026-01-10T09-00-00.pnr-backup", "backups/2026-01-11T09-00-00.pnr-backup")
    assert end_copies(state, "backup/2026-01-10") == {"backup.files": 1}
    assert [path.name for path in state.backups.iterdir()] == ["2026-01-11T09-00-00.pnr-backup"]


def test_a_period_without_copies_counts_nothing(tmp_path):
    for period in ("ingest/2026-01-10T09", "S/2026-01-10", "backup/2026-01-10"):
        assert end_copies(StateFolder(tmp_path), period) == {}
