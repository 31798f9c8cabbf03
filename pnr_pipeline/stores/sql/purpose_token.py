"""What a connection shows to read or write rows of travellers: who, why, in which case, until when, signed (SCR-1).

PostgreSQL verifies it in the policies of its tables; a token serves one database and one connection of it. Its key lies
in the keystore and, in two halves that HMAC makes of it, in a table that its owner alone reads.
"""

import hashlib
import hmac
from dataclasses import dataclass

from pnr_pipeline.audit import Access

GATE_KEY = "database/purpose"
"""Its name in the keystore."""

SECONDS = 3600
"""How long a token is good."""

_BLOCK = 64
_INNER, _OUTER = bytes(0x36 for _ in range(_BLOCK)), bytes(0x5C for _ in range(_BLOCK))


@dataclass(frozen=True, slots=True)
class Gate:
    """Signs tokens under one key of 32 bytes."""

    key: bytes

    @property
    def halves(self) -> tuple[bytes, bytes]:
        """Inner and outer key of HMAC-SHA256 (RFC 2104): SHA-256(outer + SHA-256(inner + text))."""
        key = self.key.ljust(_BLOCK, b"\0")
        return (
            bytes(one ^ pad for one, pad in zip(key, _INNER, strict=True)),
            bytes(one ^ pad for one, pad in zip(key, _OUTER, strict=True)),
        )

    def token(self, database: str, process: int, access: Access, states: str, now: float) -> str:
        """`now` in seconds of UTC; `states` those that the person acts for, `*` all; identifiers hold no `|`."""
        parts = (database, process, int(now) + SECONDS, access.purpose, access.actor, access.case, states)
        told = "|".join(map(str, parts))
        return f"{told}|{hmac.digest(self.key, told.encode(), hashlib.sha256).hex()}"
