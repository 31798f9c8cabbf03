"""Accuracy of screening beside its peers on the same labelled travellers, and the accepted figures as a gate.

    python benchmarks/accuracy.py [--accept] [--list L.jsonl --queries Q.jsonl] [--one-in N]

The labelled set is that of `pnr fairness`, all invented, or files as `fit_screening.py` takes them; of those, every
N-th traveller. Peers: rapidfuzz's token sort ratio over every name of the list, times a factor for the birth date;
nomenklatura's logic-v1 and logic-v2 over the 50 entries that rapidfuzz finds nearest, where they can be imported (they
are no dependency: install them into an environment of its own, and put that on PYTHONPATH). Peers are told at their own
best threshold, ours at those in force; the second table has the recall of each category, and says where a peer is
ahead. `--accept` writes `screening.baseline.json`, which a test holds.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
from rich.console import Console
from rich.table import Table

from pnr_pipeline.cli.fairness import evaluated
from pnr_pipeline.cli.screen import Query
from pnr_pipeline.records import EntryName, ListEntry
from pnr_pipeline.screening import ENGINE, Index, ScreeningRules
from pnr_pipeline.screening.evaluation import RANDOM, Case
from pnr_pipeline.screening.letters import readings
from pnr_pipeline.screening.list_formats.gathering import gathered
from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
from pnr_pipeline.screening.match import in_queue, ranked
from pnr_pipeline.simulate.labelled import DAY, REGISTRATION, labelled_set, strangers
from pnr_pipeline.stores.rule_files import rule_texts

try:
    from followthemoney import model
    from nomenklatura.matching import LogicV1, LogicV2
except ImportError:
    LogicV1 = LogicV2 = None

BASELINE = Path(__file__).with_name("screening.baseline.json")
SEED, ENTRIES, OF_EACH, STRANGERS = 1, 20_000, 2, 4_000
GATE = {"seed": 1, "entries": 5_000, "of_each": 2, "strangers": 5_000}
NEAREST, BATCH = 50, 50
NOT_A_NAME = "alias_far"
"""Category of aliases that share nothing with the name: no engine can find them."""
AHEAD = 0.01
"""A peer that finds this much more of a category than ours is ahead of it."""

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
    """The nearest entries by the best of their names, every traveller against every name."""
    owned = [(_sorted(name.full), at) for at, entry in enumerate(entries) for name in entry.names]
    names, firsts = [name for name, _ in owned], np.flatnonzero(np.diff([-1, *(at for _, at in owned)]))
    owners = [owned[first][1] for first in firsts]
    undated = np.array([0.6 if entries[at].dob else 0.9 for at in owners])
    born_on = defaultdict(list)
    for place, at in enumerate(owners):
        for born in entries[at].dob:
            born_on[born].append(place)

    def run(cases: list[Case]) -> list[Found]:
        results: list[Found] = []
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            asked = [_sorted(f"{case.traveller.given_names} {case.traveller.surname}") for case in batch]
            scores = cdist(asked, names, scorer=fuzz.ratio, dtype=np.float32) / 100
            for case, score in zip(batch, np.maximum.reduceat(scores, firsts, axis=1), strict=True):
                born = case.traveller.date_of_birth
                factor = undated.copy() if born else np.full(len(owners), 0.9)
                factor[[place for text in {born, (born or "")[:4]} for place in born_on.get(text, ())]] = 1.0
                near = np.argpartition(-score * factor, NEAREST)[:NEAREST]
                results.append([(entries[owners[at]].id, float(score[at] * factor[at])) for at in near])
        return results

    return run


def logic(algorithm) -> Callable[[tuple[ListEntry, ...]], Callable[[list[Case]], list[Found]]]:
    """An algorithm of nomenklatura over the candidates of `brute_force`."""

    def build(entries: tuple[ListEntry, ...]) -> Callable[[list[Case]], list[Found]]:
        config, nearest = algorithm.default_config(), brute_force(entries)
        by_id = {entry.id: entry for entry in entries}

        def run(cases: list[Case]) -> list[Found]:
            results: list[Found] = []
            for place, (case, near) in enumerate(zip(cases, nearest(cases), strict=True)):
                one = case.traveller
                asked = _person(  # under an id of its own: logic-v2 remembers names by id
                    f"query-{place}", [EntryName(f"{one.given_names} {one.surname}", one.surname, one.given_names)],
                    (one.date_of_birth,), (one.nationality,), one.documents,
                )  # fmt: skip
                compared = []
                for found, _ in near:
                    entry = by_id[found]
                    listed = _person(entry.id, entry.names, entry.dob, entry.nationality, entry.documents)
                    compared.append((found, algorithm.compare(asked, listed, config).score))
                results.append(compared)
            return results

        return run

    return build


def _person(key, names, dates, states, documents):
    person = model.make_entity("Person")
    person.id = key
    for name in names:
        person.add("name", name.full.strip() or None)
        person.add("firstName", name.given or None)
        person.add("lastName", name.surname or None)
    person.add("birthDate", [date for date in dates if date])
    person.add("nationality", [state for state in states if state])
    person.add("passportNumber", [document.number for document in documents])
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


class Labelled(NamedTuple):
    """A list, travellers, and of each the entries that are likely the same person: counted neither way."""

    entries: tuple[ListEntry, ...]
    cases: list[Case]
    ignored: list[frozenset[str]]


def invented() -> Labelled:
    """The set of `pnr fairness`."""
    labelled = labelled_set(SEED, entries=ENTRIES, of_each=OF_EACH)
    cases = [*labelled.cases, *strangers(SEED, STRANGERS)]
    return Labelled(labelled.entries, cases, [frozenset()] * len(cases))


def from_files(entries: Path, queries: Path, one_in: int) -> Labelled:
    """A list and labelled travellers as `fit_screening.py` takes them."""
    with entries.open(encoding="utf-8") as lines:
        listed = gathered({entries.name: read_json_lines(lines, REGISTRATION.id)}).entries
    cases, ignored, known = [], [], Query.__struct_fields__
    for number, line in enumerate(queries.read_text("utf-8").splitlines()):
        query = json.loads(line)
        if number % one_in == 0 and query["category"] != NOT_A_NAME:
            traveller = Query(**{key: value for key, value in query.items() if key in known}).traveller(number)
            category = query["category"].removeprefix("neg_")
            cases.append(Case(traveller, query["expected"] or "", category, query["population"], "", ""))
            ignored.append(frozenset(query.get("also_ok") or ()))
    return Labelled(tuple(listed), cases, ignored)


def compare(labelled: Labelled) -> tuple[Table, Table]:
    """One line for each engine; one for each category."""
    cases = labelled.cases
    peers = {"brute force × birth date": brute_force}
    if LogicV2:
        peers |= {"logic-v1 of 50": logic(LogicV1), "logic-v2 of 50": logic(LogicV2)}
    table = Table("accuracy", "F1", "precision", "recall", "recall at .5 %", "random", "look-alikes", "a CPU-s")
    recalls = {}
    for name, build in {f"ours ({ENGINE})": engine, **peers}.items():
        run = build(labelled.entries)
        start = time.process_time()
        results = run(cases)
        rate = len(cases) / (time.process_time() - start)
        results = [
            [hit for hit in found if hit[0] not in also] for found, also in zip(results, labelled.ignored, strict=True)
        ]
        threshold = 0.0 if build is engine else best(cases, results)
        told, recalls[name] = figures(cases, results, threshold), by_category(cases, results, threshold)
        table.add_row(
            name, f"{told['f1']:.3f}", f"{told['precision']:.3f}", f"{told['recall']:.3f}",
            f"{recall_at(cases, results, 0.005):.3f}", f"{told['random']:.2%}", f"{told['alike']:.2%}", f"{rate:,.0f}",
        )  # fmt: skip
    ours, *others = recalls.values()
    categories = Table("recall by category", "travellers", *recalls, "")
    count = Counter(case.category for case in cases)
    for category in sorted(ours):
        ahead = max(one[category] for one in others) > ours[category] + AHEAD
        told = [f"{one[category]:.3f}" for one in recalls.values()]
        categories.add_row(category, str(count[category]), *told, "a peer is ahead" if ahead else "")
    return table, categories


def by_category(cases: list[Case], results: list[Found], threshold: float) -> dict[str, float]:
    """The recall of each category that has listed travellers."""
    found: dict[str, list[bool]] = defaultdict(list)
    for case, hits in zip(cases, results, strict=True):
        if case.expected:
            found[case.category].append(any(name == case.expected and score >= threshold for name, score in hits))
    return {category: sum(hits) / len(hits) for category, hits in found.items()}


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
    parser.add_argument("--list", type=Path, help="entries, one JSON object a line")
    parser.add_argument("--queries", type=Path, help="labelled travellers, one JSON object a line")
    parser.add_argument("--one-in", type=int, default=1, help="of the queries, every so manieth")
    options = parser.parse_args(arguments)
    if options.accept:
        BASELINE.write_bytes(msgspec.json.format(msgspec.json.encode(gate()), indent=1) + b"\n")
    files = options.list and options.queries
    console = Console(width=140)
    for table in compare(from_files(options.list, options.queries, options.one_in) if files else invented()):
        console.print(table)
    accepted = json.loads(BASELINE.read_bytes())
    print(f"accepted: F1 {accepted['f1']}, recall {accepted['recall']} with {accepted['engine']}, {accepted['rules']}")


if __name__ == "__main__":
    main()
