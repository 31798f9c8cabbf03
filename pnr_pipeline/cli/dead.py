"""`pnr dead`: what could not be used, why, and once more from the start when mended."""

from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, out, print_json_lines
from pnr_pipeline.errors import PnrFault, UsageFault, place_of

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.dead_letters import DeadLetter

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def dead() -> None:
    """Dead letters: sealed, with a reason, for 72 hours at most.

    [bold]Example[/bold]: pnr dead list; pnr dead replay LETTER --as engineer-2 --case ticket-9
    """


@app.command("list")
def list_letters(
    person: Annotated[
        str, typer.Option("--as", metavar="PERSON", help="Who asks for the names of the files, too.")
    ] = "",
    case: Annotated[str, typer.Option(metavar="REF", help="With --as: reference of the case.")] = "",
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Every dead letter with its reason and the places of its faults, never a value.

    A carrier may name a file after a traveller: its name is told to who says who they are and in which case.
    [bold]Example[/bold]: pnr dead list --as engineer-2 --case ticket-9
    """
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        letters = store.dead_letters(access(person, "a", case) if person else None, at)
    if form == "json":
        print_json_lines(letters)
        return
    table = Table(title=f"Dead letters: {len(letters)}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in ("letter", "reason", "file", "first faults", "gone at, UTC", "replayed"):
        table.add_column(head, no_wrap=head in ("letter", "reason", "gone at, UTC"), overflow="fold")
    for letter in letters:
        faults = ", ".join(f"{one.rule} at byte {one.offset}" for one in letter.findings[:3])
        replayed = f"{letter.replayed_at:%d %b %H:%M}" if letter.replayed_at else ""
        gone = f"{letter.expires_at:%d %b %H:%M}"
        name = "".join(sign if sign.isprintable() else "?" for sign in letter.item)  # never to the terminal
        table.add_row(letter.dead_id[:8], letter.reason, escape(name), faults, gone, replayed)
    out.print(table)


@app.command()
def replay(
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="Id of the letter, or its first letters.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Decode, screen and commit one letter again, after what was wrong with our rules or program is mended.

    Exit code 0 when it is stored now, 1 when it stays a dead letter.
    """
    from pnr_pipeline import intake, screening
    from pnr_pipeline.records import Screened
    from pnr_pipeline.stores.list_snapshots import ListShelf
    from pnr_pipeline.stores.rulebooks import load_rulebook

    at = clock(now)
    folder = folder_of(state)
    with open_desk(state, profile, at) as store:
        received = store.replay(_whole(letter, store.dead_letters()), access(officer, "a", case), at)
        index, rulebook = ListShelf(folder.lists).load(at), load_rulebook(store.profile)
        try:
            read = intake.decode(received.body, rulebook=rulebook, now=at)
            screened = [
                Screened(one, tuple(screening.screen(one.travellers, index, at)), index.version) for one in read
            ]
            receipt = store.commit(received, screened, index=index, now=at)
        except PnrFault:
            raise
        except Exception as fault:  # noqa: BLE001 what poison raises cannot be known; it is told by type and place
            raise PnrFault(f"the letter stays as it is: {place_of(fault)}") from None
    for outcome in receipt.messages:
        out.print(f"{outcome.kind}: {outcome.dead_letter or f'{outcome.travellers} travellers, {outcome.hits} hits'}")
    raise typer.Exit(FINDINGS if any(outcome.dead_letter for outcome in receipt.messages) else OK)


def _whole(start: str, letters: "list[DeadLetter]") -> str:
    """The one letter whose id begins like this."""
    found = [letter.dead_id for letter in letters if letter.dead_id.startswith(start)]
    if len(found) != 1:
        raise UsageFault(f"{len(found) or 'no'} dead letters begin like this: see `pnr dead list`")
    return found[0]
