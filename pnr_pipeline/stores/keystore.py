"""Keys of periods, outside the database, and their destruction: deletion by law is the end of a key (RET-8).

A key's name says its class, its period and its part: `S/2026-01-10/identity`. Each is 256 random bits in a file of its
own, wrapped (AES-256-GCM; the name is associated data) by a root key that lies in the same folder, mode 0600.
Production stores (Vault/OpenBao transit, PKCS#11) offer the same five calls.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.durable_file import private_folder, publish, sync, written

KEY_BYTES = 32
NONCE_BYTES = 12
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")


class Keystore(Protocol):
    """The five calls. A destroyed key stays destroyed: every call on it but `destroy` raises KeyGone."""

    def create(self, name: str) -> bytes:
        """The key of this name, made now if there is none; of two that make it at once both get the same."""

    def wrap(self, name: str, key: bytes) -> None:
        """Take a given key under this name (a restore, a key made elsewhere); StoreFault where one stands already."""

    def unwrap(self, name: str) -> bytes:
        """The key of this name; StoreFault where there was never one."""

    def rewrap(self, name: str) -> None:
        """Wrap the key anew under the newest root key; the key itself stays."""

    def destroy(self, name: str) -> None:
        """End the key for ever; to destroy it again, or one that was never made, does no harm."""


class FileKeystore:
    """The five calls over a folder (0700): `root/<n>.key`, `periods/<name>.key`, and a `.gone` mark for each ended key.

    Overwriting a file does not reach old blocks of every disk: they hold the key wrapped only, and a new root
    (`new_root`, then `rewrap` of all, then removal of the old root) makes them useless too.
    """

    def __init__(self, folder: Path) -> None:
        self._roots = folder / "root"
        self._periods = folder / "periods"
        for place in (folder, self._roots, self._periods):
            private_folder(place)
        if not self._root_numbers():
            publish(self._roots / "1.key", secrets.token_bytes(KEY_BYTES))

    def create(self, name: str) -> bytes:
        """See Keystore."""
        path = self._path(name)
        if not path.exists():
            self._refuse_gone(name)
            private_folder(path.parent)
            publish(path, self._wrapped(name, secrets.token_bytes(KEY_BYTES)))
        return self.unwrap(name)

    def wrap(self, name: str, key: bytes) -> None:
        """See Keystore."""
        self._refuse_gone(name)
        path = self._path(name)
        private_folder(path.parent)
        if not publish(path, self._wrapped(name, key)):
            raise StoreFault(f"key {name}: there is one already")

    def unwrap(self, name: str) -> bytes:
        """See Keystore."""
        self._refuse_gone(name)
        try:
            number, _, sealed = self._path(name).read_bytes().partition(b":")
            root = AESGCM((self._roots / f"{int(number)}.key").read_bytes())
            return root.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except FileNotFoundError:
            raise StoreFault(f"key {name}: there is none") from None
        except (InvalidTag, ValueError):
            raise StoreFault(f"key {name}: its file is damaged, or wrapped by another root") from None

    def rewrap(self, name: str) -> None:
        """See Keystore."""
        key = self.unwrap(name)
        path = self._path(name)
        fresh = written(path, self._wrapped(name, key))
        fresh.replace(path)
        sync(path.parent)

    def destroy(self, name: str) -> None:
        """See Keystore. The mark comes first: a crash halfway leaves no key that could be used again."""
        path = self._path(name)
        private_folder(path.parent)
        publish(path.with_suffix(".gone"), b"")
        try:
            with path.open("r+b", buffering=0) as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        sync(path.parent)

    def new_root(self) -> None:
        """Make a further root key; what is wrapped from now on, `rewrap` included, is under it."""
        publish(self._roots / f"{max(self._root_numbers()) + 1}.key", secrets.token_bytes(KEY_BYTES))

    def _root_numbers(self) -> list[int]:
        return [int(path.stem) for path in self._roots.glob("*.key")]

    def _wrapped(self, name: str, key: bytes) -> bytes:
        number = max(self._root_numbers())
        nonce = secrets.token_bytes(NONCE_BYTES)
        root = AESGCM((self._roots / f"{number}.key").read_bytes())
        return b"%d:%b%b" % (number, nonce, root.encrypt(nonce, key, name.encode()))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StoreFault("a key's name is words of letters, digits, - and _, parted by /")
        return self._periods / f"{name}.key"

    def _refuse_gone(self, name: str) -> None:
        if self._path(name).with_suffix(".gone").exists():
            raise KeyGone(f"key {name} was destroyed")
