"""`pnr audit`: the log for the DPO, the supervisor and a court: verified, proved, exported, watched from elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, err, out
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.audit.note import VerifierKey
    from pnr_pipeline.audit.verifying import Verdict

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

LogFolder = Annotated[
    Path | None, typer.Option("--log", metavar="DIR", help="The log's folder or a copy; no database is asked then.")
]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="The log's public key, as `pnr audit key` prints it.")]


@app.callback()
def audit() -> None:
    """The signed log of every act: who did what, when, why, on which records; never a name.

    [bold]Example[/bold]: pnr audit key; pnr audit verify; pnr audit prove 17 --as dpo-1 --case audit-2026
    """


@app.command()
def key(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Print the log's public key: what the DPO, a supervisor or a court needs to check it with any tool."""
    with open_desk(state, profile, clock(now)) as store:
        typer.echo(str(store.log.tiles.key))


@app.command()
def verify(
    log: LogFolder = None,
    key: Key = "",
    witness: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The witness's `checkpoints` folder, or a copy of it.")
    ] = None,
    witness_key: Annotated[str, typer.Option(metavar="KEY", help="The witness's public key.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Compute the whole log anew and hold it against tiles, checkpoint, database and what a witness saw.

    Says where it breaks; exit code 1 then. Without a witness a log that was rolled back, or written anew with its own
    key, looks whole: give --witness and --witness-key.

    [bold]Example[/bold]: pnr audit verify --witness /mnt/dpo/checkpoints --witness-key dpo+1a2b3c4d+BA…
    """
    from pnr_pipeline.audit.verifying import verify as verify_log
    from pnr_pipeline.stores.tile_log import LogFiles
    from pnr_pipeline.stores.witness import seen_by

    if (witness is None) != (not witness_key):
        raise UsageFault("--witness and --witness-key go together")
    if log is not None:
        if not key:
            raise UsageFault("--log needs --key: the public key, from where you trust it and not from the log's folder")
        files, known = LogFiles(log), _key(key)
        seen = seen_by(witness, known, _key(witness_key)) if witness else []
        _tell(verify_log(files.read, files.files(), known, seen=seen), database=False, witness=witness)
        return
    with open_desk(state, profile, clock(now)) as store:
        ours = store.log.tiles
        known = _key(key) if key else ours.key
        seen = seen_by(witness, known, _key(witness_key)) if witness else []
        verdict = verify_log(
            ours.read, ours.files(), known, rows=store.log.rows(), seen=seen, kept_until=store.log.kept_until
        )
    _tell(verdict, database=True, witness=witness)


@app.command()
def prove(
    officer: Officer,
    case: Case,
    entry: Annotated[int | None, typer.Argument(metavar="ENTRY", help="Number of an entry, from 0.")] = None,
    since: Annotated[int | None, typer.Option(metavar="SIZE", help="Prove that the log continues this size.")] = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Print a proof that stands by itself: that an entry is in the log, or that the log continues an earlier size.

    The forms are those of c2sp.org/tlog-proof and c2sp.org/tlog-witness; docs/audit-log.md says how to check them by
    hand. Who asked is noted in the log (LOG-4).
    """
    from pnr_pipeline.stores.log_proofs import LogProofs

    if (entry is None) == (since is None):
        raise UsageFault("name an entry, or --since an earlier size")
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.log.note_reading(access(officer, "a", case), at)
        store.log.publish(at)
        ours = store.log.tiles
        proofs = LogProofs(ours, ours.key)
        typer.echo(proofs.inclusion(entry) if entry is not None else proofs.consistency(since or 0), nl=False)


@app.command()
def check(
    proof: Annotated[
        list[Path], typer.Argument(metavar="PROOF…", help="Files as `pnr audit prove` prints and a referral holds.")
    ],
    key: Key,
    old: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="For a proof --since: the signed checkpoint of then.")
    ] = None,
) -> None:
    """Check proofs from their text alone, anywhere: no database, no state. Exit code 2 where one does not hold."""
    from pnr_pipeline.stores.log_proofs import checked_consistency, checked_inclusion

    if old is not None:
        if len(proof) != 1:
            raise UsageFault("--old goes with one proof")
        text = proof[0].read_text("utf-8")
        before, after = checked_consistency(text, old.read_bytes(), _key(key))
        out.print(f"holds: the log of {after.size} entries begins with the {before.size} of then")
        return
    known = _key(key)
    for file in proof:
        index, entry, checkpoint = checked_inclusion(file.read_text("utf-8"), known)
        err.print(f"holds: entry {index} of the {checkpoint.size} under the checkpoint of {checkpoint.origin}")
        typer.echo(entry.decode())


@app.command()
def export(
    officer: Officer,
    case: Case,
    first: Annotated[datetime, typer.Option("--from", help="From this moment on, UTC.")],
    end: Annotated[datetime, typer.Option("--to", help="To before this moment, UTC.")],
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Print the entries of a period as JSON Lines, each with its proof; the last line is the signed checkpoint.

    Who exported is noted in the log first (LOG-4).
    """
    from pnr_pipeline.stores.log_proofs import LogProofs

    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.log.note_reading(access(officer, "a", case), at)
        store.log.publish(at)
        ours = store.log.tiles
        for line in LogProofs(ours, ours.key).period(clock(first), clock(end)):
            typer.echo(line.decode())


@app.command()
def prune(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Remove entries past the time for which the law keeps them; their hashes stay (LOG-3)."""
    at = clock(now)
    with open_desk(state, profile, at) as store:
        typer.echo(f"{store.log.prune(at)} entries pruned")


@app.command()
def witness(
    log: Annotated[Path, typer.Option(metavar="DIR", help="The log's folder, as it is reached from here.")],
    key: Key,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="The witness's own folder, out of reach of the unit.")],
    name: Annotated[str, typer.Option(help="The witness's name in its signatures, as dpo.example.org.")],
    now: Now = None,
) -> None:
    """Look at the log once, from elsewhere: check that it continues what was seen, keep its checkpoint, cosign it.

    To be run by the DPO or the supervisor, every few minutes, on a machine of their own. Refuses, with exit code 2, a
    log that was rolled back or written anew. Prints the cosigned checkpoint; the witness's public key goes to stderr.
    """
    from pnr_pipeline.stores.tile_log import LogFiles
    from pnr_pipeline.stores.witness import Witness

    watcher = Witness(folder, name)
    checkpoint, line = watcher.see(LogFiles(log), _key(key), clock(now))
    err.print(f"seen: {checkpoint.size} entries of {checkpoint.origin}; witness's key {watcher.key}")
    typer.echo(line, nl=False)


def _key(text: str) -> "VerifierKey":
    from pnr_pipeline.audit.note import NoteFault, VerifierKey

    try:
        return VerifierKey.parse(text)
    except NoteFault as fault:
        raise UsageFault(str(fault)) from None


def _tell(verdict: "Verdict", *, database: bool, witness: Path | None) -> None:
    """The verdict in words; ends with exit code 1 where anything is broken."""
    out.print(f"{verdict.size} entries under the checkpoint")
    if verdict.pruned_to:
        out.print(f"entries 0 to {verdict.pruned_to - 1} are pruned: their hashes were checked, not what they said")
    if verdict.unpublished:
        out.print(f"{verdict.unpublished} numbered rows are not under the checkpoint yet")
    for one in verdict.breaks:
        out.print(f"[red]broken[/red] {one.place}: {one.what}")
    if verdict.untold:
        out.print(f"and {verdict.untold} more breaks")
    if not database:
        err.print("the database was not at hand: log, tiles and checkpoint alone were checked")
    if witness is None:
        err.print("no witness was asked: a log rolled back, or written anew with its own key, would look whole")
    else:
        out.print(f"{verdict.seen} checkpoints of the witness compared")
    if verdict.breaks:
        raise typer.Exit(FINDINGS)
    out.print("whole")
