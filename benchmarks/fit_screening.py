"""Fit the weights of screening to labelled travellers, and say what each kind of evidence is worth.

    python benchmarks/fit_screening.py --list L.jsonl --queries Q.jsonl [--write]

The queries are those of `pnr screen` with `expected` (the entry of the list, or null), `also_ok` (likely the same
person: counted neither way), `category`, `population`. A logistic regression over every pair of traveller and entry
that the index proposes gives one weight a term; travellers of the category `neg_random`, put together anew within their
population, stand for the stream. All figures are of travellers that the fit did not see (five folds). Then the scores
are calibrated: the random travellers and the listed ones are weighed as one true match in 100,000 travellers, so that a
score is the share of true matches among pairs with that score. `--write` changes `rules/screening/weights.yaml` and
`docs/screening-weights.md`, which hold figures only. Seeded: the same files give the same weights; run it twice after a
change of the engine, as words are paired by the weights in force.
"""

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from pnr_pipeline.cli.screen import _TRIAL, Query
from pnr_pipeline.records import Traveller
from pnr_pipeline.screening import Index, ScreeningRules, evidence, kernels
from pnr_pipeline.screening.asking import ask
from pnr_pipeline.screening.list_formats.gathering import gathered
from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
from pnr_pipeline.screening.rules import BirthDateWeights, NameWeights
from pnr_pipeline.stores.rule_files import rule_texts

PRIOR = 1e-5
RANDOM_TRAVELLERS = 100_000
WEIGHT_OF_RANDOM = 0.5
RIDGE = 1.0
FOLDS = 5
ALERTS_PER_100K = 7.0
"""Budget of the alert queue (10) less what chance may add on another set."""
WEAK_SHARE = 0.002
BELOW = 9.0
"""How much further down than the weak threshold (in log-odds) pairs are looked at."""
NOT_A_NAME = "alias_far"
"""Category of aliases that share nothing with the name: no engine can find them."""

NAME = list(NameWeights.model_fields)
DATE = [None, *(told for told in BirthDateWeights.model_fields)]
TERMS = [*NAME, *(f"birth_date.{one}" for one in DATE[1:]), "nationality.same", "nationality.differs",
         "sex.same", "sex.differs", "document.misread"]  # fmt: skip
GROUPS = {
    "how words are alike": NAME[1:7],
    "rarity of words": ["rarest", "rarity"],
    "initials, cut and misspelled words": ["initial", "truncated", "resembling", "letters", "alike"],
    "parts only one side has": ["lacking", "added"],
    "parts in conflict": ["conflict", "surname", "given"],
    "swapped, merged, single, more": ["swapped", "merged", "single", "more"],
    "birth date": [one for one in TERMS if one.startswith("birth_date")],
    "near birth dates": ["birth_date.slip_year", "birth_date.slip_month", "birth_date.slip_day", "birth_date.swapped"],
    "nationality": ["nationality.same", "nationality.differs"],
    "sex": ["sex.same", "sex.differs"],
}
UNFITTED = ["nothing", "chance"]
STAND_IN = {"birth_date.year_month": "birth_date.year"}
"""Of a term without 20 examples, the term whose weight it takes."""


class Pairs(NamedTuple):
    """Pairs of traveller (by number) and entry: their features by TERMS, and whether a birth date is on both sides."""

    traveller: np.ndarray
    entry: np.ndarray
    features: np.ndarray
    dated: np.ndarray
    by_document: np.ndarray


def pairs_of(travellers: list[Traveller], index: Index) -> Pairs:
    arrays, weights = index.arrays, index.weights
    limits = weights.limits.copy()
    limits[2] -= BELOW
    loose = weights._replace(limits=limits)
    meetings, values = np.empty((kernels.MEETINGS_MAX, 4), np.int32), np.empty(kernels.MEETINGS_MAX)
    features, found = np.empty(kernels.FEATURES), []
    for start in range(0, len(travellers), 256):
        batch = travellers[start : start + 256]
        question = ask(batch, index.reader, index.rules.frequencies)
        alike = kernels.similar(question.flat, arrays.words, weights, len(index), index.scratch)
        rows, names = kernels.search(
            question.flat, alike, arrays.words, arrays.names, arrays.entries, loose, index.scratch, 48
        )
        best = {}
        for row, name in zip(rows.tolist(), names.tolist(), strict=True):
            kernels.align(
                question.flat, row, alike, arrays.words, arrays.names, name, weights, meetings, values, features
            )
            key, value = (question.travellers[row], int(arrays.names.entries[name])), features @ weights.name
            if key not in best or value > best[key][0]:
                best[key] = value, features.copy()
        for (place, number), (_, of_name) in best.items():
            found.append((start + place, number, *_apart(batch[place], index, number), of_name))
    if not found:
        raise SystemExit("no pair found")
    features = np.zeros((len(found), len(TERMS)))
    for at, (_, _, told, _, of_name) in enumerate(found):
        features[at, : len(NAME)] = of_name
        for term in told:
            features[at, TERMS.index(term)] = 1
    columns = list(zip(*found, strict=True))
    dated = np.array([any(term.startswith("birth_date") for term in told) for told in columns[2]])
    return Pairs(np.array(columns[0]), np.array(columns[1]), features, dated, np.array(columns[3]))


def _apart(traveller: Traveller, index: Index, number: int) -> tuple[list[str], bool]:
    """The terms apart from the name, and whether a document's number is the same."""
    entry, weights, told = index.entry_at(number), index.rules.weights, []
    mine = evidence.packed_date(traveller.date_of_birth)
    by_kind = evidence.date_weights(weights.birth_date)
    kinds = [kernels.date_kind(mine, other) for one in entry.dob if (other := evidence.packed_date(one)) and mine]
    if kinds:
        told.append("birth_date." + evidence.date_term(max(kinds, key=lambda kind: by_kind[kind])))
    state = evidence.nationality(traveller.nationality, entry.nationality, weights.nationality).verdict
    sex = evidence.sex(traveller.sex, entry.gender, weights.sex).verdict
    told += [f"{field}.{verdict}" for field, verdict in (("nationality", state), ("sex", sex)) if verdict != "unknown"]
    document = evidence.document(traveller.documents, entry.documents, weights.document)
    if document and document.weight == weights.document.misread:
        told.append("document.misread")
    return told, document is not None and document.verdict == "same"


def random_travellers(queries: list[dict], random: Random) -> list[Traveller]:
    """Surnames, given names, dates of different strangers of one population put together."""
    by_population = defaultdict(list)
    for query in queries:
        if query["category"] == "neg_random":
            by_population[query["population"]].append(query)
    strangers = [query for of_one in by_population.values() for query in of_one]
    made = []
    for number in range(RANDOM_TRAVELLERS):
        one = random.choice(strangers)
        day = f"{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        same_sex = [other for other in by_population[one["population"]] if other["gender"] == one["gender"]]
        given, born = random.choice(same_sex), random.choice(strangers)["dob"] or "1980-01-01"
        made.append(Traveller(
            number, "passenger", one["surname"] or "", given["given_names"] or "", sex=one["gender"],
            nationality=one["nationality"], date_of_birth=f"{born[:4]}-{day}",
        ))  # fmt: skip
    return made


def fitted(x: np.ndarray, y: np.ndarray, weight: np.ndarray, columns: list[int]) -> np.ndarray:
    """Weights by TERMS, and the intercept last, by Newton's method; a ridge keeps terms without examples at 0."""
    z = np.c_[x[:, columns], np.ones(len(x))]
    ridge, beta = np.full(z.shape[1], RIDGE), np.zeros(z.shape[1])
    ridge[-1] = 1e-6
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        slope = z.T @ (weight * (p - y)) + ridge * beta
        step = np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(ridge), slope)
        beta -= step
        if np.abs(step).max() < 1e-7:
            break
    full = np.zeros(len(TERMS) + 1)
    full[columns], full[-1] = beta[:-1], beta[-1]
    return full


class Labelled(NamedTuple):
    """What is fitted: labelled and random pairs with the fold of each, labels, and which pairs count."""

    queries: list[dict]
    pairs: Pairs
    stream: Pairs
    true: np.ndarray
    counts: np.ndarray
    listed: int


def labelled(queries: list[dict], pairs: Pairs, stream: Pairs, index: Index) -> Labelled:
    number = {query["expected"]: index.number(_TRIAL.id, query["expected"]) for query in queries if query["expected"]}
    also = [{index.number(_TRIAL.id, one) for one in query.get("also_ok") or ()} for query in queries]
    true = np.array([
        number.get(queries[at]["expected"]) == entry for at, entry in zip(pairs.traveller, pairs.entry, strict=True)
    ])  # fmt: skip
    counts = np.array([
        queries[at]["category"] != NOT_A_NAME and entry not in also[at]
        for at, entry in zip(pairs.traveller, pairs.entry, strict=True)
    ])  # fmt: skip
    listed = sum(bool(query["expected"]) and query["category"] != NOT_A_NAME for query in queries)
    return Labelled(queries, pairs, stream, true, counts, listed)


def held_out(data: Labelled, terms: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of labelled and of random pairs by weights fitted without their fold, and the weights of all folds."""
    columns = [TERMS.index(term) for term in terms]
    folds, stream_folds = _fold(data.pairs.traveller), _fold(data.stream.traveller)
    scores, stream_scores = np.zeros(len(data.true)), np.zeros(len(data.stream.traveller))
    usable = data.counts & ~data.pairs.by_document

    def fit(keep: np.ndarray, keep_stream: np.ndarray) -> np.ndarray:
        x = np.r_[data.pairs.features[keep], data.stream.features[keep_stream]]
        y = np.r_[data.true[keep], np.zeros(keep_stream.sum(), bool)]
        return fitted(x, y, np.r_[np.ones(keep.sum()), np.full(keep_stream.sum(), WEIGHT_OF_RANDOM)], columns)

    for fold in range(FOLDS):
        beta = fit(usable & (folds != fold), stream_folds != fold)
        scores[folds == fold] = data.pairs.features[folds == fold] @ beta[:-1] + beta[-1]
        stream_scores[stream_folds == fold] = data.stream.features[stream_folds == fold] @ beta[:-1] + beta[-1]
    return scores, stream_scores, fit(usable, np.ones(len(stream_folds), bool))


def _fold(numbers: np.ndarray) -> np.ndarray:
    return (numbers.astype(np.uint64) * np.uint64(2654435761) >> np.uint64(7)) % FOLDS


def per_traveller(numbers: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The best score of each traveller that has one, falling."""
    best: dict[int, float] = {}
    for number, score in zip(numbers.tolist(), scores.tolist(), strict=True):
        best[number] = max(best.get(number, -np.inf), score)
    return np.sort(np.array([*best.values(), -np.inf]))[::-1]


class Figures(NamedTuple):
    """What a set of weights does on travellers it was not fitted to; thresholds in the log-odds of the fit."""

    alert: float
    weak: float
    f1: float
    f1_dated: float
    recall_dated: float
    recall_random: float
    other_date: float
    weak_share: float


def figures(data: Labelled, scores: np.ndarray, stream_scores: np.ndarray) -> Figures:
    pairs, stream = data.pairs, data.stream
    dated = per_traveller(stream.traveller[stream.dated], stream_scores[stream.dated])
    undated = per_traveller(stream.traveller[~stream.dated], stream_scores[~stream.dated])
    alert = _after(dated, int(ALERTS_PER_100K * RANDOM_TRAVELLERS / 1e5))
    weak = _after(undated, int(WEAK_SHARE * RANDOM_TRAVELLERS))
    hit = pairs.by_document | (scores >= np.where(pairs.dated, alert, weak))
    documents_only = sum(query["category"] == "doc_stolen" for query in data.queries)

    def f1(mask: np.ndarray, listed: int, more: int) -> float:
        right, wrong = (hit & data.true & mask).sum() + more, (hit & ~data.true & mask).sum()
        return 2 * right / (right + wrong + listed)

    random = np.array([data.queries[at]["category"] == "neg_random" for at in pairs.traveller])
    at = max(0, round(0.001 * sum(query["category"] == "neg_random" for query in data.queries)))
    least = _after(per_traveller(pairs.traveller[random], scores[random]), at)
    same_name = {n for n, query in enumerate(data.queries) if query["category"] == "neg_same_name_other_dob"}
    told = data.counts & data.true
    return Figures(
        alert, weak, f1(data.counts, data.listed, documents_only),
        f1(data.counts & pairs.dated, int((told & pairs.dated).sum()), 0),
        float((hit | pairs.by_document)[told & pairs.dated].mean()),
        float(((scores > least) | pairs.by_document)[told].sum() + documents_only) / data.listed,
        len(same_name & set(pairs.traveller[hit & data.counts].tolist())) / max(1, len(same_name)),
        float((undated >= weak).sum()) / RANDOM_TRAVELLERS,
    )  # fmt: skip


def _after(falling: np.ndarray, count: int) -> float:
    """A threshold that so many scores reach."""
    return float(falling[min(count, len(falling) - 1)]) + 1e-9


def calibrated(data: Labelled, scores: np.ndarray, stream_scores: np.ndarray) -> tuple[float, float]:
    """Factor and shift that make the log-odds of the fit those of one true match in 100,000 travellers."""
    keep = data.counts & data.true & ~data.pairs.by_document
    x = np.r_[scores[keep], stream_scores]
    y = np.r_[np.ones(keep.sum()), np.zeros(len(stream_scores))]
    weight = np.where(y > 0, 1 / data.listed, 1 / (PRIOR * RANDOM_TRAVELLERS))
    weight *= len(x) / weight.sum()
    z, beta = np.c_[x, np.ones(len(x))], np.array([1.0, 0.0])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -40, 40)))
        step = np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + 1e-9 * np.eye(2), z.T @ (weight * (p - y)))
        beta -= np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[0]), float(beta[1])


def sensible(beta: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """The same scores with the weight of an equal pair at 0: two pairs are the rule, their share goes to `chance`."""
    beta, equal = beta.copy(), beta[TERMS.index("equal")]
    for how in NAME[:10]:
        beta[TERMS.index(how)] -= equal
    beta[TERMS.index("more")] += equal
    beta[TERMS.index("single")] -= equal
    beta[-1] += 2 * equal
    for term, other in STAND_IN.items():
        if examples[TERMS.index(term)] < 20:
            beta[TERMS.index(term)] = beta[TERMS.index(other)]
    return beta


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    with options.list.open(encoding="utf-8") as lines:
        entries = gathered({options.list.name: read_json_lines(lines, _TRIAL.id)}).entries
    index = Index.build([(_TRIAL, "fit", entries)], rules)
    with options.queries.open(encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines]
    known = Query.__struct_fields__
    travellers = [Query(**{k: v for k, v in one.items() if k in known}).traveller(n) for n, one in enumerate(queries)]
    stream = random_travellers(queries, Random(1))
    data = labelled(queries, pairs_of(travellers, index), pairs_of(stream, index), index)
    terms = [term for term in TERMS if term not in UNFITTED]
    scores, stream_scores, beta = held_out(data, terms)
    best = figures(data, scores, stream_scores)
    print(
        f"{len(data.true)} labelled pairs, {len(stream_scores)} of random travellers;"
        f" proposed {data.true.sum()} of {data.listed}"
    )
    rows = [("nothing: all terms", best)]
    for group, without in GROUPS.items():
        less = held_out(data, [term for term in terms if term not in without])
        rows.append((group, figures(data, less[0], less[1])))
    factor, shift = calibrated(data, scores, stream_scores)
    weights = sensible(beta, data.pairs.features.sum(axis=0)) * factor
    weights[-1] += shift
    weights[TERMS.index("chance")] = weights[-1] - np.log(PRIOR / (1 - PRIOR))
    for term in ("sex.same", "nationality.same"):  # an equal value never speaks against
        weights[TERMS.index(term)] = max(0.0, weights[TERMS.index(term)])
    posterior = [float(1 / (1 + np.exp(-(factor * t + shift)))) for t in (best.alert, best.weak)]
    bins = reliability(data, factor * scores + shift, factor * stream_scores + shift)
    text = report(data, rows, posterior, bins)
    print(text)
    if options.write:
        write_rules(weights, posterior)
        Path("docs/screening-weights.md").write_text(text, "utf-8")
        Path("docs/images/screening-reliability.svg").write_text(diagram(bins), "utf-8")


def reliability(data: Labelled, scores: np.ndarray, stream_scores: np.ndarray) -> list[tuple[float, float, int]]:
    """By tenfold steps of the score: its mean, the share of true matches at the base rate, listed travellers."""
    true = scores[data.counts & data.true & ~data.pairs.by_document]
    found = []
    for power in range(-6, 0):
        low, high = (np.log(10.0**at / (1 - 10.0**at)) if at < 0 else np.inf for at in (power, power + 1))
        right, wrong = ((one >= low) & (one < high) for one in (true, stream_scores))
        weight = right.sum() * PRIOR / data.listed, wrong.sum() / RANDOM_TRAVELLERS
        if right.sum() >= 5 and sum(weight):
            told = np.r_[1 / (1 + np.exp(-true[right])), 1 / (1 + np.exp(-stream_scores[wrong]))]
            by = np.r_[np.full(right.sum(), PRIOR / data.listed), np.full(wrong.sum(), 1 / RANDOM_TRAVELLERS)]
            found.append((float(told @ by / by.sum()), weight[0] / sum(weight), int(right.sum())))
    return found


def diagram(bins: list[tuple[float, float, int]]) -> str:
    """Score across, share of true matches upwards, both in tenfold steps; the line is a perfect score."""

    def place(value: float) -> float:
        return 340 + 50 * np.log10(max(value, 1e-6))

    marks = [f'<circle cx="{place(told):.0f}" cy="{380 - place(seen):.0f}" r="4"/>' for told, seen, _ in bins]
    steps = [
        f'<text x="{place(10.0**at):.0f}" y="372">1e{at}</text>'
        f'<text x="4" y="{384 - place(10.0**at):.0f}">1e{at}</text>'
        for at in range(-6, 1)
    ]
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" font-family="sans-serif" font-size="11">',
        "<title>Share of true matches by score, one true match in 100,000 travellers</title>",
        '<path d="M40 340L340 40M40 40V340H340" fill="none" stroke="grey"/>', *steps, *marks,
        '<text x="150" y="392">score</text><text x="44" y="30">share of true matches</text></svg>', "",
    ])  # fmt: skip


def report(
    data: Labelled, rows: list[tuple[str, Figures]], posterior: list[float], bins: list[tuple[float, float, int]]
) -> str:
    """The page of figures."""
    lines = [
        "# What the evidence of a match is worth", "",
        "Written by `benchmarks/fit_screening.py`, with `rules/screening/weights.yaml`. A logistic regression over"
        " pairs of traveller and list entry gave the weights:"
        f" {len(data.queries):,} labelled travellers ({data.listed:,} of them on the list), {len(data.true):,} pairs,"
        f" and {RANDOM_TRAVELLERS:,} random travellers. All figures are of travellers held"
        " out of the fit (five folds); they are of that set, not of any State's traffic.", "",
        f"Thresholds: alert {posterior[0]:.2g}"
        f" (random travellers with a birth date: {ALERTS_PER_100K:g} in 100,000),"
        f" weak {posterior[1]:.2g} (name only: {WEAK_SHARE:.2%} of random travellers).", "",
        "## Without one kind of evidence", "",
        "F1 is over both queues; *dated*: birth date on both sides; *at 0.1 %*: recall where 0.1 % of random travellers"
        " raise something; *other date*: same name with another birth date that raises something.", "",
        "| without | F1 | F1 dated | recall dated | recall at 0.1 % | other date | weak queue |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {one.f1:.3f} | {one.f1_dated:.3f} | {one.recall_dated:.3f} | {one.recall_random:.3f} |"
            f" {one.other_date:.1%} | {one.weak_share:.2%} |"
            for name, one in rows
        ), "",
        "## What a score means", "",
        "A score is the probability that traveller and entry are one person, where one traveller in 100,000 is on the"
        " list (held out, the set weighed to that rate):", "",
        "| mean score | share of true matches | listed travellers |", "|---|---|---|",
        *(f"| {told:.2g} | {seen:.2g} | {count} |" for told, seen, count in bins), "",
        "![Share of true matches by score](images/screening-reliability.svg)", "",
    ]  # fmt: skip
    return "\n".join(lines)


def write_rules(weights: np.ndarray, posterior: list[float]) -> None:
    path = Path("rules/screening/weights.yaml")
    text = path.read_text("utf-8")
    values = dict(zip(TERMS, weights.tolist(), strict=False))
    for term, value in values.items():
        if term in ("nothing", "document.misread"):
            continue
        section, _, field = term.rpartition(".")
        start = text.index(f"\n{section or 'name'}:")
        text = text[:start] + re.sub(rf"(\b{field}: )-?[\d.]+", rf"\g<1>{value:.2f}", text[start:], count=1)
    for field, value in zip(("alert", "weak"), posterior, strict=True):
        text = re.sub(rf"(?m)^({field}: )[\d.]+", rf"\g<1>{value:.7f}", text)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
