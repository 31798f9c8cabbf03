"""`pnr daily`: what is to be done each day, in one command for a timer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Now, ProfileName, State, clock, folder_of, open_desk
from pnr_pipeline.cli.outside_acts import note
from pnr_pipeline.cli.terminal import OK, USAGE, err, out
from pnr_pipeline.errors import PnrFault

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.duties import Duty
    from pnr_pipeline.stores.sql.store import Store
    from pnr_pipeline.stores.state import StateFolder

app = typer.Typer(rich_markup_mode="rich")

_SERVICE = "pnr-pipeline"


@app.command()
def daily(
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the backup is laid.")] = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Sweep, prune the log, close the lake's days, write both copies of the keys anew, make a backup.

    Run it by a timer, while `pnr run` works: each part is done once a day (UTC) by one process, noted in the log, and a
    day that was missed is made good by the next. One part that fails does not keep the others back. `pnr doctor` says
    which is late. The places of the keys' copies are those of the last `pnr keys backup`; the passphrase comes as
    there, from a systemd credential, say. What it cannot do is the witness: `pnr audit witness` runs elsewhere.

    [bold]Example[/bold]: pnr daily --to /mnt/backup --state /var/lib/pnr

    Exit codes: 0 all done, or done before on this day; 2 something failed: run it again once that is mended.
    """
    at, folder, failed = clock(now), folder_of(state), 0
    with open_desk(state, profile, at) as store:
        for name, work in _works(store, folder, to, at).items():
            try:
                done = store.duties.do(name, work, at)
            except PnrFault as fault:
                failed += 1
                err.print(f"{name}: {type(fault).__name__}: {fault}", markup=False)
            else:
                out.print(f"{name}: {'done' if done else 'done before, or another process is at it'}")
        store.log.publish(at)
    raise typer.Exit(USAGE if failed else OK)


def _works(
    store: "Store", folder: "StateFolder", to: Path | None, at: datetime
) -> "dict[Duty, Callable[[], Mapping[str, int]]]":
    def lake() -> Mapping[str, int]:
        return {"lake.days": len(store.lake.close(at))}

    def backup() -> Mapping[str, int]:
        store.backups.make(to, at)
        return {"backup.files": 1}

    return {
        "sweep": lambda: {"periods": len(store.retention.sweep(at).ended)},
        "log": lambda: {"pruned": store.log.prune(at)},
        "lake": lake,
        "keys": lambda: _copy_keys(folder, at),
        "backup": backup,
    }


def _copy_keys(folder: "StateFolder", at: datetime) -> Mapping[str, int]:
    """UsageFault where no places are known yet."""
    from pnr_pipeline.errors import UsageFault
    from pnr_pipeline.stores.given_secrets import given_secret
    from pnr_pipeline.stores.key_copies import copy_keys, places_of
    from pnr_pipeline.stores.keystores import open_keystore

    keystore = open_keystore(folder)
    if not places_of(keystore.folder):
        raise UsageFault("no places of copies are known: pnr keys backup --to DIR --to DIR, once")
    note(folder, "keys.backup", "", _SERVICE, at)
    return {"keys": copy_keys(keystore, [], given_secret("passphrase"), at).keys}
