"""A list in parts, and kill -9 after each of them: what came is there, and the last part makes the list."""

from datetime import UTC, datetime

from exercise import contents, finish, kill, start, wait_until_done
from part_files import SURNAMES, list_file, part_files
from store_setup import open_demo

NOW = ("--now", "2026-01-08T10:00:00")


def listed(state) -> tuple[int, int]:
    with open_demo(state, datetime(2026, 1, 8, 10, tzinfo=UTC)) as store:
        (told,) = store.listed_by_source().values()
        return told.now, told.dropped


def test_a_process_killed_after_each_part_loses_no_part(tmp_path):
    files = [list_file(10, SURNAMES), *part_files(50, SURNAMES[1:])]
    folder, state = tmp_path / "in", tmp_path / "state"
    folder.mkdir()
    seen = []
    for place, body in enumerate(files):
        (folder / f"{place}.edi").write_bytes(body)
        process = start(folder, state, *NOW)
        assert wait_until_done(process)
        kill(process)
        seen.append(listed(state))
    assert seen == [(3, 0), (3, 0), (2, 1)]
    finish(folder, state, *NOW)
    finish(folder, tmp_path / "undisturbed", *NOW)
    assert contents(state) == contents(tmp_path / "undisturbed")
