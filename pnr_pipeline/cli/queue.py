"""`pnr queue`: a unit reads what was sent to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pnr_pipeline.cli.desk import (
    Case,
    Now,
    Officer,
    ProfileName,
    PurposeOption,
    State,
    access,
    clock,
    folder_of,
    open_desk,
)
from pnr_pipeline.cli.terminal import print_json_lines
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pnr_pipeline.stores.delivered import Delivered

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def queue() -> None:
    """The queues of border-police units: sealed to each unit, opened with its own key alone."""


@app.command()
def read(
    unit: Annotated[str, typer.Option(help="The unit's id, as in rules/routing/units.yaml.")],
    officer: Officer = "",
    case: Case = "",
    purpose: PurposeOption = "",
    source: Annotated[
        Literal["database", "kafka"], typer.Option("--from", help="kafka: the unit's topic, on a machine of the unit.")
    ] = "database",
    follow: Annotated[bool, typer.Option(help="With --from kafka: go on, and print what comes.")] = False,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Print the queue of one unit, opened, one JSON object a line. The log notes who read, and why, first.

    [bold]Example[/bold]: pnr queue read --unit mk-skp --as officer-21 --purpose a --case 2026-114

    With [bold]--from kafka[/bold] a unit reads its topic with its own key (keys/units/UNIT.key) and user, without the
    database: nobody is asked for and nothing is noted here, as the delivery was noted when it was sent.

    [bold]Example[/bold]: pnr queue read --unit mk-skp --from kafka --follow --state /var/lib/pnr-unit
    """

    at = clock(now)
    if source == "kafka":
        print_json_lines(_on_topic(unit, state, profile, at, follow))
        return
    if not (officer and case and purpose):
        raise UsageFault("--as, --case and --purpose are asked of who reads from the database (SCR-1)")
    with open_desk(state, profile, at) as store:
        delivered = store.queue(unit, access(officer, purpose, case), at)
    print_json_lines(delivered)


def _on_topic(
    unit: str, state: Path | None, profile: str | None, now: "datetime", follow: bool
) -> "Iterator[Delivered]":
    from pnr_pipeline.stores.kafka.deployment import declared_topics, open_kafka
    from pnr_pipeline.stores.kafka.unit_topic import read_events
    from pnr_pipeline.stores.sealed_box import UnitKeys

    folder = folder_of(state)
    try:
        topic = declared_topics(folder, profile, None, now).named("hits", unit)
    except KeyError:
        raise UsageFault(f"no unit {unit} in rules/routing/units.yaml") from None
    private = UnitKeys(folder.keys / "units").private(unit)
    return read_events(open_kafka(folder), topic, private, follow=follow)


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
