"""`pnr lists`: the register of watchlists and their snapshots."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pnr_pipeline.cli.terminal import FINDINGS, err, out, progress
from pnr_pipeline.errors import RuleFault, UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.screening.list_register import ListRegister
    from pnr_pipeline.stores.list_snapshots import ListShelf

app = typer.Typer(
    no_args_is_help=True,
    help="The register of watchlists and their snapshots. No list is compared with travellers without its register "
    "entry: owner, legal basis, offences, quality, duty to update, review (SCR-3).\n\n"
    "[bold]pnr lists build --register rules/lists/example-persons.yaml --from wanted.csv[/bold]",
)

_FINDINGS_SHOWN = 20

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
    source: Annotated[Path, typer.Option("--from", help="The list: CSV by `columns`, or JSON Lines.", exists=True)],
    lists: Shelf = None,
) -> None:
    """Build a snapshot of a list from a file and put it in force.

    [bold]pnr lists build --register rules/lists/example-persons.yaml --from wanted.csv --lists pnr-state/lists[/bold]

    Lines that cannot be read are told by number and reason and left out; then the exit code is 1.
    """
    entry, shelf = _register(register), _shelf(lists)
    with source.open(encoding="utf-8", newline="") as lines:
        try:
            imported = entry.read(progress(lines, f"reading {source.name}"))
        except UnicodeDecodeError:
            raise UsageFault(f"{source.name} is not UTF-8: convert it first, for example with iconv") from None
    for finding in imported.findings[:_FINDINGS_SHOWN]:
        err.print(f"{source.name}:{finding.line} {'left out' if finding.lost else 'kept'}: {finding.reason}")
    if len(imported.findings) > _FINDINGS_SHOWN:
        err.print(f"… and {len(imported.findings) - _FINDINGS_SHOWN} more")
    before = shelf.versions().get(entry.id)
    version = shelf.publish(entry.registration(), imported.entries, datetime.now(UTC))
    lost = sum(finding.lost for finding in imported.findings)
    out.print(f"list {entry.id} version {version} in force: {len(imported.entries)} entries, {lost} lines left out")
    if before and before != version:
        _tell_difference(shelf, entry.id, before, version)
    _warn(entry)
    if imported.findings:
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
def retire(list_id: Annotated[str, typer.Argument(help="The list.")], lists: Shelf = None) -> None:
    """Take a list out of force. Its snapshots stay, so that past decisions can be replayed."""
    _shelf(lists).retire(list_id, datetime.now(UTC))
    out.print(f"list {list_id} is out of force")


def _register(path: Path) -> "ListRegister":
    from pnr_pipeline.screening.list_register import read_register, unfit

    entry = read_register(path.read_text("utf-8"), str(path))
    reason = unfit(entry.registration(), datetime.now(UTC).date())
    if reason:
        raise RuleFault(str(path), reason)
    return entry


def _shelf(root: Path | None) -> "ListShelf":
    from pnr_pipeline.stores.list_snapshots import ListShelf
    from pnr_pipeline.stores.state import StateFolder

    return ListShelf(root or StateFolder.default().lists)


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
