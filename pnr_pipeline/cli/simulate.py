"""`pnr simulate`: invented flights with known truth."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pnr_pipeline.cli.terminal import err, out, progress

if TYPE_CHECKING:
    from pnr_pipeline.simulate import SimulatedFile

app = typer.Typer(rich_markup_mode="rich")

FLIGHTS_SHOWN_MAX = 20


@app.command()
def simulate(
    folder: Annotated[Path, typer.Option("--out", help="Where to write; a folder that is new or empty.")],
    seed: Annotated[int, typer.Option(help="Another seed, another world; the same seed, the same bytes.")] = 7,
    flights: Annotated[int, typer.Option(min=1, max=20_000, help="How many flights; 400 a day at most.")] = 6,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Local day of the first departures; today if not given."),
    ] = None,
    faults: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of files with a labelled fault.")] = 0.0,
    planted: Annotated[int, typer.Option(min=0, max=10_000, help="Travellers who stand on a list.")] = 12,
    travellers: Annotated[
        int | None, typer.Option(min=1, max=900, help="Seats taken on each flight; by aircraft if not given.")
    ] = None,
    interactive: Annotated[bool, typer.Option(help="One message per traveller at check-in, too.")] = False,
) -> None:
    """Invent flights of the region: messages, watchlists, and the truth about both.

    [bold]pnr simulate --seed 7 --flights 6 --day 2026-11-24 --faults 0.1 --out exercise[/bold]

    exercise/messages/   what carriers send, named by the moment of sending: feed it to [bold]pnr run[/bold]
    exercise/lists/      persons and documents sought, each with its register file: [bold]pnr lists build[/bold]
    exercise/truth.jsonl one line a file: who is in it, who is sought, under which spelling, what is faulty

    Nobody exists: names are drawn at random. The same arguments give the same bytes.
    """
    from pnr_pipeline.simulate import Scenario
    from pnr_pipeline.simulate import simulate as told
    from pnr_pipeline.simulate.folder import prepare, write_files, write_lists

    first_day = day.date() if day else _today()
    scenario = Scenario(seed, flights, first_day, faults, planted, travellers, interactive)
    prepare(folder)
    write_lists(scenario, folder)
    summary = _Summary()
    for file in progress(write_files(told(scenario), folder), "Inventing flights"):
        summary.add(file)
    summary.show()
    err.print(f"Written to {folder}: messages/, lists/, truth.jsonl. Every person is invented.")


def _today() -> date:
    return datetime.now(UTC).date()


class _Summary:
    """Counts by flight; no names."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._people: dict[str, set[str]] = {}
        self._sought: dict[str, set[str]] = {}
        self._faults: dict[str, int] = {}
        self._bytes = 0

    def add(self, file: "SimulatedFile") -> None:
        truth = file.truth
        leg = truth.leg_key
        self._files[leg] = self._files.get(leg, 0) + 1
        self._people.setdefault(leg, set()).update(one.person for one in truth.travellers)
        self._sought.setdefault(leg, set()).update(one.person for one in truth.travellers if one.planted)
        self._bytes += len(file.body)
        if truth.fault:
            self._faults[truth.fault] = self._faults.get(truth.fault, 0) + 1

    def show(self) -> None:
        table = Table("flight", title="Invented flights", title_justify="left", show_footer=True)
        table.add_column("files", justify="right", footer=str(sum(self._files.values())))
        table.add_column("people", justify="right", footer=str(sum(map(len, self._people.values()))))
        table.add_column("sought", justify="right", footer=str(sum(map(len, self._sought.values()))))
        table.columns[0].footer = f"{len(self._files)} flights, {self._bytes / 1e6:.1f} MB"
        for leg in sorted(self._files)[:FLIGHTS_SHOWN_MAX]:
            table.add_row(leg, str(self._files[leg]), str(len(self._people[leg])), str(len(self._sought[leg])))
        if len(self._files) > FLIGHTS_SHOWN_MAX:
            table.add_row(f"… {len(self._files) - FLIGHTS_SHOWN_MAX} more", "", "", "")
        out.print(table)
        if self._faults:
            told = ", ".join(f"{label} {count}" for label, count in sorted(self._faults.items()))
            out.print(f"Faults: {told}")
