"""`pnr queue`: a unit reads what was sent to it."""

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


@app.command()
def relay(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Publish what was decided and not yet sent, and bring the units' JSON Lines files up to date."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        typer.echo(f"{store.relay(at)} sent")
        store.log.publish(at)
