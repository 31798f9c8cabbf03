"""`pnr backup`: sealed backups that nobody can open after 35 days, and a restore that deletes before it serves."""

from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Case, Form, Now, Officer, ProfileName, State, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, err, out
from pnr_pipeline.errors import KeyGone, UsageFault

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

File = Annotated[Path, typer.Argument(metavar="FILE", help="A backup, as `pnr backup list` names it.")]
Folder = Annotated[
    Path | None, typer.Option("--in", metavar="DIR", help="Folder of backups; that of the state folder if not given.")
]


@app.callback()
def backup() -> None:
    """Database, audit log, lists and rules in one sealed file. No key is in it: `pnr keys backup` keeps those.

    Its own key ends with the 35th day; what was deleted meanwhile stays unreadable in it. See docs/backup.md.

    [bold]Example[/bold]: pnr backup make --to /mnt/backup; pnr backup list --in /mnt/backup
    """


@app.command()
def make(
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the file is laid.")] = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Seal the state as it is now, while the pipeline runs, into one file. It stands there whole or not at all.

    To be run daily, onto another machine's disk.
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        if to is not None:
            store.must_export_inside(to)
        path = store.backups.make(to, at)
    out.print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")


@app.command("list")
def list_backups(folder: Folder = None, form: Form = "text", state: State = None, now: Now = None) -> None:
    """Each backup: when it was made, for which profile, until when it opens. Needs no key."""
    import msgspec
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from pnr_pipeline.stores.backups import read_head
    from pnr_pipeline.stores.copies import backups_of

    at = clock(now)
    heads = [(path, read_head(path)) for path in backups_of(folder or folder_of(state).backups)]
    if form == "json":
        for path, head in heads:
            typer.echo(msgspec.json.encode({"file": str(path)} | msgspec.to_builtins(head)).decode())
        return
    table = Table(title=f"Backups: {len(heads)}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in ("file", "MB", "made, UTC", "profile", "opens until, UTC"):
        table.add_column(column, no_wrap=column == "file")
    for path, head in heads:
        until = f"{head.expires_at:%Y-%m-%d %H:%M}" if head.expires_at > at else "over"
        size = f"{path.stat().st_size / 1e6:.1f}"
        table.add_row(path.name, size, f"{head.made_at:%Y-%m-%d %H:%M}", head.profile, until)
    out.print(table)


@app.command()
def check(file: File, state: State = None) -> None:
    """Open a backup from its first chunk to its last, with its key, and leave nothing behind."""
    from pnr_pipeline.stores.backups import check_backup
    from pnr_pipeline.stores.keystores import open_keystore

    try:
        files, size = check_backup(file, open_keystore(folder_of(state)))
    except KeyGone:
        out.print("its key was destroyed: nobody can open it any more (RET-8)")
        raise typer.Exit(FINDINGS) from None
    out.print(f"whole: {files} files, {size / 1e6:.1f} MB")


@app.command()
def restore(
    file: File,
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help="The new state folder: missing or empty.")],
    witness: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The witness's `checkpoints` folder, or a copy of it.")
    ] = None,
    witness_key: Annotated[str, typer.Option(metavar="KEY", help="The witness's public key.")] = "",
    no_witness: Annotated[bool, typer.Option("--no-witness", help="Restore without asking a witness.")] = False,
    administrator: Annotated[
        str, typer.Option("--database", metavar="ADDRESS", help="PostgreSQL: its address for an administrator.")
    ] = "",
    now: Now = None,
) -> None:
    """Put a backup into an empty state folder, delete what is over, and hold its log against what a witness saw.

    The keys must be there first (PNR_KEYS, or DIR-keys; if they are lost: pnr keys restore). Nothing is served before
    the sweep has ended all that is over, and before the data-protection officer has said `pnr backup accept` where
    the log lacks entries that were seen, or no witness was asked. Exit code 1 where one of these is open.

    What was erased, recalled, restricted or suspended since is done again, by the ledger beside the keys. For
    PostgreSQL first `pnr database prepare` an empty one and `pnr database use` it with the new state folder.

    [bold]Example[/bold]: pnr backup restore /mnt/b/2026-02-28T03-00-00.pnr-backup --state /var/lib/pnr-new
    --witness /mnt/dpo/checkpoints --witness-key dpo+1a2b3c4d+BA…
    """
    from pnr_pipeline.audit.note import LOG, NoteFault, Signer, VerifierKey
    from pnr_pipeline.stores.backups import read_head
    from pnr_pipeline.stores.keystores import open_keystore
    from pnr_pipeline.stores.restored import restore_backup
    from pnr_pipeline.stores.state import StateFolder
    from pnr_pipeline.stores.witness import seen_by

    if no_witness == (witness is not None) or (witness is None) != (not witness_key):
        raise UsageFault("--witness and --witness-key, or --no-witness: without it a rollback is not seen")
    at, folder, head = clock(now), StateFolder(state), read_head(file)
    keystore = open_keystore(folder)
    seen = None
    if witness is not None:
        log_key = Signer(f"pnr-pipeline/{head.profile}/{head.domain}", LOG, keystore.unwrap("log/ed25519")).key
        try:
            seen = seen_by(witness, log_key, VerifierKey.parse(witness_key))
        except NoteFault as fault:
            raise UsageFault(str(fault)) from None
    restored, ended = restore_backup(file, keystore, folder, at, seen=seen, administrator=administrator)
    with open_desk(state, head.profile, at, sweeps=False) as store:
        store.backups.note_restored(restored, at)
        swept = store.retention.sweep(at)
    out.print(
        f"restored as of {head.made_at:%Y-%m-%d %H:%M} UTC; {len(swept.ended)} periods ended, {ended} by their keys"
    )
    if swept.held:
        err.print(f"{swept.held} periods that are over wait for the clock: pnr retain clock --confirm (RET-9)")
    if restored.lost is None:
        err.print("no witness was asked: whether entries of the log are missing is not known")
    elif restored.lost:
        err.print(f"the witness saw {restored.lost} entries that the log lacks: acts since the backup, or a rollback")
    if restored.lost != 0:
        err.print("nothing is served before the data-protection officer says: pnr backup accept --as … --case …")
    raise typer.Exit(FINDINGS if swept.held or restored.lost != 0 else OK)


@app.command()
def accept(officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Answer, as data-protection officer, for what a restored log lacks; from then on the state serves again.

    Noted in the log. The witness must be told: it refuses a log that was rolled back (docs/audit-log.md).
    """
    at = clock(now)
    with open_desk(state, profile, at, sweeps=False) as store:
        told = store.backups.accept(officer, case, at)
    lost = "not compared with a witness" if told.lost is None else f"{told.lost} entries lost"
    out.print(f"accepted by {officer}: restored as of {told.made_at:%Y-%m-%d %H:%M} UTC, {lost}")
