"""Root key → period key → record key → AES-256-GCM (DESIGN 6).

A *period* is the hour or day of receipt of one retention class, as `retention.key_period` names it (`S/2026-01-10`,
`ingest/2026-01-10T09`); each part of a record has a key of its own in it, so that masking can end `identity`
and leave `open`. The record key is HMAC-SHA256(period key, record id): one derivation, no stored key per record. The
associated data are record id, part, version and profile, so a sealed part that is moved to another record, part,
version or deployment does not open.

In class L the keys of `TWO_SIDED` parts have a second half, the approver's (`stores.approver_half`): while the period's
key `approver` is online both are computed here; once it is destroyed, such a part is masked, and opens only with halves
that the approver released (`opened_by`).
"""

import hmac
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pnr_pipeline.errors import Damaged, KeyGone, Masked
from pnr_pipeline.stores.approver_half import from_halves, half_of
from pnr_pipeline.stores.durable_file import trouble_in
from pnr_pipeline.stores.keystore import NONCE_BYTES, Keystore

Part = Literal["open", "identity", "push", "hits", "index", "dead", "receipt", "rights", "orders", "approver"]
PARTS: tuple[Part, ...] = (
    "open", "identity", "push", "hits", "index", "dead", "receipt", "rights", "orders", "approver",
)  # fmt: skip
"""`rights` keys the blind index of rights requests, `orders` what a request for unmasking says; `approver` is the
approver's half of class L, which masking destroys."""

MASKED: tuple[Part, ...] = ("approver", "push", "index")
"""What ends when a period of class L is masked, years before its other keys: the online half, and what leads to it."""

TWO_SIDED: frozenset[Part] = frozenset(("identity", "hits"))
"""The parts that are masked (RET-2); a hit holds the values it was found by."""

Halves = Mapping[tuple[str, str], bytes]
"""Released halves by (period, id of the record or hit)."""


def is_two_sided(period: str, part: Part) -> bool:
    """Whether keys of this part of the period need the approver's half."""
    return part in TWO_SIDED and period.startswith("L/")


_CIPHERS_MOST = 512
"""Keys of records that are held at a time: those of a flight."""

_LOOK_SECONDS = 1.0


class Sealer:
    """Seals and opens parts of records for one profile; period keys are fetched once and held in memory.

    Once a second of use, and at each `look`, it is asked whether any key was destroyed, by whatever process; then all
    are forgotten, and those that stand are fetched again.
    """

    def __init__(self, keystore: Keystore, profile: str) -> None:
        self._keystore = keystore
        self._profile = profile
        self._held: dict[str, bytes] = {}
        self._ciphers: dict[tuple[str, Part, str], AESGCM] = {}
        self._released: Halves = {}
        self._looked_at, self._destructions = 0.0, -1

    def look(self) -> None:
        """Forget every key where one was destroyed since the last look; for processes that wait for work, too."""
        self._looked_at = time.monotonic()
        with trouble_in("keystore"):
            destructions = self._keystore.destructions()
        if destructions != self._destructions:
            self.forget()
            self._destructions = destructions

    def opened_by(self, halves: Halves) -> "Sealer":
        """A sealer that opens, besides, what these released halves open."""
        other = Sealer(self._keystore, self._profile)
        other._released = halves
        return other

    def seal(self, period: str, part: Part, record: str, version: int, clear: bytes) -> bytes:
        """Nonce (96 random bits) and ciphertext of one part of one version of one record."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(period, part, record).encrypt(nonce, clear, self._bound_to(record, part, version))

    def open(self, period: str, part: Part, record: str, version: int, sealed: bytes) -> bytes:
        """What `seal` sealed.

        Raises KeyGone where the period's key was destroyed, Masked where only the approver's half is gone, Damaged
        where bytes were changed or moved.
        """
        key = self._cipher(period, part, record)
        try:
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(record, part, version))
        except (InvalidTag, ValueError):
            raise Damaged(f"{part} of record {record} version {version} was changed or moved") from None

    def _cipher(self, period: str, part: Part, record: str) -> AESGCM:
        """A message opens the records that it joins and seals them again: their keys are derived once for both."""
        self._look_now_and_then()
        of = (period, part, record)
        cipher = self._ciphers.get(of)
        if cipher is None:
            if len(self._ciphers) >= _CIPHERS_MOST:
                self._ciphers.clear()
            cipher = self._ciphers[of] = AESGCM(self.record_key(period, part, record))
        return cipher

    def record_key(self, period: str, part: Part, record: str) -> bytes:
        """The key of one part of one record; also keys the blind index of a leg (part `index`, record = leg)."""
        own = hmac.digest(self._period_key(period, part), record.encode(), "sha256")
        if not is_two_sided(period, part):
            return own
        subject = record.partition("/")[0]
        theirs = self._released.get((period, subject))
        return from_halves(own, theirs or half_of(self.approver_key(period), subject))

    def approver_key(self, period: str) -> bytes:
        """The approver's half of a period while it is online; Masked once it is not.

        StoreFault where none was ever made: `approver_seals.hold_half` makes it, sealed to the approver.
        """
        try:
            return self._kept(f"{period}/approver", self._keystore.unwrap)
        except KeyGone:
            raise Masked(f"{period} is masked: an order of the approver opens single records (DIS-4)") from None

    def make_approver_key(self, period: str) -> bytes:
        """The approver's half of a period, made now if there is none; Masked where it was and is destroyed."""
        with suppress(KeyGone), trouble_in("keystore"):  # what is gone is told below, as masked
            self._keystore.create(f"{period}/approver")
        return self.approver_key(period)

    def named(self, name: str) -> bytes:
        """A key that belongs to no period, such as the log's; made now if there is none."""
        return self._kept(name, self._keystore.create)

    def end(self, name: str) -> None:
        """End a key that belongs to no period, here and in the keystore."""
        self._held.pop(name, None)
        with trouble_in("keystore"):
            self._keystore.destroy(name)

    def destroy(self, keys: Iterable[tuple[str, Part]]) -> None:
        """End these keys of periods, here and in the keystore, in one act."""
        names = [f"{period}/{part}" for period, part in keys]
        self.forget()
        with trouble_in("keystore"):
            self._keystore.destroy(*names)

    def forget(self) -> None:
        """Let go of every key held in memory."""
        self._held.clear()
        self._ciphers.clear()

    def _period_key(self, period: str, part: Part) -> bytes:
        return self._kept(f"{period}/{part}", self._keystore.create)

    def _look_now_and_then(self) -> None:
        if time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self.look()

    def _kept(self, name: str, fetch: Callable[[str], bytes]) -> bytes:
        self._look_now_and_then()
        key = self._held.get(name)
        if key is None:
            with trouble_in("keystore"):
                key = self._held[name] = fetch(name)
        return key

    def _bound_to(self, record: str, part: Part, version: int) -> bytes:
        return "\0".join((record, part, str(version), self._profile)).encode()
