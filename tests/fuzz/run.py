"""Fuzz every reader: `make fuzz` runs a million inputs, the short form of the tests a minute.

    python tests/fuzz/run.py --inputs 1000000
    python tests/fuzz/run.py --seconds 60 --target pnrgov --target pnr-xml

Prints, per reader, inputs, speed, the slowest input, the largest growth and what mutated them (atheris where it is
installed); exit code 1 where a limit was broken, and the inputs that broke it are kept (--keep FOLDER).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

HERE = Path(__file__).parent
COUNT = min(2, os.cpu_count() or 1)
"""Readers fuzzed at once."""


def main() -> int:
    sys.path.insert(0, str(HERE))
    from readers import TARGETS

    parser = argparse.ArgumentParser(description="Fuzz every reader of carriers' data.")
    parser.add_argument("--inputs", type=int, default=0, help="inputs over all readers")
    parser.add_argument("--seconds", type=int, default=0, help="seconds over all readers; the first limit reached ends")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this reader; may be repeated")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that broke a limit")
    asked = parser.parse_args()
    names = asked.target or list(TARGETS)
    if not asked.inputs and not asked.seconds:
        parser.error("give --inputs or --seconds")
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    print(f"{'reader':<14}{'inputs':>10}{'per second':>12}{'slowest':>10}{'largest':>10}  mutated by  broken limits")
    start, total, broken = monotonic(), 0, 0
    share = partial(_fuzz, keep, -(-asked.inputs // len(names)), asked.seconds * COUNT // len(names))
    with ThreadPoolExecutor(COUNT) as pool:
        for name, told, faults in pool.map(share, names):
            total, broken = total + told.get("inputs", 0), broken + len(faults)
            print(f"{name:<14}{_figures(told)}  {'; '.join(faults) or '-'}", flush=True)
    spent = monotonic() - start
    print(f"{total:,} inputs in {spent:,.0f} s, {broken} broken limits" + (f"; inputs in {keep}" if broken else ""))
    return 1 if broken else 0


def _fuzz(keep: Path, inputs: int, seconds: int, name: str) -> tuple[str, dict[str, Any], list[str]]:
    """One reader in a process of its own: its report, and what broke."""
    folder = keep / name
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(HERE / "fuzz_one.py"), name, str(inputs), str(seconds), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent.parent)
    report = folder / "report.json"
    told = json.loads(report.read_text()) if report.exists() else {}
    faults = list(told.get("faults", {}))
    if done.returncode or not told:
        faults.append(f"the process ended with {done.returncode}")
        print(done.stderr[-2000:], file=sys.stderr)
    return name, told, faults


def _figures(told: dict[str, Any]) -> str:
    if not told:
        return ""
    speed = told["inputs"] / max(told["seconds"], 0.001)
    guide = "atheris" if told["guided"] else "hypothesis"
    slowest, largest = told["slowest"] * 1000, told["largest"] / 1e6
    return f"{told['inputs']:>10,}{speed:>12,.0f}{slowest:>7.0f} ms{largest:>7.1f} MB  {guide:<10}"


if __name__ == "__main__":
    sys.exit(main())
