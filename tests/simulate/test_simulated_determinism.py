import hashlib
import os
import subprocess
import sys
from datetime import date

from pnr_pipeline.simulate import Scenario, simulate

WRITE = """
import sys
from datetime import date
from pathlib import Path
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.folder import prepare, write_files, write_lists
out = Path(sys.argv[1])
scenario = Scenario(seed=7, flights=4, day=date(2026, 11, 24), faults=0.3, interactive=True)
prepare(out)
write_lists(scenario, out)
for _ in write_files(simulate(scenario), out):
    pass
"""


def digest(folder):
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def test_the_same_arguments_give_the_same_bytes_in_every_process(tmp_path):
    digests = set()
    for hash_seed in ("0", "4711"):
        out = tmp_path / hash_seed
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "0" else "UTC"}
        subprocess.run([sys.executable, "-c", WRITE, str(out)], check=True, env=environment)
        assert {path.name for path in out.iterdir()} == {"messages", "lists", "truth.jsonl"}
        digests.add(digest(out))
    assert len(digests) == 1


def test_another_seed_gives_other_people():
    def people(seed):
        files = simulate(Scenario(seed=seed, flights=1, day=date(2026, 11, 24)))
        return {(one.surname, one.given_names, one.date_of_birth) for file in files for one in file.truth.travellers}

    assert not people(1) & people(2)


def test_a_flight_does_not_depend_on_how_many_follow_it():
    few, many = (
        {file.name: file.body for file in simulate(Scenario(seed=9, flights=count, day=date(2026, 11, 24), planted=0))}
        for count in (2, 5)
    )
    assert all(many[name] == body for name, body in few.items())
