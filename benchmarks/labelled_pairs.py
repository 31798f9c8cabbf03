"""Labelled and random travellers beside a list, as numbers: the terms of evidence of each pair the index proposes.

Two sources: files of travellers whose entry is known, and the invented set of `pnr fairness`. Both come with random
travellers, who are on no list.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import NamedTuple
from zlib import crc32

import numba
import numpy as np

from pnr_pipeline.cli.screen import _TRIAL, Query
from pnr_pipeline.records import Traveller
from pnr_pipeline.screening import Index, ScreeningRules, evidence, kernels
from pnr_pipeline.screening.asking import ask
from pnr_pipeline.screening.evaluation import RANDOM
from pnr_pipeline.screening.keys import folded
from pnr_pipeline.screening.list_formats.gathering import gathered
from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
from pnr_pipeline.screening.rules import BirthDateWeights, NameWeights
from pnr_pipeline.simulate.labelled import REGISTRATION, labelled_set, strangers

FOLDS = 5
NOT_A_NAME = "alias_far"
"""Category of aliases that share nothing with the name: no engine can find them."""
BY_DOCUMENT = ("doc_stolen", "doc_other_name", "document_other_name")
"""Categories that only a document can find."""
NAME = list(NameWeights.model_fields)
DATES = list(BirthDateWeights.model_fields)
OTHERS = ["nationality.same", "nationality.differs", "sex.same", "sex.differs", "document.misread"]
TERMS = [*NAME, *(f"birth_date.{one}" for one in DATES), *OTHERS]
_LOOSER = 5.0
"""How much further down than the weak threshold (in log-odds) pairs are looked at."""
_CANDIDATES = 48


class Pairs(NamedTuple):
    """Pairs of travellers of one source (by number) and entries, with their features by TERMS.

    `dates` is how the birth dates meet (`kernels.SAME` …), `folds` and `dated` are by traveller: people with one
    surname are in one fold.
    """

    source: str
    traveller: np.ndarray
    entry: np.ndarray
    features: np.ndarray
    dates: np.ndarray
    by_document: np.ndarray
    folds: np.ndarray
    dated: np.ndarray


class Labelled(NamedTuple):
    """One list with its travellers: which pairs are true and which count, and what is known by traveller.

    `is_listed` leaves out who has no name in common with their entry.
    """

    name: str
    pairs: Pairs
    true: np.ndarray
    counts: np.ndarray
    category: np.ndarray
    population: np.ndarray
    is_listed: np.ndarray
    streams: tuple[Pairs, ...]


@numba.njit
def _described(asked, rows, names, alike, words, listed, weights):  # type: ignore[no-untyped-def]  # compiled
    meetings, values = np.empty((kernels.MEETINGS_MAX, 4), np.int32), np.empty(kernels.MEETINGS_MAX)
    features = np.empty((len(rows), kernels.FEATURES))
    for at in range(len(rows)):
        kernels.align(asked, rows[at], alike, words, listed, names[at], weights, meetings, values, features[at])
    return features


def pairs_of(source: str, travellers: list[Traveller], index: Index) -> Pairs:
    """Every pair that the index proposes, by the pair of names that says most."""
    arrays, weights = index.arrays, index.weights
    limits = weights.limits.copy()
    limits[2] -= _LOOSER
    loose = weights._replace(limits=limits)
    places, entries, described, apart = [], [], [], []
    for start in range(0, len(travellers), 256):
        batch = travellers[start : start + 256]
        question = ask(batch, index.reader, index.rules.frequencies)
        alike = kernels.similar(question.flat, arrays.words, weights, len(index), index.scratch)
        rows, names = kernels.search(
            question.flat, alike, arrays.words, arrays.names, arrays.entries, loose, index.scratch, _CANDIDATES
        )
        features = _described(question.flat, rows, names, alike, arrays.words, arrays.names, weights)
        best: dict[tuple[int, int], int] = {}
        told = features @ weights.name
        for at in np.argsort(-told, kind="stable").tolist():
            best.setdefault((question.travellers[rows[at]], int(arrays.names.entries[names[at]])), at)
        for (place, entry), at in sorted(best.items()):
            places.append(start + place)
            entries.append(entry)
            described.append(features[at])
            apart.append(_apart(batch[place], question.flat, int(rows[at]), index, entry))
    columns = np.zeros((len(places), len(TERMS)))
    columns[:, : len(NAME)] = described
    for at, (terms, _, _) in enumerate(apart):
        columns[at, [TERMS.index(term) for term in terms]] = 1
    return Pairs(
        source, np.array(places), np.array(entries), columns, np.array([kind for _, kind, _ in apart]),
        np.array([by_document for _, _, by_document in apart]), np.array([_fold(one) for one in travellers]),
        np.array([one.date_of_birth is not None for one in travellers]),
    )  # fmt: skip


def _apart(
    traveller: Traveller, asked: kernels.Asked, row: int, index: Index, entry: int
) -> tuple[list[str], int, bool]:
    """The terms apart from the name, how the dates meet, and whether a document's number is the same."""
    known, weights = index.arrays.entries, index.weights
    dates = known.dates[known.date_starts[entry] : known.date_starts[entry + 1]].tolist()
    kinds = [kernels.date_kind(asked.dates[row], date) for date in dates if asked.dates[row]]
    kind = max(kinds, key=lambda one: weights.dates[one], default=kernels.UNKNOWN)
    terms = [f"birth_date.{evidence.date_term(kind)}"] if kind != kernels.UNKNOWN else []
    states = known.states[known.state_starts[entry] : known.state_starts[entry + 1]]
    if asked.states[row] and len(states):
        terms.append("nationality.same" if asked.states[row] in states else "nationality.differs")
    if asked.sexes[row] and known.sexes[entry]:
        terms.append("sex.same" if asked.sexes[row] == known.sexes[entry] else "sex.differs")
    by_document = False
    if entry in index.with_documents(traveller.documents):
        of_entry = index.entry_at(entry).documents
        found = evidence.document(traveller.documents, of_entry, index.rules.weights.document)
        by_document = found is not None and found.verdict == "same"
        if found is not None and found.weight == index.rules.weights.document.misread:
            terms.append("document.misread")
    return terms, kind, by_document


def _fold(traveller: Traveller) -> int:
    letters = "".join(letter for letter in traveller.surname.upper() if "A" <= letter <= "Z")
    return crc32(folded(letters)[:3].encode()) % FOLDS


def from_files(list_file: Path, queries_file: Path, rules: ScreeningRules, *, number: int) -> Labelled:
    """Travellers of a file as `pnr screen` takes it, with `expected`, `also_ok`, `category`, `population`.

    Random are the `neg_random` of the file, put together anew within their population, and those of the simulator.
    """
    with list_file.open(encoding="utf-8") as lines:
        entries = gathered({list_file.name: read_json_lines(lines, _TRIAL.id)}).entries
    index = Index.build([(_TRIAL, "fit", entries)], rules)
    with queries_file.open(encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines]
    known = Query.__struct_fields__
    travellers = [Query(**{k: v for k, v in one.items() if k in known}).traveller(n) for n, one in enumerate(queries)]
    expected = [index.number(_TRIAL.id, one["expected"]) if one["expected"] else None for one in queries]
    also = {
        (at, index.number(_TRIAL.id, other)) for at, one in enumerate(queries) for other in one.get("also_ok") or ()
    }
    streams = {
        "anew": _put_together(queries, Random(1), number),
        "simulator": [case.traveller for case in strangers(1001, number)],
    }
    return _labelled(
        "files", index, travellers, expected, also, [one["category"] for one in queries],
        [one["population"] for one in queries], streams,
    )  # fmt: skip


def _put_together(queries: list[dict[str, str]], random: Random, number: int) -> list[Traveller]:
    """Surnames, given names, years of birth of different strangers of one population and sex put together."""
    by_group = defaultdict(list)
    for query in queries:
        if query["category"] == "neg_random":
            by_group[query["population"], query["gender"]].append(query)
    strangers_of_file = [query for of_one in by_group.values() for query in of_one]
    made = []
    for at in range(number):
        one = random.choice(strangers_of_file)
        day = f"{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        given, born = random.choice(by_group[one["population"], one["gender"]]), random.choice(strangers_of_file)["dob"]
        made.append(Traveller(
            at, "passenger", one["surname"] or "", given["given_names"] or "", sex=one["gender"],
            nationality=one["nationality"], date_of_birth=f"{(born or '1980')[:4]}-{day}",
        ))  # fmt: skip
    return made


def own_set(seed: int, rules: ScreeningRules, *, entries: int, of_each: int, number: int) -> Labelled:
    """The invented set of this seed, and as many of its strangers as asked for."""
    made = labelled_set(seed, entries=entries, of_each=of_each)
    index = Index.build([(REGISTRATION, "fit", made.entries)], rules)
    expected = [index.number(REGISTRATION.id, case.expected) if case.expected else None for case in made.cases]
    return _labelled(
        f"invented, seed {seed}", index, [case.traveller for case in made.cases], expected, set(),
        [case.category for case in made.cases], [case.population for case in made.cases],
        {"simulator": [case.traveller for case in strangers(seed, number)]},
    )  # fmt: skip


def _labelled(
    name: str, index: Index, travellers: list[Traveller], expected: list[int | None],
    also: set[tuple[int, int | None]], category: list[str], population: list[str], streams: dict[str, list[Traveller]],
) -> Labelled:  # fmt: skip
    pairs = pairs_of(name, travellers, index)
    met = list(zip(pairs.traveller.tolist(), pairs.entry.tolist(), strict=True))
    categories = np.array(category)
    return Labelled(
        name=name,
        pairs=pairs,
        true=np.array([expected[at] == entry for at, entry in met]),
        counts=np.array([category[at] != NOT_A_NAME and (at, entry) not in also for at, entry in met]),
        category=categories,
        population=np.array(population),
        is_listed=np.array([one is not None for one in expected]) & (categories != NOT_A_NAME),
        streams=tuple(pairs_of(f"{name}: random, {kind}", of_kind, index) for kind, of_kind in streams.items()),
    )


def is_random(categories: Iterable[str]) -> np.ndarray:
    """Which travellers are like nobody on purpose."""
    return np.isin(categories, ["neg_random", *RANDOM])
