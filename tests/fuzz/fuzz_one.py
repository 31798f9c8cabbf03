"""Fuzz one reader in a process of its own: guided by coverage (atheris), or by hypothesis where atheris has no wheel.

    python tests/fuzz/fuzz_one.py TARGET INPUTS SECONDS FOLDER

writes `report.json` and the inputs that broke a limit into FOLDER. A crash or a hang ends the process; libFuzzer then
leaves the input there too.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from random import Random
from time import monotonic

try:
    import atheris
except ImportError:
    atheris = None

INPUT_BYTES_MAX = 8_192
HANG_SECONDS = 60
REPORT_SECONDS = 0.5
PROCESS_MEGABYTES_MAX = 1_500


def fuzz(name: str, inputs: int, seconds: int, folder: Path) -> None:
    if atheris is not None:
        with atheris.instrument_imports(include=["pnr_pipeline"]):
            import readers
    else:
        import readers  # before all that imports what is to be instrumented
    from limits import Judge
    from seeds import dictionary
    from segment_edits import damaged

    target = readers.TARGETS[name]
    judge = Judge(target.read)
    start = monotonic()

    def report() -> None:
        spent = monotonic() - start
        faults = {fault: sha256(body).hexdigest()[:16] + ".bin" for fault, body in judge.faults.items()}
        for fault, file in faults.items():
            (folder / file).write_bytes(judge.faults[fault])
        told = {"inputs": judge.inputs, "seconds": spent, "slowest": judge.slowest, "largest": judge.largest}
        (folder / "report.json").write_text(json.dumps(told | {"faults": faults, "guided": atheris is not None}))

    if atheris is None:
        by_hypothesis(judge, target.seeds(), damaged if target.edifact else None, inputs, start + (seconds or 1e9))
        report()
        return

    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for body in target.seeds():
        judge(body)
        (corpus / sha256(body).hexdigest()).write_bytes(body)
    words = folder / "words.dict"
    words.write_text(dictionary())

    told_at = start

    def one(body: bytes) -> None:
        nonlocal told_at
        judge(body)
        if judge.inputs == inputs or monotonic() - told_at > REPORT_SECONDS:  # libFuzzer ends without coming back
            told_at = monotonic()
            report()

    def mutate(body: bytes, size_max: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.5:
            return damaged(body, random)[:size_max]
        return atheris.Mutate(body, size_max)

    options = [f"-runs={max(1, inputs - judge.inputs)}" if inputs else "-runs=-1", f"-max_total_time={seconds}"]
    options += [f"-max_len={INPUT_BYTES_MAX}", f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={PROCESS_MEGABYTES_MAX}"]
    options += [f"-dict={words}", f"-artifact_prefix={folder}/", "-verbosity=0", "-seed=1", str(corpus)]
    atheris.Setup([sys.argv[0], *options], one, custom_mutator=mutate if target.edifact else None)
    report()
    atheris.Fuzz()


def by_hypothesis(judge, seeds, damage, inputs, until):
    from hypothesis import Phase, given, settings
    from hypothesis import strategies as st

    flips = st.lists(st.tuples(st.integers(0, INPUT_BYTES_MAX), st.integers(0, 255)), max_size=6)
    batch = 1_000

    @settings(max_examples=batch, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[])
    @given(st.sampled_from(seeds), flips, st.integers(0, 2**32))
    def run(body, flipped, seed):
        if damage is not None and seed % 2:
            body = damage(body, Random(seed))
        changed = bytearray(body)
        for at, byte in flipped:
            if changed:
                changed[at % len(changed)] = byte
        judge(bytes(changed))

    while (not inputs or judge.inputs < inputs) and monotonic() < until:
        run()


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
