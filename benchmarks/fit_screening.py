"""Fit the weights of screening to labelled travellers, and say what each kind of evidence is worth.

    python benchmarks/fit_screening.py --list L.jsonl --queries Q.jsonl [--write]

The queries are those of `pnr screen` with `expected` (the entry of the list, or null), `also_ok` (likely the same
person: counted neither way), `category`, `population`; beside them the invented sets of `pnr fairness` with seeds of
their own. A logistic regression over every pair of traveller and entry that the index proposes, of all sets together,
gives one weight a term; random travellers stand for the stream. All figures are of travellers with surnames that the
fit did not see (five folds). Then the scores are calibrated: random and listed travellers of each set are weighed as
one true match in 100,000 travellers, so that a score is the share of true matches among pairs with that score. The
thresholds are the lowest that keep the budgets on every kind of random travellers. `--write` changes
`rules/screening/weights.yaml` and `docs/screening-weights.md`, which hold figures only. Seeded: the same files give the
same weights; run it twice after a change of the engine, as words are paired by the weights in force.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from fit_report import diagram, report, write_rules
from labelled_pairs import BY_DOCUMENT, FOLDS, NAME, TERMS, Labelled, Pairs, from_files, is_random, own_set

from pnr_pipeline.screening import ScreeningRules, kernels
from pnr_pipeline.screening.evaluation import BASE_RATE
from pnr_pipeline.stores.rule_files import rule_texts

OWN_SEEDS = (101, 103)
OWN_ENTRIES, OF_EACH, OWN_RANDOM, RANDOM = 90_000, 8, 200_000, 60_000
WEIGHT_OF_RANDOM, WEIGHT_OF_LOOK_ALIKE = 4.0, 1.0
RIDGE = 1.0
ALERTS_PER_100K = 7.0
"""Budget of the alert queue (10) less what chance may add on another set."""
WEAK_SHARE = 0.0025
"""Budget of the weak queue (0.3 %), the same."""

GROUPS = {
    "how words are alike": NAME[kernels.TRANSLITERATED : kernels.RANKS],
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
UNFITTED = ["nothing", "chance", "sex.same"]
"""Terms that stay 0; half of all people are of the same sex, which is in `chance`."""
STAND_IN = {"birth_date.year_month": "birth_date.year", "short": "typos"}
"""Of a term without 20 examples, the term whose weight it takes."""


class Scored(NamedTuple):
    """The scores (log-odds) of one set by weights fitted without their fold: of its pairs, and of its streams."""

    labelled: np.ndarray
    streams: tuple[np.ndarray, ...]


def fitted(x: np.ndarray, y: np.ndarray, weight: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Weights, and the intercept last, by Newton's method; a ridge keeps terms without examples at 0."""
    z = np.c_[x, np.ones(len(x))]
    ridge, beta = np.full(z.shape[1], RIDGE), np.zeros(z.shape[1]) if start is None else start.copy()
    ridge[-1] = 1e-6
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        slope = z.T @ (weight * (p - y)) + ridge * beta
        step = np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(ridge), slope)
        beta -= step
        if np.abs(step).max() < 1e-4:
            break
    return beta


def training(sets: list[Labelled]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels, weights and folds of all pairs to learn from."""
    x, y, weight, folds = [], [], [], []
    for one in sets:
        keep = one.counts & ~one.pairs.by_document
        look_alike = ~one.is_listed & ~is_random(one.category)
        x.append(one.pairs.features[keep])
        y.append(one.true[keep].astype(float))
        weight.append(np.where(look_alike[one.pairs.traveller[keep]], WEIGHT_OF_LOOK_ALIKE, 1.0))
        folds.append(one.pairs.folds[one.pairs.traveller[keep]])
        for stream in one.streams:
            x.append(stream.features)
            y.append(np.zeros(len(stream.entry)))
            weight.append(np.full(len(stream.entry), WEIGHT_OF_RANDOM))
            folds.append(stream.folds[stream.traveller])
    return np.concatenate(x), np.concatenate(y), np.concatenate(weight), np.concatenate(folds)


def held_out(sets: list[Labelled], terms: list[str], start: np.ndarray | None) -> tuple[list[Scored], np.ndarray]:
    """Scores of every pair by weights fitted without its fold; the weights of all folds by TERMS, intercept last."""
    columns = [TERMS.index(term) for term in terms]
    x, y, weight, folds = training(sets)
    x = x[:, columns]
    first = None if start is None else start[[*columns, -1]]
    whole = fitted(x, y, weight, first)
    by_fold = np.zeros((FOLDS, len(TERMS) + 1))
    for fold in range(FOLDS):
        kept = folds != fold
        by_fold[fold, [*columns, -1]] = fitted(x[kept], y[kept], weight[kept], whole)

    def scores(pairs: Pairs) -> np.ndarray:
        beta = by_fold[pairs.folds[pairs.traveller]]
        return (pairs.features * beta[:, :-1]).sum(axis=1) + beta[:, -1]

    full = np.zeros(len(TERMS) + 1)
    full[[*columns, -1]] = whole
    return [Scored(scores(one.pairs), tuple(map(scores, one.streams))) for one in sets], full


def best_of_each(pairs: Pairs, scores: np.ndarray, which: np.ndarray) -> np.ndarray:
    """The best score of each traveller among some pairs; -inf where there is none."""
    best = np.full(len(pairs.folds), -np.inf)
    np.maximum.at(best, pairs.traveller[which], scores[which])
    return best


def _after(scores: np.ndarray, share: float) -> float:
    """A threshold that no more than this share reaches."""
    return float(np.sort(scores)[::-1][int(share * len(scores))]) + 1e-9


class Thresholds(NamedTuple):
    alert: float
    weak: float


def alerts_of(pairs: Pairs, scores: np.ndarray) -> np.ndarray:
    """Of each traveller with a birth date, the best score that may be an alert."""
    return best_of_each(pairs, scores, pairs.dates != kernels.UNKNOWN)[pairs.dated]


def of_another(pairs: Pairs) -> np.ndarray:
    """Pairs with another birth date, surname or given names."""
    conflict = pairs.features[:, [TERMS.index(term) for term in ("surname", "given", "nothing")]].any(axis=1)
    return conflict | (pairs.dates == kernels.DIFFERS)


def weak_of(pairs: Pairs, scores: np.ndarray, alert: float) -> np.ndarray:
    """Of each traveller, the best score that is no alert and may be in the weak queue."""
    undated = pairs.dates == kernels.UNKNOWN
    return best_of_each(pairs, scores, (undated | (scores < alert)) & ~of_another(pairs))


def thresholds(sets: list[Labelled], scored: list[Scored]) -> Thresholds:
    """The lowest that keep the budgets on each kind of random travellers."""
    streams = [pair for one, of in zip(sets, scored, strict=True) for pair in zip(one.streams, of.streams, strict=True)]
    alert = max(_after(alerts_of(pairs, scores), ALERTS_PER_100K / 1e5) for pairs, scores in streams)
    return Thresholds(alert, max(_after(weak_of(pairs, scores, alert), WEAK_SHARE) for pairs, scores in streams))


class Figures(NamedTuple):
    """What a set of weights does on one set, on travellers that it was not fitted to."""

    f1: float
    f1_dated: float
    recall_dated: float
    recall_at: float
    other_date: float
    parity: float
    alerts: float
    weak: float


def figures(one: Labelled, scored: Scored, at: Thresholds) -> Figures:
    pairs, scores = one.pairs, scored.labelled
    dated = pairs.dates != kernels.UNKNOWN
    alert = pairs.by_document | (dated & (scores >= at.alert))
    hit = alert | ((scores >= at.weak) & ~of_another(pairs))
    found = np.isin(one.category, BY_DOCUMENT)
    found[pairs.traveller[hit & one.true]] = True
    wrong, told = hit & ~one.true & one.counts, one.true & one.counts & dated

    def f1(right: int, wrongly: int, listed: int) -> float:
        return 2 * right / max(1, right + wrongly + listed)

    random = is_random(one.category)
    of_random = [best_of_each(pairs, scores, ~pairs.by_document)[random]] if random.any() else []
    of_random += [best_of_each(p, s, s > -np.inf) for p, s in zip(one.streams, scored.streams, strict=True)]
    least = max(_after(scores_of, 0.001) for scores_of in of_random)
    above = np.isin(one.category, BY_DOCUMENT)
    above[pairs.traveller[(pairs.by_document | (scores >= least)) & one.true]] = True
    raised = np.zeros(len(found), bool)
    raised[pairs.traveller[wrong]] = True
    namesake = np.char.find(one.category, "same_name_other") >= 0
    latin = one.is_listed & ~np.char.startswith(one.category, "xs_")
    groups = [latin & (one.population == name) for name in np.unique(one.population)]
    recalls = [found[group].mean() for group in groups if group.sum() >= 50]
    streams = list(zip(one.streams, scored.streams, strict=True))
    return Figures(
        f1(int((found & one.is_listed).sum()), int(wrong.sum()), int(one.is_listed.sum())),
        f1(int((hit & told).sum()), int((wrong & dated).sum()), int(told.sum())),
        float(alert[told].mean()), float(above[one.is_listed].mean()), float(raised[namesake].mean()),
        min(recalls) / max(recalls),
        max(float((alerts_of(p, s) >= at.alert).mean()) for p, s in streams),
        max(float((weak_of(p, s, at.alert) >= at.weak).mean()) for p, s in streams),
    )  # fmt: skip


def at_base_rate(sets: list[Labelled], scored: list[Scored]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of true pairs and of random ones of all sets, labels, and weights as of one listed in 100,000."""
    x, y, weight = [], [], []
    for one, of in zip(sets, scored, strict=True):
        true = of.labelled[one.counts & one.true & ~one.pairs.by_document]
        x.append(true)
        y.append(np.ones(len(true)))
        weight.append(np.full(len(true), BASE_RATE / one.is_listed.sum() / len(sets)))
        for pairs, scores in zip(one.streams, of.streams, strict=True):
            x.append(scores)
            y.append(np.zeros(len(scores)))
            weight.append(np.full(len(scores), 1 / len(pairs.folds) / len(one.streams) / len(sets)))
    return np.concatenate(x), np.concatenate(y), np.concatenate(weight)


def calibrated(sets: list[Labelled], scored: list[Scored]) -> tuple[float, float]:
    """Factor and shift that make the log-odds of the fit those of one true match in 100,000 travellers."""
    x, y, weight = at_base_rate(sets, scored)
    weight = weight * len(x) / weight[y > 0].sum() / 2
    z, beta = np.c_[x, np.ones(len(x))], np.array([1.0, np.log(BASE_RATE)])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -40, 40)))
        step = np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + 1e-9 * np.eye(2), z.T @ (weight * (p - y)))
        beta -= np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[0]), float(beta[1])


def reliability(one: Labelled, scored: Scored) -> list[tuple[float, float, int]]:
    """By tenfold steps of the score: its mean, the share of true matches at the base rate, listed travellers."""
    x, y, weight = at_base_rate([one], [scored])
    found = []
    for power in range(-6, 0):
        low, high = (np.log(10.0**at / (1 - 10.0**at)) if at < 0 else np.inf for at in (power, power + 1))
        here = (x >= low) & (x < high)
        if y[here].sum() >= 5:
            told = weight[here] @ (1 / (1 + np.exp(-x[here]))) / weight[here].sum()
            found.append((float(told), float(weight[here] @ y[here] / weight[here].sum()), int(y[here].sum())))
    return found


def sensible(beta: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """The same scores with the weight of an equal pair at 0: two pairs are the rule, their share goes to `chance`.

    What is equal never speaks against, and less than equal never for more.
    """
    beta, equal = beta.copy(), beta[TERMS.index("equal")]
    for how in NAME[: kernels.MORE]:
        beta[TERMS.index(how)] -= equal
    beta[TERMS.index("more")] += equal
    beta[TERMS.index("single")] -= equal
    beta[-1] += 2 * equal
    for term, other in STAND_IN.items():
        if examples[TERMS.index(term)] < 20:
            beta[TERMS.index(term)] = beta[TERMS.index(other)]
    beta[TERMS.index("transliterated")] = min(0.0, beta[TERMS.index("transliterated")])
    beta[TERMS.index("nationality.same")] = max(0.0, beta[TERMS.index("nationality.same")])
    return beta


def in_force(sets: list[Labelled], weights: np.ndarray) -> Thresholds:
    """The thresholds of the weights as they are written: made sensible, they are no longer those of the fit."""

    def scores(pairs: Pairs) -> np.ndarray:
        return pairs.features @ weights[:-1] + weights[-1]

    return thresholds(sets, [Scored(scores(one.pairs), tuple(map(scores, one.streams))) for one in sets])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    sets = [
        from_files(options.list, options.queries, rules, number=RANDOM),
        *(own_set(seed, rules, entries=OWN_ENTRIES, of_each=OF_EACH, number=OWN_RANDOM) for seed in OWN_SEEDS),
    ]
    terms = [term for term in TERMS if term not in UNFITTED]
    scored, beta = held_out(sets, terms, None)
    at = thresholds(sets, scored)
    rows = [("nothing: all terms", [figures(one, of, at) for one, of in zip(sets, scored, strict=True)])]
    for group, without in GROUPS.items():
        less, _ = held_out(sets, [term for term in terms if term not in without], beta)
        limits = thresholds(sets, less)
        rows.append((group, [figures(one, of, limits) for one, of in zip(sets, less, strict=True)]))
    factor, shift = calibrated(sets, scored)
    weights = sensible(beta, sum(one.pairs.features.sum(axis=0) for one in sets)) * factor
    weights[-1] += shift
    posterior = [float(1 / (1 + np.exp(-one))) for one in in_force(sets, weights)]
    weights[TERMS.index("chance")] = weights[-1] - np.log(BASE_RATE / (1 - BASE_RATE))
    moved = [Scored(factor * of.labelled + shift, tuple(factor * s + shift for s in of.streams)) for of in scored]
    bins = {one.name: reliability(one, of) for one, of in zip(sets, moved, strict=True)}
    text = report(sets, rows, posterior, bins, budgets=(ALERTS_PER_100K, WEAK_SHARE))
    print(text)
    if options.write:
        write_rules(dict(zip(TERMS, weights.tolist(), strict=False)), posterior)
        Path("docs/screening-weights.md").write_text(text, "utf-8")
        Path("docs/images/screening-reliability.svg").write_text(diagram(bins), "utf-8")


if __name__ == "__main__":
    main()
