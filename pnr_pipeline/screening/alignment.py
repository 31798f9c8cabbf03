"""Two names laid side by side: which part is which, what is left over, and what that weighs.

A part that only one side has is an *omission* and mild: documents drop middle names and patronymics. Parts that both
sides have for themselves are a *conflict*; a whole surname or all given names in conflict weigh more than a shared
rest: so members of one family stay apart.
"""

from collections.abc import Iterator, Mapping, Sequence
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
_RESEMBLING = 0.84


class Alignment(NamedTuple):
    """The best pairing found; `weight` is the log-likelihood ratio of the whole name.

    `conflict` when a whole surname or all given names have no partner; `swapped` when the fields changed places.
    """

    weight: float
    ours: tuple[Part, ...]
    theirs: tuple[Part, ...]
    meetings: tuple["_Meeting", ...]
    free_ours: int
    free_theirs: int
    swapped: bool
    conflict: bool

    def pairs(self) -> tuple[NamePair, ...]:
        """Part beside part, in the traveller's order, then what is left over on either side."""
        pairs = [
            NamePair(_written(self.ours, one.ours), _written(self.theirs, one.theirs), one.how, round(one.weight, 2))
            for one in sorted(self.meetings, key=lambda one: one.ours)
        ]
        alone = "conflict" if self.free_ours and self.free_theirs else "omitted"
        pairs += [NamePair(part.written, "", alone) for _, part in _at(self.ours, self.free_ours)]
        pairs += [NamePair("", part.written, alone) for _, part in _at(self.theirs, self.free_theirs)]
        return tuple(pairs)


class _Meeting(NamedTuple):
    weight: float
    ours: int  # masks of the parts it covers
    theirs: int
    how: str


def align(
    ours: PersonName,
    similar: Sequence[Mapping[int, Likeness]],
    theirs: PersonName,
    words: Sequence[int],
    weights: NameWeights,
) -> Alignment:
    """The traveller's name laid beside an entry's.

    `similar` are the list words like each unit of `ours`, `words` the list word of each unit of `theirs`. Parts are
    paired by falling weight.
    """
    meetings = []
    for unit, alike in zip(ours.units, similar, strict=True):
        for other, word in zip(theirs.units, words, strict=True):
            likeness = alike.get(word)
            if likeness is None or (unit.merged and other.merged):
                continue
            weight = likeness.weight * (weights.merged if unit.merged or other.merged else 1.0)
            meetings.append(_Meeting(weight, unit.mask, other.mask, _TOLD.get(likeness.how, likeness.how)))
    meetings.sort(key=lambda one: (-one.weight, one.ours, one.theirs))
    taken: list[_Meeting] = []
    free_ours, free_theirs = (1 << len(ours.parts)) - 1, (1 << len(theirs.parts)) - 1
    for meeting in meetings:
        if meeting.ours & ~free_ours or meeting.theirs & ~free_theirs:
            continue
        taken.append(meeting)
        free_ours &= ~meeting.ours
        free_theirs &= ~meeting.theirs
    if taken and free_ours and free_theirs:
        for meeting in _shortened(ours.parts, theirs.parts, free_ours, free_theirs, weights):
            if not (meeting.ours & ~free_ours or meeting.theirs & ~free_theirs):
                taken.append(meeting)
                free_ours &= ~meeting.ours
                free_theirs &= ~meeting.theirs
    return _weighed(ours.parts, theirs.parts, taken, free_ours, free_theirs, weights)


def _shortened(
    ours: Sequence[Part], theirs: Sequence[Part], free_ours: int, free_theirs: int, weights: NameWeights
) -> Iterator[_Meeting]:
    """Pairs of parts still free where one is the initial or the beginning of the other, or just resembles it."""
    for at, part in _at(ours, free_ours):
        for other_at, other in _at(theirs, free_theirs):
            found = max((_resemblance(one, two, weights) for one, two in product(part.readings, other.readings)))
            if found[0]:
                yield _Meeting(found[0], 1 << at, 1 << other_at, found[1])


def _resemblance(one: str, two: str, weights: NameWeights) -> tuple[float, str]:
    """What two words without a common key still have in common: weight and how, or (0, '')."""
    short, long = sorted((one, two), key=len)
    if long.startswith(short):
        if len(short) == 1:
            return weights.initial, "initial"
        return weights.truncated_letter * min(len(short), _LETTERS_MOST), "truncated"
    if len(short) >= _RESEMBLING_MIN and JaroWinkler.similarity(folded(one), folded(two)) >= _RESEMBLING:
        return weights.resembling, "typo"
    return 0.0, ""


def _weighed(
    ours: tuple[Part, ...],
    theirs: tuple[Part, ...],
    taken: Sequence[_Meeting],
    free_ours: int,
    free_theirs: int,
    weights: NameWeights,
) -> Alignment:
    total, common, straight, crossed = 0.0, 0, 0, 0
    for meeting in taken:
        left, right = ours[_first(meeting.ours)], theirs[_first(meeting.theirs)]
        if left.particle and right.particle:
            continue
        total += meeting.weight
        common += 1
        if "either" not in (left.field, right.field):
            straight += left.field == right.field
            crossed += left.field != right.field
    lone = [part for _, part in _at(ours, free_ours) if not part.particle]
    lone_theirs = [part for _, part in _at(theirs, free_theirs) if not part.particle]
    against = min(len(lone), len(lone_theirs))
    field_conflict = against > 0 and (
        common == 0 or (_wholly_lone(ours, free_ours) and _wholly_lone(theirs, free_theirs))
    )
    if common > 1:
        total *= weights.together
    elif common == 1 and (lone or lone_theirs):
        total += weights.single
    total += weights.omitted * (max(len(lone), len(lone_theirs)) - against) + weights.conflict * against
    if field_conflict:
        total = min(total + weights.field_conflict, weights.field_conflict_most)
    swapped = crossed > straight
    total += weights.swapped * swapped
    weight = min(total, weights.most)
    return Alignment(weight, ours, theirs, tuple(taken), free_ours, free_theirs, swapped, field_conflict)


def _wholly_lone(parts: Sequence[Part], free: int) -> bool:
    """Whether a whole field of the name found no partner; particles do not count."""
    for field in ("surname", "given"):
        mask = sum(1 << at for at, part in enumerate(parts) if part.field == field and not part.particle)
        if mask and mask & free == mask:
            return True
    return bool(parts) and parts[0].field == "either"


def _written(parts: Sequence[Part], mask: int) -> str:
    return " ".join(part.written for _, part in _at(parts, mask))


def _at(parts: Sequence[Part], mask: int) -> list[tuple[int, Part]]:
    return [(at, part) for at, part in enumerate(parts) if mask >> at & 1]


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
