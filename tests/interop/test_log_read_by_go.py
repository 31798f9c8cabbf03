"""The log, its proofs and a sample of tamperings, as unmodified Go code of others sees them (LOG-5)."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from go_command import go_command
from logs import Copy, cut, delete, edit_with_hashes, flip, make, write
from store_setup import NOW, open_demo

from pnr_pipeline.audit.note import Signer
from pnr_pipeline.stores.log_proofs import LogProofs
from pnr_pipeline.stores.tile_log import LogFiles

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def interop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("go") / "interop"
    subprocess.run([go_command(), "build", "-o", str(built), "."], cwd=HERE, check=True)
    return built


def said(interop: Path, *arguments: object) -> str:
    done = subprocess.run([interop, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == (1 if done.stdout.startswith("broken:") else 0), done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Signer]:
    copy, signer, _ = make(tmp_path_factory.mktemp("log"))
    return copy, signer


@pytest.mark.law("LOG-5")
@pytest.mark.parametrize("size", [1, 256, 257, 66_000])
def test_tessera_and_the_checksum_database_find_a_log_whole(interop: Path, tmp_path: Path, size: int) -> None:
    with open_demo(tmp_path / "state") as store:
        write(store, size)
        store.log.publish(NOW)
        assert said(interop, "fsck", store.log.tiles.folder, store.log.tiles.key) == f"whole: {size}"


def test_proofs_hold_in_go_and_changed_ones_do_not(interop: Path, log: tuple[Copy, Signer], tmp_path: Path) -> None:
    copy, signer = log
    proofs, old, file = LogProofs(LogFiles(copy.log), signer.key), copy.old / "log" / "checkpoint", tmp_path / "proof"
    for index in (0, 255, 256, 511, 599):
        file.write_text(proofs.inclusion(index))
        assert said(interop, "inclusion", file, signer.key) == f"holds: {index} of 600"
        file.write_text(proofs.inclusion(index).replace(f"index {index}\n", f"index {index + 1}\n"))
        assert said(interop, "inclusion", file, signer.key).startswith("broken:")
    file.write_text(proofs.consistency(420))
    assert said(interop, "consistency", file, old, signer.key) == "holds: 420 to 600"
    file.write_text(proofs.consistency(419))
    assert said(interop, "consistency", file, old, signer.key).startswith("broken:")


@pytest.mark.law("LOG-5")
@pytest.mark.parametrize("way", [flip, cut, delete, edit_with_hashes])
def test_go_finds_a_sample_of_tamperings(interop: Path, log: tuple[Copy, Signer], tmp_path: Path, way) -> None:
    copy, signer = log
    assert said(interop, "fsck", copy.log, signer.key) == "whole: 600"
    dice = random.Random(4)
    for number in range(5):
        spoilt = Copy(tmp_path / str(number))
        # the database is ours alone, and older partial tiles are read by nobody else: those that Go reads are spoilt
        while True:
            shutil.rmtree(spoilt.root, ignore_errors=True)
            shutil.copytree(copy.root, spoilt.root)
            where = way(spoilt, dice)
            if way is edit_with_hashes or spoilt.log / where in copy_needed(copy, spoilt):
                break
        assert said(interop, "fsck", spoilt.log, signer.key).startswith("broken:"), where


def copy_needed(copy: Copy, spoilt: Copy) -> list[Path]:
    return [spoilt.log / path.relative_to(copy.log) for path in copy.needed()]
