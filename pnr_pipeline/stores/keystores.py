"""Which keystore a deployment uses, by the table `[keystore]` of `settings.toml` in its state folder."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from pnr_pipeline.stores.given_secrets import given_secret
from pnr_pipeline.stores.keystore import WrappedKeys, Wrapping
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.settings_file import FileSettings, read_settings
from pnr_pipeline.stores.state import StateFolder


class KeystoreSettings(FileSettings):
    """`PNR_KEYSTORE_…` of the environment, then the file, then these defaults. No secret has a field here."""

    model_config = SettingsConfigDict(
        env_prefix="PNR_KEYSTORE_", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    kind: Literal["file", "vault", "pkcs11"] = "file"
    passphrase: bool = False
    """file: new root keys are put under a passphrase."""
    address: str = ""
    """vault: `https://…`; http is taken on the loopback alone (SEC-2)."""
    mount: str = "transit"
    prefix: str = Field("pnr", pattern=r"^[a-z0-9][a-z0-9-]*$")
    """vault: what the names of our keys begin with; pkcs11: their label. One for each state folder."""
    namespace: str = ""
    ca: Path | None = None
    """vault: file of the certificate authority, where it is not one of the system's."""
    module: Path | None = None
    """pkcs11: the vendor's library."""
    token: str = ""
    """pkcs11: label of the token."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "vault" and not _is_safe(self.address):
            raise ValueError("address: https://…, or http:// on the loopback, is needed for vault")
        if self.kind == "pkcs11" and not (self.module and self.token):
            raise ValueError("module and token are needed for pkcs11")
        return self


def keystore_settings(state: StateFolder) -> KeystoreSettings:
    """The settings of this state folder; UsageFault where they are wrong."""
    return read_settings(state, "keystore", KeystoreSettings)


def open_keystore(state: StateFolder) -> WrappedKeys:
    """The keystore of this state folder. Raises UsageFault for wrong settings or a secret that nobody gives, StoreFault
    where Vault or token is out of reach.
    """
    settings = keystore_settings(state)
    if settings.kind == "file":
        return FileKeystore(state.keys, _passphrase, protect=settings.passphrase, deaths=state.deaths)
    return WrappedKeys(state.keys, _wrapping(settings), state.deaths)


def _wrapping(settings: KeystoreSettings) -> Wrapping:
    if settings.kind == "vault":
        from pnr_pipeline.stores.transit_keys import TransitKeys

        return TransitKeys(
            settings.address, lambda: given_secret("vault-token").decode(), mount=settings.mount,
            prefix=settings.prefix, namespace=settings.namespace, ca=settings.ca,
        )  # fmt: skip
    from pnr_pipeline.stores.token_keys import TokenKeys

    assert settings.module is not None, "checked with the settings"
    return TokenKeys(settings.module, settings.token, lambda: given_secret("pkcs11-pin").decode(), settings.prefix)


def _passphrase() -> bytes:
    return given_secret("passphrase")


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
