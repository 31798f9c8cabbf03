"""`pnr retain`: what is kept until when, by which article, and its end: for the data-protection officer."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, out, progress_steps

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.calendar import Calendar
    from pnr_pipeline.stores.sql.sweep import Swept

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

LATE = timedelta(hours=24)


@app.callback()
def retain() -> None:
    """Masking and deletion: what is due when, by which article, and what a person does about the data of one record.

    [bold]Example[/bold]: pnr retain calendar; pnr retain sweep
    """


@app.command()
def calendar(
    days: Annotated[int, typer.Option(min=0, help="How far ahead to look; 0 for what is due now.")] = 200,
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """What is due when, by which article: every key period with the rows that end with it. No traveller's data.

    Exit code 1 where something is due and not done, or the last sweep failed.
    """
    from msgspec import json

    at = clock(now)
    with open_desk(state, profile, at, sweeps=False) as store:
        told = store.retention.calendar(at)
    if form == "json":
        typer.echo(json.encode(told).decode())
    else:
        _print_calendar(told, days)
    raise typer.Exit(FINDINGS if told.late or told.fault else OK)


@app.command()
def sweep(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Delete what is due: destroy its keys, then its rows, then write the receipt into the log.

    [bold]pnr run[/bold] does so every hour by itself. A sweep that was interrupted, even killed, goes on where it was.
    Due is only what the machine's own count of time confirms (RET-9); after the machine was down, or in an exercise,
    say [bold]pnr retain clock --confirm[/bold] first.

    Exit code 1 where something is held for want of that.
    """
    from msgspec import json

    at = clock(now)
    with open_desk(state, profile, at, sweeps=False) as store, progress_steps("sweep") as told:
        swept = store.retention.sweep(at, told)
    if form == "json":
        typer.echo(json.encode(swept).decode())
    else:
        _print_swept(swept)
    raise typer.Exit(FINDINGS if swept.held else OK)


@app.command("clock")
def clock_command(
    confirm: Annotated[bool, typer.Option("--confirm", help="The wall clock is right: I looked at another one.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Confirm that the wall clock is right, after the machine was down: what is due by it may then be deleted (RET-9).

    [bold]Example[/bold]: pnr retain clock --confirm --as retention-1 --case outage-2026-3
    """
    at = clock(now)
    if not confirm:
        raise typer.Exit(OK)
    with open_desk(state, profile, at, sweeps=False) as store:
        mark = store.retention.confirm_clock(access(officer, "a", case), at)
    out.print(f"The mark stands at {mark:%Y-%m-%d %H:%M} UTC; pnr retain sweep deletes what is due until then")


def _print_calendar(told: "Calendar", days: int) -> None:
    from rich.table import Table

    until = told.now + timedelta(days=days)
    shown = [line for line in told.lines if line.at <= until]
    table = Table(title=f"Due until {until:%Y-%m-%d}: {len(shown)} of {len(told.lines)}", title_justify="left")
    for head in ("at, UTC", "what", "period", "rows", "by", "state"):
        table.add_column(head, overflow="fold", no_wrap=head == "period")
    for line in shown:
        rows = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in line.counts.items())
        colour = {"due": "yellow", "ending": "red"}.get(line.state, "")
        said = f"[{colour}]{line.state}[/]" if colour else line.state
        table.add_row(f"{line.at:%Y-%m-%d %H:%M}", line.what, line.period, rows, line.because, said)
    out.print(table)
    swept = f"{told.swept_at:%Y-%m-%d %H:%M} UTC" if told.swept_at else "never"
    out.print(f"Last sweep: {swept}. Ended periods: {told.ended}. Certain until: {told.mark:%Y-%m-%d %H:%M} UTC.")
    if told.fault:
        out.print(f"[red]The last sweep failed[/red]: {told.fault}; pnr doctor says what to do")


def _print_swept(swept: "Swept") -> None:
    from rich.table import Table

    table = Table(title=f"Ended periods: {len(swept.ended)}", title_justify="left")
    for head in ("period", "what", "due since, UTC", "rows", "by"):
        table.add_column(head, overflow="fold", no_wrap=head == "period")
    for one in swept.ended:
        rows = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in one.counts.items())
        table.add_row(one.period, one.what, f"{one.due_at:%Y-%m-%d %H:%M}", rows, one.because)
    out.print(table)
    if swept.held:
        out.print(
            f"[yellow]Held: {swept.held} periods[/yellow] are due by the wall clock, but time is certain only until"
            f" {swept.sure_until:%Y-%m-%d %H:%M} UTC. If the clock is right: pnr retain clock --confirm"
        )
