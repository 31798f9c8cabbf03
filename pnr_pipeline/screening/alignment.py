"""Two names laid side by side: which part is which, what is left over, and what that weighs.

A part that only one side has is an *omission* and mild: documents drop middle names and patronymics. Parts that both
sides have for themselves are a *conflict*; a whole surname or all given names in conflict weigh more than a shared
rest: so members of one family stay apart. The rules are in `kernels.align`; here they become what an officer reads.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pnr_pipeline.records import NamePair
from pnr_pipeline.screening import kernels
from pnr_pipeline.screening.asking import Question
from pnr_pipeline.screening.gathering import names_of
from pnr_pipeline.screening.index import Index
from pnr_pipeline.screening.names import Part

_HOWS = {
    kernels.EQUAL: "equal",
    kernels.TRANSLITERATED: "transliterated",
    kernels.PHONETIC: "phonetic",
    kernels.TYPO: "typo",
    kernels.VOWELS: "phonetic",
    kernels.TYPOS: "typo",
    kernels.SHORT: "short",
    kernels.INITIAL: "initial",
    kernels.TRUNCATED: "truncated",
    kernels.RESEMBLING: "typo",
}


class Alignment(NamedTuple):
    """Two names with the parts that met, and what that weighs as a log-likelihood ratio.

    `conflict` when a whole surname or all given names have no partner on either side; `swapped` when the fields changed
    places. `features` are the numbers that the weights apply to.
    """

    ours: tuple[Part, ...]
    theirs: tuple[Part, ...]
    met: tuple[tuple[int, int, str, float], ...]
    """Parts of both (as masks) that are taken for the same, how they differ, and what that weighs."""
    weight: float
    features: tuple[float, ...]

    @property
    def conflict(self) -> bool:
        """Whether a whole field is in conflict, or nothing met."""
        return any(self.features[at] for at in (kernels.SURNAME, kernels.GIVEN, kernels.NOTHING))

    @property
    def swapped(self) -> bool:
        """Whether surname and given names changed places."""
        return self.features[kernels.SWAPPED] > 0

    def pairs(self) -> tuple[NamePair, ...]:
        """Part beside part, in the traveller's order, then what is left over on either side."""
        pairs = [
            NamePair(_written(self.ours, ours), _written(self.theirs, theirs), how, round(weight, 2))
            for ours, theirs, how, weight in sorted(self.met)
        ]
        lone = [part for at, part in enumerate(self.ours) if not any(one[0] >> at & 1 for one in self.met)]
        lone_theirs = [part for at, part in enumerate(self.theirs) if not any(one[1] >> at & 1 for one in self.met)]
        both = any(not part.particle for part in lone) and any(not part.particle for part in lone_theirs)
        pairs += [NamePair(part.written, "", _alone(part, both)) for part in lone]
        pairs += [NamePair("", part.written, _alone(part, both)) for part in lone_theirs]
        return tuple(pairs)


def laid_side_by_side(question: Question, row: int, name: int, alike: kernels.Similar, index: Index) -> Alignment:
    """A traveller's name (row of the question) beside a name of the lists (row of the index)."""
    meetings, values = np.empty((kernels.MEETINGS_MAX, 4), np.int32), np.empty(kernels.MEETINGS_MAX)
    features, arrays = np.empty(kernels.FEATURES), index.arrays
    taken = kernels.align(
        question.flat, row, alike, arrays.words, arrays.names, name, index.weights, meetings, values, features
    )
    number = int(arrays.names.entries[name])
    theirs = names_of(index.entry_at(number), index.reader)[name - int(arrays.entries.rows[number])]
    met = [
        (ours, others, _HOWS[how], value)
        for (ours, others, how, _), value in zip(meetings[:taken].tolist(), values[:taken].tolist(), strict=True)
    ]
    return Alignment(
        question.names[row].parts,
        theirs.parts,
        tuple(met),
        float(kernels.name_weight(features, index.weights)),
        tuple(features.tolist()),
    )


def _alone(part: Part, both: bool) -> str:
    """How a part stands that found no partner, where `both` sides have such a one; a particle never conflicts."""
    return "conflict" if both and not part.particle else "omitted"


def _written(parts: Sequence[Part], mask: int) -> str:
    return " ".join(part.written for at, part in enumerate(parts) if mask >> at & 1)
