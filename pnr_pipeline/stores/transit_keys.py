"""Keys of periods wrapped by the transit engine of Vault or OpenBao, one transit key a period.

A transit key is made for each key (`<prefix>-<random>`, aes256-gcm96, neither exportable nor open to plaintext backup);
what it encrypts is the period's key with its name, and lies in our own folder, not in Vault. Destruction deletes the
transit key and our file: an old snapshot of Vault alone holds no period's key, our old files alone do not open.
"""

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hvac
import requests
from hvac import exceptions

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.keystore import KeysApart

_SECONDS = 10
_ID_BYTES = 16


class TransitKeys(KeysApart):
    """Wrapping by the transit engine mounted at `mount` of the server at `address`."""

    def __init__(
        self,
        address: str,
        token: Callable[[], str],
        *,
        mount: str = "transit",
        prefix: str = "pnr",
        namespace: str = "",
        ca: Path | None = None,
    ) -> None:
        self._address, self._token, self._mount, self._prefix = address, token, mount, prefix
        self._namespace, self._ca = namespace, ca
        self._held: hvac.Client | None = None

    def fresh(self) -> str:
        """See Wrapping."""
        return f"{self._prefix}-{secrets.token_hex(_ID_BYTES)}"

    def seal(self, handle: str, name: str, key: bytes) -> bytes:
        """See Wrapping."""
        with self._client() as vault:
            _renew(vault)
            vault.secrets.transit.create_key(
                handle, key_type="aes256-gcm96", exportable=False, allow_plaintext_backup=False,
                mount_point=self._mount,
            )  # fmt: skip
            told = vault.secrets.transit.encrypt_data(
                handle, plaintext=base64.b64encode(name.encode() + b"\0" + key).decode(), mount_point=self._mount
            )
            return str(told["data"]["ciphertext"]).encode()

    def open(self, handle: str, name: str, sealed: bytes) -> bytes:
        """See Wrapping."""
        with self._client() as vault:
            try:
                told = vault.secrets.transit.decrypt_data(
                    handle, ciphertext=sealed.decode("ascii", "replace"), mount_point=self._mount
                )
            except exceptions.InvalidRequest:
                raise StoreFault(f"key {name}: its transit key is gone, or its file is damaged") from None
        bound, _, key = base64.b64decode(told["data"]["plaintext"]).partition(b"\0")
        if bound != name.encode():
            raise StoreFault(f"key {name}: its file is of another key")
        return key

    def end(self, handle: str) -> None:
        """See Wrapping."""
        with self._client() as vault:
            try:
                vault.secrets.transit.update_key_configuration(handle, deletion_allowed=True, mount_point=self._mount)
                vault.secrets.transit.delete_key(handle, mount_point=self._mount)
            except (exceptions.InvalidRequest, exceptions.InvalidPath):
                if handle in self.standing():
                    raise

    def reached(self) -> str:
        """See Wrapping: the server's version, how long our token lives, how many keys of ours stand there."""
        with self._client() as vault:
            health = vault.sys.read_health_status(method="GET")
            token = vault.auth.token.lookup_self()["data"]
        version = health.get("version", "unknown") if isinstance(health, dict) else "unknown"
        left = f"token lives {token['ttl'] // 3600} h" if token["ttl"] else "token without end"
        return f"{self._address}, version {version}, {left}, {len(self.standing())} keys in {self._mount}"

    def standing(self) -> set[str]:
        """See KeysApart."""
        with self._client() as vault:
            try:
                names: list[str] = vault.secrets.transit.list_keys(mount_point=self._mount)["data"]["keys"]
            except exceptions.InvalidPath:
                return set()  # there is none
            return {name for name in names if name.startswith(f"{self._prefix}-")}

    @contextmanager
    def _client(self) -> Iterator[Any]:  # hvac has no types
        try:
            if self._held is None:
                self._held = hvac.Client(
                    self._address, token=self._token(), namespace=self._namespace or None, timeout=_SECONDS,
                    verify=str(self._ca) if self._ca else True,
                )  # fmt: skip
            yield self._held
        except (exceptions.VaultError, requests.RequestException) as fault:
            raise StoreFault(f"Vault at {self._address}: {type(fault).__name__}") from None


def _renew(vault: Any) -> None:
    """Prolong our token, at least each hour, as a new hour brings new keys; one that cannot be prolonged stays."""
    token = vault.auth.token.lookup_self()["data"]
    if token.get("renewable"):
        vault.auth.token.renew_self()
