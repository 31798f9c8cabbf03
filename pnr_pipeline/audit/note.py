"""Signed notes and checkpoints: the root of the log, signed (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature).

A verifier key (`name+id+key`) is all that a third party needs to know of a log or a witness. The log signs with plain
Ed25519 (type 1), a witness with the time at which it saw the tree (type 4).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG, WITNESS = 1, 4
"""Types of signature: Ed25519 over the text; Ed25519 over time and text."""

_DASH = "\u2014"
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_NOTE_BYTES = 1 << 16


class NoteFault(ValueError):
    """A note, a key or a signature that is not what it claims to be; says what is wrong, never what was in it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signature, of which type (LOG or WITNESS), under which Ed25519 key (32 bytes)."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each signature of this key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key that `str` wrote. Raises NoteFault."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        packed = _bytes(encoded, "verifier key")
        if not _NAME.fullmatch(name) or len(packed) != 33 or packed[0] not in (LOG, WITNESS):
            raise NoteFault("a verifier key is name+id+key, of an Ed25519 key of type 1 (log) or 4 (witness)")
        key = cls(name, packed[0], packed[1:])
        if key_id != key.key_id.hex():
            raise NoteFault("the id of the verifier key is not that of its name and key")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log says of itself: its name, how many entries it holds, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key (32 bytes, the seed of Ed25519) under a name."""

    name: str
    kind: int
    seed: bytes

    @property
    def key(self) -> VerifierKey:
        """What others verify with."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, self.kind, public.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, checkpoint: Checkpoint) -> str:
        """The log's own checkpoint, with its signature."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(checkpoint.text.encode())
        return f"{checkpoint.text}\n{self._line(signature)}"

    def cosign(self, checkpoint: Checkpoint, at: datetime) -> str:
        """The line by which a witness says that at `at` (aware) this was the largest tree it knew of this log."""
        seconds = int(at.timestamp())
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_timed(checkpoint.text, seconds))
        return self._line(seconds.to_bytes(8, "big") + signature)

    def _line(self, signature: bytes) -> str:
        return f"{_DASH} {self.name} {_base64(self.key.key_id + signature)}\n"


def opened(note: bytes, log: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that the log signed. Raises NoteFault for anything else."""
    text, lines = _parts(note)
    checkpoint = _checkpoint(text)
    if checkpoint.origin != log.name:
        raise NoteFault("the checkpoint is of another log")
    for signature in _signatures(lines, log):
        if len(signature) != 64:
            raise NoteFault("the signature of the log does not hold")
        _verify(log.public, signature, text.encode(), "the signature of the log does not hold")
        return checkpoint
    raise NoteFault("the checkpoint bears no signature by the key of the log")


def cosigned_at(note: bytes, witness: VerifierKey) -> datetime | None:
    """When this witness cosigned the note, UTC; None where it did not. Raises NoteFault for a signature that fails."""
    text, lines = _parts(note)
    for signature in _signatures(lines, witness):
        seconds = int.from_bytes(signature[:8], "big")
        if len(signature) != 72 or seconds > 253402300799:  # the year 9999
            raise NoteFault("the cosignature does not hold")
        _verify(witness.public, signature[8:], _timed(text, seconds), "the cosignature does not hold")
        return datetime.fromtimestamp(seconds, UTC)
    return None


def _parts(note: bytes) -> tuple[str, list[str]]:
    try:
        text = note.decode() if len(note) <= _MOST_NOTE_BYTES else ""
    except UnicodeDecodeError:
        text = ""
    body, blank, signatures = text.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    wrong = not blank or not signatures.endswith("\n") or any(len(line.split(" ")) != 3 for line in lines)
    if wrong or any(letter < " " and letter != "\n" for letter in text):
        raise NoteFault("a signed note is text, an empty line and lines of signatures")
    return body + "\n", lines


def _signatures(lines: list[str], key: VerifierKey) -> list[bytes]:
    """What stands after the key's id in the lines of this key."""
    found = []
    for line in lines:
        dash, name, encoded = line.split(" ")
        packed = _bytes(encoded, "signature")
        if dash == _DASH and name == key.name and packed[:4] == key.key_id:
            found.append(packed[4:])
    return found


def _checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    # lines of extension are allowed to others; ours has none, and nothing could be proved of them
    if len(lines) != 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise NoteFault("a checkpoint is three lines: origin, size, root")
    root = _bytes(lines[2], "root")
    if len(root) != 32:
        raise NoteFault("the root is not a SHA-256 hash")
    return Checkpoint(lines[0], int(lines[1]), root)


def _verify(public: bytes, signature: bytes, message: bytes, told: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise NoteFault(told) from None


def _timed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(encoded: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteFault(f"the {what} is not base64") from None
    if _base64(raw) != encoded:  # one spelling alone, so that no bit of a note can be changed unseen
        raise NoteFault(f"the {what} is not base64 as it is written")
    return raw
