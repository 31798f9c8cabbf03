"""Install what the tests need beside Python, once and one after the other: `make test` does so before its processes.

PostgreSQL, SoftHSM, Java and Maven come by apt, Kafka's jars by Maven, Go from the Python index where there is none.
What is there already is taken; each test would install what it lacks too, but two at once would meet at apt's lock.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "deploy" / "local")]

import jars  # noqa: E402  from the folders above, which are no packages
from go_command import go_command  # noqa: E402
from keystore_kinds import softhsm_command  # noqa: E402
from postgres import binaries  # noqa: E402

if __name__ == "__main__":
    binaries()
    softhsm_command()
    jars.java()
    jars.jar_set("kafka")
    go_command()
