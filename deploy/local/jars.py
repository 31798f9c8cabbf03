"""Java servers as sets of jars: fetched by Maven or pip, each file held against a list of SHA-256 that is committed.

A set is named by its list (`kafka.sha256`) and, beside it, by what it is fetched from: `kafka.pom.xml`, or
`flink.txt` for a package of the Python index. `python jars.py write kafka` writes the list anew, after a version was
changed; the diff shows what comes in. Sets lie in a cache of the user, shared by all checkouts.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
_TOOLS = {"java": "openjdk-17-jre-headless", "mvn": "maven"}


def jar_set(name: str) -> Path:
    """The folder of this set, fetched first where it is not here; raises SystemExit where a file is not as listed."""
    wanted = _listed(name)
    edition = hashlib.sha256(repr(sorted(wanted.items())).encode()).hexdigest()[:12]
    folder = _cache() / f"{name}-{edition}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=_cache(), prefix=f".{name}-") as fresh:
            found = Path(fresh, name)
            _fetch(name, found)
            _hold(name, found, wanted)
            if not folder.is_dir():  # another process may have been first
                found.rename(folder)
    _hold(name, folder, wanted)
    return folder


def class_path(name: str) -> str:
    """All jars of the set, as Java's -cp takes them."""
    return f"{jar_set(name)}/*"


def java() -> str:
    """Java 17 or later; installed by apt where the machine has none."""
    return _tool("java")


def _cache() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "pnr-pipeline", "jars")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _listed(name: str) -> dict[str, str]:
    lines = (HERE / f"{name}.sha256").read_text("ascii").splitlines()
    return {file: digest for digest, file in (line.split() for line in lines)}


def _hold(name: str, folder: Path, wanted: dict[str, str]) -> None:
    found = _digests(folder)
    wrong = sorted(file for file in wanted.keys() | found.keys() if wanted.get(file) != found.get(file))
    if wrong:
        raise SystemExit(f"{folder}: not what {name}.sha256 lists: {', '.join(wrong)}; remove the folder to fetch anew")


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _fetch(name: str, folder: Path) -> None:
    print(f"Fetching {name}, once …", file=sys.stderr)
    if (HERE / f"{name}.pom.xml").exists():
        _fetch_by_maven(HERE / f"{name}.pom.xml", folder)
    else:
        _fetch_by_pip(HERE / f"{name}.txt", folder)


def _fetch_by_maven(pom: Path, folder: Path) -> None:
    wanted = ["-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    _run([_tool("mvn"), "-q", "-B", "-ntp", "-f", str(pom), "dependency:copy-dependencies", *wanted])


def _fetch_by_pip(requirements: Path, folder: Path) -> None:
    """The package as its source, which holds the jars; nothing of it is built or installed."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as downloads:
        asked = ["--require-hashes", "--no-deps", "--no-binary", ":all:", "-r", str(requirements), "-d", downloads]
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", *asked])
        (archive,) = Path(downloads).iterdir()
        with tarfile.open(archive) as package:
            package.extractall(downloads, filter="data")
        (deps,) = Path(downloads).glob("*/deps")
        deps.rename(folder)


def _tool(name: str) -> str:
    if not shutil.which(name):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "-qq"], env=quiet)
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", _TOOLS[name]], env=quiet)
    found = shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is needed and apt could not install {_TOOLS[name]}")
    return found


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} ended with {done.returncode}")


def _write(name: str) -> None:
    with tempfile.TemporaryDirectory(dir=_cache()) as fresh:
        folder = Path(fresh, name)
        _fetch(name, folder)
        lines = (f"{digest}  {file}\n" for file, digest in sorted(_digests(folder).items()))
        (HERE / f"{name}.sha256").write_text("".join(lines), "ascii")


if __name__ == "__main__":
    what, name = sys.argv[1:]
    if what != "write":
        raise SystemExit(__doc__)
    _write(name)
