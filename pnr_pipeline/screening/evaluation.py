"""How well, and how evenly, screening does on labelled travellers: recall and false alerts by group, and calibration.

Directive (EU) 2016/681 art. 6(4) and CJEU C-817/19 ¶197-203: no discrimination, directly or in effect; the share of
false positives is measured (SCR-4, SCR-6). Shares come with Wilson's interval (95 %), as groups are small.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from pnr_pipeline.records import Match, Traveller
from pnr_pipeline.screening.match import in_queue

BASE_RATE = 1e-5
"""One traveller in 100,000 is listed."""
RANDOM = ("random", "random_no_date")
"""Categories of travellers who are on no list and like nobody on it on purpose; the second without a birth date."""
_Z = 1.959964


class Case(msgspec.Struct, frozen=True):
    """A traveller, the entry that is this person ('' for none), and the groups the case counts in.

    `script` is that of the entry's name; `sex` M or F.
    """

    traveller: Traveller
    expected: str
    category: str
    population: str
    sex: str
    script: str


class Share(msgspec.Struct, frozen=True):
    """So many of so many, with the 95 % interval after Wilson (1927); nothing of nothing is unknown: 0 to 1."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0 for nothing of nothing."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Least and most that the true share is likely to be."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.value, _Z * _Z / self.of
        middle = (share + spread / 2) / (1 + spread)
        half = _Z * math.sqrt(share * (1 - share) / self.of + spread / (4 * self.of)) / (1 + spread)
        return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


class Group(msgspec.Struct, frozen=True):
    """What happened to one group: `recall` of its listed travellers, false `alerts` and `weak` hits among random ones.

    `alerts` counts random travellers with a birth date in the alert queue, `weak` all random ones in the weak queue.
    """

    name: str
    recall: Share
    alerts: Share
    weak: Share


class Bin(msgspec.Struct, frozen=True):
    """Pairs with a score in a range: the mean score said, and the share that was true at the base rate."""

    said: float
    true: float
    pairs: int


class Evaluation(msgspec.Struct, frozen=True):
    """All figures. `look_alikes` are false alerts by category of people who are like somebody listed."""

    engine: str
    rules: str
    entries: int
    travellers: int
    precision: float
    f1: float
    overall: Group
    dated_recall: Share
    categories: tuple[Group, ...]
    look_alikes: tuple[tuple[str, Share], ...]
    populations: tuple[Group, ...]
    sexes: tuple[Group, ...]
    scripts: tuple[Group, ...]
    reliability: tuple[Bin, ...]

    @property
    def parity(self) -> float:
        """Recall of the worst population over that of the best; 1 where there is none."""
        recalls = [group.recall.value for group in self.populations if group.recall.of]
        best = max(recalls, default=0.0)
        return min(recalls) / best if best else 1.0


class _Counts:
    def __init__(self) -> None:
        self.found = self.listed = self.alerts = self.dated = self.weak = self.random = 0

    def group(self, name: str) -> Group:
        return Group(
            name, Share(self.found, self.listed), Share(self.alerts, self.dated), Share(self.weak, self.random)
        )


class Tally:
    """Takes cases with their matches, one after the other."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str], _Counts] = defaultdict(_Counts)
        self._look_alikes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._true: list[float] = []
        self._false: list[float] = []
        self._right = self._wrong = self._dated_found = self._dated = self._travellers = self._random = 0

    def take(self, case: Case, matches: Sequence[Match]) -> None:
        """One traveller with all matches near a queue (`match.ranked`)."""
        self._travellers += 1
        queued = [match for match in matches if in_queue(match)]
        right = any(match.entry_id == case.expected for match in queued)
        wrong = sum(match.entry_id != case.expected for match in queued)
        alerted, weak = (
            any(match.entry_id != case.expected and match.queue == queue for match in queued)
            for queue in ("alert", "weak")
        )
        self._right, self._wrong = self._right + right, self._wrong + wrong
        if case.expected:
            self._true += [
                match.score for match in matches if match.entry_id == case.expected and not match.by_document
            ]
            if case.traveller.date_of_birth and case.category not in ("list_without_date", "dob_year_only"):
                self._dated, self._dated_found = self._dated + 1, self._dated_found + right
        elif case.category not in RANDOM:
            alike = self._look_alikes[case.category]
            alike[0], alike[1] = alike[0] + bool(wrong), alike[1] + 1
            return
        else:
            self._random += 1
            self._false += [match.score for match in matches if not match.by_document]
        for key in self._keys(case):
            counts = self._by[key]
            if case.expected:
                counts.listed, counts.found = counts.listed + 1, counts.found + right
            else:
                dated = case.category == "random"
                counts.dated, counts.alerts = counts.dated + dated, counts.alerts + (dated and alerted)
                counts.random, counts.weak = counts.random + 1, counts.weak + weak

    def _keys(self, case: Case) -> Iterable[tuple[str, str]]:
        keys = [("all", ""), ("population", case.population), ("sex", case.sex)]
        return [*keys, ("category", case.category), ("script", case.script)] if case.expected else keys

    def evaluation(self, *, engine: str, rules: str, entries: int) -> Evaluation:
        """The figures of all that was taken."""

        def groups(kind: str) -> tuple[Group, ...]:
            return tuple(self._by[key].group(key[1]) for key in sorted(self._by) if key[0] == kind)

        overall = self._by["all", ""].group("all")
        precision = self._right / (self._right + self._wrong) if self._right + self._wrong else 1.0
        recall = overall.recall.value
        return Evaluation(
            engine=engine,
            rules=rules,
            entries=entries,
            travellers=self._travellers,
            precision=precision,
            f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
            overall=overall,
            dated_recall=Share(self._dated_found, self._dated),
            categories=groups("category"),
            look_alikes=tuple((name, Share(*told)) for name, told in sorted(self._look_alikes.items())),
            populations=groups("population"),
            sexes=groups("sex"),
            scripts=groups("script"),
            reliability=self._reliability(overall.recall.of),
        )

    def _reliability(self, listed: int) -> tuple[Bin, ...]:
        """Pairs by the decade of their odds, weighed so that one traveller in 100,000 is listed."""
        bins: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        weighed = (
            (self._true, BASE_RATE / max(1, listed), 1.0),
            (self._false, (1 - BASE_RATE) / max(1, self._random), 0.0),
        )
        for scores, weight, true in weighed:
            for score in scores:
                kept = min(max(score, 1e-9), 1 - 1e-9)
                one = bins[math.floor(math.log10(kept / (1 - kept)))]
                one[0], one[1] = one[0] + weight * score, one[1] + weight * true
                one[2], one[3] = one[2] + weight, one[3] + 1
        return tuple(Bin(said / of, true / of, int(pairs)) for _, (said, true, of, pairs) in sorted(bins.items()) if of)
