"""Signed files between machines: Ed25519 over canonical bytes (orders, their answers, cards, the staff file)."""

from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def signed_form(form: bytes, told: Any) -> bytes:
    """The canonical bytes of a signed struct: its form's name, then JSON with sorted keys, `signature` left out."""
    fields = {field: value for field, value in msgspec.structs.asdict(told).items() if field != "signature"}
    return form + msgspec.json.encode(fields, order="sorted")


def is_signed(public: bytes, signature: str, signed: bytes) -> bool:
    """Whether `signature` (hex) is of the Ed25519 key `public` over these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True
