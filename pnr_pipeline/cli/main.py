"""`pnr`: one binary, nouns then verbs.

Commands are imported when they are called: `pnr decode` must not wait for Beam, nor `pnr hits` for the name tables.
"""

import sys
from importlib import import_module
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from pnr_pipeline import __version__
from pnr_pipeline.cli.terminal import USAGE, err
from pnr_pipeline.errors import PnrFault, place_of

COMMANDS = (
    "demo",
    "decode",
    "check",
    "screen",
    "fairness",
    "lists",
    "criteria",
    "run",
    "receive",
    "hits",
    "queue",
    "dead",
    "retain",
    "feeds",
    "audit",
    "keys",
    "backup",
    "lake",
    "daily",
    "law",
    "orders",
    "archive",
    "approver",
    "exchange",
    "rights",
    "dpo",
    "staff",
    "simulate",
    "database",
    "topics",
    "doctor",
)
"""In the order a newcomer meets them; each is `app` in the module of its name."""


class _LazyGroup(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"pnr_pipeline.cli.{cmd_name}").app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_LazyGroup, no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"pnr {__version__}")
        raise typer.Exit


@app.callback()
def pnr(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version."),
) -> None:
    """Passenger data for border police: carriers' messages in, reviewed hits out.

    Start with [bold]pnr demo[/bold]: invented flights through the whole pipeline, in about a minute.
    Exit codes: 0 all well, 1 findings, 2 wrong usage or a store in trouble.
    """


def main() -> None:
    """Run the command line; a fault ends with one line and exit code 2, and never with the values that were in hand."""
    try:
        app()
    except PnrFault as fault:
        err.print(f"[red]{type(fault).__name__}[/red]: {escape(str(fault))}")
        sys.exit(USAGE)
    except Exception as fault:  # noqa: BLE001 its text, and a traceback's lines, may quote a traveller: type and place are told
        err.print(f"[red]Fault of the program[/red]: {place_of(fault)}")
        sys.exit(USAGE)
