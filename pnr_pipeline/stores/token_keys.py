"""Keys of periods wrapped in a PKCS#11 token (HSM), one AES-256 key a period that never leaves it.

The wrapping key is made in the token (CKA_SENSITIVE, not CKA_EXTRACTABLE) and found by its CKA_ID, the handle; the key
of a period is encrypted and decrypted there (CKM_AES_GCM, its name is associated data). Destruction is C_DestroyObject.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag, ObjectClass, SecretKey, Session

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.keystore import KEY_BYTES, NONCE_BYTES, KeysApart

_ID_BYTES = 16
_ATTEMPTS, _SECONDS_FIRST = 6, 0.05
_GONE_IN_TEMPLATE = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}

_sessions: dict[tuple[str, str, int], Session] = {}
_turn = RLock()
"""A token logs in once a process, and a session serves one thread at a time."""


class TokenKeys(KeysApart):
    """Wrapping by keys of the token labelled `token`, reached through the vendor's `module`; `label` is on our keys."""

    def __init__(self, module: Path, token: str, pin: Callable[[], str], label: str) -> None:
        self._module, self._token, self._pin, self._label = str(module), token, pin, label

    def fresh(self) -> str:
        """See Wrapping."""
        return secrets.token_hex(_ID_BYTES)

    def seal(self, handle: str, name: str, key: bytes) -> bytes:
        """See Wrapping."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        with self._session() as session:
            wrapping: Any = session.generate_key(
                KeyType.AES, KEY_BYTES * 8, id=bytes.fromhex(handle), label=self._label, store=True,
                capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT, template=_GONE_IN_TEMPLATE,
            )  # fmt: skip
            if wrapping[Attribute.EXTRACTABLE] or not wrapping[Attribute.SENSITIVE]:
                wrapping.destroy()
                raise StoreFault("the token made a key that can leave it: it is not used")
            bound = _bound(nonce, name)
            sealed: bytes = wrapping.encrypt(key, mechanism=Mechanism.AES_GCM, mechanism_param=bound)
            return nonce + sealed

    def open(self, handle: str, name: str, sealed: bytes) -> bytes:
        """See Wrapping."""
        nonce = sealed[:NONCE_BYTES]
        with self._session() as session:
            for wrapping in self._keys(session, handle):
                try:
                    key: bytes = wrapping.decrypt(
                        sealed[NONCE_BYTES:], mechanism=Mechanism.AES_GCM, mechanism_param=_bound(nonce, name)
                    )
                except pkcs11.PKCS11Error:
                    raise StoreFault(f"key {name}: its file is damaged, or of another key") from None
                return key
        raise StoreFault(f"key {name}: its wrapping key is not in the token")

    def end(self, handle: str) -> None:
        """See Wrapping."""
        with self._session() as session:
            for wrapping in self._keys(session, handle):
                wrapping.destroy()

    def reached(self) -> str:
        """See Wrapping: maker, model and label of the token, and how many keys of ours stand in it."""
        with self._session() as session:
            token = session.token
            told = f"{token.manufacturer_id.strip()} {token.model.strip()}, token {self._token}"
        return f"{told}, {len(self.standing())} keys in it"

    def standing(self) -> set[str]:
        """See KeysApart."""
        with self._session() as session:
            return {one.id.hex() for one in self._keys(session, None)}

    def _keys(
        self, session: Session, handle: str | None
    ) -> list[Any]:  # what a key can do is told by no type of the library
        wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: self._label}
        if handle is not None:
            try:
                wanted[Attribute.ID] = bytes.fromhex(handle)
            except ValueError:
                return []
        return [one for one in session.get_objects(wanted) if isinstance(one, SecretKey)]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        place = (self._module, self._token, os.getpid())
        with _turn:
            try:
                if place not in _sessions:
                    _sessions[place] = self._opened_patiently()
                yield _sessions[place]
            except pkcs11.PKCS11Error as fault:
                _sessions.pop(place, None)
                raise StoreFault(f"token {self._token}: {type(fault).__name__}") from None

    def _opened_patiently(self) -> Session:
        """SoftHSM shows a process half a token while another writes to it; a wrong PIN counts and is told at once."""
        for attempt in range(_ATTEMPTS - 1):
            try:
                return self._opened()
            except (pkcs11.GeneralError, pkcs11.NoSuchToken, pkcs11.UserPinNotInitialized):
                time.sleep(_SECONDS_FIRST * 2**attempt)
                if not any(module == self._module for module, _, _ in _sessions):
                    pkcs11.lib(self._module).reinitialize()  # it read the tokens when it was loaded
        return self._opened()

    def _opened(self) -> Session:
        try:
            library = pkcs11.lib(self._module)
        except RuntimeError:  # what the loader says of a file that is no library
            raise StoreFault(f"PKCS#11 library {Path(self._module).name} cannot be loaded") from None
        if any(module == self._module and pid != os.getpid() for module, _, pid in _sessions):
            library.reinitialize()  # after a fork the library is as good as not loaded
        return library.get_token(token_label=self._token).open(rw=True, user_pin=self._pin())


def _bound(nonce: bytes, name: str) -> GCMParams:
    return GCMParams(nonce, name.encode(), 128)
