"""The files that `pnr decode` and `pnr check` read, and what reads them."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.records import Message
from pnr_pipeline.wire.csv_table import Charset
from pnr_pipeline.wire.edifact.reader import MESSAGE_BYTES_MAX

STDIN = "-"


def message_files(named: Iterable[str]) -> list[str]:
    """The files named, those inside folders named (sorted, hidden ones left out), and `-` for standard input.

    Raises UsageFault for a name that is neither file nor folder.
    """
    found: list[str] = []
    for name in named:
        path = Path(name)
        if name == STDIN or path.is_file():
            found.append(name)
        elif path.is_dir():
            inside = (below for below in path.rglob("*") if below.is_file())
            found += sorted(str(below) for below in inside if not below.relative_to(path).parts[-1].startswith("."))
        else:
            raise UsageFault(f"no file or folder {name}: give message files, folders of them, or - for standard input")
    return found


def read_messages(
    files: Iterable[str], rulebook: Rulebook, charset: Charset = "utf-8", received_at: datetime | None = None
) -> Iterator[tuple[str, bytes, list[Message]]]:
    """Name, bytes (at most one more than the limit) and messages of each file.

    They are read as received at `received_at` (aware UTC), by default at this moment.
    `charset` is the alphabet of tables; messages declare theirs themselves.
    """
    for name in files:
        if name == STDIN:
            body = sys.stdin.buffer.read(MESSAGE_BYTES_MAX + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(MESSAGE_BYTES_MAX + 1)
        yield name, body, decode(body, rulebook=rulebook, now=received_at or datetime.now(UTC), charset=charset)
