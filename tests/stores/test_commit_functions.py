"""Lists of every function, in any order of arrival and with replays, leave the same store and the true lists."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from store_setup import commit, dump, entry, index_of, open_demo
from told_flights import SURNAMES, received
from told_functions import Lists, lists

WANTED = index_of(
    [
        entry(f"E{place}{letter}", f"{surname}AA{letter}", "ARBEN", born="1961-03-04")
        for place, surname in enumerate(SURNAMES)
        for letter in "BCD"
    ]
    + [entry("E-DOC", "SOMEBODY", "ELSE", document="U0000002")]
)


def _stored(flight: Lists, order: list[int]):
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        for place, number in enumerate(order):
            commit(store, received(flight.messages[number], place), [flight.messages[number]], WANTED)
        listed = {source: (told.now, told.dropped) for (_, source), told in store.listed_by_source().items()}
        return dump(store), listed


@settings(max_examples=40)
@given(lists(), st.data())
def test_any_order_of_arrival_leaves_the_same_people_on_each_list(flight, data):
    places = list(range(len(flight.messages)))
    straight, listed = _stored(flight, places)
    true = {one: (len(on), len(flight.told[one] - on)) for one, on in flight.on.items() if flight.told[one]}
    assert listed == true
    mixed = data.draw(st.permutations(places))
    again = data.draw(st.lists(st.sampled_from(places), max_size=3))
    assert _stored(flight, [*mixed, *again]) == (straight, listed)
