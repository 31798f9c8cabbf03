"""Where data may lie: this machine, and the sites that the profile names inside the permitted territory (SCR-9).

A path is at a site by the server that its file system is mounted from, a database by the host that it is reached at.
What is local is at this machine's site, which `pnr doctor` looks for in the profile. Where the system tells no mounts
(other than Linux) a path counts as local.
"""

import re
from pathlib import Path

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Profile

_MOUNTS = Path("/proc/self/mounts")
_HERE = frozenset(("", "localhost", "127.0.0.1", "::1"))
_SERVER = re.compile(r"(?://|(?:[^@/:]+@)?(?=[^/]+:))\[?([A-Za-z0-9._:-]+?)\]?(?::/?|/)")
"""`//host/share` of CIFS, `host:/path` of NFS, `user@host:path` of sshfs."""


def server_of(path: Path, mounts: str | None = None) -> str:
    """The host that this place is mounted from; '' for a local disk. `mounts` as in /proc/self/mounts."""
    if mounts is None:
        mounts = _MOUNTS.read_text("utf-8", "replace") if _MOUNTS.is_file() else ""
    place, longest, server = path.absolute(), "", ""
    for line in mounts.splitlines():
        source, point, *_ = (*line.split(" "), "", "")
        point = point.replace("\\040", " ")
        if place.is_relative_to(point or "/nowhere") and len(point) >= len(longest):
            found = _SERVER.match(source)
            longest, server = point, found[1] if found else ""
    return server


def must_be_inside(profile: Profile, what: str, host: str) -> None:
    """UsageFault where `host` is neither this machine nor of a site of the profile (PNR art. 6(8))."""
    if host not in _HERE and not host.startswith("/") and profile.site_of(host) is None:
        raise UsageFault(f"{what} lies on a host that is of no site of the profile (`sites`; SCR-9, PNR 6(8))")


def must_export_inside(profile: Profile, place: Path, mounts: str | None = None) -> None:
    """UsageFault where a file that leaves the state folder would leave the sites of the profile."""
    must_be_inside(profile, "the target", server_of(place, mounts))
