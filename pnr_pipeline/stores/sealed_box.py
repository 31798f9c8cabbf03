"""A box that one key alone can open: X25519, HKDF-SHA256 (RFC 5869), AES-256-GCM.

The sender makes a key pair for each box and forgets its private half, so the PIU, which needs the units' public
keys only, cannot open afterwards what it sent.
"""

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.durable_file import private_folder, publish, trouble_in

_PUBLIC_BYTES = 32
_NONCE = bytes(12)  # each key seals one box only, so a fixed nonce is never used twice with it


def seal_box(recipient: bytes, clear: bytes, bound_to: bytes) -> bytes:
    """Ephemeral public key and ciphertext; `bound_to` (say the event's id) must be given again to open."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    return public + AESGCM(_box_key(shared, public, recipient)).encrypt(_NONCE, clear, bound_to)


def open_box(private: bytes, box: bytes, bound_to: bytes) -> bytes:
    """What `seal_box` sealed to this key. Raises StoreFault for another unit's box or changed bytes."""
    key = X25519PrivateKey.from_private_bytes(private)
    public = box[:_PUBLIC_BYTES]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        return AESGCM(_box_key(shared, public, key.public_key().public_bytes_raw())).decrypt(
            _NONCE, box[_PUBLIC_BYTES:], bound_to
        )
    except (InvalidTag, ValueError):
        raise StoreFault("this box is not sealed to this key, or was changed") from None


def _box_key(shared: bytes, public: bytes, recipient: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=public + recipient, info=b"pnr-pipeline unit box 1").derive(shared)


class UnitKeys:
    """Key pairs of units in a folder: `<unit>.pub` for the PIU, `<unit>.key` (0600) for the unit's own machine.

    Where the unit made its own pair, only `<unit>.pub` is laid here; where neither is, a pair is made, for
    demonstration and training on one machine.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def public(self, unit: str) -> bytes:
        """The unit's public key, 32 bytes."""
        path = self._folder / f"{unit}.pub"
        if not path.exists():
            with trouble_in("keys of units"):
                self._make(unit)
        return bytes.fromhex(path.read_text("ascii"))

    def private(self, unit: str) -> bytes:
        """The unit's private key, 32 bytes; StoreFault where it is not on this machine."""
        try:
            return bytes.fromhex((self._folder / f"{unit}.key").read_text("ascii"))
        except FileNotFoundError:
            raise StoreFault(f"the private key of unit {unit} is not on this machine") from None

    def _make(self, unit: str) -> None:
        private_folder(self._folder)
        publish(self._folder / f"{unit}.key", X25519PrivateKey.generate().private_bytes_raw().hex().encode())
        pair = X25519PrivateKey.from_private_bytes(self.private(unit))  # another process may have been first
        publish(self._folder / f"{unit}.pub", pair.public_key().public_bytes_raw().hex().encode())
