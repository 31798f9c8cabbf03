"""`pnr staff`: who may act here, in which role, until when."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, access, clock, folder_of, open_desk
from pnr_pipeline.cli.outside_acts import admit, log_now, note, suspended_in
from pnr_pipeline.cli.terminal import FINDINGS, OK, out
from pnr_pipeline.errors import RuleFault, UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.law.staff import Member
    from pnr_pipeline.stores.sql.staff_desk import Change
    from pnr_pipeline.stores.state import StateFolder

Person = Annotated[str, typer.Argument(metavar="ID", help="The id by which the log names the person.")]

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
    stopped = suspended_in(folder)
    if form == "json":
        out.print_json(data=[one.model_dump(mode="json") | {"suspended": one.id in stopped} for one in members])
    else:
        table = Table("person", "organisation", "roles", "trained", "until", "signs")
        for one in members:
            until = (
                f"{one.valid_until}{' past' if one.valid_until < today else ' suspended' if one.id in stopped else ''}"
            )
            table.add_row(one.id, one.organisation, ", ".join(one.roles), str(one.trained_on), until,
                          "yes" if one.key else "no")  # fmt: skip
        out.print(table)
    raise typer.Exit(FINDINGS if any(one.valid_until < today for one in members) else OK)


@app.command()
def add(
    person: Person,
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
    officer: Annotated[str, typer.Option("--as", metavar="ADMIN", help="Who adds: needed once somebody on the file may "
                                                                       "add people.")] = "",
    state: State = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Add a person and sign the file anew. People who decide get a signing key here; an approver brings his card.

    [bold]Example[/bold]: pnr staff add court-1 --name "B. Judge" --role approver --organisation "District court"
    --trained 2026-09-01 --until 2027-09-01 --card court-1.json --as admin-1
    """
    from pnr_pipeline.law.staff import Member
    from pnr_pipeline.stores.approver_half import read_card
    from pnr_pipeline.stores.durable_file import publish
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.staff_file import make_key, text_of, write_staff

    folder, at = folder_of(state), clock(now)
    folder.prepare()
    keystore = open_keystore(folder)
    admit(folder, officer or person, "staff", at)
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
            "trained_on": trained.date(), "valid_until": until.date(), "key": key}  # fmt: skip
    kept = [one for one in _on_file(folder) if (one.id, one.valid_until < at.date()) != (person, True)]
    note(folder, "staff.add", f"staff:{person}", officer or person, at)
    staff = write_staff(folder, keystore, text_of([*kept, Member.model_validate(told)]))
    if card is not None:
        folder.approver_card.unlink(missing_ok=True)
        publish(folder.approver_card, card.read_bytes())
    log_now(state, folder, at)
    out.print(f"{person} is {' and '.join(role)} until {until:%Y-%m-%d}; {len(staff.members)} people, file signed")


@app.command()
def suspend(
    person: Person, officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """Suspend a person pending a decision: their next act, also a read in an open session, is refused.

    For the data-protection officer and administrators; noted in the log and in the officer's inbox, and kept in the
    ledger beside the keys, so that no older backup undoes it. [bold]Example[/bold]: pnr staff suspend officer-7
    --as dpo-1 --case inquiry-3
    """
    _change("suspend", person, officer, case, state, profile, now)
    out.print(f"{person} is suspended: pnr staff reinstate ends it")


@app.command()
def reinstate(
    person: Person, officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """End a suspension. [bold]Example[/bold]: pnr staff reinstate officer-7 --as dpo-1 --case inquiry-3"""
    _change("reinstate", person, officer, case, state, profile, now)
    out.print(f"{person} may act again")


@app.command()
def remove(
    person: Person, officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """End a person's time here at once. Their line stays, with its last day, for what they signed (LOG-1).

    [bold]Example[/bold]: pnr staff remove officer-7 --as admin-1 --case leaving-7
    """
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.staff_file import text_of, write_staff

    _change("staff.remove", person, officer, case, state, profile, now)
    folder, today = folder_of(state), clock(now).date()
    if folder.staff.is_file():
        yesterday = today - timedelta(days=1)
        ended = [
            one.model_copy(update={"valid_until": min(one.valid_until, yesterday)}) if one.id == person else one
            for one in _on_file(folder)
        ]
        write_staff(folder, open_keystore(folder), text_of(ended))
    out.print(f"{person} was removed")


def _change(
    what: "Change", person: str, officer: str, case: str, state: Path | None, profile: str | None, now: datetime | None
) -> None:
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.staff.change(what, person, access(officer, "a", case), at)


def _on_file(folder: "StateFolder") -> "list[Member]":
    from pnr_pipeline.law.staff import Staff
    from pnr_pipeline.stores.staff_file import load_roles

    if not folder.staff.is_file():
        return []
    return list(Staff.from_text(folder.staff.read_text("utf-8"), str(folder.staff), load_roles()).members.values())
