"""Lists in parts through the real run: a file comes, the process ends, the next file comes."""

import os
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from part_files import SURNAMES, list_file, part_files
from store_setup import ACCESS, entry, open_demo, registration

from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace
from pnr_pipeline.stores.list_snapshots import ListShelf

NOW = datetime(2026, 1, 8, 10, tzinfo=UTC)


def run(root, bodies, now=NOW):
    """Each file in a run of its own, as after a restart; yields the counts of persons: listed now, and dropped."""
    spool = root / "in"
    spool.mkdir(parents=True)
    shelf = ListShelf(root / "state" / "lists")
    shelf.publish(registration(), [entry("E1", "KELMENDI", "BOJANA", born="1990-02-02", document="UKELMENDI")], now)
    for place, body in enumerate(bodies):
        path = spool / f"{place:03}.edi"
        path.write_bytes(body)
        os.utime(path, (place, place))
        options, accounts = RunOptions(state=root / "state", profile="demo", now=now), Accounts()
        try:
            run_files(options, list(waiting([path])), accounts)
        finally:
            close_workplace(options)
        assert accounts.files == 1
        with open_demo(root / "state", now) as store:
            (told,) = [tuple(told) for key, told in store.listed_by_source().items() if key[1] == "api"]
            yield told, [store.hit(line.hit_id, ACCESS, now).hit.match.entry_id for line in store.hits(now=now)]


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_travellers_are_screened_as_they_come_and_the_last_part_makes_the_list(tmp_path, order):
    parts = part_files(10, SURNAMES)
    first, second, third = run(tmp_path, [parts[place] for place in order])
    assert [first[0], second[0], third[0]] == [(1, 0), (2, 0), (3, 0)]
    assert [told[1] for told in (first, second, third)] == [
        ["E1"] if 1 in order[: came + 1] else [] for came in range(3)
    ]


def test_a_later_list_in_parts_takes_nobody_off_before_it_is_whole(tmp_path):
    files = [list_file(10, SURNAMES), *part_files(50, SURNAMES[1:])]
    assert [told for told, _ in run(tmp_path, files)] == [(3, 0), (3, 0), (2, 1)]


def test_a_part_that_never_comes_is_marked_by_the_next_run(tmp_path):
    assert [told for told, _ in run(tmp_path, part_files(10, SURNAMES)[:2])] == [(1, 0), (2, 0)]
    later = NOW + timedelta(minutes=31)
    options = RunOptions(state=tmp_path / "state", profile="demo", now=later)
    try:
        run_files(options, list(waiting([tmp_path / "in"])), Accounts())
    finally:
        close_workplace(options)
    with open_demo(tmp_path / "state", later) as store:
        assert ("QX", "ENV-09", 1) in [(carrier, rule, 1) for carrier, rule, _ in store.finding_counts()]
        assert store._ground.db.execute("SELECT count(*) FROM open_set WHERE marked_at IS NOT NULL").fetchone() == (1,)
