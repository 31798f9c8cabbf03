import json
import subprocess
import sys
from pathlib import Path

import pytest

MIB = 1024 * 1024
PROGRAM = Path(__file__).with_name("tiny_bundles.py")


def growth(bundles: int, settled: int) -> int:
    """Bytes that a process of its own grew between the bundle `settled` and the last one, phase of the drain alike."""
    ran = subprocess.run(
        [sys.executable, str(PROGRAM), str(bundles), "500"], capture_output=True, text=True, check=True, timeout=900
    )
    told = json.loads(ran.stdout)
    assert told["committed"] == bundles
    print(f"{bundles} bundles in {told['seconds']:.0f} s: {told['rss']}")
    return told["rss"][str(bundles)] - told["rss"][str(settled)]


def test_memory_stays_flat_over_drained_and_rebuilt_pipelines():
    # until some 4,000 the database's page cache fills; what the runner keeps of 3,000 bundles would be 90 MiB
    assert growth(7_000, 4_000) < 10 * MIB


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_memory_grows_less_than_20_mib_over_50_000_bundles():
    assert growth(50_000, 5_000) < 20 * MIB
