"""A process that runs on lets go of a key within seconds after another one destroyed it (RET-8)."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pnr_pipeline.errors import KeyGone, Masked
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import Sealer

DAY, LATER = "S/2026-02-28", "S/2026-03-01"

HOLDS = """
import sys
from pathlib import Path
from pnr_pipeline.errors import KeyGone
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import Sealer

sealer = Sealer(FileKeystore(Path(sys.argv[1])), "demo")
sealed = {day: sealer.seal(day, "identity", "r1", 1, b"x") for day in sys.argv[2:]}
print("sealed", flush=True)
for _ in sys.stdin:
    held = "held" if any(sys.argv[2] in name for name in sealer._held) else "nothing held"
    opened = []
    for day in sys.argv[2:]:
        try:
            opened.append(sealer.open(day, "identity", "r1", 1, sealed[day]).decode())
        except KeyGone:
            opened.append("gone")
    print(held, *opened, flush=True)
"""


@pytest.mark.law("RET-8")
def test_a_process_that_opened_the_day_reads_it_no_more_two_seconds_after_another_destroyed_its_key(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path / "keys"), DAY, LATER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None

        def asked() -> str:
            print(file=other.stdin, flush=True)
            return other.stdout.readline().strip()

        assert other.stdout.readline() == "sealed\n"
        assert asked() == "held x x"
        Sealer(FileKeystore(tmp_path / "keys"), "demo").destroy([(DAY, "identity")])
        until = time.monotonic() + 30
        while (told := asked()) != "nothing held gone x" and time.monotonic() < until:
            time.sleep(0.2)
        assert told == "nothing held gone x"
        other.stdin.close()


def held_by(keys: Path) -> Sealer:
    sealer = Sealer(FileKeystore(keys), "demo")
    sealer.make_approver_key("L/2026-02-28")
    for part in ("identity", "index"):
        sealer.record_key("L/2026-02-28", part, "r1")
    return sealer


def test_who_waits_without_work_forgets_at_a_look_the_approvers_half_too(tmp_path):
    waiting = held_by(tmp_path)
    Sealer(FileKeystore(tmp_path), "demo").destroy([("L/2026-02-28", "approver")])
    assert waiting._held
    waiting.look()
    assert not waiting._held
    with pytest.raises(Masked):
        waiting.record_key("L/2026-02-28", "identity", "r1")


def test_a_look_where_nothing_was_destroyed_forgets_nothing(tmp_path):
    waiting = held_by(tmp_path)
    waiting.look()
    assert len(waiting._held) == 3


def test_a_destruction_that_was_interrupted_and_gone_on_with_is_noticed_too(tmp_path, monkeypatch):
    waiting = held_by(tmp_path)
    waiting.look()
    keystore = FileKeystore(tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pnr_pipeline.stores.keystore.sync_all", killed)
    with pytest.raises(KeyboardInterrupt):
        keystore.destroy("L/2026-02-28/identity")
    monkeypatch.undo()
    FileKeystore(tmp_path)  # another process begins, and ends what was begun
    waiting.look()
    assert not waiting._held
    with pytest.raises(KeyGone):
        waiting.record_key("L/2026-02-28", "identity", "r1")
