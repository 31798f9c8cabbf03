"""The inner loops of screening, compiled by numba on first use and kept on disk.

All in one file, though a long one: numba's store sees changes in the file of a function only, and must never give an
older one. Everything is integers and bytes in flat arrays: words A to Z with four spellings (as written, folded, as it
sounds, consonants), parts of names as bits of a mask, dates as YYYYMMDD with 0 for what is not known. The functions
hold the interpreter's lock: the working arrays of an index (`Scratch`) serve one call at a time.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Call = TypeVar("Call", bound=Callable[..., Any])


def compiled(function: Call) -> Call:
    """Compile on first call and keep the result beside this file, else in the user's cache, else in this process."""
    try:
        return cast(Call, numba.njit(cache=True)(function))
    except RuntimeError:
        return cast(Call, numba.njit(function))


Whole: TypeAlias = Any
Real: TypeAlias = Any
Truth: TypeAlias = Any
"""A number or truth of Python or of numpy: all the same once compiled."""
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]

WRITTEN, FOLDED, SOUND, BONES = range(4)
EQUAL, TRANSLITERATED, PHONETIC, TYPO, VOWELS, TYPOS, SHORT, INITIAL, TRUNCATED, RESEMBLING = range(10)
"""How two words meet. The first seven are found in the vocabulary, from most to least alike."""
RANKS = 7
(
    MORE,
    RAREST,
    RARITY,
    MERGED,
    LETTERS,
    ALIKE,
    LACKING,
    ADDED,
    CONFLICT,
    SURNAME,
    GIVEN,
    NOTHING,
    SINGLE,
    SWAPPED,
    CHANCE,
) = range(10, 25)
FEATURES = 25
"""What describes two names laid side by side: meetings by how, then the other terms of the weights, in their order."""

(UNKNOWN, SAME, FIRST_OF_JANUARY, DAY_AND_MONTH, YEAR_AND_MONTH, YEAR, YEAR_CLOSE, MONTH_DIFFERS, SLIP_YEAR, SLIP_MONTH,
 SLIP_DAY, DIFFERS) = range(12)  # fmt: skip
DATES = 12

MEETINGS_MAX = 96
_FEW, _WHATEVER = 64, 1 << 15
"""A merged word in so few names lifts none but these, which are then weighed whatever their date: a bit of `found`."""
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX, _HALF, _THIRD = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(29)
LONGEST = 192
_CAPITAL, _SMALL = 0xDF, 0x61
"""What makes a letter a capital, and the first small one."""


class Words(NamedTuple):
    """The vocabulary. Form f of a word has its spellings at text[bounds[4f + k] : bounds[4f + k + 1]]."""

    text: Bytes
    bounds: NDArray[np.uint32]
    words: Ints
    """Of each form, its word."""
    forms: Ints
    """Of each word, its first form; one more at the end."""
    counts: Ints
    """Of each word, entries that have it."""
    keys: NDArray[np.uint64]
    owners: Ints
    buckets: Ints
    """Where the keys begin that are this number when shifted to the right by `shift`."""
    shift: np.uint64
    starts: Places
    """Of each word, where its rows begin; one more at the end."""
    rows: Ints
    born: Ints
    """Of each row of a word, the date of birth as in `Names`, that neighbours be read together."""


class Names(NamedTuple):
    """Names of the lists, one a row; the rows of an entry are neighbours."""

    units: Places
    """Of each row, its first unit; one more at the end. Units are the parts, then neighbours merged."""
    words: Ints
    masks: NDArray[np.uint16]
    parts: NDArray[np.uint16]
    """Of each row: all parts, those of the surname, of the given names, particles."""
    entries: Ints
    born: Ints
    """Of each row, the entry's date of birth where it has one, 0 for none, -1 for several."""


class Entries(NamedTuple):
    """What else is known of each entry; starts have one more at the end."""

    rows: Ints
    dates: Ints
    date_starts: Ints
    states: NDArray[np.uint16]
    state_starts: Ints
    sexes: NDArray[np.uint8]


class Asked(NamedTuple):
    """Names of travellers, one a row: distinct units with their forms, then which row has which."""

    text: Bytes
    bounds: NDArray[np.uint32]
    forms: Ints
    loosely: NDArray[np.uint8]
    common: NDArray[np.float32]
    """Of each unit, how many bearers the background has: they count as entries do."""
    starts: Ints
    units: Ints
    masks: NDArray[np.uint16]
    parts: NDArray[np.uint16]
    dates: Ints
    states: NDArray[np.uint16]
    sexes: NDArray[np.uint8]


class Similar(NamedTuple):
    """Of each distinct unit, the list words like it (word · 8 + rank, ascending), and by rank -log of frequency."""

    words: Ints
    starts: Places
    rarity: Floats


class Weights(NamedTuple):
    """The weights of `rules/screening/weights.yaml` by number."""

    name: Floats
    dates: Floats
    sexes: Floats
    states: Floats
    limits: Floats
    """Most that rarity counts, what a name may gain over its words, least log-odds."""
    assumed: Floats
    """Entries assumed, and how many of them have any one word."""


class Scratch(NamedTuple):
    """Working arrays of one index; all zero between calls but for the first two."""

    seen_forms: Ints
    seen_words: Ints
    stamps: Ints
    score: NDArray[np.float32]
    """Of each name, the sum of its words so far and what the rarest of them adds."""
    found: NDArray[np.uint16]


@compiled
def _hash(text: Bytes, start: Whole, end: Whole, without: Whole, kind: Whole) -> np.uint64:
    value = _OFFSET ^ np.uint64(kind)
    for at in range(start, end):
        if at != without:
            value = (value ^ np.uint64(text[at] & _CAPITAL)) * _PRIME
    value = (value ^ (value >> _HALF)) * _MIX
    return value ^ (value >> _THIRD)


@compiled
def _same(a: Bytes, a_start: Whole, a_end: Whole, b: Bytes, b_start: Whole, b_end: Whole) -> Truth:
    if a_end - a_start != b_end - b_start:
        return False
    for at in range(a_end - a_start):  # noqa: SIM110  numba compiles no generators
        if a[a_start + at] != b[b_start + at]:
            return False
    return True


@compiled
def _in_full(text: Bytes, bounds: NDArray[np.uint32], form: Whole) -> Truth:
    """Whether this form, in small letters, is not the word but a name that it may be short for."""
    start = np.int64(bounds[4 * form])
    return start < np.int64(bounds[4 * form + 1]) and text[start] >= _SMALL


@compiled
def keys_of(text: Bytes, bounds: NDArray[np.uint32], form: Whole, loosely: bool, keys: NDArray[np.uint64]) -> Whole:
    """Write the keys under which a form is found into `keys`; returns how many. `loosely` with slips of typing.

    A name in full (`_in_full`) has one key, that of the same name as it is written in full elsewhere. Words merged are
    found by their consonants where the other word is written without vowels.
    """
    start, end = np.int64(bounds[4 * form + FOLDED]), np.int64(bounds[4 * form + SOUND])
    bones, after = np.int64(bounds[4 * form + BONES]), np.int64(bounds[4 * form + 4])
    keys[0] = _hash(text, start, end, -1, 0)
    if _in_full(text, bounds, form):
        return 1
    keys[1] = _hash(text, end, bones, -1, 1)
    count = 2
    bare = _same(text, np.int64(bounds[4 * form]), start, text, bones, after)
    if loosely or bare:
        keys[count] = _hash(text, bones, after, -1, 2)
        count += 1
    if bare or (not loosely and after - bones >= 3):
        keys[count] = _hash(text, bones, after, -1, 3)
        count += 1
    if loosely and 4 <= end - start < LONGEST // 2 - 4:
        for at in range(start, end):
            if at == start or text[at] != text[at - 1]:
                keys[count] = _hash(text, start, end, at, 0)
                count += 1
    written = np.int64(bounds[4 * form])
    if loosely and 4 <= start - written < LONGEST // 2 - 4 and not _same(text, written, start, text, start, end):
        keys[count] = _hash(text, written, start, -1, 4)
        count += 1
        for at in range(written, start):
            if at == written or text[at] != text[at - 1]:
                keys[count] = _hash(text, written, start, at, 4)
                count += 1
    return count


@compiled
def key_table(
    text: Bytes, bounds: NDArray[np.uint32], words: Ints, loosely: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], Ints]:
    """All keys of a vocabulary and the form of each, unsorted."""
    total: Whole = 0
    for form in range(len(words)):
        total += 5 + np.int64(bounds[4 * form + SOUND]) - np.int64(bounds[4 * form])
    keys, owners, one = np.empty(total, np.uint64), np.empty(total, np.int32), np.empty(LONGEST, np.uint64)
    count = 0
    for form in range(len(words)):
        for at in range(keys_of(text, bounds, form, loosely[words[form]] > 0, one)):
            keys[count], owners[count] = one[at], form
            count += 1
    return keys[:count], owners[:count]


@compiled
def _same_name(a: Bytes, a_start: Whole, a_end: Whole, b: Bytes, b_start: Whole, b_end: Whole) -> Truth:
    """Whether two words are the same but for capital and small letters."""
    if a_end - a_start != b_end - b_start:
        return False
    for at in range(a_end - a_start):  # noqa: SIM110  numba compiles no generators
        if (a[a_start + at] ^ b[b_start + at]) & _CAPITAL:
            return False
    return True


@compiled
def slips(
    a: Bytes, a_start: Whole, a_end: Whole, b: Bytes, b_start: Whole, b_end: Whole, most: Whole, table: Ints
) -> Whole:
    """Letters to insert, delete, replace or swap with a neighbour to make one word the other; `most` + 1 when more.

    `table` is a working array of three rows of `LONGEST`.
    """
    if abs((a_end - a_start) - (b_end - b_start)) > most:
        return most + 1
    while a_start < a_end and b_start < b_end and a[a_start] == b[b_start]:
        a_start, b_start = a_start + 1, b_start + 1
    while a_start < a_end and b_start < b_end and a[a_end - 1] == b[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    n, m = a_end - a_start, b_end - b_start
    if n == 0 or m == 0:
        return n + m
    if most == 0 or m >= LONGEST:
        return most + 1
    for j in range(m + 1):
        table[0, j] = j
    for i in range(1, n + 1):
        row, last, before = i % 3, (i + 2) % 3, (i + 1) % 3
        table[row, 0] = i
        least, x = i, a[a_start + i - 1]
        for j in range(1, m + 1):
            y = b[b_start + j - 1]
            value = min(table[last, j - 1] + (x != y), table[last, j] + 1, table[row, j - 1] + 1)
            if i > 1 and j > 1 and x == b[b_start + j - 2] and y == a[a_start + i - 2]:
                value = min(value, table[before, j - 2] + 1)
            table[row, j] = value
            least = min(least, value)
        if least > most:
            return most + 1
    return min(table[n % 3, m], most + 1)


@compiled
def _slips_of(
    a: Bytes, a_start: Whole, a_end: Whole, b: Bytes, b_start: Whole, b_end: Whole, table: Ints
) -> Whole:  # fmt: skip
    """One slip of typing, or two in a long word; 3 for more than a word of its length may have."""
    n, m = a_end - a_start, b_end - b_start
    if min(n, m) < 3 or n + m < 8:
        return 3
    most = 2 if min(n, m) >= 6 else 1
    slip = slips(a, a_start, a_end, b, b_start, b_end, most, table)
    return slip if slip <= most else 3


@compiled
def _rank(
    a: Bytes,
    a_bounds: NDArray[np.uint32],
    form: Whole,
    b: Bytes,
    b_bounds: NDArray[np.uint32],
    other: Whole,
    table: Ints,
) -> Whole:
    """How alike two forms are: EQUAL … SHORT, or RANKS for not alike."""
    a0, a1, a2 = np.int64(a_bounds[4 * form]), np.int64(a_bounds[4 * form + 1]), np.int64(a_bounds[4 * form + 2])
    a3, a4 = np.int64(a_bounds[4 * form + 3]), np.int64(a_bounds[4 * form + 4])
    b0, b1, b2 = np.int64(b_bounds[4 * other]), np.int64(b_bounds[4 * other + 1]), np.int64(b_bounds[4 * other + 2])
    b3, b4 = np.int64(b_bounds[4 * other + 3]), np.int64(b_bounds[4 * other + 4])
    in_full = _in_full(a, a_bounds, form)
    if in_full or _in_full(b, b_bounds, other):  # two short forms of one name are not taken for each other
        return SHORT if in_full != _in_full(b, b_bounds, other) and _same_name(a, a1, a2, b, b1, b2) else RANKS
    if _same(a, a0, a1, b, b0, b1):
        return EQUAL
    if _same(a, a1, a2, b, b1, b2):
        return TRANSLITERATED
    if _same(a, a2, a3, b, b2, b3):
        return PHONETIC
    bones = _same(a, a3, a4, b, b3, b4)
    if bones and (_same(a, a0, a1, a, a3, a4) or _same(b, b0, b1, b, b3, b4)):
        return PHONETIC  # one of them is written without vowels
    slip = min(_slips_of(a, a0, a1, b, b0, b1, table), _slips_of(a, a1, a2, b, b1, b2, table))
    if slip == 1:
        return TYPO
    if a4 - a3 >= 3 and bones:
        return VOWELS
    return TYPOS if slip == 2 else RANKS


@compiled
def similar(asked: Asked, words: Words, weights: Weights, entries: Whole, scratch: Scratch) -> Similar:
    """The list words like each distinct unit, and how rare it is to be that much alike."""
    text, bounds, forms = asked.text, asked.bounds, asked.forms
    all_keys, buckets, owners, of_forms, firsts = words.keys, words.buckets, words.owners, words.words, words.forms
    seen_forms, seen_words, stamps, counts = scratch.seen_forms, scratch.seen_words, scratch.stamps, words.counts
    units = len(asked.loosely)
    found, starts, rarity = np.empty(64 * units + 64, np.int32), np.zeros(units + 1, np.int64), np.empty((units, RANKS))
    keys, seen, table = np.empty(LONGEST, np.uint64), np.zeros(RANKS), np.empty((3, LONGEST), np.int32)
    total = 0
    for unit in range(units):
        stamps[1] += 1
        first = total
        for form in range(forms[unit], forms[unit + 1]):
            stamps[0] += 1
            for at in range(keys_of(text, bounds, form, asked.loosely[unit] > 0, keys)):
                bucket = np.int64(keys[at] >> words.shift)
                for place in range(buckets[bucket], buckets[bucket + 1]):
                    other = owners[place]
                    if all_keys[place] != keys[at] or seen_forms[other] == stamps[0]:
                        continue
                    seen_forms[other] = stamps[0]
                    rank, word = _rank(text, bounds, form, words.text, words.bounds, other, table), of_forms[other]
                    if rank == EQUAL and (form > forms[unit] or other > firsts[word]):
                        rank = TRANSLITERATED
                    if rank == RANKS:
                        continue
                    if seen_words[word] != stamps[1]:
                        seen_words[word] = stamps[1]
                        if total == len(found):
                            found = np.concatenate((found, np.empty_like(found)))
                        found[total] = 8 * word + rank
                        total += 1
                    else:
                        for earlier in range(first, total):
                            if found[earlier] >> 3 == word:
                                found[earlier] = min(found[earlier], 8 * word + rank)
        starts[unit + 1] = total
        found[first:total].sort()
        seen[:] = 0
        for at in range(first, total):
            seen[found[at] & 7] += counts[found[at] >> 3]
        alike = weights.assumed[1]
        alike += asked.common[unit]
        for rank in range(RANKS):
            alike += seen[rank]
            rarity[unit, rank] = np.log((entries + weights.assumed[0]) / alike)
    return Similar(found[:total], starts, rarity)


@compiled
def date_kind(a: Whole, b: Whole) -> Whole:
    """How two dates of birth meet: SAME … DIFFERS."""
    if a == 0 or b == 0:
        return UNKNOWN
    year, month, day = a // 10_000, a // 100 % 100, a % 100
    other_year, other_month, other_day = b // 10_000, b // 100 % 100, b % 100
    if day and other_day:
        if a == b:
            return FIRST_OF_JANUARY if month == 1 and day == 1 else SAME
        if year == other_year and month == other_day and day == other_month:
            return DAY_AND_MONTH
    whole = day and other_day
    if whole and month == other_month and day == other_day:
        return SLIP_YEAR if _slip(year, other_year) or abs(year - other_year) == 2 else DIFFERS
    for _ in range(2):
        if day == 0 or (month == 1 and day == 1):
            if year != other_year:
                return YEAR_CLOSE if abs(year - other_year) <= 2 and day == 0 else DIFFERS
            if month == other_month and day == 0:
                return YEAR_AND_MONTH
            return YEAR if month == 0 or other_month == 0 or day else MONTH_DIFFERS
        year, month, day, other_year, other_month, other_day = other_year, other_month, other_day, year, month, day
    if year == other_year and day == other_day:
        return SLIP_MONTH if _slip(month, other_month) else DIFFERS
    return SLIP_DAY if year == other_year and month == other_month and _slip(day, other_day) else DIFFERS


@compiled
def _slip(x: Whole, y: Whole) -> Truth:
    digits = 0
    if abs(x - y) == 1:
        return True
    while x or y:
        digits += x % 10 != y % 10
        x, y = x // 10, y // 10
    return digits == 1


@compiled
def _born(date: Whole, dates: Ints, start: Whole, end: Whole, weights: Floats) -> Real:
    """What the birth date says, beside the best of an entry's dates."""
    best: Real = 0.0
    for at in range(start, end):
        kind = date_kind(date, dates[at])
        if kind != UNKNOWN and (best == 0.0 or weights[kind] > best):
            best = weights[kind]
    return best


@compiled
def _national(state: Whole, states: NDArray[np.uint16], start: Whole, end: Whole, weights: Floats) -> Real:
    """What the nationality says."""
    if state == 0 or start == end:
        return weights[0]
    for at in range(start, end):
        if states[at] == state:
            return weights[1]
    return weights[2]


@compiled
def _sexed(sex: Whole, other: Whole, weights: Floats) -> Real:
    """What the sex says."""
    return weights[0] if sex == 0 or other == 0 else weights[1] if sex == other else weights[2]


@compiled
def _bits(mask: Whole) -> Whole:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def _to_come(masks: NDArray[np.uint16], mask: Whole, to_come: NDArray[np.bool_], best: Floats, rarest: Floats) -> Any:
    """The most that units not yet looked for may add to the parts outside `mask`, and the rarest of them."""
    most, rare = 0.0, 0.0
    for part in range(16):
        of_part = 0.0
        for at in range(len(masks)):
            if to_come[at] and (masks[at] & ~mask) >> part & 1:
                of_part = max(of_part, best[at] / _bits(np.int64(masks[at])))
        most += of_part
    for at in range(len(masks)):
        if to_come[at]:
            rare = max(rare, rarest[at])
    return most, rare


@compiled
def _has(names: Names, name: Whole, likes: Ints, rank: Whole) -> Truth:
    """Whether a name has a word that is as much alike."""
    for at in range(names.units[name], names.units[name + 1]):
        sought = 8 * np.int64(names.words[at]) + rank
        place = np.searchsorted(likes, sought)
        if place < len(likes) and likes[place] == sought:
            return True
    return False


@compiled
def _lifted(date: Whole, born: Whole, lacking: Real, by_date: Floats) -> Truth:
    """Whether the date of birth of an entry (`Words.born`) may outweigh what is lacking."""
    if born <= 0 or date == 0:
        return born < 0
    years = date // 10_000 - born // 10_000
    if abs(years) > 2 and date - born != 10_000 * years:  # neither the year nor the day may be a slip
        return by_date[DIFFERS] > lacking
    return by_date[date_kind(date, born)] > lacking


@compiled
def candidates(
    asked: Asked, row: Whole, alike: Similar, words: Words, names: Names, entries: Entries, weights: Weights,
    scratch: Scratch, most: Whole,
) -> Ints:  # fmt: skip
    """The names of the lists (rows) that may reach the least log-odds: the best by words and what stands apart."""
    score, found, postings, begin = scratch.score, scratch.found, words.rows, words.starts
    likes, rarity, by_name = alike.words, alike.rarity, weights.name
    rows, count = np.empty(1024, np.int32), 0
    date, born, by_date = asked.dates[row], names.born, weights.dates
    start, units = asked.starts[row], asked.starts[row + 1] - asked.starts[row]
    best, rarest, length = np.zeros(units), np.zeros(units), np.zeros(units, np.int64)
    to_come = np.ones(units, np.bool_)
    for at in range(units):
        unit = asked.units[start + at]
        merged = weights.name[MERGED] if _bits(np.int64(asked.masks[start + at])) > 1 else 0.0
        for place in range(alike.starts[unit], alike.starts[unit + 1]):
            rank, word = likes[place] & 7, likes[place] >> 3
            best[at] = max(best[at], merged + max(0.1, by_name[rank] + by_name[RARITY] * rarity[unit, rank]))
            rarest[at] = max(rarest[at], by_name[RAREST] * rarity[unit, rank])
            length[at] += begin[word + 1] - begin[word]
        if merged:
            length[at] += 1 << 40  # merged words come last: they add to the parts that are still free
    surest_apart = weights.states.max() + weights.sexes.max() + weights.limits[1] + by_name[CHANCE]
    least = weights.limits[2]
    for at in range(units):
        if length[at] >> 40 and length[at] - (1 << 40) <= _FEW:
            to_come[at], unit = False, asked.units[start + at]
            for place in range(alike.starts[unit], alike.starts[unit + 1]):
                for posting in range(begin[likes[place] >> 3], begin[(likes[place] >> 3) + 1]):
                    if not found[postings[posting]]:
                        if count == len(rows):
                            rows = np.concatenate((rows, np.empty_like(rows)))
                        rows[count], found[postings[posting]] = postings[posting], _WHATEVER
                        count += 1
    for at in np.argsort(length, kind="mergesort"):
        unit, mask = asked.units[start + at], np.int64(asked.masks[start + at])
        parts = _bits(mask)
        low, high = alike.starts[unit], alike.starts[unit + 1]
        to_come[at] = False
        rest, rarest_to_come = _to_come(asked.masks[start : start + units], mask, to_come, best, rarest)
        for rank in range(RANKS):
            weight = max(0.1, by_name[rank] + by_name[RARITY] * rarity[unit, rank])
            if parts > 1:
                weight += by_name[MERGED]
            rare = max(0.0, by_name[RAREST] * rarity[unit, rank])
            lacking = least - (weight + rest + max(rare, rarest_to_come) + surest_apart)
            length_of_rank = 0
            for place in range(low, high):
                if likes[place] & 7 == rank:
                    length_of_rank += begin[(likes[place] >> 3) + 1] - begin[likes[place] >> 3]
            settled = lacking >= 0 and length_of_rank > 4 * count
            if settled:  # the names found before are few: whether they have one of these words is looked up in them
                for name in rows[:count]:
                    known = np.int64(found[name])
                    free = mask & ~known
                    if free and _has(names, name, likes[low:high], rank):
                        score[name, 0] += weight if parts == 1 else weight * _bits(free) / parts
                        score[name, 1] = max(score[name, 1], rare)
                        found[name] = known | mask
            for place in range(low, high):
                if likes[place] & 7 != rank:
                    continue
                word = likes[place] >> 3
                for posting in range(begin[word], begin[word + 1]):
                    name = postings[posting]
                    lifted = lacking < 0 or _lifted(date, words.born[posting], lacking, by_date)
                    if not lifted and (settled or not found[name]):
                        continue
                    known = np.int64(found[name])
                    free = mask & ~known
                    if not free:
                        continue
                    if not known:
                        if count == len(rows):
                            rows = np.concatenate((rows, np.empty_like(rows)))
                        rows[count] = name
                        count += 1
                    score[name, 0] += weight if parts == 1 else weight * _bits(free) / parts
                    score[name, 1] = max(score[name, 1], rare)
                    found[name] = known | mask
    kept, worth, likely = np.empty(count, np.int32), np.empty(count, np.float32), 0
    surest = surest_apart + (weights.dates.max() if asked.dates[row] else 0.0)
    alone = np.int64(asked.parts[row, 0]) & ~np.int64(asked.parts[row, 3])
    gain, single = weights.limits[1], by_name[SINGLE]
    state, sex = asked.states[row], asked.sexes[row]
    dates, date_starts = entries.dates, entries.date_starts
    states, state_starts, by_state = entries.states, entries.state_starts, weights.states
    sexes, by_sex, of_names = entries.sexes, weights.sexes, names.entries
    for at in range(count):
        name = rows[at]
        known, value = np.int64(found[name]) & ~_WHATEVER, score[name, 0] + score[name, 1]
        if known & alone != alone and known & (known - 1) == 0:
            value += single
        score[name, :] = 0
        found[name] = 0
        if value + surest > least:
            if born[name] >= 0:
                value += by_date[date_kind(date, born[name])]
                if value + surest_apart <= least:
                    continue
            entry = of_names[name]
            if born[name] < 0:
                value += _born(date, dates, date_starts[entry], date_starts[entry + 1], by_date)
            value += gain + by_name[CHANCE] + _sexed(sex, sexes[entry], by_sex)
            value += _national(state, states, state_starts[entry], state_starts[entry + 1], by_state)
            if value > least:
                kept[likely], worth[likely] = name, value
                likely += 1
    if likely <= most:
        return np.sort(kept[:likely])
    order = np.argsort(-worth[:likely], kind="mergesort")[:most]
    return np.sort(kept[:likely][order])


@compiled
def align(
    asked: Asked, row: Whole, alike: Similar, words: Words, names: Names, name: Whole, weights: Weights,
    meetings: NDArray[np.int32], values: Floats, features: Floats,
) -> Whole:  # fmt: skip
    """Lay two names side by side; returns the number of meetings.

    `meetings` gets (ours, theirs, how) of each pair of parts taken for the same, `values` its weight, `features` what
    `name_weight` weighs.
    """
    features[:] = 0
    first, start = asked.starts[row], names.units[name]
    ours, theirs = asked.parts[row].astype(np.int64), names.parts[name].astype(np.int64)
    n, m = asked.starts[row + 1] - first, names.units[name + 1] - start
    count = 0
    for i in range(n):
        unit, mask = asked.units[first + i], np.int64(asked.masks[first + i])
        low, high = alike.starts[unit], alike.starts[unit + 1]
        for j in range(m):
            other = np.int64(names.masks[start + j])
            if _bits(mask) > 1 and _bits(other) > 1:
                continue
            sought = 8 * np.int64(names.words[start + j])
            place = low + np.searchsorted(alike.words[low:high], sought)
            if place < high and alike.words[place] - sought < RANKS and count < MEETINGS_MAX:
                rank = alike.words[place] - sought
                value = max(0.1, weights.name[rank] + weights.name[RARITY] * alike.rarity[unit, rank])
                if _bits(mask) + _bits(other) > 2:
                    value += weights.name[MERGED]
                meetings[count, 0], meetings[count, 1], meetings[count, 2] = mask, other, rank
                meetings[count, 3] = unit
                values[count] = value
                count += 1
    taken = _take(meetings, values, 0, count)
    free, free_theirs = _free(ours[0], meetings, 0, taken), _free(theirs[0], meetings, 1, taken)
    if taken:
        count = taken
        for i in range(_bits(ours[0])):
            for j in range(_bits(theirs[0])):
                if free >> i & 1 and free_theirs >> j & 1 and count < MEETINGS_MAX:
                    how, letters = _resemblance(asked, asked.units[first + i], words, names.words[start + j])
                    if how:
                        meetings[count, 0], meetings[count, 1], meetings[count, 2] = 1 << i, 1 << j, how
                        meetings[count, 3] = letters
                        values[count] = (
                            weights.name[how] + weights.name[ALIKE if how == RESEMBLING else LETTERS] * letters
                        )
                        count += 1
        taken = _take(meetings, values, taken, count)
        free, free_theirs = _free(ours[0], meetings, 0, taken), _free(theirs[0], meetings, 1, taken)
    common, straight, crossed = 0, 0, 0
    for at in range(taken):
        mask, other, how = np.int64(meetings[at, 0]), np.int64(meetings[at, 1]), meetings[at, 2]
        if not (mask & ~ours[3] and other & ~theirs[3]):
            continue
        features[how] += 1
        common += 1
        if how < RANKS:
            rarity = alike.rarity[meetings[at, 3], how]
            features[RARITY] += rarity
            features[RAREST] = max(features[RAREST], rarity)
        else:
            features[ALIKE if how == RESEMBLING else LETTERS] += meetings[at, 3]
        features[MERGED] += _bits(mask) + _bits(other) > 2
        straight += (mask & ours[1] and other & theirs[1]) or (mask & ours[2] and other & theirs[2])
        crossed += (mask & ours[1] and other & theirs[2]) or (mask & ours[2] and other & theirs[1])
    lone, lone_theirs = _bits(free & ~ours[3]), _bits(free_theirs & ~theirs[3])
    features[CONFLICT] = min(lone, lone_theirs)
    features[ADDED] = max(0, lone - lone_theirs)
    features[LACKING] = max(0, lone_theirs - lone)
    features[SWAPPED] = crossed > straight
    features[SINGLE] = common == 1
    features[CHANCE] = 1
    features[RARITY] = min(features[RARITY], weights.limits[0])
    features[NOTHING] = common == 0
    features[MORE] = max(0, common - 2)
    if lone and lone_theirs:
        features[SURNAME] = _whole(ours, free, 1) and _whole(theirs, free_theirs, 1)
        features[GIVEN] = _whole(ours, free, 2) and _whole(theirs, free_theirs, 2)
        if not features[SURNAME] and not features[GIVEN]:
            features[GIVEN] = _lone(ours, free) and _lone(theirs, free_theirs)
    return taken


@compiled
def _take(meetings: NDArray[np.int32], values: Floats, taken: Whole, count: Whole) -> Whole:
    """Order the meetings from `taken` on by falling weight and keep those whose parts are all still free."""
    for at in range(taken + 1, count):
        back = at
        while back > taken and values[back] > values[back - 1]:
            values[back], values[back - 1] = values[back - 1], values[back]
            for column in range(4):
                meetings[back, column], meetings[back - 1, column] = meetings[back - 1, column], meetings[back, column]
            back -= 1
    ours, theirs = 0, 0
    for at in range(taken):
        ours, theirs = ours | meetings[at, 0], theirs | meetings[at, 1]
    for at in range(taken, count):
        if not (meetings[at, 0] & ours or meetings[at, 1] & theirs):
            ours, theirs = ours | meetings[at, 0], theirs | meetings[at, 1]
            values[taken] = values[at]
            meetings[taken] = meetings[at]
            taken += 1
    return taken


@compiled
def _free(parts: Whole, meetings: NDArray[np.int32], side: Whole, taken: Whole) -> Whole:
    for at in range(taken):
        parts &= ~np.int64(meetings[at, side])
    return parts


@compiled
def _whole(parts: NDArray[np.int64], free: Whole, field: Whole) -> Truth:
    """Whether a whole field found no partner, particles aside."""
    mask = parts[field] & ~parts[3]
    return mask != 0 and mask & free == mask


@compiled
def _lone(parts: NDArray[np.int64], free: Whole) -> Truth:
    return (parts[1] | parts[2]) == 0 or _whole(parts, free, 1) or _whole(parts, free, 2)


@compiled
def _resemblance(asked: Asked, unit: Whole, words: Words, word: Whole) -> tuple[Whole, Whole]:
    """What two words without a common key still have in common: how, and letters if cut short or tenths alike."""
    best: Whole = 0
    most: Whole = 0
    table = np.empty((3, LONGEST), np.int32)
    for form in range(asked.forms[unit], asked.forms[unit + 1]):
        for other in range(words.forms[word], words.forms[word + 1]):
            if _in_full(asked.text, asked.bounds, form) or _in_full(words.text, words.bounds, other):
                continue
            for kind in range(2):  # as written and folded
                a, a_end = np.int64(asked.bounds[4 * form + kind]), np.int64(asked.bounds[4 * form + kind + 1])
                b, b_end = np.int64(words.bounds[4 * other + kind]), np.int64(words.bounds[4 * other + kind + 1])
                short, longer = min(a_end - a, b_end - b), max(a_end - a, b_end - b)
                if kind == 0 and _same(asked.text, a, a + short, words.text, b, b + short):
                    if short == 1:
                        best = INITIAL if best != TRUNCATED else best
                    else:
                        most = max(most, min(short, 5)) if best == TRUNCATED else min(short, 5)
                        best = TRUNCATED
                elif (best == 0 or best == RESEMBLING) and short >= 3:
                    slip = slips(asked.text, a, a_end, words.text, b, b_end, longer // 2, table)
                    if slip <= longer // 2:
                        best, most = RESEMBLING, max(most, 10 - 10 * slip // longer)
    return best, most


@compiled
def name_weight(features: Floats, weights: Weights) -> Real:
    """The log-likelihood ratio of two names laid side by side."""
    return (features * weights.name).sum()


@compiled
def score(
    asked: Asked, row: Whole, rows: Ints, alike: Similar, words: Words, names: Names, entries: Entries, weights: Weights
) -> tuple[Floats, Floats]:
    """Of each of these names of the lists: the weight of the name, and with birth date, nationality and sex."""
    meetings, values = np.empty((MEETINGS_MAX, 4), np.int32), np.empty(MEETINGS_MAX)
    features, of_name, total = np.empty(FEATURES), np.empty(len(rows)), np.empty(len(rows))
    for at in range(len(rows)):
        align(asked, row, alike, words, names, rows[at], weights, meetings, values, features)
        of_name[at] = name_weight(features, weights)
        entry = names.entries[rows[at]]
        total[at] = of_name[at] + _sexed(asked.sexes[row], entries.sexes[entry], weights.sexes)
        start, end = entries.date_starts[entry], entries.date_starts[entry + 1]
        total[at] += _born(asked.dates[row], entries.dates, start, end, weights.dates)
        start, end = entries.state_starts[entry], entries.state_starts[entry + 1]
        total[at] += _national(asked.states[row], entries.states, start, end, weights.states)
    return of_name, total


@compiled
def search(
    asked: Asked, alike: Similar, words: Words, names: Names, entries: Entries, weights: Weights, scratch: Scratch,
    most: Whole,
) -> tuple[Ints, Ints]:  # fmt: skip
    """All pairs (row of `asked`, row of `names`) that reach the least log-odds."""
    left, right, count = np.empty(256, np.int32), np.empty(256, np.int32), 0
    for row in range(len(asked.starts) - 1):
        rows = candidates(asked, row, alike, words, names, entries, weights, scratch, most)
        _, total = score(asked, row, rows, alike, words, names, entries, weights)
        for at in range(len(rows)):
            if total[at] >= weights.limits[2]:
                if count == len(left):
                    left, right = np.concatenate((left, left)), np.concatenate((right, right))
                left[count], right[count] = row, rows[at]
                count += 1
    return left[:count], right[:count]
