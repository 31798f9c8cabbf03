import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores import sealed_stream
from pnr_pipeline.stores.sealed_stream import SealedReader, SealedWriter, head_of

SMALL = 16
"""Bytes of a chunk here; 1 MiB in truth."""
KEY, HEAD = b"k" * 32, b'{"form":1}'


@pytest.fixture(autouse=True, scope="module")
def _small_chunks():
    before, sealed_stream.CHUNK_BYTES = sealed_stream.CHUNK_BYTES, SMALL
    yield
    sealed_stream.CHUNK_BYTES = before


def sealed(clear, key=KEY, head=HEAD):
    file = io.BytesIO()
    writer = SealedWriter(file, key, head)
    writer.write(clear[: len(clear) // 3])
    writer.write(clear[len(clear) // 3 :])
    writer.finish()
    return file.getvalue()


def opened(content, key=KEY, sizes=(-1,)):
    file = io.BytesIO(content)
    reader = SealedReader(file, key, head_of(file))
    parts = [reader.read(size) for size in sizes]
    reader.finish()
    return b"".join(parts)


def chunks(content):
    body = content[len(HEAD) + 1 :]
    return [body[at : at + SMALL + 16] for at in range(0, len(body), SMALL + 16)]


@given(clear=st.binary(max_size=100), sizes=st.lists(st.integers(0, 40), max_size=5))
def test_what_was_sealed_opens_in_pieces_of_any_size(clear, sizes):
    assert opened(sealed(clear), sizes=(*sizes, -1)) == clear
    assert clear[:SMALL] not in sealed(clear) or len(clear) < 4


@given(clear=st.binary(min_size=1, max_size=100), data=st.data())
def test_cut_anywhere_or_continued_it_does_not_open(clear, data):
    content = sealed(clear)
    cut = data.draw(st.integers(0, len(content) - 1))
    for broken in (content[:cut], content + b"\0", content + chunks(content)[-1]):
        with pytest.raises(StoreFault):
            opened(broken)


@given(data=st.data())
def test_chunks_swapped_left_out_doubled_or_of_another_stream_do_not_open(data):
    clear = data.draw(st.binary(min_size=3 * SMALL, max_size=5 * SMALL))
    whole, other = chunks(sealed(clear)), chunks(sealed(clear, key=b"l" * 32))
    one, two = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=2, max_size=2, unique=True))
    swapped, mixed = list(whole), list(whole)
    swapped[one], swapped[two] = whole[two], whole[one]
    mixed[one] = other[one]
    for broken in (swapped, mixed, whole[:one] + whole[one + 1 :], [*whole[: one + 1], *whole[one:]]):
        with pytest.raises(StoreFault):
            opened(HEAD + b"\n" + b"".join(broken))


@given(place=st.integers(0, 120), bit=st.integers(0, 7))
def test_one_changed_bit_of_line_or_chunks_is_found(place, bit):
    content = bytearray(sealed(b"an invented backup of some length" * 2))
    content[place % len(content)] ^= 1 << bit
    with pytest.raises(StoreFault):
        opened(bytes(content))


def test_another_key_opens_nothing():
    with pytest.raises(StoreFault):
        opened(sealed(b"x"), key=b"m" * 32)


@pytest.mark.parametrize("content", [b"", b"no line", b"\n", HEAD + b"\n"])
def test_what_is_no_sealed_file_is_refused(content):
    with pytest.raises(StoreFault):
        opened(content)
