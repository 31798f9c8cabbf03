"""A file of any length, sealed in chunks whose order and end are bound: what is cut, swapped or mixed does not open.

One line of JSON, then chunks of 1 MiB, the last one shorter: AES-256-GCM, the nonce is the chunk's number and whether
it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), the line is associated data.
The key must be of this stream alone, so that no nonce serves twice.
"""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pnr_pipeline.errors import StoreFault

CHUNK_BYTES = 1 << 20
_TAG_BYTES = 16
_NUMBER_BYTES = 11
_LINE_MOST = 4096


class SealedWriter:
    """Takes bytes by `write`; nothing is whole before `finish`."""

    def __init__(self, file: BinaryIO, key: bytes, head: bytes) -> None:
        self._file, self._key, self._head = file, AESGCM(key), head
        self._pending = bytearray()
        self._number = 0
        file.write(head + b"\n")

    def write(self, clear: bytes) -> int:
        """Seal what fills chunks; one is always held back, as the last one is sealed as such."""
        self._pending += clear
        while len(self._pending) > CHUNK_BYTES:
            self._chunk(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]
        return len(clear)

    def finish(self) -> None:
        """Seal what is left, as the end."""
        self._chunk(bytes(self._pending), last=True)
        self._pending.clear()

    def _chunk(self, clear: bytes, *, last: bool) -> None:
        self._file.write(self._key.encrypt(_nonce(self._number, last=last), clear, self._head))
        self._number += 1


class SealedReader:
    """Gives by `read` what was written. Raises StoreFault where a chunk or the end is not as it was sealed."""

    def __init__(self, file: BinaryIO, key: bytes, head: bytes) -> None:
        self._chunks = _opened(file, AESGCM(key), head)
        self._pending = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, all of them if `size` is negative."""
        parts, length = [self._pending], len(self._pending)
        while size < 0 or length < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            length += len(chunk)
        joined = b"".join(parts)
        cut = len(joined) if size < 0 else size
        self._pending = joined[cut:]
        return joined[:cut]

    def finish(self) -> None:
        """Read to the end, so that the end is known to be there."""
        while self.read(CHUNK_BYTES):
            pass


def head_of(file: BinaryIO) -> bytes:
    """The line before the chunks; the file is read on from there. StoreFault where there is none."""
    line = file.readline(_LINE_MOST)
    if not line.endswith(b"\n"):
        raise StoreFault("this is no sealed file")
    return line[:-1]


def _opened(file: BinaryIO, key: AESGCM, head: bytes) -> Iterator[bytes]:
    number, sealed = 0, file.read(CHUNK_BYTES + _TAG_BYTES)
    while True:
        following = file.read(CHUNK_BYTES + _TAG_BYTES)
        try:
            yield key.decrypt(_nonce(number, last=not following), sealed, head)
        except InvalidTag:
            place = f"chunk {number}" + ("" if following else ", the last that is there")
            raise StoreFault(f"sealed file: {place}: changed, moved, of another file, or the end is cut off") from None
        if not following:
            return
        number, sealed = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + bytes((last,))
