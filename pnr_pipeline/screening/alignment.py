"""Two names laid side by side: which part is which, what is left over, and what that weighs.

A part that only one side has is an *omission* and mild: documents drop middle names and patronymics. Parts that both
sides have for themselves are a *conflict*; a whole surname or all given names in conflict weigh more than a shared
rest: so members of one family stay apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from pnr_pipeline.records import NamePair
from pnr_pipeline.screening.keys import folded
from pnr_pipeline.screening.names import Part, PersonName
from pnr_pipeline.screening.rules import NameWeights
from pnr_pipeline.screening.vocabulary import How, Likeness

_TOLD: dict[How, str] = {"vowels": "phonetic", "typos": "typo"}
_LETTERS_MOST = 5
_RESEMBLING_MIN = 4


class Meeting(NamedTuple):
    """Parts of both names (as masks) that are taken for the same, how they differ, and what that weighs."""

    weight: float
    ours: int
    theirs: int
    how: str


class Alignment:
    """Two names with the parts that met, and what that weighs as a log-likelihood ratio.

    `conflict` when a whole surname or all given names have no partner on either side; `swapped` when the fields changed
    places.
    """

    def __init__(self, ours: tuple[Part, ...], theirs: tuple[Part, ...]) -> None:
        self.ours = ours
        self.theirs = theirs
        self.meetings: list[Meeting] = []
        self.weight = 0.0
        self.conflict = self.swapped = False
        self._free_ours, self._free_theirs = (1 << len(ours)) - 1, (1 << len(theirs)) - 1

    def take(self, meetings: Iterable[Meeting]) -> None:
        """Take the meetings whose parts are all still free, by falling weight."""
        for meeting in sorted(meetings, key=lambda one: (-one.weight, one.ours, one.theirs)):
            if not (meeting.ours & ~self._free_ours or meeting.theirs & ~self._free_theirs):
                self.meetings.append(meeting)
                self._free_ours &= ~meeting.ours
                self._free_theirs &= ~meeting.theirs

    def leftovers(self, weights: NameWeights) -> list[Meeting]:
        """Free parts of both sides of which one is short for the other or merely resembles it."""
        found = []
        for at, part in _at(self.ours, self._free_ours):
            for other_at, other in _at(self.theirs, self._free_theirs):
                weight, how = max(_resemblance(*pair, weights) for pair in product(part.readings, other.readings))
                if weight:
                    found.append(Meeting(weight, 1 << at, 1 << other_at, how))
        return found

    def weigh(self, weights: NameWeights) -> None:
        """Sum up what met, what is left over and what conflicts; particles weigh nothing."""
        total, common, straight, crossed = 0.0, 0, 0, 0
        for meeting in self.meetings:
            left, right = self.ours[_first(meeting.ours)], self.theirs[_first(meeting.theirs)]
            if left.particle and right.particle:
                continue
            total += meeting.weight
            common += 1
            if "either" not in (left.field, right.field):
                straight += left.field == right.field
                crossed += left.field != right.field
        lone = sum(not part.particle for _, part in _at(self.ours, self._free_ours))
        lone_theirs = sum(not part.particle for _, part in _at(self.theirs, self._free_theirs))
        against = min(lone, lone_theirs)
        if common > 1:
            total *= weights.together
        elif common == 1 and (lone or lone_theirs):
            total += weights.single
        total += weights.omitted * (max(lone, lone_theirs) - against) + weights.conflict * against
        self.swapped = crossed > straight
        total += weights.swapped * self.swapped
        fields_lone = _field_is_lone(self.ours, self._free_ours) and _field_is_lone(self.theirs, self._free_theirs)
        self.conflict = against > 0 and (common == 0 or fields_lone)
        if self.conflict:
            total = min(total + weights.field_conflict, weights.field_conflict_most)
        self.weight = min(total, weights.most)

    def pairs(self) -> tuple[NamePair, ...]:
        """Part beside part, in the traveller's order, then what is left over on either side."""
        pairs = [
            NamePair(_written(self.ours, one.ours), _written(self.theirs, one.theirs), one.how, round(one.weight, 2))
            for one in sorted(self.meetings, key=lambda one: one.ours)
        ]
        alone = "conflict" if self._free_ours and self._free_theirs else "omitted"
        pairs += [NamePair(part.written, "", alone) for _, part in _at(self.ours, self._free_ours)]
        pairs += [NamePair("", part.written, alone) for _, part in _at(self.theirs, self._free_theirs)]
        return tuple(pairs)


def align(
    ours: PersonName,
    similar: Sequence[Mapping[int, Likeness]],
    theirs: PersonName,
    words: Sequence[int],
    weights: NameWeights,
) -> Alignment:
    """The traveller's name laid beside an entry's.

    `similar` are the list words like each unit of `ours`, `words` the list word of each unit of `theirs`.
    """
    alignment = Alignment(ours.parts, theirs.parts)
    meetings = []
    for unit, alike in zip(ours.units, similar, strict=True):
        for other, word in zip(theirs.units, words, strict=True):
            likeness = alike.get(word)
            if likeness is None or (unit.merged and other.merged):
                continue
            weight = likeness.weight * (weights.merged if unit.merged or other.merged else 1.0)
            meetings.append(Meeting(weight, unit.mask, other.mask, _TOLD.get(likeness.how, likeness.how)))
    alignment.take(meetings)
    if meetings:
        alignment.take(alignment.leftovers(weights))
    alignment.weigh(weights)
    return alignment


def _resemblance(one: str, two: str, weights: NameWeights) -> tuple[float, str]:
    """What two words without a common key still have in common: weight and how, or (0, '')."""
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    if long.startswith(short):
        if len(short) == 1:
            return weights.initial, "initial"
        return weights.truncated_letter * min(len(short), _LETTERS_MOST), "truncated"
    if len(short) >= _RESEMBLING_MIN and JaroWinkler.similarity(folded(one), folded(two)) >= weights.resembling_from:
        return weights.resembling, "typo"
    return 0.0, ""


def _field_is_lone(parts: Sequence[Part], free: int) -> bool:
    """Whether a whole field of the name found no partner, particles aside; so too where fields are not told apart."""
    for field in ("surname", "given"):
        mask = sum(1 << at for at, part in enumerate(parts) if part.field == field and not part.particle)
        if mask and mask & free == mask:
            return True
    return bool(parts) and parts[0].field == "either"


def _written(parts: Sequence[Part], mask: int) -> str:
    return " ".join(part.written for _, part in _at(parts, mask))


def _at(parts: Sequence[Part], mask: int) -> list[tuple[int, Part]]:
    return [(at, part) for at, part in enumerate(parts) if mask >> at & 1] if mask else []


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
