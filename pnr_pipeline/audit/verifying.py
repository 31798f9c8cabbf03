"""Whether the log is whole: entries, tiles, checkpoint, database rows and what a witness saw, held against each other.

Everything is computed anew from the entries; nothing that the log says of itself is believed. What a holder of the
log's own key can do (roll back, write anew) is seen only against checkpoints kept elsewhere: give `seen`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pnr_pipeline.audit.note import Checkpoint, NoteFault, VerifierKey, opened
from pnr_pipeline.audit.tiles import (
    HASH_BYTES,
    WIDTH,
    Read,
    RightEdge,
    bundle,
    entries_of,
    hashes_of,
    tile_path,
)
from pnr_pipeline.audit.tree import leaf_hash

MOST_TOLD = 20
PRUNED_TO = "log.pruned_to"
"""The count in the entry that a pruning writes: how many entries from the first on were removed (LOG-3)."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the log is broken (a path, an entry's number or a witness's size) and what is wrong there."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that somebody else kept, and when it was seen (aware UTC), where that is proved."""

    checkpoint: Checkpoint
    at: datetime | None


@dataclass(slots=True)
class Verdict:
    """What a verification found: no break, or the first of them; `size` entries lie under the checkpoint."""

    size: int = 0
    breaks: list[Break] = field(default_factory=list)
    untold: int = 0
    """Breaks beyond the first 20."""
    unpublished: int = 0
    """Numbered rows that no checkpoint covers yet."""
    pruned_to: int = 0
    """Entries from the first on of which only the hash is kept."""
    seen: int = 0
    """Checkpoints of others that were compared."""

    def tell(self, place: str, what: str) -> None:
        """Note a break."""
        if len(self.breaks) < MOST_TOLD:
            self.breaks.append(Break(place, what))
        else:
            self.untold += 1


def verify(
    read: Read,
    files: Iterable[str],
    key: VerifierKey,
    *,
    rows: Iterable[tuple[int, bytes]] | None = None,
    seen: Iterable[Seen] = (),
    kept_until: Callable[[datetime], datetime] | None = None,
) -> Verdict:
    """The whole log against itself, the rows and what others saw.

    `files` are the paths that there are below `tile/`. `rows` are (number, canonical bytes) of the database in order
    of their number; None where it is not at hand. `kept_until` says until when an entry of a moment must be kept.
    """
    verdict = Verdict()
    seen = sorted(seen, key=lambda one: one.checkpoint.size)
    checkpoint = _signed(read, key, verdict, expected=bool(seen))
    if checkpoint is None:
        return verdict
    verdict.size = checkpoint.size
    walk = _Walk(read, files, checkpoint.size, verdict, seen, rows)
    walk.run()
    if walk.edge.root() != checkpoint.root:
        verdict.tell("checkpoint", "its root is not that of the entries")
    for one in seen:
        if one.checkpoint.size > checkpoint.size:
            there = f"an entry count of {one.checkpoint.size} was seen, the log holds {checkpoint.size} now"
            verdict.tell(f"witness at {one.checkpoint.size}", f"rolled back: {there}")
    _pruning(verdict, walk, seen, kept_until)
    return verdict


def _signed(read: Read, key: VerifierKey, verdict: Verdict, *, expected: bool) -> Checkpoint | None:
    note = read("checkpoint")
    if note is None:
        verdict.tell("checkpoint", "missing" + (", and a witness saw one" if expected else ""))
        return None
    try:
        return opened(note, key)
    except NoteFault as fault:
        verdict.tell("checkpoint", str(fault))
        return None


class _Walk:
    """One pass from the first entry to the last."""

    def __init__(
        self,
        read: Read,
        files: Iterable[str],
        size: int,
        verdict: Verdict,
        seen: list[Seen],
        rows: Iterable[tuple[int, bytes]] | None,
    ) -> None:
        self._read, self._size, self._verdict = read, size, verdict
        self._rows: Iterator[tuple[int, bytes]] | None = iter(rows) if rows is not None else None
        self._row = next(self._rows, None) if self._rows else None
        self._roots: dict[int, list[bytes]] = defaultdict(list)
        for one in seen:
            self._roots[one.checkpoint.size].append(one.checkpoint.root)
        self._widths: dict[str, list[int]] = defaultdict(list)
        for path in files:
            base, part, width = path.partition(".p/")
            if part and width.isdecimal():
                self._widths[base].append(int(width))
        self.edge = RightEdge()
        self.missing: list[int] = []
        """Bundles that are missing from the first on: pruned, if an entry says so."""
        self.notices: list[tuple[int, datetime]] = []

    def run(self) -> None:
        self._compare_seen()
        for index in range(-(-self._size // WIDTH)):
            for leaf in self._leaves(index, min(WIDTH, self._size - index * WIDTH)):
                for level, place, hashes in self.edge.append(leaf):
                    self._tile(level, place, hashes)
                self._compare_seen()
        for level, row in enumerate(self.edge.rows):
            if row:
                self._tile(level, self._size // WIDTH ** (level + 1), row)
        self._rows_beyond()

    def _leaves(self, index: int, width: int) -> list[bytes]:
        """The leaf hashes of one bundle, from its entries, or from the tile where the entries were removed."""
        path = tile_path(None, index, width)
        entries = self._entries(path, index, width)
        if entries is None:
            leaves = self._hashes(index, width)
            self._compare_rows(index, leaves, None)
            return leaves
        leaves = [leaf_hash(entry) for entry in entries]
        self._older(tile_path(None, index), width, lambda part: bundle(entries[:part]))
        for entry in entries:
            self._notice(entry)
        self._compare_rows(index, leaves, entries)
        return leaves

    def _entries(self, path: str, index: int, width: int) -> list[bytes] | None:
        packed, full = self._read(path), None
        if packed is None and width < WIDTH:
            full = packed = self._read(tile_path(None, index))  # the log grew while it was read
        if packed is None:
            if self.missing == list(range(index)) and width == WIDTH:
                self.missing.append(index)
            else:
                self._verdict.tell(path, "missing")
            return None
        try:
            entries = entries_of(packed)
        except ValueError as fault:
            self._verdict.tell(path, str(fault))
            return None
        if len(entries) < width or (len(entries) > width and full is None):
            self._verdict.tell(path, f"holds {len(entries)} entries in place of {width}")
            return None
        return entries[:width]

    def _hashes(self, index: int, width: int) -> list[bytes]:
        """The leaf hashes as the tile tells them; zeros stand for what is not there, and agree with nothing."""
        packed = self._read(tile_path(0, index, width)) or b""
        hashes = hashes_of(packed[: len(packed) - len(packed) % HASH_BYTES])[:width]
        return hashes + [bytes(HASH_BYTES)] * (width - len(hashes))

    def _tile(self, level: int, index: int, hashes: list[bytes]) -> None:
        """One computed tile against the one that stands there, and against its narrower forms."""
        width = len(hashes)
        path, whole = tile_path(level, index, width), b"".join(hashes)
        packed = self._read(path)
        if packed is None and width < WIDTH:
            packed = (self._read(tile_path(level, index)) or b"")[: len(whole)] or None
        if packed is None:
            self._verdict.tell(path, "missing")
        elif packed != whole:
            self._verdict.tell(path, self._first_difference(level, index, packed, hashes))
        self._older(tile_path(level, index), width, lambda part: whole[: part * HASH_BYTES])

    def _first_difference(self, level: int, index: int, packed: bytes, hashes: list[bytes]) -> str:
        if len(packed) != len(hashes) * HASH_BYTES:
            return f"has {len(packed)} bytes in place of {len(hashes) * HASH_BYTES}"
        wrong = next(at for at, (one, other) in enumerate(zip(hashes_of(packed), hashes, strict=True)) if one != other)
        first = (index * WIDTH + wrong) * WIDTH**level
        last = first + WIDTH**level - 1
        return f"not the hash of entry {first}" if level == 0 else f"not the hash of the entries {first} to {last}"

    def _older(self, base: str, width: int, content: Callable[[int], bytes]) -> None:
        """The partial tiles of earlier checkpoints that still stand."""
        for part in self._widths.get(base, ()):
            if 0 < part < width and self._read(f"{base}.p/{part}") != content(part):
                self._verdict.tell(f"{base}.p/{part}", "is not the beginning of the tile that came of it")

    def _notice(self, entry: bytes) -> None:
        if PRUNED_TO.encode() not in entry:
            return
        try:
            told = msgspec.json.decode(entry)
            if told["act"] == "erasure":
                self.notices.append((int(told["counts"][PRUNED_TO]), datetime.fromisoformat(told["at"])))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            return  # an entry that only mentions the word

    def _compare_rows(self, index: int, leaves: list[bytes], entries: list[bytes] | None) -> None:
        if self._rows is None:
            return
        for seq, leaf in enumerate(leaves, index * WIDTH):
            while self._row is not None and self._row[0] < seq:
                self._verdict.tell(f"row {self._row[0]}", "stands in the database under a number out of order")
                self._row = next(self._rows, None)
            if self._row is None or self._row[0] != seq:
                if entries is not None:
                    self._verdict.tell(f"entry {seq}", "is in the log and not in the database")
                continue
            if leaf_hash(self._row[1]) != leaf:
                self._verdict.tell(f"entry {seq}", "differs between log and database")
            self._row = next(self._rows, None)

    def _rows_beyond(self) -> None:
        expected = self._size
        while self._rows is not None and self._row is not None:
            if self._row[0] != expected:
                self._verdict.tell(f"entry {expected}", f"missing in the database, where {self._row[0]} follows")
            expected = self._row[0] + 1
            self._verdict.unpublished += 1
            self._row = next(self._rows, None)

    def _compare_seen(self) -> None:
        for root in self._roots.get(self.edge.size, ()):
            self._verdict.seen += 1
            if root != self.edge.root():
                there = f"the first {self.edge.size} entries are not those that were seen"
                self._verdict.tell(f"witness at {self.edge.size}", f"written anew: {there}")


def _pruning(
    verdict: Verdict, walk: _Walk, seen: list[Seen], kept_until: Callable[[datetime], datetime] | None
) -> None:
    """Missing entries need an entry of the log that removed them, and not before their time."""
    verdict.pruned_to = len(walk.missing) * WIDTH
    allowed = max((to for to, _ in walk.notices), default=0)
    for index in walk.missing:
        if (index + 1) * WIDTH > allowed:
            verdict.tell(tile_path(None, index), "missing, and no entry says that it was pruned")
    if kept_until is None:
        return
    for to, at in walk.notices:
        early = [one for one in seen if one.at and one.checkpoint.size < to and kept_until(one.at) > at]
        if early:
            verdict.tell(f"witness at {early[0].checkpoint.size}", f"entries up to {to} were pruned before their time")
