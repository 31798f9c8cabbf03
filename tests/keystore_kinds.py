"""Every keystore, opened as another process would open it: files, files under a passphrase, a token, Vault."""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import hvac
from go_command import go_command

from pnr_pipeline.stores import root_files
from pnr_pipeline.stores.keystore import WrappedKeys
from pnr_pipeline.stores.root_files import FileKeystore

PIN, TOKEN = "2468", "pnr-test"
CHEAP = 1 << 10
"""The cost of scrypt in tests; the real one takes a third of a second for each root."""

_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so", "/usr/lib/libsofthsm2.so")


@dataclass(frozen=True)
class Kind:
    """`open` gives a keystore over `folder`; `label` keeps one test's keys apart from another's."""

    name: str
    open: Callable[[Path, str], WrappedKeys]


def _file(folder: Path, label: str) -> WrappedKeys:
    return FileKeystore(folder)


def _passphrase(folder: Path, label: str) -> WrappedKeys:
    root_files._COST = CHEAP
    return FileKeystore(folder, lambda: b"an invented passphrase", protect=True)


def _token(folder: Path, label: str) -> WrappedKeys:
    from pnr_pipeline.stores.token_keys import TokenKeys

    os.environ.setdefault("SOFTHSM2_CONF", str(softhsm() / "softhsm2.conf"))
    return WrappedKeys(folder, TokenKeys(_module(), TOKEN, lambda: PIN, label))


def _vault(folder: Path, label: str) -> WrappedKeys:
    from pnr_pipeline.stores.transit_keys import TransitKeys

    server = vault_server()
    return WrappedKeys(folder, TransitKeys(server.address, lambda: server.token, prefix=label))


KINDS = {kind.name: kind for kind in (
    Kind("file", _file), Kind("passphrase", _passphrase), Kind("pkcs11", _token), Kind("vault", _vault),
)}  # fmt: skip


class VaultServer:
    """An unmodified Vault core with its transit engine on the loopback, over a folder; `again` opens a copy of one."""

    def __init__(self, storage: Path, again: "VaultServer | None" = None) -> None:
        command = [str(_vault_command()), str(storage)]
        self.storage, self.process = storage, subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        client = hvac.Client(self.address)
        if again is None:
            made = client.sys.initialize(1, 1)
            self.unseals, client.token = made["keys"][0], made["root_token"]
        else:
            self.unseals, client.token = again.unseals, again.token
        self.token: str = client.token
        client.sys.submit_unseal_key(self.unseals)
        if again is None:
            client.sys.enable_secrets_engine("transit")


class _Running(VaultServer):
    def __init__(self) -> None:
        self.address, self.token = os.environ["PNR_TEST_VAULT"], os.environ["PNR_TEST_VAULT_TOKEN"]


@cache
def vault_server() -> VaultServer:
    """The server of this process and its children."""
    if "PNR_TEST_VAULT" in os.environ:
        return _Running()
    server = VaultServer(Path(mkdtemp(prefix="vault-")))
    os.environ["PNR_TEST_VAULT"], os.environ["PNR_TEST_VAULT_TOKEN"] = server.address, server.token
    return server


def _vault_command() -> Path:
    """Built from the Go module proxy, once beside the Python packages: some minutes, and 4 GB of modules."""
    built = Path(sys.prefix) / "vault-for-tests"
    source = Path(__file__).parent / "vault"
    if not built.exists() or built.stat().st_mtime < (source / "main.go").stat().st_mtime:
        subprocess.run([go_command(), "build", "-o", str(built), "."], cwd=source, check=True)
    return built


def softhsm_command() -> str:
    """`softhsm2-util`, installed by apt where there is none."""
    if not shutil.which("softhsm2-util"):
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "softhsm2"], check=True)
    return "softhsm2-util"


@cache
def softhsm() -> Path:
    """A folder with a token of its own for this process and its children, made by SoftHSM (Debian: softhsm2)."""
    if "SOFTHSM2_CONF" in os.environ:
        return Path(os.environ["SOFTHSM2_CONF"]).parent
    tool = softhsm_command()
    folder = Path(mkdtemp(prefix="softhsm-"))
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    init = [tool, "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "1357"]
    subprocess.run(init, env=os.environ | {"SOFTHSM2_CONF": str(folder / "softhsm2.conf")}, check=True)
    return folder


def elsewhere(kind: str, folder: Path, label: str, act: str) -> "subprocess.Popen[str]":
    """A process that opens the keystore, says so, waits for a line, and then does what `act` says with `keystore`."""
    if kind == "pkcs11":
        os.environ.setdefault("SOFTHSM2_CONF", str(softhsm() / "softhsm2.conf"))
    program = (
        f"import sys, os; from pathlib import Path; from keystore_kinds import KINDS\n"
        f"keystore = KINDS[{kind!r}].open(Path({str(folder)!r}), {label!r})\n"
        f"print('ready', flush=True); sys.stdin.readline()\n{act}\n"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(Path(__file__).parent), *sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    )


def _module() -> Path:
    found = [path for path in map(Path, _MODULES) if path.exists()]
    assert found, "softhsm2 has no library where it is looked for"
    return found[0]
