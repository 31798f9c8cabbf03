"""The file keystore: keys wrapped (AES-256-GCM, the name is associated data) by root keys in files, mode 0600.

A root lies open in its file (exercises, tests), or under a passphrase: scrypt, whose costs and salt stand before it.
One root wraps many keys, so the copies of this keystore are part of it: see `key_copies`.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.stores.durable_file import overwrite_and_remove, private_folder, publish
from pnr_pipeline.stores.keystore import KEY_BYTES, NONCE_BYTES, WrappedKeys

_MARK = b"scrypt"
_SALT_BYTES = 16
_COST, _BLOCK = 1 << 17, 8
"""128 MiB and about a third of a second for each guess; what OWASP asks at least (2024)."""
_COST_MOST = 1 << 20


class RootFiles:
    """Wrapping by the newest of `root/<n>.key`; roots under a passphrase, and new ones if `protect`, ask for it."""

    apart = False

    def __init__(self, folder: Path, passphrase: Callable[[], bytes] | None = None, *, protect: bool = False) -> None:
        self.folder, self._passphrase, self._protect = folder, passphrase, protect
        self._held: dict[str, bytes] = {}
        private_folder(folder)
        if not self.numbers():
            publish(folder / "1.key", self._new())

    def fresh(self) -> str:
        """See Wrapping: the newest root."""
        return str(max(self.numbers()))

    def seal(self, handle: str, name: str, key: bytes) -> bytes:
        """See Wrapping."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._root(handle)).encrypt(nonce, key, name.encode())

    def open(self, handle: str, name: str, sealed: bytes) -> bytes:
        """See Wrapping."""
        try:
            return AESGCM(self._root(handle)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            raise StoreFault(f"key {name}: its file is damaged, or wrapped by another root") from None

    def end(self, handle: str) -> None:
        """See Wrapping: a root serves many keys, and goes by `retire`."""

    def renew(self) -> None:
        """See Wrapping."""
        publish(self.folder / f"{max(self.numbers()) + 1}.key", self._new())

    def retire(self, in_use: set[str]) -> int:
        """See Wrapping; the newest root stays."""
        old = self._left(in_use)
        for number in old:
            overwrite_and_remove(self.folder / f"{number}.key")
            self._held.pop(str(number), None)
        return len(old)

    def unused(self, in_use: set[str]) -> int:
        """See Wrapping."""
        return len(self._left(in_use))

    def reached(self) -> str:
        """See Wrapping; asks nobody for the passphrase."""
        return f"root key {max(self.numbers())} {'under a passphrase' if self.is_protected() else 'open in its file'}"

    def numbers(self) -> list[int]:
        """The roots that there are."""
        return [int(path.stem) for path in self.folder.glob("*.key")]

    def is_protected(self) -> bool:
        """Whether every root is under a passphrase; asks nobody."""
        return all((self.folder / f"{one}.key").read_bytes().startswith(_MARK + b":") for one in self.numbers())

    def _left(self, in_use: set[str]) -> list[int]:
        return [one for one in self.numbers() if str(one) not in in_use and one != max(self.numbers())]

    def _new(self) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        return protected(key, self._asked()) if self._protect else key

    def _root(self, handle: str) -> bytes:
        if handle not in self._held:
            path = self.folder / f"{handle}.key"
            if not handle.isdecimal() or not path.is_file():
                raise StoreFault("a key is wrapped by a root that is not there: restore a copy of the keys")
            content = path.read_bytes()
            opens = content.startswith(_MARK + b":") and len(content) != KEY_BYTES
            self._held[handle] = unprotected(content, self._asked()) if opens else content
        return self._held[handle]

    def _asked(self) -> bytes:
        if self._passphrase is None:
            raise UsageFault("the root key is under a passphrase, and none was given: see docs/keystores.md")
        return self._passphrase()


class FileKeystore(WrappedKeys):
    """The file keystore over a folder: `root/<n>.key` beside what `WrappedKeys` keeps.

    Overwriting a file does not reach old blocks of every disk: they hold the key wrapped only, and a new root
    (`rotate`) makes them useless too.
    """

    def __init__(
        self,
        folder: Path,
        passphrase: Callable[[], bytes] | None = None,
        *,
        protect: bool = False,
        deaths: Path | None = None,
    ) -> None:
        super().__init__(folder, RootFiles(folder / "root", passphrase, protect=protect), deaths)


def protected(key: bytes, passphrase: bytes) -> bytes:
    """The key under a passphrase: `scrypt:cost:block:`, salt, nonce, ciphertext."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    head = b"%b:%d:%d:%b" % (_MARK, _COST, _BLOCK, salt)
    return head + nonce + AESGCM(_derived(passphrase, salt, _COST, _BLOCK)).encrypt(nonce, key, head)


def unprotected(content: bytes, passphrase: bytes) -> bytes:
    """The key that `protected` covered; UsageFault where the passphrase is another or the bytes were changed."""
    try:
        _, cost, block, rest = content.split(b":", 3)
        if not (1 < int(cost) <= _COST_MOST and 0 < int(block) <= _BLOCK):
            raise ValueError
        salt, nonce = rest[:_SALT_BYTES], rest[_SALT_BYTES : _SALT_BYTES + NONCE_BYTES]
        key = AESGCM(_derived(passphrase, salt, int(cost), int(block)))
        head = content[: len(content) - len(rest) + _SALT_BYTES]
        return key.decrypt(nonce, rest[_SALT_BYTES + NONCE_BYTES :], head)
    except (ValueError, InvalidTag):
        raise UsageFault("the passphrase does not open the root key, or its file is damaged") from None


def _derived(passphrase: bytes, salt: bytes, cost: int, block: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=block, p=1).derive(passphrase)
