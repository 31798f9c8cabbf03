import json
import subprocess
import sys
from pathlib import Path

MIB = 1024 * 1024
PROGRAM = Path(__file__).with_name("many_messages.py")
SETTLED = 2_000
FLAT = 4 * MIB


def growth(messages: int, what: str) -> int:
    """Bytes that a process of its own grew by between the message `SETTLED` and the last one."""
    ran = subprocess.run(
        [sys.executable, str(PROGRAM), str(messages), what], capture_output=True, text=True, check=True, timeout=120
    )
    told = json.loads(ran.stdout)
    assert told["travellers"] == messages * 3 // 2
    return told["rss"][str(messages)] - told["rss"][str(SETTLED)]


def test_memory_stays_flat_over_ten_thousand_messages_of_which_no_two_are_alike():
    assert growth(10_000, "forget") < FLAT


def test_messages_that_somebody_keeps_are_seen_in_the_memory():
    assert growth(6_000, "keep") > 2 * FLAT
