"""The units of one bare server: they run commands that exist, as a user without rights, with what hardens them."""

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import typer

from pnr_pipeline.pipelines.options import RunOptions

FOLDER = Path(__file__).parents[2] / "deploy/systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "ProtectKernelModules": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallArchitectures": "native",
    "IPAddressDeny": "any",
    "UMask": "0077",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "StateDirectoryMode": "0700",
}


def settings(unit: Path) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for line in unit.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            told.setdefault(key, []).append(value)
    return told


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_runs_as_its_own_user_and_hardened(unit):
    told = settings(unit)
    assert told["User"] == ["pnr"]
    for key, value in HARDENED.items():
        assert told.get(key) == [value], key
    assert "SystemCallFilter" in told and "MemoryDenyWriteExecute" not in told, "numba compiles"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_runs_commands_that_exist(unit):
    commands = settings(unit)["ExecStart"]
    assert commands
    for line in commands:
        binary, noun, *rest = line.split()
        assert binary == "/opt/pnr-pipeline/.venv/bin/pnr"
        command = typer.main.get_command(import_module(f"pnr_pipeline.cli.{noun}").app)
        if verbs := getattr(command, "commands", None):
            command = verbs[rest[0]]
        assert set(re.findall(r"--[a-z-]+", line)) <= {name for one in command.params for name in one.opts}


def test_the_environment_names_settings_that_a_run_has_and_no_secret():
    told = dict(re.findall(r"^#? ?(PNR_[A-Z_]+)=(.*)$", (FOLDER / "pnr.env").read_text("utf-8"), re.MULTILINE))
    known = {f"PNR_{name.upper()}" for name in RunOptions.model_fields} | {"PNR_KEYS"}
    assert told.keys() <= known
    assert not [name for name in told if re.search("PASS|SECRET|TOKEN|PIN$", name)]
    run = settings(FOLDER / "pnr-run.service")
    for name in ("PNR_STATE", "PNR_KEYS"):
        places = [f"/var/lib/{place}" for place in run["StateDirectory"][0].split()]
        assert told[name] in places, "what is written to is given to the service"


def test_every_timer_has_its_service_and_the_guide_names_every_unit():
    guide = (FOLDER / "README.md").read_text("utf-8")
    for timer in FOLDER.glob("*.timer"):
        assert timer.with_suffix(".service") in SERVICES
        assert timer.name in guide
        assert settings(timer)["Persistent"] == ["true"]


@pytest.mark.deployment
@pytest.mark.parametrize("unit", [*SERVICES, *sorted(FOLDER.glob("*.timer"))], ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit, tmp_path):
    for one in FOLDER.iterdir():
        shutil.copy(one, tmp_path)
        if one.suffix == ".service":  # the program is not installed where tests run
            text = one.read_text("utf-8").replace("/opt/pnr-pipeline/.venv/bin/pnr", "/bin/true")
            (tmp_path / one.name).write_text(text, "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.deployment
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_systemd_calls_the_service_well_sealed_off(unit):
    """Its own measure: 0 is sealed off, 10 is open; 1.5 leaves room for network, and for code made by numba."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]
