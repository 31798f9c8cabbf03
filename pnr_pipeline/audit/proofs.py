"""Proofs over the hash tree: that an entry is in it, that a larger tree continues a smaller one (RFC 6962, 2.1).

Proofs are made from `span(start, end)`, the hash over the leaves `start` to `end` (exclusive), wherever it comes from:
a list of leaves, or tiles. Sizes and indexes count leaves from 0.
"""

from collections.abc import Callable, Sequence

from pnr_pipeline.audit.tree import merkle_root, node_hash

Span = Callable[[int, int], bytes]


def inclusion_proof(index: int, size: int, span: Span) -> list[bytes]:
    """PATH(index, D[size]): siblings from the leaf upwards. Raises ValueError where there is no such leaf."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    start, end = 0, size
    proof: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(span(middle, end))
            end = middle
        else:
            proof.append(span(start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, span: Span) -> list[bytes]:
    """PROOF(old, D[new]); empty where the sizes are equal or `old` is 0. Raises ValueError for a shrinking tree."""
    if not 0 <= old <= new:
        raise ValueError("a tree never shrinks")
    if old in (0, new):
        return []
    start, end, whole = 0, new, True
    proof: list[bytes] = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(span(middle, end))
            end = middle
        else:
            proof.append(span(start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(span(start, end))
    return proof[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from this leaf hash at `index` to `root`, the root of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == merkle_root(())
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for hashed in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(hashed, found_old), node_hash(hashed, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, hashed)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _split(count: int) -> int:
    """The largest power of two below `count` (at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)
