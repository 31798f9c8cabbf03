"""The hash tree over entries: RFC 6962, section 2.1 (LOG-5)."""

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one leaf: SHA-256 of 0x00 and the entry's canonical bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in order; SHA-256 of nothing for no leaf.

    The left part holds the largest power of two smaller than the count. Pairing level by level, with an odd last
    node carried up, builds the same tree without recursion.
    """
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        above = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0]
