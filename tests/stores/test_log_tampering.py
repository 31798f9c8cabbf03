"""Each way of tampering with the log is found: by the verifier, and what the log's own key can hide by the witness.

`TAMPERINGS=10000 pytest tests/stores/test_log_tampering.py` (make tamper) does the long form.
"""

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from logs import (
    Copy,
    Tampering,
    cut,
    delete,
    edit_with_hashes,
    flip,
    make,
    rewrite_with_key,
    roll_back,
    swap,
    verdict,
)

from pnr_pipeline.audit import note, verifying
from pnr_pipeline.audit.note import Signer, VerifierKey

COUNT = int(os.environ.get("TAMPERINGS", "210"))
SEED = int(os.environ.get("TAMPERING_SEED", "16"))

Log = tuple[Copy, Signer, VerifierKey]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return make(tmp_path_factory.mktemp("log"))


def ways(signer: Signer) -> list[tuple[str, Tampering]]:
    plain: list[tuple[str, Tampering]] = [
        (way.__name__, way) for way in (flip, cut, delete, swap, edit_with_hashes, roll_back)
    ]
    return [*plain, ("rewrite", rewrite_with_key(signer))]


def tampered(log: Log, folder: Path, way: Tampering, dice: random.Random) -> tuple[Copy, str | None]:
    copy = Copy(folder / "copy")
    shutil.rmtree(copy.root, ignore_errors=True)
    shutil.copytree(log[0].root, copy.root)
    return copy, way(copy, dice)


def missed(log: Log, folder: Path, count: int, *, witnessed: bool = True, only: str = "") -> Counter[str]:
    _, signer, witness = log
    found: Counter[str] = Counter()
    dice = random.Random(SEED)
    for number in range(count):
        name, way = next(one for one in ways(signer) if one[0] == only) if only else ways(signer)[number % 7]
        copy, where = tampered(log, folder, way, dice)
        if not verdict(copy, signer.key, witness if witnessed else None).breaks:
            found[name] += 1
            print(f"missed: {name} at {where}")
    return found


@pytest.mark.law("LOG-5")
@pytest.mark.timeout(7200)
def test_every_tampering_is_found(log: Log, tmp_path: Path) -> None:
    assert not verdict(log[0], log[1].key, log[2]).breaks
    assert missed(log, tmp_path, COUNT) == Counter()


def test_without_a_witness_a_rollback_and_the_stolen_key_are_missed_and_nothing_else(log: Log, tmp_path: Path) -> None:
    assert set(missed(log, tmp_path, 42, witnessed=False)) == {"roll_back", "rewrite"}


CHECKS: dict[str, tuple[tuple[object, str, object], ...]] = {
    "signature": ((note, "_verify", lambda *_: None),),
    "tiles": ((verifying._Walk, "_tile", lambda *_: None),),
    "rows": ((verifying._Walk, "_compare_rows", lambda *_: None), (verifying._Walk, "_rows_beyond", lambda *_: None)),
    "witness": ((verifying._Walk, "_compare_seen", lambda *_: None),),
    "older tiles": ((verifying._Walk, "_older", lambda *_: None),),
    "root": ((verifying, "opened", lambda raw, key: _believing(raw)),),
}


@pytest.mark.parametrize(
    ("check", "way", "witnessed"),
    [
        ("signature", "edit_with_hashes", False),
        ("tiles", "flip", True),
        ("rows", "delete", True),
        ("witness", "rewrite", True),
        ("older tiles", "flip", True),
        ("root", "edit_with_hashes", False),
    ],
)
def test_a_verifier_that_skips_a_check_misses_some(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, way: str, witnessed: bool
) -> None:
    """The negative controls of the suite: every check bites."""
    for where, name, nothing in CHECKS[check]:
        monkeypatch.setattr(where, name, nothing)
    assert missed(log, tmp_path, 40, witnessed=witnessed, only=way)


class _Any(bytes):
    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = bytes.__hash__


def _believing(raw: bytes) -> note.Checkpoint:
    """A checkpoint whose root agrees with whatever was computed."""
    told = note._checkpoint(note._parts(raw)[0])
    return note.Checkpoint(told.origin, told.size, _Any(told.root))


@pytest.mark.parametrize(("name", "place"), [("roll_back", "witness at 600"), ("rewrite", "witness at 240")])
def test_the_verdict_says_where_the_witness_saw_otherwise(log: Log, tmp_path: Path, name: str, place: str) -> None:
    way = dict(ways(log[1]))[name]
    copy, _ = tampered(log, tmp_path, way, random.Random(3))
    places = [one.place for one in verdict(copy, log[1].key, log[2]).breaks]
    assert place in places or (name == "rewrite" and places[0].startswith("witness at"))


def test_the_verdict_names_the_entry_that_was_edited(log: Log, tmp_path: Path) -> None:
    copy, where = tampered(log, tmp_path, edit_with_hashes, random.Random(5))
    broken = verdict(copy, log[1].key, log[2]).breaks
    assert where and {one.place for one in broken} & {"checkpoint", "witness at 600"}
    copy, where = tampered(log, tmp_path, lambda one, dice: delete(one, _Row()), random.Random(5))
    assert [one.place for one in verdict(copy, log[1].key, log[2]).breaks] == [where]


class _Row(random.Random):
    """Dice that choose a row."""

    def random(self) -> float:
        return 0.0
