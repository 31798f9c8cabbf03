"""`pnr approver`: the tool of the court or independent body, on a machine of its own."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Now, clock
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.retention.order import OrderRequest

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Keys = Annotated[Path, typer.Option("--keys", metavar="DIR", help="The approver's own key folder, never the unit's.")]
Person = Annotated[str, typer.Option("--as", metavar="APPROVER", help="Who approves: the id of the staff file.")]
RequestFile = Annotated[Path, typer.Argument(metavar="REQUEST", help="The request, as `pnr orders request` wrote it.")]
StaffFile = Annotated[Path, typer.Option("--staff", metavar="FILE", help="The approver's copy of the staff file.")]
Why = Annotated[str, typer.Option(help="The reason of the decision; it goes to the unit and the DPO.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the signed answer is written.")]

_ANSWERED = "answered.jsonl"


@app.callback()
def approver() -> None:
    """Decide on requests to unmask, search or disclose; the unit has no key to do it without you (DIS-3, DIS-4).

    [bold]Example[/bold]: pnr approver init --keys court-keys --as court-1 --out card.json
    pnr approver approve request.json --keys court-keys --as court-1 --staff staff.yaml --why "…" --out answer.json
    """


@app.command()
def init(
    keys: Keys,
    person: Person,
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the card is written.")],
    first: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="First month of receipt [this one].")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months from it.")] = 24,
    now: Now = None,
) -> None:
    """Make the approver's keys and his card, the public half; again with later months to prolong it.

    [bold]Example[/bold]: pnr approver init --keys court-keys --as court-1 --out card.json
    """
    import msgspec

    from pnr_pipeline.stores.approver_desk import ApproverDesk
    from pnr_pipeline.stores.root_files import FileKeystore

    card = ApproverDesk(person, FileKeystore(keys), frozenset()).card((first or clock(now)).date(), months)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1))
    out.print(f"Card of {person} for {min(card.seals)} to {max(card.seals)}: {file}. Keep two copies of {keys}.")


@app.command()
def show(request: RequestFile) -> None:
    """What a request asks for, in full.

    [bold]Example[/bold]: pnr approver show request.json
    """
    one = _read(request)
    out.print(f"Order {one.order_id} · {one.act} · case {one.case} · by {one.requester}{' · URGENT' * one.urgent}")
    if one.recipient:
        out.print(f"to be sent abroad, to {one.recipient}")
    out.print(f"offence {one.offence}, link to air carriage: {one.air_link}")
    out.print(f"{one.first} to {one.last}; persons: {one.scope}", markup=False)
    out.print(f"facts: {one.facts}", markup=False)
    for person in one.search.persons if one.search else ():
        names = ", ".join(name.full or f"{name.given} {name.surname}" for name in person.names)
        documents = " ".join(document.number for document in person.documents)
        out.print(f"searches for {person.id}: {names} {' '.join(person.dob)} {documents}".rstrip(), markup=False)
    if one.search:
        out.print(f"on flights from or to: {', '.join(one.search.places) or 'any place'}")
    out.print(f"opens {len(one.subjects)} records and hits, {len(one.lookups)} look-ups, and nothing else")


@app.command()
def approve(
    request: RequestFile, keys: Keys, person: Person, staff: StaffFile, why: Why, file: Out, now: Now = None
) -> None:
    """Approve: the answer opens the records of this request, once, and no other.

    [bold]Example[/bold]: pnr approver approve request.json --keys court-keys --as court-1 --staff staff.yaml
    --why "reasonable suspicion, necessary" --out answer.json
    """
    _decide(request, keys, person, staff, why, file, clock(now), approves=True)


@app.command()
def refuse(
    request: RequestFile, keys: Keys, person: Person, staff: StaffFile, why: Why, file: Out, now: Now = None
) -> None:
    """Refuse: the answer opens nothing, and says why.

    [bold]Example[/bold]: pnr approver refuse request.json --keys court-keys --as court-1 --staff staff.yaml
    --why "no link to air carriage" --out answer.json
    """
    _decide(request, keys, person, staff, why, file, clock(now), approves=False)


def _decide(
    file: Path, keys: Path, person: str, staff_file: Path, why: str, to: Path, at: datetime, *, approves: bool
) -> None:
    import msgspec

    from pnr_pipeline.law.staff import Staff
    from pnr_pipeline.stores.approver_desk import ApproverDesk
    from pnr_pipeline.stores.root_files import FileKeystore
    from pnr_pipeline.stores.rulebooks import load_law, load_offences
    from pnr_pipeline.stores.staff_file import load_roles

    request = _read(file)
    log = keys / _ANSWERED
    told = [msgspec.json.decode(line) for line in log.read_bytes().splitlines()] if log.is_file() else []
    staff = Staff.from_text(staff_file.read_text("utf-8"), str(staff_file), load_roles())
    desk = ApproverDesk(person, FileKeystore(keys), frozenset(one["order"] for one in told))
    answer = desk.decide(
        request, approves=approves, why=why, staff=staff, offences=load_offences().codes, law=load_law(), now=at
    )
    line = {"order": request.order_id, "digest": request.digest, "at": at, "decision": answer.decision,
            "subjects": [one.id for one in request.subjects], "lookups": len(request.lookups)}  # fmt: skip
    with log.open("ab") as kept:  # before the answer leaves: what was released is known here too
        kept.write(msgspec.json.encode(line) + b"\n")
    to.write_bytes(msgspec.json.encode(answer))
    out.print(f"{answer.decision} by {person}, until {answer.valid_until:%Y-%m-%d %H:%M} UTC: {to}")


def _read(file: Path) -> "OrderRequest":
    import msgspec

    from pnr_pipeline.retention.order import OrderRequest

    try:
        return msgspec.json.decode(file.read_bytes(), type=OrderRequest)
    except (OSError, msgspec.MsgspecError):
        raise UsageFault(f"{file} is no request: `pnr orders request` writes one") from None
