"""Root key → period key → record key → AES-256-GCM (DESIGN 6).

A *period* is the hour or day of receipt of one retention class, as `retention.key_period` names it (`S/2026-01-10`,
`ingest/2026-01-10T09`); each part of a record has a key of its own in it, so that masking can end `identity`
and leave `open`. The record key is HMAC-SHA256(period key, record id): one derivation, no stored key per record. The
associated data are record id, part, version and profile, so a sealed part that is moved to another record, part,
version or deployment does not open.
"""

import hmac
import secrets
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.keystore import NONCE_BYTES, Keystore

Part = Literal["open", "identity", "push", "hits", "index", "dead"]
PARTS: tuple[Part, ...] = ("open", "identity", "push", "hits", "index", "dead")


class Sealer:
    """Seals and opens parts of records for one profile; period keys are fetched once and held in memory."""

    def __init__(self, keystore: Keystore, profile: str) -> None:
        self._keystore = keystore
        self._profile = profile
        self._held: dict[str, bytes] = {}

    def seal(self, period: str, part: Part, record: str, version: int, clear: bytes) -> bytes:
        """Nonce (96 random bits) and ciphertext of one part of one version of one record."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = AESGCM(self.record_key(period, part, record))
        return nonce + key.encrypt(nonce, clear, self._bound_to(record, part, version))

    def open(self, period: str, part: Part, record: str, version: int, sealed: bytes) -> bytes:
        """What `seal` sealed.

        Raises KeyGone where the period's key was destroyed, StoreFault where bytes were changed or moved.
        """
        key = AESGCM(self.record_key(period, part, record))
        try:
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(record, part, version))
        except (InvalidTag, ValueError):
            raise StoreFault(f"{part} of record {record} version {version} was changed or moved") from None

    def record_key(self, period: str, part: Part, record: str) -> bytes:
        """The key of one part of one record; also keys the blind index of a leg (part `index`, record = leg)."""
        name = f"{period}/{part}"
        key = self._held.get(name)
        if key is None:
            key = self._held[name] = self._keystore.create(name)
        return hmac.digest(key, record.encode(), "sha256")

    def destroy(self, period: str, part: Part) -> None:
        """End a period key, here and in the keystore."""
        self._held.pop(f"{period}/{part}", None)
        self._keystore.destroy(f"{period}/{part}")

    def forget(self) -> None:
        """Let go of every key held in memory."""
        self._held.clear()

    def _bound_to(self, record: str, part: Part, version: int) -> bytes:
        return "\0".join((record, part, str(version), self._profile)).encode()
