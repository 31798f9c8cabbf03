"""Time as a deletion may rely on it: the wall clock *and* a mark that no jump of it can push forward (RET-9).

The mark begins where a store was first used and moves only as far as time has passed by the machine's own count since
it was started, which nobody can set; it never goes back. So a wall clock that is ahead deletes nothing early, and one
that is behind only holds: the count goes on meanwhile, and the mark is up with the clock at the first look after that
is right. While the machine is down nobody counts: the mark stays behind by that time until a person confirms the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LATE = timedelta(hours=12)
"""A mark that is further behind the clock holds deletions up: it is told, for RET-8 allows 24 hours."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds since the machine's start `boot`, as the machine itself counts them; sleep counts, settings do not."""

    boot: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the mark was when a start of a machine was first met, and its count then."""

    seconds: float
    mark: datetime


@dataclass(frozen=True, slots=True)
class HighWater:
    """The mark (aware UTC) and an anchor for each start of each machine that works on the store."""

    mark: datetime
    anchors: Mapping[str, Anchor]


def advanced(before: HighWater | None, wall: datetime, elapsed: Elapsed) -> HighWater:
    """The mark after a look at the wall clock (aware) and the machine's count; the first look of all sets it.

    It moves to the wall clock, but no further than the count allows, which is less than the 26 hours a day of RET-9.
    """
    if before is None:
        return HighWater(wall, {elapsed.boot: Anchor(elapsed.seconds, wall)})
    anchor = before.anchors.get(elapsed.boot)
    if anchor is None or elapsed.seconds < anchor.seconds:  # a start not met before begins where the mark stands
        anchor = Anchor(elapsed.seconds, before.mark)
    counted = anchor.mark + timedelta(seconds=elapsed.seconds - anchor.seconds)
    if counted < before.mark:  # another machine, or a person, was ahead of this count
        anchor, counted = Anchor(elapsed.seconds, before.mark), before.mark
    mark = max(before.mark, min(wall, counted))
    return HighWater(mark, {**before.anchors, elapsed.boot: anchor})


def confirmed(before: HighWater, wall: datetime, elapsed: Elapsed) -> HighWater:
    """The mark after a person said that the wall clock is right; it never goes back."""
    mark = max(before.mark, wall)
    return HighWater(mark, {**before.anchors, elapsed.boot: Anchor(elapsed.seconds, mark)})


def sure(wall: datetime, mark: datetime) -> datetime:
    """The moment that has certainly come: what is due until then may be deleted."""
    return min(wall, mark)
