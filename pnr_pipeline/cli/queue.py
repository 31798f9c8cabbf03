"""`pnr queue`: a unit reads what was sent to it."""

from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, PurposeOption, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import print_json_lines

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def queue() -> None:
    """The queues of border-police units: sealed to each unit, opened with its own key alone."""


@app.command()
def read(
    unit: Annotated[str, typer.Option(help="The unit's id, as in rules/routing/units.yaml.")],
    officer: Officer,
    case: Case,
    purpose: PurposeOption,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Print the queue of one unit, opened, one JSON object a line. The log notes who read, and why, first.

    [bold]Example[/bold]: pnr queue read --unit mk-skp --as officer-21 --purpose a --case 2026-114
    """

    at = clock(now)
    with open_desk(state, profile, at) as store:
        delivered = store.queue(unit, access(officer, purpose, case), at)
    print_json_lines(delivered)


@app.command("open")
def open_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A letter that `pnr retain disclose` wrote.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Open a letter of a case with the authority's own key, one record a line. The log notes who read it, first.

    [bold]Example[/bold]: pnr queue open case-114.letter --as officer-21 --case 2026-114
    """
    import msgspec

    from pnr_pipeline.errors import UsageFault
    from pnr_pipeline.stores.sql.case_disclosure import CaseLetter

    try:
        letter = msgspec.json.decode(file.read_bytes(), type=CaseLetter)
    except (OSError, msgspec.MsgspecError):
        raise UsageFault(f"{file} is no letter: `pnr retain disclose` writes one") from None
    at = clock(now)
    with open_desk(state, profile, at) as store:
        records = store.open_letter(letter, access(officer, "b", case), at)
        store.log.publish(at)
    print_json_lines(records)


@app.command()
def relay(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Publish what was decided and not yet sent, and bring the units' JSON Lines files up to date."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        typer.echo(f"{store.relay(at)} sent")
        store.log.publish(at)
