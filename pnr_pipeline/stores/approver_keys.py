"""Ed25519 keys of those who approve criteria: the private half in the keystore, the public one in a file beside it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pnr_pipeline.stores.durable_file import private_folder, publish
from pnr_pipeline.stores.keystore import Keystore


class ApproverKeys:
    """The keys below `folder`; whoever only verifies needs no keystore."""

    def __init__(self, keystore: Keystore | None, folder: Path) -> None:
        self._keystore, self._folder = keystore, folder

    def private(self, approver: str) -> Ed25519PrivateKey:
        """The approver's key, made on first use together with its public half."""
        assert self._keystore is not None, "opened to verify only"
        key = Ed25519PrivateKey.from_private_bytes(self._keystore.create(f"approvers/{approver}"))
        private_folder(self._folder)
        publish(self._folder / f"{approver}.pub", key.public_key().public_bytes_raw())
        return key

    def public(self, approver: str) -> bytes | None:
        """The public half; None for whom no key was made."""
        path = self._folder / f"{approver}.pub"
        return path.read_bytes() if path.is_file() else None
