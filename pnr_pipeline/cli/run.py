"""`pnr run`: carriers' messages in, records, hits and dead letters out."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from msgspec import to_builtins
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pnr_pipeline.cli.terminal import FINDINGS, OK, err, out
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.wire.csv_table import Charset

if TYPE_CHECKING:
    from pnr_pipeline.pipelines.accounts import Accounts
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.pipelines.spool import Waiting

app = typer.Typer(rich_markup_mode="rich")

ODD_SHOWN_MAX = 50
STATE_WORDS = {"not taken": "not taken: the run was stopped", "left out": "left out: hidden, unfinished or no file"}


@app.command()
def run(
    places: Annotated[
        list[Path] | None, typer.Argument(metavar="FOLDER|FILE…", help="Folders (to the bottom) and files.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(metavar="DIR", help="State folder [PNR_STATE, else ./pnr-state].", show_default=False)
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="PostgreSQL, if not that of the state folder: see pnr database."),
    ] = None,
    lists: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Shelf of watchlists, if not that of the state folder.")
    ] = None,
    source: Annotated[
        Literal["files", "kafka"], typer.Option(help="kafka: the topic of receipts, until stopped; no folder is named.")
    ] = "files",
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="With --source kafka: so many processes, among which partitions are dealt."),
    ] = 1,
    follow: Annotated[bool, typer.Option(help="Go on: take what comes into the one folder, until stopped.")] = False,
    keep: Annotated[bool, typer.Option(help="With --follow: leave the files after their commit.")] = False,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="Profile [PNR_PROFILE, else eu, the strictest].")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Lay answers to carriers down here, each after its commit.")
    ] = None,
    domain: Annotated[
        Literal["law_enforcement", "border"] | None,
        typer.Option(help="Each domain runs by itself, in a state folder of its own (SCR-12).", show_default=False),
    ] = None,
    hand_on: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Spool of the other domain, for files that the profile sends there too."),
    ] = None,
    charset: Annotated[
        Charset | None, typer.Option(help="Alphabet of tables (CSV) [PNR_CHARSET, else utf-8].", show_default=False)
    ] = None,
    now: Annotated[
        datetime | None, typer.Option(help="Stop the clock here (UTC), for exercises with old messages.")
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Serve figures for Prometheus on 127.0.0.1 [PNR_METRICS_PORT].")
    ] = None,
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], typer.Option(help="JSON lines on stderr, without personal data.")
    ] = "error",
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How the account is printed.")] = "text",
) -> None:
    """Decode, screen and commit carriers' messages, each file whole or not at all.

    What was done before is skipped, so a run that was interrupted, even killed, is simply started again. Files stay
    where they are; with [bold]--follow[/bold] each is deleted once it is committed (raw bytes may not outlive it), and
    SIGTERM or Ctrl-C ends the run after the file in hand. Write a file into the followed folder under a name that ends
    in .part and rename it when it is whole; names in .part, .tmp or .draft, and hidden ones, are not taken.

    The border domain (API data under the GDPR) is another run with another state folder; what a feed sends to both
    domains the one run hands on to the other: [bold]pnr run in-border --follow --domain border --state
    /var/lib/pnr-border[/bold] and [bold]pnr run in --follow --hand-on in-border[/bold].

    [bold]pnr run --source kafka[/bold] takes sealed receipts from the broker of the state folder, where
    [bold]pnr receive[/bold] puts them: from where the database stands, until it is stopped. [bold]--workers N[/bold]
    (with PostgreSQL) shares the partitions among N processes; one that dies is begun again.

    [bold]Example[/bold]: pnr run incoming/ --state /var/lib/pnr --profile demo

    Exit codes: 0 every file is accounted for, as records or in the dead letters (pnr dead list); 1 some files could
    not be opened; 2 wrong usage, or a store in trouble: nothing is lost, mend it and start the run again.
    """
    from pnr_pipeline.pipelines.accounts import Accounts
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.pipelines.spool import left_out, waiting
    from pnr_pipeline.telemetry import log

    given: dict[str, Any] = {
        "state": state,
        "database": database,
        "lists": lists,
        "profile": profile,
        "domain": domain,
        "hand_on": hand_on,
        "answers": answers,
        "charset": charset,
        "now": now,
        "keep": keep or None,
        "metrics_port": metrics_port,
    }
    options = RunOptions(**{name: value for name, value in given.items() if value is not None})
    log.configure(log_level)
    from pnr_pipeline.stores.rulebooks import load_profile

    for requirement, what, basis in load_profile(options.profile).told_deviations():
        err.print(f"deviates from the EU text ({requirement}): {what}; basis: {basis}", markup=False)
    places = places or []
    goes_on = follow or source == "kafka"
    if source == "kafka" and (places or follow or hand_on):
        raise UsageFault("--source kafka takes no folder: the state folder names the broker (pnr topics --help)")
    if workers > 1 and source != "kafka":
        raise UsageFault("--workers share the partitions of Kafka: --source kafka, or one process")
    if source == "files" and (len(places) != 1 if follow else not places):
        raise UsageFault("name a folder or a file; --follow takes one folder")
    files = [] if goes_on else list(waiting(places))
    with _progress(None if goes_on else len(files)) as bar:
        accounts = Accounts(lambda: bar.advance(bar.task_ids[0]), lines=not goes_on)
        with _closed_at_the_end(options):
            if workers > 1:
                from pnr_pipeline.pipelines.workers import run_workers

                run_workers(options, workers, log_level, accounts)
            else:
                _take(options, source, places[0] if follow else None, files, accounts)
    if not goes_on:
        accounts.states["not taken"] = len(files) - accounts.files
        accounts.states["left out"] = left_out(places)
    if form == "json":
        out.print_json(data=_as_json(accounts))
    else:
        _print_account(accounts, options)
    raise typer.Exit(FINDINGS if accounts.states["not read"] else OK)


def _take(
    options: "RunOptions", source: str, folder: Path | None, files: "list[Waiting]", accounts: "Accounts"
) -> None:
    from pnr_pipeline.pipelines.run import run_files, run_following, run_topic

    if source == "kafka":
        run_topic(options, accounts)
    elif folder is None:
        run_files(options, files, accounts)
    else:
        run_following(options, folder, accounts)


@contextmanager
def _closed_at_the_end(options: "RunOptions") -> Iterator[None]:
    from pnr_pipeline.pipelines.workplaces import close_workplace

    try:
        yield
    except StoreFault:
        err.print("The run has ended. Nothing is lost: what was not committed is still where it was. When the")
        err.print("store is well again (see below; pnr doctor), start it again with the same command.")
        raise
    finally:
        close_workplace(options)


def _progress(total: int | None) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    bar.add_task("files", total=total)
    return bar


def _as_json(accounts: "Accounts") -> dict[str, Any]:
    return {
        "files": {state: number for state, number in accounts.states.items() if number},
        "messages": accounts.messages,
        "travellers": accounts.travellers,
        "bookings": accounts.bookings,
        "hits": accounts.hits,
        "replays": accounts.replays,
        "withheld": accounts.withheld,
        "dead_letters": dict(accounts.reasons),
        "findings": dict(accounts.group("findings")),
        "matches": dict(accounts.group("matches")),
        "poison": dict(accounts.group("poison")),
        "each": to_builtins(accounts.lines or []),
    }


def _print_account(accounts: "Accounts", options: "RunOptions") -> None:
    sums = Table("what", "number", title="This run", title_justify="left")
    for state, number in accounts.states.most_common():
        if number:
            sums.add_row(f"files, {STATE_WORDS.get(state, state)}", str(number))
    for what in ("messages", "travellers", "bookings", "hits", "replays", "withheld"):
        sums.add_row(what, str(getattr(accounts, what)))
    out.print(sums)
    for title, rows in (
        ("Dead letters by reason", accounts.reasons.most_common()),
        ("Findings by rule", list(accounts.group("findings"))),
        ("Matches by list", list(accounts.group("matches"))),
        ("Poison by place in the program", list(accounts.group("poison"))),
    ):
        if rows:
            table = Table(title.split(" by ")[1], "number", title=title, title_justify="left")
            for name, number in rows:
                table.add_row(name, str(number))
            out.print(table)
    _print_dead(accounts)
    where = f" --state {options.state} --profile {options.profile}"
    if accounts.hits:
        out.print(f"Look next: pnr hits list{where} --as OFFICER --purpose a --case REF", markup=False)
    if accounts.reasons:
        out.print(f"Dead letters: pnr dead list{where}", markup=False)


def _print_dead(accounts: "Accounts") -> None:
    odd = [line for line in accounts.lines or () if line.reasons]
    if odd:
        table = Table(title="Files with dead letters, or not read", title_justify="left")
        table.add_column("SHA-256 of name", no_wrap=True)
        table.add_column("state", no_wrap=True)
        table.add_column("reasons", overflow="fold")
        for line in odd[:ODD_SHOWN_MAX]:
            reasons = ", ".join(f"{reason} x{n}" if n > 1 else reason for reason, n in Counter(line.reasons).items())
            table.add_row(line.file, line.state, reasons)
        out.print(table)
        if len(odd) > ODD_SHOWN_MAX:
            out.print(f"… and {len(odd) - ODD_SHOWN_MAX} more: --format json tells each file")
