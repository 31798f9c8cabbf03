"""Which messages belong together: a function of the set of them, whatever the order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_flights import LEG, START, WAIT

from pnr_pipeline.records import Booking, Message
from pnr_pipeline.records.full_list import Floors
from pnr_pipeline.records.push import Push, push_of
from pnr_pipeline.records.push_sets import floors_of, sets_of


def part(number: int, minute: int = 0, *, last: bool = False, total: int | None = None, locator: str = "") -> Push:
    message = Message(
        f"{number}-{minute}:1", "PNRGOV", function="22", prepared_at=START + timedelta(minutes=minute), flights=(LEG,),
        access_reference="QX101", sequence=number, last_of_set=last, total=total,
        bookings=(Booking(locator or f"K{number}"),),
    )  # fmt: skip
    return push_of(message, LEG)


def told(*pushes: Push) -> list[tuple[list[str], bool]]:
    return [([one.message_id[:-2] for one in found.parts], found.whole) for found in sets_of(pushes, WAIT)]


@pytest.mark.parametrize(
    ("pushes", "expected"),
    [
        ([part(1), part(2, last=True)], [(["1-0", "2-0"], True)]),
        ([part(1)], [(["1-0"], False)]),
        ([part(2, last=True)], [(["2-0"], False)]),
        ([part(1), part(3, last=True)], [(["1-0", "3-0"], False)]),
        ([part(1), part(2, last=True), part(2, 5, last=True)], [(["1-0", "2-5"], True)]),
        ([part(1), part(2, last=True), part(1, 60), part(2, 60, last=True)],
         [(["1-0", "2-0"], True), (["1-60", "2-60"], True)]),
        ([part(1), part(2, last=True), part(3, 60, last=True), part(1, 61), part(2, 61)],
         [(["1-0", "2-0"], True), (["1-61", "2-61", "3-60"], True)]),
        ([part(1), part(3, last=True), part(2, 600)], [(["1-0", "2-600", "3-0"], True)]),
        ([part(1), part(2), part(3, last=True), part(1, 5), part(2, 5, last=True)],
         [(["1-5", "2-5"], True), (["3-0"], False)]),
        ([part(1, total=2), part(2, last=True, total=2)], [(["1-0", "2-0"], True)]),
        ([part(1, total=3), part(2, last=True, total=3)], [(["1-0", "2-0"], False)]),
        ([part(1, 0, total=2, locator="KA"), part(1, 1, total=2, locator="KB")], [(["1-0", "1-1"], True)]),
        ([part(1, 0, total=2, locator="KA"), part(1, 1, total=2, locator="KA")], [(["1-1"], False)]),
    ],
    ids=[
        "all numbers are here",
        "the last is missing",
        "the first is missing",
        "one between is missing",
        "a part that comes again within the time replaces the first one",
        "the same reference later is another list",
        "also where its last part was prepared first, and it is longer",
        "a missing part completes its set whenever it comes",
        "a shorter list within the time leaves the former last part alone",
        "the counts of bookings agree",
        "the counts of bookings do not agree",
        "all called the first, and whole by their count",
        "sent twice counts once",
    ],
)  # fmt: skip
@given(st.data())
def test_sets(pushes, expected, data):
    assert sorted(told(*data.draw(st.permutations(pushes)))) == sorted(expected)


def test_only_a_whole_set_is_a_full_list_and_it_begins_with_its_oldest_part():
    whole = [part(1, 3), part(2, 1, last=True)]
    assert floors_of(sets_of(whole, WAIT), Floors()).newest("pnr") == whole[1].order
    assert floors_of(sets_of(whole[:1], WAIT), Floors()) == Floors()


def test_a_replaced_part_is_folded_right_before_its_set():
    first, again, last = part(1), part(1, 5), part(2, 6, last=True)
    (found,) = sets_of([first, again, last], WAIT)
    before, together = found.steps()
    assert [one.message_id for one in before] == [first.message_id]
    assert before[0].order < found.order
    assert together == (again, last)
