"""`pnr staff`: who may act here, in which role, until when."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Form, Now, ProfileName, State, clock, folder_of
from pnr_pipeline.cli.terminal import FINDINGS, OK, out
from pnr_pipeline.errors import RuleFault, UsageFault

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def staff() -> None:
    """The staff file: every act names a person of it, and roles that must not meet do not (SEC-4).

    [bold]Example[/bold]: pnr staff add officer-7 --name "A. Person" --role officer --role reviewer --organisation PIU
    --trained 2026-09-01 --until 2027-09-01; pnr staff show
    """


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A staff file, also one that is not in force.")],
) -> None:
    """Check a staff file: roles in conflict, ids and keys used twice, an approver of the unit's own house.

    Faults are told as file:line:column; exit code 1. [bold]Example[/bold]: pnr staff check staff.yaml
    """
    from pnr_pipeline.law.staff import Staff
    from pnr_pipeline.stores.staff_file import load_roles

    if not file.is_file():
        raise UsageFault(f"no file {file}")
    try:
        staff = Staff.from_text(file.read_text("utf-8"), str(file), load_roles())
    except RuleFault as fault:
        typer.echo(str(fault))
        raise typer.Exit(FINDINGS) from None
    out.print(f"{len(staff.members)} people, no role in conflict")


@app.command()
def show(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """The people of this deployment with roles, training and last day; exit code 1 where somebody's day is past.

    [bold]Example[/bold]: pnr staff show --format json
    """
    from rich.table import Table

    from pnr_pipeline.stores.rulebooks import load_profile
    from pnr_pipeline.stores.sql.opening import profile_of
    from pnr_pipeline.stores.sql.place import has_store
    from pnr_pipeline.stores.staff_file import load_staff

    today = clock(now).date()
    folder = folder_of(state)
    chosen = profile or (profile_of(folder) if has_store(folder) else None)
    members = load_staff(folder, load_profile(chosen)).members.values()
    if form == "json":
        out.print_json(data=[one.model_dump(mode="json") for one in members])
    else:
        table = Table("person", "organisation", "roles", "trained", "until", "signs")
        for one in members:
            until = f"{one.valid_until}{' past' if one.valid_until < today else ''}"
            table.add_row(one.id, one.organisation, ", ".join(one.roles), str(one.trained_on), until,
                          "yes" if one.key else "no")  # fmt: skip
        out.print(table)
    raise typer.Exit(FINDINGS if any(one.valid_until < today for one in members) else OK)


@app.command()
def add(
    person: Annotated[str, typer.Argument(metavar="ID", help="The id by which the log names the person.")],
    name: Annotated[str, typer.Option(help="Name and surname; stands in the staff file alone.")],
    role: Annotated[list[str], typer.Option(help="officer, reviewer, supervisor, approver, dpo, retention, custodian, "
                                                 "carrier or admin; more than one where they agree.")],
    organisation: Annotated[str, typer.Option(help="Whose staff: the unit, a court, a carrier.")],
    trained: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the last training.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    card: Annotated[Path | None, typer.Option(metavar="FILE", help="For an approver: the card that `pnr approver init` "
                                                                    "wrote on his machine.")] = None,
    states: Annotated[list[str] | None, typer.Option("--for", metavar="STATE", help="In a unit of several States (PNR "
                      "4(4)): a State they act for, alpha-2; more than one where they do.")] = None,
    state: State = None,
) -> None:  # fmt: skip
    """Add a person and sign the file anew. People who decide get a signing key here; an approver brings his card.

    [bold]Example[/bold]: pnr staff add court-1 --name "B. Judge" --role approver --organisation "District court"
    --trained 2026-09-01 --until 2027-09-01 --card court-1.json
    """
    import json

    from pnr_pipeline.stores.approver_half import read_card
    from pnr_pipeline.stores.durable_file import publish
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.staff_file import make_key, write_staff

    folder = folder_of(state)
    folder.prepare()
    keystore = open_keystore(folder)
    text = folder.staff.read_text("utf-8") if folder.staff.is_file() else 'version: "1"\nstaff:\n'
    if ("approver" in role) != (card is not None):
        raise UsageFault(
            "an approver, and nobody else, comes with a card: pnr approver init on his own machine (DIS-4)"
        )
    if card is not None:
        published = read_card(card.read_bytes())
        if published.approver != person:
            raise UsageFault("this card is of another approver")
        key = published.signing
    else:
        key = make_key(keystore, person)
    told = {"id": person, "name": name, "organisation": organisation, "roles": role, "states": states or [],
            "trained_on": f"{trained:%Y-%m-%d}", "valid_until": f"{until:%Y-%m-%d}", "key": key}  # fmt: skip
    staff = write_staff(folder, keystore, f"{text}  - {json.dumps(told, ensure_ascii=False)}\n")
    if card is not None:
        folder.approver_card.unlink(missing_ok=True)
        publish(folder.approver_card, card.read_bytes())
    out.print(f"{person} is {' and '.join(role)} until {until:%Y-%m-%d}; {len(staff.members)} people, file signed")
