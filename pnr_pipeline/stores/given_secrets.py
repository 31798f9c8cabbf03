"""Secrets that people or the service manager give: a passphrase, a token, a PIN; never in arguments or the environment.

Looked for in this order: the systemd credential `pnr-<name>` (`LoadCredentialEncrypted=`), the file descriptor whose
number `PNR_<NAME>_FD` tells, the terminal.
"""

import getpass
import os
import sys
from functools import cache
from pathlib import Path
from typing import Literal

from pnr_pipeline.errors import UsageFault

Secret = Literal["passphrase", "vault-token", "pkcs11-pin", "kafka-password"]

_MOST_BYTES = 4096


@cache  # a descriptor is read once, and nobody is asked twice
def given_secret(name: Secret) -> bytes:
    """The secret of this name, without a line end; UsageFault where nobody gives it. Held until the process ends."""
    secret = _credential(name) or _from_descriptor(name) or _asked(name)
    if not secret:
        ways = f"as the systemd credential pnr-{name}, by the descriptor that {_variable(name)} names"
        raise UsageFault(f"no {name} is given: {ways}, or at a terminal")
    return secret


def _credential(name: Secret) -> bytes:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / f"pnr-{name}" if folder else None
    return path.read_bytes().rstrip(b"\r\n") if path and path.is_file() else b""


def _from_descriptor(name: Secret) -> bytes:
    number = os.environ.get(_variable(name), "")
    if not number:
        return b""
    try:
        with os.fdopen(int(number), "rb") as file:
            return file.read(_MOST_BYTES).rstrip(b"\r\n")
    except (ValueError, OSError):
        raise UsageFault(f"{_variable(name)} is not the number of an open file descriptor") from None


def _asked(name: Secret) -> bytes:
    return getpass.getpass(f"{name}: ").encode() if sys.stdin.isatty() else b""


def _variable(name: Secret) -> str:
    return f"PNR_{name.upper().replace('-', '_')}_FD"
