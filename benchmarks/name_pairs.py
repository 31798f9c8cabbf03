"""How well the weight of a name alone tells labelled pairs of names of persons apart: the area under the ROC curve.

    python benchmarks/name_pairs.py PAIRS.csv [--wrong]

A pair is a line of CSV with `schema` (Person counts), `name1`, `name2`, `is_match` (true, false) and a group in
`case_group`: the format in which nomenklatura publishes its own (contrib/name_bench/cases.csv of its repository). The
first name is the traveller's, all in one field; the second is of a list that has all second names. Beside it logic-v2
on the same pairs where it can be imported, as in `accuracy.py`. `--wrong` shows the pairs that cost most, in their
ranks.
"""

import argparse
import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from accuracy import LogicV2, _person
from rich.console import Console
from rich.table import Table

from pnr_pipeline.records import EntryName, ListEntry, Traveller
from pnr_pipeline.screening import Index, ScreeningRules, compare
from pnr_pipeline.simulate.labelled import DAY, REGISTRATION
from pnr_pipeline.stores.rule_files import rule_texts

NOTHING = -99.0
"""Of a name without a letter."""


def ours(pairs: list[dict[str, str]]) -> np.ndarray:
    """The weight of the name of each pair."""
    names = list(dict.fromkeys(pair["name2"] for pair in pairs))
    entries = [ListEntry(f"n{at}", REGISTRATION.id, (EntryName(name),)) for at, name in enumerate(names)]
    index = Index.build([(REGISTRATION, "pairs", entries)], ScreeningRules.from_texts(rule_texts("screening")))
    now, number = datetime.combine(DAY, datetime.min.time(), UTC), {name: at for at, name in enumerate(names)}

    def weight(pair: dict[str, str]) -> float:
        traveller = Traveller(1, "passenger", surname=pair["name1"])
        match = compare(traveller, REGISTRATION.id, f"n{number[pair['name2']]}", index, now)
        return next((one.weight for one in match.evidence if one.field == "name"), NOTHING) if match else NOTHING

    return np.array([weight(pair) for pair in pairs])


def logic_v2(pairs: list[dict[str, str]]) -> np.ndarray:
    """The score of logic-v2 for each pair."""
    config = LogicV2.default_config()

    def score(place: int, pair: dict[str, str]) -> float:
        sides = (_person(f"{place}-{side}", [EntryName(pair[side])], (), (), ()) for side in ("name1", "name2"))
        return LogicV2.compare(*sides, config).score

    return np.array([score(place, pair) for place, pair in enumerate(pairs)])


def area(scores: np.ndarray, same: np.ndarray) -> float:
    """The share of all (same, other) couples of pairs in which the same person scores higher; a tie is half."""
    right, wrong = scores[same][:, None], scores[~same][None, :]
    return float((right > wrong).mean() + (right == wrong).mean() / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    with options.pairs.open(encoding="utf-8", newline="") as lines:
        pairs = [pair for pair in csv.DictReader(lines) if pair["schema"] == "Person"]
    same, groups = np.array([pair["is_match"] == "true" for pair in pairs]), [pair["case_group"] for pair in pairs]
    told = {"ours": ours(pairs)} | ({"logic-v2": logic_v2(pairs)} if LogicV2 else {})
    table = Table("pairs of names", "same", "other", *told)
    for group in ("all", *dict.fromkeys(groups)):
        of_group = np.array([group in ("all", one) for one in groups])
        right, wrong = int((same & of_group).sum()), int((~same & of_group).sum())
        if right and wrong:
            areas = [f"{area(scores[of_group], same[of_group]):.3f}" for scores in told.values()]
            table.add_row(group, str(right), str(wrong), *areas)
    console = Console(width=140)
    console.print(table)
    if options.wrong:
        rank = told["ours"].argsort().argsort() / len(pairs)
        for at in np.argsort(np.where(same, rank, 1 - rank))[:80]:
            pair = pairs[at]
            console.print(
                f"{pair['is_match']:5} {rank[at]:.2f} {told['ours'][at]:7.2f} {pair['name1']} | {pair['name2']}"
            )


if __name__ == "__main__":
    main()
