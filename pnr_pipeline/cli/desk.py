"""What the commands of the review desk share: their options, and the store opened for them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.audit import Access
    from pnr_pipeline.stores.sql.store import Store
    from pnr_pipeline.stores.state import StateFolder

State = Annotated[
    Path | None, typer.Option("--state", metavar="DIR", help="State folder [PNR_STATE, else ./pnr-state].")
]
ProfileName = Annotated[
    str | None, typer.Option("--profile", metavar="NAME|FILE", help="Profile; that of the state folder if not given.")
]
Now = Annotated[
    datetime | None,
    typer.Option("--now", envvar="PNR_NOW", help="Stop the clock here (UTC), for exercises with old messages."),
]
Officer = Annotated[str, typer.Option("--as", metavar="OFFICER", help="Who does it: the id, not the name.")]
PurposeOption = Annotated[
    str,
    typer.Option(
        "--purpose",
        help="a assessment before arrival or departure, b request in a case, c criteria; border in the border domain.",
    ),
]
Case = Annotated[str, typer.Option("--case", metavar="REF", help="Reference of the case; it holds a digit, no blank.")]
OrderOption = Annotated[
    str, typer.Option("--order", metavar="ORDER", help="With purpose b: the order of the approver (DIS-3).")
]
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="text for reading, json for programs.")]


def clock(now: datetime | None) -> datetime:
    """The moment given (UTC where it has no zone), else the time now."""
    if now is None:
        return datetime.now(UTC)
    return now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)


def folder_of(state: Path | None) -> "StateFolder":
    """The state folder named, else `PNR_STATE`, else `pnr-state` here."""
    from pnr_pipeline.stores.state import StateFolder

    return StateFolder(state) if state else StateFolder.default()


def open_desk(state: Path | None, profile: str | None, now: datetime, *, sweeps: bool = True) -> "Store":
    """The store of the state folder under the profile it was made for; UsageFault where there is none."""
    from pnr_pipeline.stores.profile_seal import usable_profile
    from pnr_pipeline.stores.rulebooks import load_law, load_routing
    from pnr_pipeline.stores.sql.opening import made_for, open_store

    folder = folder_of(state)
    made_under, domain = made_for(folder)
    chosen = usable_profile(profile or made_under, folder, now.date())
    # opening sweeps what is past its time: an exercise's clock that is ahead must not delete early (RET-9)
    swept_at = min(now, datetime.now(UTC))
    return open_store(
        folder, profile=chosen, law=load_law(), routing=load_routing(chosen), now=swept_at, domain=domain, sweeps=sweeps
    )


def access(officer: str, purpose: str, case: str, order: str = "") -> "Access":
    """Who reads and why (SCR-1); UsageFault for what the log would not take."""
    from pnr_pipeline.audit import Access

    if purpose not in ("a", "b", "c", "dpo", "border"):
        raise UsageFault("--purpose is a, b or c of art. 6(2) of the PNR Directive; border in that domain (SCR-1)")
    return Access(officer, cast(Any, purpose), case, order)
