"""Fuzz every reader: `make fuzz` runs a million inputs, the short form of the tests a minute.

    python tests/fuzz/run.py --inputs 1000000
    python tests/fuzz/run.py --seconds 60 --target pnrgov --target pnr-xml

Prints, per reader, inputs, speed, the slowest input and the largest growth; exit code 1 where a limit was broken, and
the inputs that broke it are kept (--keep FOLDER).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


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
    print(f"{'reader':<14}{'inputs':>10}{'per second':>12}{'slowest':>10}{'largest':>10}  broken limits")
    total, spent, broken = 0, 0.0, 0
    for name in names:
        folder = keep / name
        folder.mkdir(parents=True, exist_ok=True)
        inputs, seconds = -(-asked.inputs // len(names)), asked.seconds // len(names)
        command = [sys.executable, str(HERE / "fuzz_one.py"), name, str(inputs), str(seconds), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent.parent)
        report = folder / "report.json"
        told = json.loads(report.read_text()) if report.exists() else {}
        faults = list(told.get("faults", {}))
        if done.returncode or not told:
            faults.append(f"the process ended with {done.returncode}")
            print(done.stderr[-2000:], file=sys.stderr)
        total, spent, broken = total + told.get("inputs", 0), spent + told.get("seconds", 0.0), broken + len(faults)
        if told:
            speed = told["inputs"] / max(told["seconds"], 0.001)
            figures = (
                f"{told['inputs']:>10,}{speed:>12,.0f}{told['slowest'] * 1000:>7.0f} ms{told['largest'] / 1e6:>7.1f} MB"
            )
            print(f"{name:<14}{figures}  {'; '.join(faults) or '-'}", flush=True)
    print(f"{total:,} inputs in {spent:,.0f} s, {broken} broken limits" + (f"; inputs in {keep}" if broken else ""))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
