"""Every reader fuzzed for a few seconds, in processes of their own, as `make fuzz` does with a million inputs."""

import subprocess
import sys
from pathlib import Path

import limits

from pnr_pipeline.records import Finding

RUN = Path(__file__).parent / "run.py"


def test_no_input_of_a_minute_breaks_a_limit(tmp_path):
    done = subprocess.run(
        [sys.executable, str(RUN), "--seconds", "32", "--keep", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.splitlines()[-1].split()[0].replace(",", "")) > 5_000


def test_an_exception_a_slow_input_a_large_one_and_a_quoted_value_are_each_told(monkeypatch):
    def reads(body: bytes) -> list[Finding]:
        return [Finding("NAM-04", "W", 0, body.decode("ascii"))]

    monkeypatch.setattr(limits, "SAMPLED", 2)
    judge = limits.Judge(reads)
    judge(b"the name ends like a title")
    judge(b"the next of the name")
    assert judge.faults == {}
    judge(b"\xff")
    judge(b"the name QZJXVWK ends like a title")
    assert [fault.partition(" in ")[0] for fault in judge.faults] == ["UnicodeDecodeError", "NAM-04 quotes a value"]
    monkeypatch.setattr(limits, "SECONDS_MAX", -1.0)
    judge(b"slow")
    monkeypatch.setattr(limits, "BYTES_MAX", -1)
    judge(b"large")
    assert list(judge.faults)[2:] == ["over a second of CPU", "over 64 MB"]
