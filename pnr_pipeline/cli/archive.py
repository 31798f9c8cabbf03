"""`pnr archive`: searches of what is past its flight, each on an order of the approver, within its persons and days."""

from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import out, print_json_lines, progress_steps

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.archive_file import CaseFile

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Order = Annotated[str, typer.Argument(metavar="ORDER", help="Id of the order to search: pnr orders show.")]


@app.callback()
def archive() -> None:
    """Search lake and database under purpose (b): on a signed order, for its persons, days and places alone (DIS-3).

    [bold]Example[/bold]: pnr orders request --act search --sought persons.jsonl --from 2026-01-01 --to 2026-06-30 …;
    the approver answers (pnr approver), pnr orders take answer.json; then pnr archive search ORDER --as officer-7
    --case 2026-114; pnr archive open ORDER RECORD --as officer-7 --case 2026-114
    """


@app.command()
def search(
    order: Order, officer: Officer, case: Case, form: Form = "text", state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Search once, and lay down what is found as the order's case file; the log and the DPO know of it.

    Masked days are looked in by the approver's answers alone; what is met there says 'masked: needs order'. A search
    that was killed is started again with the same command.

    [bold]Example[/bold]: pnr archive search ORDER --as officer-7 --case 2026-114
    """
    from pnr_pipeline.telemetry import log

    log.configure("error")  # the engine warns, as it is loaded, of libraries that it does not need
    from pnr_pipeline.pipelines.archive import search_archive
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.stores.sql.opening import profile_of

    folder = folder_of(state)
    options = RunOptions(state=folder.root, profile=profile or profile_of(folder), now=now)
    with progress_steps("pieces") as told:
        _print(search_archive(options, access(officer, "b", case, order), told), form)


@app.command()
def show(
    order: Order, officer: Officer, case: Case, form: Form = "text", state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """The case file of a search again: records by person, nothing of a traveller. Noted in the log.

    [bold]Example[/bold]: pnr archive show ORDER --as officer-7 --case 2026-114
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        told = store.archive.results(order, access(officer, "b", case, order), at)
        store.log.publish(at)
    _print(told, form)


@app.command("open")
def open_(
    order: Order,
    records: Annotated[list[str], typer.Argument(metavar="RECORD…", help="Ids of records of the case file.")],
    officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None,
) -> None:  # fmt: skip
    """Open records of the case file, one JSON object a line; each leaves an entry in the log of its own.

    [bold]Example[/bold]: pnr archive open ORDER RECORD --as officer-7 --case 2026-114
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        desk, who = store.archive, access(officer, "b", case, order)
        print_json_lines(desk.open(order, record, who, at) for record in records)
        store.log.publish(at)


def _print(told: "CaseFile", form: str) -> None:
    from rich.table import Table

    if form == "json":
        print_json_lines([told])
        return
    table = Table()
    for head in ("record", "person of the order", "received", "what"):
        table.add_column(head, overflow="fold", no_wrap=head == "record")
    for line in told.lines:
        table.add_row(line.record_id, line.person, line.received_on, line.says)
    out.print(table)
    if told.masked_days:
        out.print(f"{told.masked_days} masked days were looked in by the approver's answers")
    if told.left_out:
        out.print(f"[yellow]{told.left_out} masked days were left out[/yellow]: the order holds no answer for them")
