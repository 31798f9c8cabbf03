"""`pnr feeds`: what carriers send, when, and how good it is. Counts of flights and messages, nobody's data."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pnr_pipeline.cli.desk import Now, ProfileName, State, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, err

if TYPE_CHECKING:
    from pnr_pipeline.intake.feed_board import FlightFeeds
    from pnr_pipeline.intake.rulebook import Rulebook
    from pnr_pipeline.intake.scorecard import MessageCounts

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Form = Annotated[
    Literal["table", "json", "csv"], typer.Option("--format", help="table for reading, json or csv for programs.")
]
ScheduleFile = Annotated[
    Path | None,
    typer.Option(
        "--schedule",
        metavar="CSV",
        exists=True,
        dir_okay=False,
        help="CSV of carrier, number, days, origin, destination, departure, arrival, from, to: days 1-7, local times."
        " Without it, those seen on that weekday in the weeks before.",
    ),
]
Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the chart here as well.")]


@app.callback()
def feeds() -> None:
    """What carriers were to send, what came, and how good it was."""


@app.command()
def board(
    schedule: ScheduleFile = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="Flights that depart so many hours around now.")] = 48,
    form: Form = "table",
    svg: Svg = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Expected flights against the pushes that came: received, late, missing, dropped travellers, counts that differ.

    Exit code 1 where a push is late or missing, or something does not agree.

    [bold]pnr feeds board --schedule summer.csv[/bold]
    """
    import msgspec

    from pnr_pipeline.intake.feed_board import reused_references, silent_carriers

    at = clock(now)
    around = timedelta(hours=hours)
    messages, judged, rulebook = _judged(schedule, (at - around).date(), (at + around).date(), state, profile, at)
    shown = [one for one in judged if one.departs and abs(one.departs - at) <= around]
    silent = silent_carriers(shown)
    reused = reused_references((one.message for one in messages), rulebook)
    if svg:
        from pnr_pipeline.console.feed_charts import feed_board_svg

        svg.write_text(feed_board_svg(shown, at), "utf-8")
    rows = [row for one in shown for row in _board_rows(one)]
    if form == "json":
        report = {"at": at, "silent_carriers": silent, "flights": shown, "interchanges": reused}
        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _print(_BOARD_COLUMNS, rows, form, "Feed board")
        for carrier in silent:
            err.print(f"silent: nothing came from {carrier} for any flight that was due")
        for carrier, finding in reused:
            err.print(f"{carrier or 'no carrier'}: {finding.rule} {finding.message}")
    if silent or reused or any(one.findings or any(feed.state == "late" for feed in one.feeds) for one in shown):
        raise typer.Exit(FINDINGS)


@app.command()
def scorecard(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m"], help="First month; the last two if not given.")
    ] = None,
    schedule: ScheduleFile = None,
    carrier: Annotated[str, typer.Option(help="This carrier alone; its table has a column a month.")] = "",
    form: Form = "table",
    svg: Svg = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Per carrier and month: completeness, errors per 1,000 travellers, timeliness, missing pushes, counts that differ.

    [bold]pnr feeds scorecard --from 2026-01 --format csv[/bold]
    """
    import msgspec

    from pnr_pipeline.intake.scorecard import cells, columns, scorecard
    from pnr_pipeline.stores.rulebooks import load_feed_rules

    at = clock(now)
    begin = first.date() if first else (at.date().replace(day=1) - timedelta(days=32)).replace(day=1)
    messages, judged, rulebook = _judged(schedule, begin, at.date(), state, profile, at)
    lines = [
        line
        for line in scorecard(messages, judged, load_feed_rules(), rulebook)
        if line.carrier == carrier.upper() or not carrier
    ]
    if svg:
        from pnr_pipeline.console.feed_charts import scorecard_svg

        svg.write_text(scorecard_svg(lines), "utf-8")
    if form == "json":
        named = [dict(zip(columns(), cells(line), strict=True)) for line in lines]
        typer.echo(msgspec.json.format(msgspec.json.encode(named), indent=2).decode())
    else:
        rows: list[tuple[Any, ...]] = [cells(line) for line in lines]
        names: Sequence[str] = columns()
        if carrier and form == "table" and rows:  # one carrier has few months and many figures
            turned = list(zip(names, *rows, strict=True))
            names, rows = [str(cell) for cell in turned[0]], turned[1:]
        _print(names, rows, form, f"Carrier scorecard{f' of {carrier.upper()}' if carrier else ''}")


def _judged(
    schedule: Path | None, first: date, last: date, state: Path | None, profile: str | None, at: datetime
) -> "tuple[list[MessageCounts], list[FlightFeeds], Rulebook]":
    """The messages for flights of these local days, and every flight of them, expected or told, judged."""
    from pnr_pipeline.intake.feed_board import FeedJudge
    from pnr_pipeline.intake.feed_message import sources_of
    from pnr_pipeline.intake.schedule import expected_of, learnt, read_schedule
    from pnr_pipeline.stores.rulebooks import load_feed_rules, load_rulebook

    rules, rulebook = load_feed_rules(), load_rulebook()
    with open_desk(state, profile, at) as store:
        known = store.feed_messages(first - timedelta(weeks=rules.learn.weeks), last)
        listed = store.listed_by_source()
        taken = sources_of(store.kinds)
    earliest = first.isoformat()
    messages = [one for one in known if _day(one) >= earliest]
    if schedule:
        expected = expected_of(read_schedule(schedule.read_text("utf-8"), schedule.name), first, last)
    else:
        expected = learnt((one.message for one in known), rules.learn, first, last)
    judge = FeedJudge(rules, rulebook, at, taken)
    return (
        messages,
        judge.board(expected, (one.message for one in messages), listed, by_schedule=bool(schedule)),
        rulebook,
    )


def _day(one: "MessageCounts") -> str:
    return (one.message.flight.departure_local or one.message.received_at).date().isoformat()


_BOARD_COLUMNS = (
    "flight", "route", "departs", "feed", "state", "pushes", "resends", "first", "last", "listed", "dropped",
    "findings",
)  # fmt: skip


def _board_rows(one: "FlightFeeds") -> Iterable[tuple[Any, ...]]:
    for feed in one.feeds:
        yield (
            one.flight.designator,
            f"{one.flight.origin}-{one.flight.destination}",
            _time(one.departs),
            feed.source,
            feed.state,
            feed.pushes,
            feed.resends,
            _time(feed.first_at),
            _time(feed.last_at),
            feed.listed,
            feed.dropped,
            " ".join(
                dict.fromkeys(
                    finding.rule
                    for finding in one.findings
                    if finding.message.rpartition(": ")[2] not in {"api", "pnr"} - {feed.source}
                )
            ),
        )


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if at else ""


def _print(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, title: str) -> None:
    """The rows as a table, or as CSV."""
    if form == "csv":
        import csv
        import io

        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([columns, *rows])
        typer.echo(text.getvalue(), nl=False)
        return
    if not rows:
        err.print(f"{title}: nothing came and nothing was expected in this time")
        return
    # plain columns: lines stay whole, in a pipe as in a wide terminal
    table = [[column.replace("_", " ") for column in columns], *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    for line in table:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "-" if value in (None, "") else str(value)
