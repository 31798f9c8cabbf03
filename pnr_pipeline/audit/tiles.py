"""The log as files: tiles of 256 hashes and bundles of 256 entries (c2sp.org/tlog-tiles).

Tile `n` of level `l` holds the hashes of the 256 subtrees of 256**l leaves from leaf `n * 256**(l + 1)` on. The last
one of a level may be partial: `.p/<width>`. Bundle `n` holds the entries of tile `n` of level 0, each after its length
in two bytes.
"""

from collections.abc import Callable, Iterator, Sequence

from pnr_pipeline.audit.tree import merkle_root

WIDTH = 256
HASH_BYTES = 32
MOST_ENTRY_BYTES = 0xFFFF

Read = Callable[[str], bytes | None]
"""The bytes at a path of the log, as `tile/0/000`; None where there are none."""


def tile_path(level: int | None, index: int, width: int = WIDTH) -> str:
    """Where a tile of `level` stands, or a bundle of entries (level None): `tile/0/x001/x234/067.p/8`."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    name = "/".join((f"tile/{'entries' if level is None else level}", *reversed(groups)))
    return name if width == WIDTH else f"{name}.p/{width}"


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, index, width) of each tile of a tree of `size` leaves."""
    level = 0
    while size:
        for index in range(size // WIDTH):
            yield level, index, WIDTH
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        size //= WIDTH
        level += 1


def bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle. Raises ValueError for an entry of more than 65,535 bytes."""
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise ValueError("an entry of the log has at most 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_of(packed: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError where it is cut."""
    entries, place = [], 0
    while place < len(packed):
        end = place + 2 + int.from_bytes(packed[place : place + 2], "big")
        if len(packed) - place < 2 or end > len(packed):
            raise ValueError("a bundle is cut")
        entries.append(packed[place + 2 : end])
        place = end
    return entries


def hashes_of(packed: bytes) -> list[bytes]:
    """The hashes of a tile. Raises ValueError where it is cut."""
    if len(packed) % HASH_BYTES:
        raise ValueError("a tile is cut")
    return [packed[place : place + HASH_BYTES] for place in range(0, len(packed), HASH_BYTES)]


class RightEdge:
    """The hashes that a growing tree still needs: of each level, those that do not fill a tile yet."""

    def __init__(self, rows: Sequence[Sequence[bytes]] = ()) -> None:
        self.rows = [list(row) for row in rows]
        self.size = sum(len(row) * WIDTH**level for level, row in enumerate(self.rows))

    @classmethod
    def of(cls, tree: "TileTree") -> "RightEdge":
        """The edge of a tree that stands in tiles. Raises ValueError where one is missing or cut."""
        levels = (tree.size.bit_length() + 7) // 8
        return cls([tree.row(level) for level in range(levels)])

    def append(self, leaf: bytes) -> list[tuple[int, int, list[bytes]]]:
        """One more leaf; returns the tiles that it filled, as (level, index, hashes)."""
        filled: list[tuple[int, int, list[bytes]]] = []
        self.size += 1
        hashed, level = leaf, 0
        while True:
            if level == len(self.rows):
                self.rows.append([])
            self.rows[level].append(hashed)
            if len(self.rows[level]) < WIDTH:
                return filled
            full, self.rows[level] = self.rows[level], []
            level += 1
            filled.append((level - 1, self.size // WIDTH**level - 1, full))
            hashed = merkle_root(full)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return _root_of(self.rows) if self.size else merkle_root(())


class TileTree:
    """The tree of `size` leaves as its tiles tell it; nothing in them is believed until a root or proof is checked.

    Calls raise ValueError, with the path, where a tile is missing or has another length than the size asks.
    """

    def __init__(self, read: Read, size: int) -> None:
        self._read, self.size = read, size
        self._held: dict[tuple[int, int], list[bytes]] = {}

    def span(self, start: int, end: int) -> bytes:
        """The hash over the leaves `start` to `end`, as the proofs of RFC 6962 part them."""
        if not 0 <= start <= end <= self.size:
            raise ValueError("the tree has no such leaves")
        level, step, nodes = 0, 1, end - start
        # an aligned full subtree has its hash in a higher tile, or is built of 256 or fewer hashes of one
        while nodes > WIDTH and not start % (step * WIDTH):
            level, step, nodes = level + 1, step * WIDTH, nodes // WIDTH
        parts = [self._node(level, place) for place in range(start // step, start // step + nodes)]
        left = start + nodes * step
        if left == end:
            return merkle_root(parts)
        return self._joined(parts, level, left, end)

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        return self._node(0, index)

    def row(self, level: int) -> list[bytes]:
        """The hashes of this level that fill no tile yet."""
        count = self.size // WIDTH**level
        return [self._node(level, place) for place in range(count - count % WIDTH, count)]

    def root(self) -> bytes:
        """The root over all leaves."""
        return self.span(0, self.size)

    def entries(self, index: int) -> list[bytes]:
        """The entries of bundle `index`."""
        width = min(WIDTH, self.size - index * WIDTH)
        entries = entries_of(self._packed(None, index, width))
        if len(entries) < width:
            raise ValueError(f"{tile_path(None, index, width)}: {len(entries)} entries in place of {width}")
        return entries[:width]

    def _joined(self, parts: list[bytes], level: int, start: int, end: int) -> bytes:
        """The root over whole subtrees of one level and the leaves right of them, which fill none."""
        rows = [parts]
        for lower in reversed(range(level)):
            step = WIDTH**lower
            nodes = (end - start) // step
            rows.append([self._node(lower, place) for place in range(start // step, start // step + nodes)])
            start += nodes * step
        return _root_of(rows[::-1])

    def _node(self, level: int, place: int) -> bytes:
        index, inside = divmod(place, WIDTH)
        held = self._held.get((level, index))
        if held is None:
            width = min(WIDTH, self.size // WIDTH**level - index * WIDTH)
            packed = self._packed(level, index, width)
            held = hashes_of(packed)
            if len(held) < width:
                raise ValueError(f"{tile_path(level, index, width)}: {len(held)} hashes in place of {width}")
            self._held[level, index] = held
        return held[inside]

    def _packed(self, level: int | None, index: int, width: int) -> bytes:
        """A tile as wide as the size asks; where a partial one was removed, the full one that holds it."""
        for path in dict.fromkeys((tile_path(level, index, width), tile_path(level, index))):
            packed = self._read(path)
            if packed is not None:
                return packed
        raise ValueError(f"{tile_path(level, index, width)}: missing")


def _root_of(rows: Sequence[Sequence[bytes]]) -> bytes:
    """The root over the hashes of each level that stand left of the lower ones; lowest level first, some not empty."""
    carried: bytes | None = None
    for row in rows:
        joined = [*row, carried] if carried is not None else row
        carried = merkle_root(joined) if joined else None
    assert carried is not None, "a tree without leaves has no rows"
    return carried
