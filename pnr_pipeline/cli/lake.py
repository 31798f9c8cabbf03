"""`pnr lake`: closed days of receipt as sealed Parquet files, for jobs over the archive."""

from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Form, Now, ProfileName, State, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, out, print_json_lines

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def lake() -> None:
    """The lake: one folder for each closed day of receipt and part, every value sealed under the keys of that day.

    With the keys the days end here too: the sweep removes their folders, and a copy that somebody kept is noise.

    [bold]Example[/bold]: pnr lake close; pnr lake check
    """


@app.command()
def close(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Write each closed day that the lake does not hold yet, or holds as it no longer is in the database.

    A day is closed when its last flight is a day past. A crash leaves the former files as they were.
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        written = store.lake.close(at)
    for day in written:
        size = sum(file.size for file in day.files.values())
        kinds = ", ".join(f"{number} {kind}s" for kind, number in sorted(day.records.items()))
        out.print(f"{day.period}: {kinds}, {size / 1e6:.1f} MB")
    out.print(f"{len(written)} days written")


@app.command()
def show(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """The closed days: records, size, when written, and whether the database still says the same. Opens no value."""
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        closed = store.lake.closed(at)
    if form == "json":
        print_json_lines(closed)
        return
    table = Table("day", "records", "MB", "written, UTC", "to do", title=f"Lake: {len(closed)} closed days")
    for one in closed:
        size = f"{sum(file.size for file in one.day.files.values()) / 1e6:.1f}" if one.day else ""
        at_text = f"{one.day.closed_at:%Y-%m-%d %H:%M}" if one.day else ""
        table.add_row(one.period, str(one.records), size, at_text, one.stale and f"{one.stale}: pnr lake close")
    out.print(table)


@app.command()
def check(
    values: Annotated[bool, typer.Option("--open", help="Open every value too, with the keys.")] = False,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Hold files, manifests and database against each other: hashes, rows, counts. Exit code 1 where they differ."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        found = store.lake.check(at, values=values)
    for one in found:
        out.print(one, markup=False)
    out.print("whole" if not found else f"{len(found)} findings")
    raise typer.Exit(FINDINGS if found else OK)
