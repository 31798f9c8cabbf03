"""`pnr lists`: the register of watchlists and their snapshots."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pnr_pipeline.cli.desk import Now, ProfileName, State, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, bytes_progress, err, out
from pnr_pipeline.errors import RuleFault, UsageFault, WireFault

if TYPE_CHECKING:
    from pnr_pipeline.screening import Index
    from pnr_pipeline.screening.list_formats.gathering import Imported
    from pnr_pipeline.screening.list_register import ListRegister
    from pnr_pipeline.stores.list_snapshots import ListShelf

app = typer.Typer(
    no_args_is_help=True,
    help="The register of watchlists and their snapshots. No list is compared with travellers without its register "
    "entry: owner, legal basis, offences, quality, duty to update, review (SCR-3).\n\n"
    "[bold]pnr lists build --register rules/lists/example-persons.yaml --from wanted.csv[/bold]",
)

_FINDINGS_SHOWN = 20
_COMPILED_SECONDS = 8.0
"""To read the compiled engine from disk takes less."""

Shelf = Annotated[
    Path | None, typer.Option("--lists", help="Folder of the snapshots; else `lists` of PNR_STATE or pnr-state.")
]


@app.command()
def register(file: Annotated[Path, typer.Argument(help="The register file, YAML.", exists=True)]) -> None:
    """Check a register file and show what it says."""
    entry = _register(file)
    table = Table("what", "entry", title=f"Register entry of {entry.id}", title_justify="left")
    for field, value in entry.model_dump().items():
        shown = ", ".join(f"{ours} = {theirs}" for ours, theirs in value.items()) if isinstance(value, dict) else value
        table.add_row(field.replace("_", " "), ", ".join(shown) if isinstance(shown, tuple) else str(shown))
    out.print(table)
    _warn(entry)


@app.command()
def build(
    register: Annotated[Path, typer.Option(help="The register file, YAML.", exists=True)],
    source: Annotated[
        list[Path],
        typer.Option("--from", help="A file of the list in the register's `format`; repeatable.", exists=True),
    ],
    lists: Shelf = None,
    accept_drop: Annotated[
        bool, typer.Option("--accept-drop", help="Many entries are gone, and that is right.")
    ] = False,
) -> None:
    """Build a snapshot of a list from its files and put it in force.

    [bold]pnr lists build --register rules/lists/example-persons.yaml --from wanted.csv --lists pnr-state/lists[/bold]
    [bold]pnr lists build --register ofac.yaml --from sdn.csv --from alt.csv[/bold]

    Lines that cannot be read are told by number and reason and left out; then the exit code is 1. A file that breaks
    off, or lacks more entries than the register's `drop_share` allows, changes nothing: the list in force stays.
    """
    entry, shelf = _register(register), _shelf(lists)
    imported = _imported(entry, source)
    for finding in imported.findings[:_FINDINGS_SHOWN]:
        err.print(f"{finding.file}:{finding.line} {'left out' if finding.lost else 'kept'}: {finding.reason}")
    if len(imported.findings) > _FINDINGS_SHOWN:
        err.print(f"… and {len(imported.findings) - _FINDINGS_SHOWN} more")
    before = shelf.versions().get(entry.id)
    if before and not accept_drop:
        _refuse_drop(entry, len(shelf.read(entry.id, before)[1]), len(imported.entries))
    version = shelf.publish(entry.registration(), imported.entries, datetime.now(UTC))
    lost = sum(finding.lost for finding in imported.findings)
    passed = f", {imported.passed_over} neither person nor document" if imported.passed_over else ""
    out.print(
        f"list {entry.id} version {version} in force: {len(imported.entries)} entries, {lost} lines left out{passed}"
    )
    if before and before != version:
        _tell_difference(shelf, entry.id, before, version)
        err.print("Live travellers are screened with the change by the next pnr run, a following one at once;")
        err.print("or now: pnr lists rescreen")
    _warn(entry)
    with (
        suppress(RuleFault),
        err.status("building the index; the first time the engine is compiled too, which takes about 20 s"),
    ):
        _make_engine_ready(shelf.load())
    if imported.findings:
        raise typer.Exit(FINDINGS)


@app.command()
def status(lists: Shelf = None) -> None:
    """Show how fresh each list in force is; exit code 1 if one is late.

    A stale list missed its owner's duty to update and still screens, for an old warrant is better than none; a list
    whose review is overdue is refused (SCR-3).
    """
    from pnr_pipeline.screening.list_register import freshness

    shelf, now, late = _shelf(lists), datetime.now(UTC), False
    table = Table(title="How fresh the lists are", title_justify="left")
    for head in ("list", "entries", "built (UTC)", "age", "duty to update", "review by", "state"):
        table.add_column(head, overflow="fold")
    for name, version in shelf.versions().items():
        one, entries = shelf.read(name, version)
        built = shelf.published_at(name)
        age, state = now - built, freshness(one, built, now)
        late = late or state != "fresh"
        colour = {"fresh": "green", "stale": "yellow", "refused": "red"}[state]
        table.add_row(
            name, str(len(entries)), f"{built:%Y-%m-%d %H:%M}", f"{age.days} d {age.seconds // 3600} h",
            f"{one.stale_after or 'no period'}: {one.update_duty}", one.review_by, f"[{colour}]{state}[/{colour}]",
        )  # fmt: skip
    out.print(table)
    if late:
        err.print("build a late list from its owner's newest file: pnr lists build --help")
        raise typer.Exit(FINDINGS)


@app.command()
def show(
    list_id: Annotated[str | None, typer.Argument(help="One list; without it, all that are in force.")] = None,
    lists: Shelf = None,
) -> None:
    """Show the lists in force, or one list with its register entry and history. Entries are counted, never printed."""
    shelf = _shelf(lists)
    if list_id is None:
        table = Table(title="Lists in force", title_justify="left")
        for head in ("list", "kind", "entries", "version", "review by"):
            table.add_column(head, overflow="fold")
        for name, version in shelf.versions().items():
            one, entries = shelf.read(name, version)
            table.add_row(name, one.kind, str(len(entries)), version, one.review_by)
        out.print(table)
        return
    table = Table("moment (UTC)", "version", title=f"History of {list_id}", title_justify="left")
    for moment, what in shelf.journal(list_id):
        table.add_row(moment, what)
    active = shelf.versions().get(list_id)
    if active:
        one, entries = shelf.read(list_id, active)
        about = Table("what", "entry", title=f"{list_id}: {one.title}", title_justify="left")
        for field in one.__struct_fields__[2:]:
            value = getattr(one, field)
            about.add_row(field.replace("_", " "), ", ".join(value) if isinstance(value, tuple) else str(value))
        about.add_row("entries", str(len(entries)))
        about.add_row("with birth date", str(sum(bool(entry.dob) for entry in entries)))
        about.add_row("with document", str(sum(bool(entry.documents) for entry in entries)))
        out.print(about)
    out.print(table)


@app.command()
def diff(
    list_id: Annotated[str, typer.Argument(help="The list.")],
    old: Annotated[str | None, typer.Argument(help="A version; else the one before the last.")] = None,
    new: Annotated[str | None, typer.Argument(help="A version; else the last.")] = None,
    lists: Shelf = None,
) -> None:
    """Say which entries came, went or changed between two versions of a list, by entry id."""
    shelf = _shelf(lists)
    built = [what for _, what in shelf.journal(list_id) if what != "retired"]
    if old is None and len(built) < 2:
        raise UsageFault(f"list {list_id} has one version only: nothing to compare")
    _tell_difference(shelf, list_id, old or built[-2], new or built[-1], by_id=True)


@app.command()
def rescreen(state: State = None, lists: Shelf = None, profile: ProfileName = None, now: Now = None) -> None:
    """Screen the live travellers with what changed of the lists, until none is behind.

    `pnr run` does it by itself. Live are those whose flight has not reached its scheduled departure or arrival: after
    that the assessment in advance is over (SCR-1). What was interrupted goes on where it ended.

    [bold]pnr lists rescreen --state pnr-state[/bold]
    """
    from pnr_pipeline.stores.list_changes import ListChanges
    from pnr_pipeline.stores.list_snapshots import ListShelf

    at = clock(now)
    shelf = ListShelf(lists or folder_of(state).lists)
    with open_desk(state, profile, at) as store, err.status("screening the live travellers"):
        done = store.rescreen(ListChanges(shelf, shelf.load(at), at), at)
    out.print(f"{done.records} live travellers on {done.legs} flights were behind; {done.hits} hits raised or changed")


@app.command()
def prune(
    state: State = None,
    lists: Shelf = None,
    profile: ProfileName = None,
    now: Now = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them, delete nothing.")] = False,
) -> None:
    """Delete versions of lists that no hit and no live record refers to; those in force stay.

    A hit needs its lists for as long as it is kept, to be computed again (RGT-5): they go after it.
    """
    at, shelf = clock(now), _shelf(lists or (state / "lists" if state else None))
    with open_desk(state, profile, at) as store:
        use = store.lists_in_use()
    gone = shelf.to_prune(use) if dry_run else shelf.prune(use)
    for list_id in sorted({list_id for list_id, _ in gone}):
        out.print(f"{list_id}: {sum(one == list_id for one, _ in gone)} versions")
    out.print(f"{len(gone)} versions {'to delete' if dry_run else 'deleted'}, {len(use.versions)} are told by hits")


@app.command()
def retire(list_id: Annotated[str, typer.Argument(help="The list.")], lists: Shelf = None) -> None:
    """Take a list out of force. Its snapshots stay, so that past decisions can be replayed."""
    _shelf(lists).retire(list_id, datetime.now(UTC))
    out.print(f"list {list_id} is out of force")


def _make_engine_ready(index: "Index") -> None:
    from pnr_pipeline.screening.readiness import make_ready

    began = monotonic()
    make_ready(index.rules, datetime.now(UTC))
    if (seconds := monotonic() - began) > _COMPILED_SECONDS:
        err.print(f"the engine was compiled for this machine in {seconds:.0f} s, which is done once")


def _register(path: Path) -> "ListRegister":
    from pnr_pipeline.screening.list_register import read_register, unfit

    entry = read_register(path.read_text("utf-8"), str(path))
    reason = unfit(entry.registration(), datetime.now(UTC).date())
    if reason:
        raise RuleFault(str(path), reason)
    return entry


def _imported(entry: "ListRegister", sources: list[Path]) -> "Imported":
    from contextlib import ExitStack

    names = [path.name for path in sources]
    if len(set(names)) < len(names):
        raise UsageFault("two files have the same name: rename one, a finding tells its file by name")
    with ExitStack() as opened:
        bars = opened.enter_context(bytes_progress())
        files = {path.name: opened.enter_context(bars.open(path, "rb", description=path.name)) for path in sources}
        try:
            return entry.read(files)
        except WireFault as fault:
            raise UsageFault(
                f"{', '.join(names)}: {fault}; get the file again. The list in force stays as it is"
            ) from None


def _refuse_drop(entry: "ListRegister", before: int, now: int) -> None:
    if now < before * (1 - entry.drop_share):
        raise UsageFault(
            f"{before - now} of {before} entries of {entry.id} would be gone, more than its `drop_share` of "
            f"{entry.drop_share:.0%}: a broken file? The list in force stays. If it is right, repeat with --accept-drop"
        )


def _shelf(root: Path | None) -> "ListShelf":
    from pnr_pipeline.stores.list_snapshots import ListShelf

    return ListShelf(root or folder_of(None).lists)


def _tell_difference(shelf: "ListShelf", list_id: str, old: str, new: str, *, by_id: bool = False) -> None:
    difference = shelf.difference(list_id, old, new)
    table = Table("change", "entries", title=f"{list_id}: {old} to {new}", title_justify="left")
    for field in difference.__struct_fields__:
        ids = getattr(difference, field)
        table.add_row(field, "\n".join(ids) if by_id and ids else str(len(ids)))
    out.print(table)


def _warn(entry: "ListRegister") -> None:
    if not entry.confirmed:
        err.print(f"[yellow]list {entry.id} is not confirmed[/yellow] by the data-protection officer: exercises only")
