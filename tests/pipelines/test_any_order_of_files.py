import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from store_setup import dump, open_demo, placed

from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.stores.list_snapshots import ListShelf

NOW = datetime(2026, 1, 8, tzinfo=UTC)


def stored(scenario: Scenario, bodies: list[bytes]):
    """What a store holds after these files came in this order, through the real run."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        spool, shelf = root / "in", ListShelf(root / "state" / "lists")
        spool.mkdir()
        planted = plant(scenario)
        for registration, entries in zip(
            registrations(scenario.day), (planted.persons, planted.documents), strict=True
        ):
            shelf.publish(registration, entries, NOW)
        for place, body in enumerate(bodies):
            path = spool / f"{place:03}.edi"
            path.write_bytes(body)
            os.utime(path, (place, place))
        options = RunOptions(state=placed(root / "state"), profile="demo", now=NOW)
        accounts = Accounts()
        try:
            run_files(options, list(waiting([spool])), accounts)
        finally:
            close_workplace(options)
        assert accounts.files == len(bodies)
        assert not accounts.counters.get(("poison", ""))
        with open_demo(root / "state", NOW) as store:
            held = dump(store)
            held["legs"].sort()
            return held


# a counterexample is a few small files already: shrinking would run the whole path some hundred times more
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_replays_duplicates_and_any_order_of_files_leave_the_same_store(seed, chance):
    scenario = Scenario(seed=seed, flights=2, day=date(2026, 1, 10), travellers=3, planted=4)
    bodies = [file.body for file in simulate(scenario)]
    mixed = chance.sample(bodies, len(bodies)) + chance.choices(bodies, k=3)
    assert stored(scenario, mixed) == stored(scenario, bodies)
