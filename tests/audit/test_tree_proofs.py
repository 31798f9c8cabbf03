"""Proofs of RFC 6962, from leaves and from tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.audit import leaf_hash, merkle_root
from pnr_pipeline.audit.proofs import consistency_proof, inclusion_proof, proves_consistency, proves_inclusion
from pnr_pipeline.audit.tiles import (
    RightEdge,
    TileTree,
    bundle,
    entries_of,
    tile_path,
    tiles_of,
)

LEAVES = [leaf_hash(b"%d" % number) for number in range(65_793)]


def span(start: int, end: int) -> bytes:
    return merkle_root(LEAVES[start:end])


def flipped(hashed: bytes) -> bytes:
    return bytes([hashed[0] ^ 1]) + hashed[1:]


@given(st.data())
def test_each_entry_is_proved_and_no_other_in_its_place(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, span), span(0, size)
    assert proves_inclusion(LEAVES[index], index, size, proof, root)
    assert not proves_inclusion(LEAVES[index + 1], index, size, proof, root)
    assert not proves_inclusion(LEAVES[index], index, size, proof, flipped(root))
    assert not proves_inclusion(LEAVES[index], index, size, [*proof, root], root)
    assert not proves_inclusion(LEAVES[index], size, size, proof, root)
    for place in range(len(proof)):
        wrong = [*proof[:place], flipped(proof[place]), *proof[place + 1 :]]
        assert not proves_inclusion(LEAVES[index], index, size, wrong, root)


@given(st.data())
def test_each_larger_tree_is_proved_to_continue_the_smaller_and_no_other(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 300))
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, span)
    assert proves_consistency(old, new, proof, span(0, old), span(0, new))
    assert not proves_consistency(old, new, proof, flipped(span(0, old)), span(0, new))
    if old:
        assert not proves_consistency(old, new, proof, span(0, old), flipped(span(0, new)))
    assert not proves_consistency(new + 1, new, proof, span(0, old), span(0, new))
    for place in range(len(proof)):
        wrong = [*proof[:place], flipped(proof[place]), *proof[place + 1 :]]
        assert not proves_consistency(old, new, wrong, span(0, old), span(0, new))


def test_there_is_no_proof_of_a_missing_entry_nor_of_a_shrinking_tree() -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(5, 5, span)
    with pytest.raises(ValueError, match="never shrinks"):
        consistency_proof(5, 4, span)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 65_536, 65_793])
def test_tiles_give_the_root_and_every_proof_that_leaves_give(size: int) -> None:
    edge, files = RightEdge(), {}
    for leaf in LEAVES[:size]:
        for level, index, hashes in edge.append(leaf):
            files[tile_path(level, index)] = b"".join(hashes)
    for level, row in enumerate(edge.rows):
        if row:
            files[tile_path(level, size // 256 ** (level + 1), len(row))] = b"".join(row)
    assert set(files) == {tile_path(*one) for one in tiles_of(size)}
    tree = TileTree(files.get, size)
    assert edge.root() == tree.root() == RightEdge.of(tree).root() == span(0, size)
    for index in {size // 3, size - 1}:
        assert inclusion_proof(index, size, tree.span) == inclusion_proof(index, size, span)
    for old in {size // 3 or 1, size - size % 256 or 1}:
        assert consistency_proof(old, size, tree.span) == consistency_proof(old, size, span)


def test_the_tiles_of_seventy_thousand_entries_are_those_that_the_specification_counts() -> None:
    tiles = list(tiles_of(70_000))
    assert [(level, width) for level, _, width in tiles if width < 256] == [(0, 112), (1, 17), (2, 1)]
    assert (tiles.count((0, 0, 256)), sum(1 for level, _, width in tiles if level == 0 and width == 256)) == (1, 273)


def test_a_tile_stands_where_the_specification_says() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(None, 7, 9) == "tile/entries/007.p/9"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert entries_of(bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), st.integers(1, 9))
def test_a_cut_bundle_never_passes_for_whole(entries: list[bytes], cut: int) -> None:
    packed = bundle(entries)
    try:
        assert entries_of(packed[:-cut]) == entries_of(packed)[: len(entries_of(packed[:-cut]))]
        assert len(entries_of(packed[:-cut])) < len(entries)
    except ValueError as fault:
        assert "cut" in str(fault)


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    assert entries_of(bundle([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(ValueError, match="65,535"):
        bundle([b"x" * 65_536])
