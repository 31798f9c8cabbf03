"""What every command shares: where it prints, how it shows progress, how it ends."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

T = TypeVar("T")

OK, FINDINGS, USAGE = 0, 1, 2
"""Exit codes: nothing to say, findings, wrong usage or a store in trouble."""

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json_lines(items: Iterable[object]) -> None:
    """Each item as one JSON object a line, for programs."""
    import msgspec

    for item in items:
        typer.echo(msgspec.json.encode(item).decode())


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The items, with a progress bar on stderr while it is a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    with bar:
        yield from bar.track(items, description=what, total=total)


@contextmanager
def progress_steps(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, while it is a terminal, moved by telling how many of how many steps are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def bytes_progress() -> Progress:
    """Bars on stderr, while it is a terminal, for files as they are read."""
    return Progress(
        TextColumn("reading {task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
