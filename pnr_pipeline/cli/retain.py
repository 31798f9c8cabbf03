"""`pnr retain`: what is kept until when, by which article, and its end: for the data-protection officer."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, out, progress_steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pnr_pipeline.stores.sql.calendar import Calendar, CalendarLine
    from pnr_pipeline.stores.sql.erasure import Erased
    from pnr_pipeline.stores.sql.sweep import Ended, Swept

Record = Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record; pnr hits show names it.")]
Review = Annotated[datetime, typer.Option("--review", formats=["%Y-%m-%d"], help="Day of the next review.")]

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
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Write it as one page to print: 35 days, then months.")
    ] = None,
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """What is due when, by which article: every key period with the rows that end with it. No traveller's data.

    Exit code 1 where something is due and not done, or the last sweep failed.

    [bold]Example[/bold]: pnr retain calendar --svg calendar.svg
    """
    from msgspec import json

    at = clock(now)
    with open_desk(state, profile, at, sweeps=False) as store:
        told, domain = store.retention.calendar(at), store.domain
    if svg:
        from pnr_pipeline.console.retention_chart import calendar_svg

        svg.write_text(calendar_svg(told, domain), "utf-8")
    if form == "json":
        typer.echo(json.encode(told).decode())
    else:
        _print_calendar(told, days)
    raise typer.Exit(FINDINGS if told.late or told.fault or told.reviews_due else OK)


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


@app.command()
def promote(
    records: Annotated[list[str], typer.Argument(metavar="RECORD…", help="Ids of records, each for itself.")],
    evidence: Annotated[str, typer.Option(help="Where the evidence lies: hit:<id>, or a file's reference.")],
    reason: Annotated[
        Literal["verified-hit", "verified-check", "other-circumstance"],
        typer.Option(help="What it is (C-817/19 ¶259)."),
    ],
    review: Review,
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Keep records beyond six months, on objective evidence: identity masked then, all gone at five years (RET-3).

    [bold]Example[/bold]: pnr retain promote RECORD --evidence hit:HIT --reason verified-hit --review 2027-01-31
    --as retention-1 --case 2026-17
    """
    from pnr_pipeline.retention.promotion import Grounds

    at = clock(now)
    with open_desk(state, profile, at) as store:
        grounds = Grounds(evidence, reason, review.date())
        number = store.retention.promote(records, grounds, access(officer, "b", case), at)
    out.print(f"Promoted: {number}; to be reviewed by {review:%Y-%m-%d}")


@app.command()
def promotions(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Every promoted record with its evidence and review, and every restricted copy; exit code 1 where one is past."""
    from msgspec import json, to_builtins
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at, sweeps=False) as store:
        kept, copies = store.retention.promotions(), store.retention.evidence_copies()
    reviews = [*(one.review_by for one in kept), *(one.review_by.isoformat() for one in copies)]
    due = [one for one in reviews if one <= at.date().isoformat()]
    if form == "json":
        typer.echo(json.encode({"promotions": to_builtins(kept), "copies": to_builtins(copies)}).decode())
    else:
        table = Table(title=f"Promoted records: {len(kept)}, restricted copies: {len(copies)}", title_justify="left")
        for head in ("record", "kept as", "evidence", "reason", "by", "review"):
            table.add_column(head, overflow="fold")
        for one in kept:
            table.add_row(one.record_id[:8], one.period, one.evidence, one.reason, one.actor, one.review_by)
        for copy in copies:
            ends = f"copy until {copy.ends_on}"
            table.add_row(copy.record_id[:8], ends, copy.case, copy.authority, copy.actor, str(copy.review_by))
        out.print(table)
        if due:
            out.print(f"[yellow]Reviews that are past: {len(due)}[/yellow]: promote anew with a later review, or erase")
    raise typer.Exit(FINDINGS if due else OK)


@app.command()
def erase(
    record: Record,
    why: Annotated[Literal["request", "inaccurate", "unlawful"], typer.Option(help="Why (LED art. 16).")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Delete one record at once, with its hits, and the person out of every kept message of the flight (RGT-4)."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        erased = store.retention.erase(record, why, access(officer, "b", case), at)
    _print_erased(erased)


@app.command()
def recall(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of the message, as the log names it.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Delete a message that was unlawful or not what it said, with all it brought, at once (ING-8).

    What other messages told of the same people stays, folded and screened anew. The same bytes change nothing if they
    come again.
    """
    from pnr_pipeline.stores.list_snapshots import ListShelf

    at = clock(now)
    folder = folder_of(state)
    with open_desk(state, profile, at) as store:
        erased = store.retention.recall(message, access(officer, "b", case), ListShelf(folder.lists).load(at), at)
    _print_erased(erased)


@app.command()
def fallback(
    messages: Annotated[list[str], typer.Argument(metavar="MESSAGE…", help="Ids of messages that came by it.")],
    request: Annotated[str, typer.Option(help="Reference of the request for the other channel.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Tag messages that came by another channel while the router was out (ING-9); see pnr retain recovered."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        number = store.retention.tag_fallback(messages, request, access(officer, "a", case), at)
    out.print(f"Tagged: {number}")


@app.command()
def recovered(officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Delete the fallback copies of whose flight the router's own has come since its recovery was reported (ING-9).

    Exit code 1 while some wait for the router's copy.
    """
    from pnr_pipeline.stores.list_snapshots import ListShelf

    at = clock(now)
    folder = folder_of(state)
    with open_desk(state, profile, at) as store:
        done = store.retention.router_recovered(access(officer, "a", case), ListShelf(folder.lists).load(at), at)
    out.print(f"Deleted: {done.deleted} fallback copies; waiting for the router's: {done.waiting}")
    _print_units(done.units)
    raise typer.Exit(FINDINGS if done.waiting else OK)


@app.command()
def presented(
    records: Annotated[list[str], typer.Argument(metavar="RECORD…", help="Ids of records of the border domain.")],
    officer: Officer,
    case: Case,
    absent: Annotated[bool, typer.Option("--absent", help="They did not present themselves.")] = False,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Say who presented themselves at the border, or did not: only of the latter data stay longer (RET-5)."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        number = store.retention.note_presence(records, not absent, access(officer, "a", case), at)
    out.print(f"{'Did not present themselves' if absent else 'Presented themselves'}: {number}")


@app.command("copy")
def copy_command(
    record: Record,
    authority: Annotated[str, typer.Option(help="For whom: the id of the authority that asked for it.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The copy ends as this day begins.")],
    review: Review,
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Keep a restricted copy for a person's dispute; in the Union it ends with its record at the latest (RET-10)."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        given = access(officer, "b", case)
        copy_id = store.retention.copy_for_dispute(record, authority, until.date(), review.date(), given, at)
    out.print(f"Copy {copy_id}, until {until:%Y-%m-%d}; pnr retain promotions lists it")


@app.command()
def disclose(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Id of an approved order of kind disclose.")],
    to: Annotated[str, typer.Option("--to", metavar="UNIT", help="The authority of the case, as notified.")],
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the sealed letter is written.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Give what a case needs to its authority, which keeps it under its own law, before the unit's copy ends (RET-10).

    Once an order; sealed to the authority's key, with the conditions of use; the log and the DPO know of it. Nothing is
    kept longer here for it: holds are for profiles outside the Union that allow them (pnr retain copy).

    [bold]Example[/bold]: pnr orders request --act disclose --record RECORD …; pnr retain disclose ORDER --to mk-skp
    --out case-114.letter --as officer-7 --case 2026-114; the authority: pnr queue open case-114.letter …
    """
    from msgspec import json

    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(file)
        letter = store.retention.disclose(order, to, access(officer, "b", case, order), at)
        store.log.publish(at)
    file.write_bytes(json.encode(letter))
    out.print(f"Letter {letter.letter_id} for {letter.unit}: {file}")


def _print_erased(erased: "Erased") -> None:
    out.print(f"Erased: {erased.records} records, {erased.hits} hits")
    _print_units(erased.units)
    if told := ", ".join(erased.partners):
        out.print(f"Tell the partners abroad that received it (pnr exchange list, notify; LED art. 7(3)): {told}")


def _print_units(units: "Iterable[str]") -> None:
    if told := ", ".join(units):
        out.print(f"Tell the units that were sent one (LED art. 16(6)): {told}")


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
        table.add_row(f"{line.at:%Y-%m-%d %H:%M}", line.what, line.period, rows, line.article, said)
    out.print(table)
    _print_articles(shown)
    swept = f"{told.swept_at:%Y-%m-%d %H:%M} UTC" if told.swept_at else "never"
    out.print(f"Last sweep: {swept}. Ended periods: {told.ended}. Certain until: {told.mark:%Y-%m-%d %H:%M} UTC.")
    if told.reviews_due:
        out.print(f"[yellow]Promotions to be reviewed[/yellow]: {len(told.reviews_due)}; pnr retain promotions")
    if told.fault:
        out.print(f"[red]The last sweep failed[/red]: {told.fault}; pnr doctor says what to do")


def _print_articles(lines: "Iterable[CalendarLine | Ended]") -> None:
    """Each short form once, in full."""
    for article, because in sorted({(line.article, line.because) for line in lines}):
        out.print(f"{article}: {because}")


def _print_swept(swept: "Swept") -> None:
    from rich.table import Table

    table = Table(title=f"Ended periods: {len(swept.ended)}", title_justify="left")
    for head in ("period", "what", "due since, UTC", "rows", "by"):
        table.add_column(head, overflow="fold", no_wrap=head == "period")
    for one in swept.ended:
        rows = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in one.counts.items())
        table.add_row(one.period, one.what, f"{one.due_at:%Y-%m-%d %H:%M}", rows, one.article)
    out.print(table)
    _print_articles(swept.ended)
    if swept.held:
        out.print(
            f"[yellow]Held: {swept.held} periods[/yellow] are due by the wall clock, but time is certain only until"
            f" {swept.sure_until:%Y-%m-%d %H:%M} UTC. If the clock is right: pnr retain clock --confirm"
        )
