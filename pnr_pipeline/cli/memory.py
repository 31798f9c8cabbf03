"""`pnr hits memory`: rejections that are remembered as "not this person": listed, counted, woken."""

from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Form, Now, Officer, ProfileName, State, clock, open_desk
from pnr_pipeline.cli.terminal import out, print_json_lines
from pnr_pipeline.errors import UsageFault

app = typer.Typer(
    no_args_is_help=True,
    help='What reviewers had remembered as "not this person" (pnr hits decide --not-this-person), by traveller and '
    "entry version. It ends when the entry, the traveller's document or birth date changes, and with its record.",
)


@app.command("list")
def list_memories(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Every memory, and how many hits it keeps down now (pnr hits list --only suppressed). No traveller's data."""
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.memories()
    if form == "json":
        print_json_lines(lines)
        return
    holding = [line for line in lines if line.woken_at is None]
    table = Table(title=f"Memories: {len(lines)}, holding {len(holding)}", title_justify="left")
    for head in ("memory", "list, entry", "reason", "by", "until UTC", "keeps down", "state"):
        table.add_column(head, overflow="fold")
    for line in lines:
        by = " and ".join(filter(None, (line.reviewer, line.second_reviewer)))
        woken = f"woken: {line.woken_because}" if line.woken_at else "holds"
        table.add_row(
            line.memory_id[:8], f"{line.list_id} {line.entry_id}", line.reason, by, f"{line.expires_at:%Y-%m-%d}",
            str(line.suppressed), woken,
        )  # fmt: skip
    out.print(table)
    out.print(f"Hits suppressed now: {sum(line.suppressed for line in lines)}.")


@app.command()
def wake(
    memory: Annotated[str, typer.Argument(metavar="MEMORY", help="Id of the memory, or its first letters.")],
    officer: Officer,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """End a memory: it suppresses nothing any more, and the hits it kept down are new.

    [bold]Example[/bold]: pnr hits memory wake 7c01 --as officer-7
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        found = [line.memory_id for line in store.memories() if line.memory_id.startswith(memory)]
        if len(found) != 1:
            raise UsageFault(f"{len(found) or 'no'} memories begin like this: see `pnr hits memory list`")
        woken = store.wake_memory(found[0], officer, at)
    out.print(f"{found[0]} is woken: {woken} hits are new by it")
