"""Accuracy of screening beside its peers on the same labelled travellers, and the accepted figures as a gate.

    python benchmarks/accuracy.py [--accept]

The labelled set is that of `pnr fairness`, all invented. Peers: rapidfuzz's token sort ratio over every name of the
list, times a factor for the birth date; nomenklatura's logic-v2 over the 50 names that rapidfuzz finds nearest, where
it can be imported (it is no dependency: install it into an environment of its own, and put that on PYTHONPATH). Peers
are told at their own best threshold, ours at those in force. `--accept` writes `screening.baseline.json`, which a test
holds.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
from rich.console import Console
from rich.table import Table

from pnr_pipeline.cli.fairness import evaluated
from pnr_pipeline.records import ListEntry
from pnr_pipeline.screening import ENGINE, Index, ScreeningRules
from pnr_pipeline.screening.evaluation import RANDOM, Case
from pnr_pipeline.screening.letters import readings
from pnr_pipeline.screening.match import in_queue, ranked
from pnr_pipeline.simulate.labelled import DAY, REGISTRATION, labelled_set, strangers
from pnr_pipeline.stores.rule_files import rule_texts

try:
    from followthemoney import model
    from nomenklatura.matching import LogicV2
except ImportError:
    LogicV2 = None

BASELINE = Path(__file__).with_name("screening.baseline.json")
SEED, ENTRIES, OF_EACH, STRANGERS = 1, 20_000, 2, 4_000
GATE = {"seed": 1, "entries": 5_000, "of_each": 2, "strangers": 5_000}
NEAREST, BATCH = 50, 50

Found = list[tuple[str, float]]


def engine(entries: tuple[ListEntry, ...]) -> Callable[[list[Case]], list[Found]]:
    """Ours: scores of what is in a queue, so that any threshold above 0 leaves those in force."""
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    index = Index.build([(REGISTRATION, "bench", entries)], rules)
    now = datetime.combine(DAY, datetime.min.time(), UTC)

    def run(cases: list[Case]) -> list[Found]:
        found = ranked([case.traveller for case in cases], index, now)
        return [[(match.entry_id, match.score) for match in of_one if in_queue(match)] for of_one in found]

    return run


def brute_force(entries: tuple[ListEntry, ...]) -> Callable[[list[Case]], list[Found]]:
    """The nearest names, every traveller against every entry."""
    names = [_sorted(entry.names[0].full) for entry in entries]
    dates = np.array([entry.dob[0] if entry.dob else "" for entry in entries], dtype="U10")

    def run(cases: list[Case]) -> list[Found]:
        results: list[Found] = []
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            asked = [_sorted(f"{case.traveller.given_names} {case.traveller.surname}") for case in batch]
            scores = cdist(asked, names, scorer=fuzz.ratio, dtype=np.float32) / 100
            for case, score in zip(batch, scores, strict=True):
                born = case.traveller.date_of_birth
                factor = np.where(dates == born, 1.0, np.where((dates == "") | (born is None), 0.9, 0.6))
                near = np.argpartition(-score * factor, NEAREST)[:NEAREST]
                results.append([(entries[at].id, float(score[at] * factor[at])) for at in near])
        return results

    return run


def logic_v2(entries: tuple[ListEntry, ...]) -> Callable[[list[Case]], list[Found]]:
    """nomenklatura over the candidates of `brute_force`."""
    config, nearest = LogicV2.default_config(), brute_force(entries)
    listed = {
        entry.id: _person(
            entry.id, entry.names[0].surname, entry.names[0].given, entry.dob[0] if entry.dob else None,
            *entry.nationality, document=entry.documents[0].number if entry.documents else "",
        )
        for entry in entries
    }  # fmt: skip

    def run(cases: list[Case]) -> list[Found]:
        results: list[Found] = []
        for place, (case, near) in enumerate(zip(cases, nearest(cases), strict=True)):
            one = case.traveller
            number = one.documents[0].number if one.documents else ""
            asked = _person(  # under an id of its own: logic-v2 remembers names by id
                f"query-{place}",
                one.surname,
                one.given_names,
                one.date_of_birth,
                one.nationality or "",
                document=number,
            )
            results.append([(name, LogicV2.compare(asked, listed[name], config).score) for name, _ in near])
        return results

    return run


def _person(key: str, surname: str, given: str, born: str | None, *states: str, document: str):
    person = model.make_entity("Person")
    person.id = key
    person.add("name", f"{given} {surname}".strip())
    person.add("firstName", given or None)
    person.add("lastName", surname)
    person.add("birthDate", born)
    person.add("nationality", [state for state in states if state])
    person.add("passportNumber", document or None)
    return person


def _sorted(name: str) -> str:
    return " ".join(sorted(reading[-1] for word in name.split() if (reading := readings(word))))


def figures(cases: list[Case], results: list[Found], threshold: float) -> dict[str, float]:
    """Precision, recall, F1, and shares of random and of look-alike travellers with a false alert."""
    right = wrong = listed = 0
    falses = {True: [0, 0], False: [0, 0]}
    for case, found in zip(cases, results, strict=True):
        hits = {name for name, score in found if score >= threshold}
        wrong += len(hits - {case.expected})
        if case.expected:
            listed, right = listed + 1, right + (case.expected in hits)
        else:
            of_kind = falses[case.category in RANDOM]
            of_kind[0], of_kind[1] = of_kind[0] + bool(hits), of_kind[1] + 1
    precision, recall = right / max(1, right + wrong), right / listed
    return {
        "f1": 2 * precision * recall / max(1e-9, precision + recall), "precision": precision, "recall": recall,
        "random": falses[True][0] / falses[True][1], "alike": falses[False][0] / falses[False][1],
    }  # fmt: skip


def best(cases: list[Case], results: list[Found]) -> float:
    """The threshold with the best F1."""
    scores = sorted({round(score, 3) for found in results for _, score in found if score > 0.3})
    return max(scores[:: max(1, len(scores) // 100)], key=lambda one: figures(cases, results, one)["f1"])


def recall_at(cases: list[Case], results: list[Found], share: float) -> float:
    """The best recall while no more than this share of random travellers has an alert."""
    tops = [
        max((score for _, score in found), default=0.0)
        for case, found in zip(cases, results, strict=True)
        if case.category in RANDOM
    ]
    least = sorted(tops, reverse=True)[int(share * len(tops))] + 1e-9
    return figures(cases, results, least)["recall"]


def compare() -> Table:
    """One line for each engine."""
    labelled = labelled_set(SEED, entries=ENTRIES, of_each=OF_EACH)
    cases = [*labelled.cases, *strangers(SEED, STRANGERS)]
    peers = {"brute force × birth date, at its best": brute_force}
    if LogicV2:
        peers["nomenklatura logic-v2 of 50, at its best"] = logic_v2
    table = Table("accuracy", "F1", "precision", "recall", "recall at .5 %", "random", "look-alikes", "a CPU-s")
    for name, build in {f"ours ({ENGINE}), as in force": engine, **peers}.items():
        run = build(labelled.entries)
        start = time.process_time()
        results = run(cases)
        rate = len(cases) / (time.process_time() - start)
        told = figures(cases, results, 0.0 if build is engine else best(cases, results))
        table.add_row(
            name, f"{told['f1']:.3f}", f"{told['precision']:.3f}", f"{told['recall']:.3f}",
            f"{recall_at(cases, results, 0.005):.3f}", f"{told['random']:.2%}", f"{told['alike']:.2%}", f"{rate:,.0f}",
        )  # fmt: skip
    return table


def gate() -> dict[str, object]:
    """The figures that the test holds, of a small set; the same on every machine."""
    done = evaluated(**GATE)
    overall = done.overall
    return {
        "set": GATE, "engine": done.engine, "rules": done.rules, "f1": round(done.f1, 4),
        "recall": round(overall.recall.value, 4), "dated_recall": round(done.dated_recall.value, 4),
        "parity": round(done.parity, 4), "false_alerts": overall.alerts.hits, "false_weak": overall.weak.hits,
        "alike": sum(share.hits for _, share in done.look_alikes),
        "recall_by_category": {group.name: round(group.recall.value, 4) for group in done.categories},
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accept", action="store_true", help="write the figures of ours as the accepted ones")
    if parser.parse_args(arguments).accept:
        BASELINE.write_bytes(msgspec.json.format(msgspec.json.encode(gate()), indent=1) + b"\n")
    Console(width=140).print(compare())
    accepted = json.loads(BASELINE.read_bytes())
    print(f"accepted: F1 {accepted['f1']}, recall {accepted['recall']} with {accepted['engine']}, {accepted['rules']}")


if __name__ == "__main__":
    main()
