"""`pnr database`: a PostgreSQL database made ready for one domain, and chosen for a state folder."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pnr_pipeline.cli.desk import State, folder_of
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.errors import UsageFault

app = typer.Typer(
    rich_markup_mode="rich", no_args_is_help=True, help="PostgreSQL in place of the file: made ready, chosen."
)

Address = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="postgresql://host/database?user=… or service=…; never a password.")
]


@app.command()
def prepare(
    address: Address,
    state: State = None,
    domain: Annotated[
        Literal["law_enforcement", "border"], typer.Option(help="Each domain has a database of its own (SCR-12).")
    ] = "law_enforcement",
) -> None:
    """Make or update tables, roles and policies; an administrator does so once, and after each update.

    Needs a superuser, or the owner of the database who may make roles. The key by which tokens of purpose are signed
    is taken from the keystore of the state folder. Logins are then given the roles that the last lines name.

    Example: [bold]pnr database prepare "postgresql://db1/pnr_le?user=postgres" --state /var/lib/pnr[/bold]
    """
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.sql.postgres_setup import ROLES, prepare_database, role_of
    from pnr_pipeline.stores.sql.purpose_token import GATE_KEY, Gate

    folder = folder_of(state)
    folder.prepare()
    number = prepare_database(address, domain, Gate(open_keystore(folder).create(GATE_KEY)))
    out.print(f"Ready, schema {number}. Give logins what they need, no more (SEC-4):")
    for role in ROLES:
        out.print(f"  GRANT {role_of(domain, role)} TO …")
    out.print("pnr run works as writer, publisher and retention.")


@app.command()
def use(address: Address, state: State = None) -> None:
    """Let every command of this state folder work in this database.

    Example: [bold]pnr database use "postgresql://db1/pnr_le?user=pnr_run" --state /var/lib/pnr[/bold]
    """
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.sql.place import open_postgres

    folder = folder_of(state)
    folder.prepare()
    if folder.database.is_file():
        raise UsageFault(f"{folder.root} has a store in a file already: take another state folder")
    open_postgres(address, open_keystore(folder)).close()
    _write_setting(folder.settings, address)
    out.print(f"Written into {folder.settings}.")


def _write_setting(settings: Path, address: str) -> None:
    before = settings.read_text("utf-8") if settings.exists() else ""
    if "[database]" in before:
        raise UsageFault(f"{settings} has a [database] already: change it there")
    quoted = address.replace("\\", "\\\\").replace('"', '\\"')
    settings.write_text(f'{before}{chr(10) if before else ""}[database]\naddress = "{quoted}"\n', "utf-8")
    settings.chmod(0o600)
