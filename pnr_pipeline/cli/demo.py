"""`pnr demo`: invented flights through the whole embedded pipeline, to the queues of border police."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.terminal import err, out, progress
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.pipelines.accounts import Accounts
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.simulate import Scenario, SimulatedFile

app = typer.Typer(rich_markup_mode="rich")

PROFILE = "demo"
DAY_SHARE = 6
"""The demo looks at one flight in so many of its day: those to the example units that are near each other in time."""
PLANTED_EACH = 1
"""Sought travellers a flight, on average: far more than in life, so that there is something to see."""


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--out", help="Where everything is written; an earlier demo goes.")] = Path(
        "demo"
    ),
    seed: Annotated[int, typer.Option(help="Another seed, another world; the same seed, the same bytes.")] = 7,
    flights: Annotated[int, typer.Option(min=4, max=60, help="Flights to look at, of six times as many.")] = 8,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the flights [today].")] = None,
) -> None:
    """Show the whole path with invented people: messages, findings, hits, decisions, unit queues.

    Carriers' messages of one day are simulated, some with faults, some travellers on invented lists. They run through
    the same pipeline, store and review as real ones; a scripted officer decides what a person would decide. At the end
    a page to look at: [bold]demo/situation.html[/bold].
    """
    from pnr_pipeline.cli.demo_criteria import approve_examples
    from pnr_pipeline.cli.demo_story import tell
    from pnr_pipeline.simulate import Scenario, simulate

    _clear(folder)
    flown_on = day.date() if day else datetime.now(UTC).date()
    day_flights = DAY_SHARE * flights
    scenario = Scenario(
        seed=seed, flights=day_flights, day=flown_on, faults=0.1, planted=DAY_SHARE * PLANTED_EACH * flights
    )
    sent, now = _window(list(progress(simulate(scenario), "Inventing flights")), flights)
    messages = folder / "messages"
    messages.mkdir(parents=True, mode=0o700)
    (folder / ".pnr-demo").touch()
    for file in sent:
        (messages / file.name).write_bytes(file.body)
    out.print(
        f"[bold]1 · The world.[/bold] Of {day_flights} flights on {flown_on}, {flights} to the example units around "
        f"noon, and the {len(sent)} messages about them sent until {now:%H:%M} UTC, the exercise's present. "
        "Every person is invented."
    )
    options = _publish_lists(scenario, folder / "state", now)
    approve_examples(options, now)
    accounts = _run(options, messages)
    tell(options, accounts, sent, now, folder)


def _clear(folder: Path) -> None:
    """Remove an earlier demo, and nothing else."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / ".pnr-demo").exists():
        raise UsageFault(f"{folder} holds something else than a demo: name another place with --out")
    shutil.rmtree(folder)


def _window(files: "Sequence[SimulatedFile]", flights: int) -> "tuple[list[SimulatedFile], datetime]":
    """The messages about flights to the example units in the middle of the day, sent until the exercise's present.

    At that moment two thirds of them have closed: some have landed, some are in the air, some still board.
    """
    from pnr_pipeline.stores.rulebooks import load_profile, load_routing

    units = load_routing(load_profile(PROFILE)).units.values()
    homes = {airport for unit in units for airport in unit.airports}
    departures = {
        file.truth.leg_key: file.truth.departure_utc for file in files if file.truth.leg_key.rpartition("-")[2] in homes
    }
    legs = sorted(departures, key=lambda leg: (departures[leg], leg))
    first = max(0, (len(legs) - flights) // 2)
    watched = legs[first : first + flights]
    now = departures[watched[(2 * len(watched)) // 3 - 1]] + timedelta(minutes=20)
    return [file for file in files if file.truth.leg_key in watched and file.sent_at <= now], now


def _publish_lists(scenario: "Scenario", state: Path, now: datetime) -> "RunOptions":
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.simulate.lists import plant, registrations
    from pnr_pipeline.stores.list_snapshots import ListShelf
    from pnr_pipeline.stores.state import StateFolder

    folder = StateFolder(state)
    folder.prepare()
    planted = plant(scenario)
    persons, documents = registrations(scenario.day)
    shelf = ListShelf(folder.lists)
    for registration, entries in ((persons, planted.persons), (documents, planted.documents)):
        version = shelf.publish(registration, entries, now)
        out.print(f"    List [bold]{registration.title}[/bold]: {len(entries)} entries, version {version}.")
    return RunOptions(state=state, profile=PROFILE, now=now)


def _run(options: "RunOptions", messages: Path) -> "Accounts":
    from rich.progress import Progress

    from pnr_pipeline.telemetry import log

    log.configure("error")  # before the engine is imported, which has something to say about cloud clients

    from pnr_pipeline.pipelines.accounts import Accounts
    from pnr_pipeline.pipelines.run import run_files
    from pnr_pipeline.pipelines.spool import waiting
    from pnr_pipeline.pipelines.workplaces import close_workplace

    files = list(waiting([messages]))
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Decode, screen, commit", total=len(files))
        accounts = Accounts(lambda: bar.advance(task), lines=True)
        try:
            run_files(options, files, accounts)
        finally:
            close_workplace(options)
    return accounts
