"""Messages that belong together: a list or a push that came in parts (FORMATS 1.3: UNH S010; 4.3: EQN).

The sets of a leg are a function of the set of its messages, whatever the order they arrive in. The parts of a set act
as one message in the place of the oldest of them; only a whole set is a full list.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

import msgspec

from pnr_pipeline.records.full_list import Floors, ListKind
from pnr_pipeline.records.push import Push
from pnr_pipeline.records.same_person import Source


class PushSet(msgspec.Struct, frozen=True):
    """One message, or the parts of one in the order of their numbers, with earlier versions of them (`replaced`)."""

    parts: tuple[Push, ...]
    whole: bool = True
    replaced: tuple[Push, ...] = ()

    @property
    def order(self) -> str:
        """The place of the set among the messages of its leg."""
        return min(part.order for part in self.parts)

    @property
    def full(self) -> bool:
        """Whether who is not in this set is no longer on the list of its source."""
        return self.whole and all(part.full for part in self.parts)

    @property
    def lists(self) -> tuple[ListKind, ...]:
        """The lists of its leg that the set is about."""
        return tuple(dict.fromkeys(chain.from_iterable(part.lists for part in self.parts)))

    def steps(self) -> Iterator[tuple[Push, ...]]:
        """What is folded one after the other: replaced parts, as of right before the set, then all parts as one."""
        before = self.order[:-1]  # what is cut short sorts first
        for part in self.replaced:
            yield (msgspec.structs.replace(part, order=before),)
        yield self.parts


def sets_of(pushes: Iterable[Push], wait: timedelta) -> list[PushSet]:
    """All messages of a leg as sets, in the order they are folded.

    A number that comes again within `wait` replaces the part; later it begins another set, as carriers use one
    reference for all lists of a flight. One that a set still misses completes it whenever it comes. Parts without
    numbers, or all called the first, are whole when they add up to the count that each of them tells.
    """
    sets: list[PushSet] = []
    keyed: dict[tuple[Source, str], list[Push]] = defaultdict(list)
    for push in sorted(pushes, key=lambda push: push.order):
        if push.set_key:
            keyed[push.source, push.set_key].append(push)
        else:
            sets.append(PushSet((push,)))
    for parts in keyed.values():
        numbered = any(part.number > 1 for part in parts)
        sets += _numbered(parts, wait) if numbered else _counted(parts, wait)
    return sorted(sets, key=lambda one: one.order)


def in_fold_order(sets: Iterable[PushSet]) -> list[Push]:
    """The messages one by one, as the sets are folded."""
    return list(chain.from_iterable(step for one in sets for step in one.steps()))


def floors_of(sets: Iterable[PushSet], before: Floors) -> Floors:
    """Where full lists begin: those of these sets, and those `before`."""
    for one in sets:
        if one.full:
            before = before.raised(one.lists, one.order)
    return before


def _numbered(parts: Iterable[Push], wait: timedelta) -> Iterator[PushSet]:
    held: dict[int, Push] = {}
    replaced: list[Push] = []
    for part in parts:
        newest = max(held.values(), key=lambda one: one.order, default=part)
        if _apart(newest, part) > wait and not _is_missing(part.number, held):
            yield from _by_number(held, replaced)
            held, replaced = {}, []
        if part.number in held:
            replaced.append(held[part.number])
        held[part.number] = part
    yield from _by_number(held, replaced)


def _is_missing(number: int, held: dict[int, Push]) -> bool:
    """Whether a set still waits for this number: not one that it has, nor one behind its last."""
    return number not in held and not any(part.last for one, part in held.items() if one < number)


def _by_number(held: dict[int, Push], replaced: Sequence[Push]) -> Iterator[PushSet]:
    """The set that ends with the newest last part; parts behind that are of another, which is not all there."""
    ends = [number for number, part in held.items() if part.last]
    last = max(ends, key=lambda number: held[number].order) if ends else max(held)
    inside = tuple(part for number, part in sorted(held.items()) if number <= last)
    numbers = {number for number in held if 1 <= number <= last}
    whole = bool(ends) and len(numbers) == last and all(part.sound for part in inside) and _counts_agree(inside)
    yield PushSet(inside, whole, tuple(replaced))
    for number, part in sorted(held.items()):
        if number > last:
            yield PushSet((part,), whole=False)


def _counted(parts: Iterable[Push], wait: timedelta) -> Iterator[PushSet]:
    held: list[Push] = []
    replaced: list[Push] = []
    for part in parts:
        same = next((one for one in held if one.content == part.content), None)
        if held and (_apart(held[-1], part) > wait or (same is None and _adds_up(held))):
            yield PushSet(tuple(held), _adds_up(held), tuple(replaced))
            held, replaced = [], []
        elif same is not None:
            held.remove(same)
            replaced.append(same)
        held.append(part)
    yield PushSet(tuple(held), _adds_up(held), tuple(replaced))


def _adds_up(parts: Sequence[Push]) -> bool:
    """Whether these are all that each of them says there are."""
    (told, *others) = {part.total for part in parts}
    here = frozenset[str]().union(*(part.content for part in parts))
    return told is not None and not others and len(parts) > 1 and len(here) == told and all(p.sound for p in parts)


def _counts_agree(parts: Sequence[Push]) -> bool:
    """Bookings against EQN, of each message or of all; a passenger list's CNT is often the flight's (FORMATS 2.8)."""
    if parts[0].source == "api" or all(part.total in (None, len(part.content)) for part in parts):
        return True
    return _adds_up(parts)


def _apart(one: Push, other: Push) -> timedelta:
    if one.prepared_at is None or other.prepared_at is None:
        return timedelta(0)
    return abs(other.prepared_at - one.prepared_at)
