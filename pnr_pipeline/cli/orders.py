"""`pnr orders`: what the unit asks the approver, and what his answer opens, once."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, out, print_json_lines
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pnr_pipeline.retention.archive_scope import Search

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def orders() -> None:
    """Orders of the approver: for whatever is masked, and for each search and disclosure once a flight's time has come.

    [bold]Example[/bold]: pnr orders request --hit HIT --offence 4 --air-link flight-as-means --facts "…" --scope "…"
    --from 2026-11-01 --to 2026-11-23 --as officer-7 --case 2026-114 --out request.json; the approver answers on his
    machine (pnr approver); pnr orders take answer.json; pnr orders release ORDER --as officer-7 --case 2026-114
    """


@app.command()
def request(
    offence: Annotated[str, typer.Option(help="Number in Annex II, or terrorism.")],
    air_link: Annotated[str, typer.Option(metavar="CODE", help="Its link to air carriage: pnr hits reasons.")],
    facts: Annotated[str, typer.Option(help="The grounds: what makes it reasonable in this case. Kept sealed.")],
    scope: Annotated[str, typer.Option(help="Which person, or group with what in common. Kept sealed.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the data.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the data.")],
    officer: Officer,
    case: Case,
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the signed request is written.")],
    act: Annotated[str, typer.Option(help="unmask, disclose, search or transfer.")] = "disclose",
    recipient: Annotated[str, typer.Option(metavar="PARTNER", help="Of a transfer: who receives it (pnr exchange "
                                                                   "partners).")] = "",
    record: Annotated[list[str] | None, typer.Option(metavar="ID", help="Id of a record; its hits come along.")] = None,
    hit: Annotated[list[str] | None, typer.Option(metavar="ID", help="Id of a hit; its record comes along.")] = None,
    sought: Annotated[
        Path | None, typer.Option(metavar="FILE", help="To search: the persons, JSON Lines as of pnr screen --list.")
    ] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="CODE", help="To search: flights of this airport only.")] =
    None,
    letter: Annotated[list[str] | None, typer.Option(metavar="ID", help="Data that a partner abroad sent: pnr "
                                                     "exchange list.")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="By a supervisor who cannot wait: opens at once what is "
                                                          "not masked; the approver's timer runs.")] = False,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Ask, with purpose b, in one case: the file is signed and goes to the approver.

    [bold]Example[/bold]: pnr orders request --act unmask --record RECORD --offence 4 --air-link flight-as-means
    --facts "…" --scope "…" --from 2026-01-01 --to 2026-03-01 --as officer-7 --case 2026-114 --out request.json;
    pnr orders request --act search --sought persons.jsonl --place TIA …, then pnr archive search
    """
    from typing import cast, get_args

    import msgspec

    from pnr_pipeline.retention.order import OrderAct
    from pnr_pipeline.stores.sql.orders import Grounds

    if act not in get_args(OrderAct):
        raise UsageFault(f"--act is one of {', '.join(get_args(OrderAct))}")
    search = _search(sought, place or ()) if sought else None
    grounds = Grounds(
        act=cast(OrderAct, act), search=search, offence=offence, air_link=air_link, facts=facts, scope=scope,
        first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}", urgent=urgent, recipient=recipient,
    )  # fmt: skip
    at = clock(now)
    with open_desk(state, profile, at) as store:
        who = access(officer, "b", case)
        if search:
            asked = store.archive.ask(grounds, who, at)
        else:
            asked = store.orders.request(grounds, who, at, records=record or (), hits=hit or (), letters=letter or ())
        store.log.publish(at)
    file.write_bytes(msgspec.json.encode(asked))
    what = f"{len(search.persons)} persons" if search else f"{len(asked.subjects)} records and hits"
    out.print(f"Order {asked.order_id}: {what}, to the approver: {file}")


def _search(file: Path, places: "Iterable[str]") -> "Search":
    from pnr_pipeline.records import ListEntry
    from pnr_pipeline.retention.archive_scope import Search
    from pnr_pipeline.screening.list_formats.json_lines import read_json_lines

    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        raise UsageFault(f"{file}: cannot be read") from None
    persons = []
    for number, found in read_json_lines(lines, "order"):
        if not isinstance(found, ListEntry):
            raise UsageFault(f"{file}:{number}: {found}")
        persons.append(found)
    return Search(tuple(persons), tuple(place.upper() for place in places))


@app.command()
def take(
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help="The answer that `pnr approver` wrote.")],
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Take the approver's answer in: checked against the request and his key in the staff file; the DPO is told.

    [bold]Example[/bold]: pnr orders take answer.json
    """
    import msgspec

    from pnr_pipeline.retention.order import OrderAnswer

    try:
        told = msgspec.json.decode(answer.read_bytes(), type=OrderAnswer)
    except (OSError, msgspec.MsgspecError):
        raise UsageFault(f"{answer} is no answer: `pnr approver approve` writes one") from None
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.orders.take(told, at)
        store.log.publish(at)
    until = f", until {told.valid_until:%Y-%m-%d %H:%M} UTC" if told.decision == "approved" else ""
    out.print(f"Order {told.order_id}: {told.decision} by {told.approver}{until}")


@app.command()
def show(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Every order, newest first, without what was asked for; exit code 1 where an urgent one is overdue.

    [bold]Example[/bold]: pnr orders show --format json
    """
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.orders.lines(at)
    if form == "json":
        print_json_lines(lines)
    else:
        table = Table("order", "act", "case", "by", "at UTC", "status", "records", "used")
        for line in lines:
            status = "OVERDUE" if line.overdue else f"{line.status}{' by ' + line.approver if line.approver else ''}"
            table.add_row(line.order_id, line.act, line.case, line.requester, f"{line.requested_at:%d %b %H:%M}",
                          status, str(line.subjects), str(line.used))  # fmt: skip
        out.print(table)
    if any(line.overdue for line in lines):
        raise typer.Exit(FINDINGS)


@app.command()
def release(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Id of the order.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Open what the order names, once, one JSON object a line. The log and the DPO know of it first.

    [bold]Example[/bold]: pnr orders release ORDER --as officer-7 --case 2026-114
    """

    at = clock(now)
    with open_desk(state, profile, at) as store:
        released = store.orders.release(order, access(officer, "b", case, order), at)
        store.log.publish(at)
    print_json_lines(released)
