"""Which lists a message is about, and who is no longer on them."""

import msgspec
import pytest
from told_flights import LEG

from pnr_pipeline.records import Message, Traveller
from pnr_pipeline.records.full_list import Floors, taken_off, unlisted_since
from pnr_pipeline.records.push import is_full_list, lists_of
from pnr_pipeline.records.same_person import Listing, Person

FLOORS = Floors(api=("3", "6"), crew=("8",), pnr=("6",))
PASSENGER, PILOT = Traveller(1, "passenger", "DRAGANOVA"), Traveller(1, "crew", "KELMENDI")


def listing(order: str, traveller: Traveller = PASSENGER, **fields) -> Listing:
    return Listing(order, f"m{order}:1", traveller, **fields)


def test_whoever_stood_only_before_the_newest_full_list_left_with_the_first_full_list_behind():
    assert taken_off("api", listing("2"), FLOORS) == "3"
    assert taken_off("api", listing("4"), FLOORS) == "6"
    assert taken_off("api", listing("6"), FLOORS) == ""
    assert taken_off("api", listing("9"), FLOORS) == ""
    assert taken_off("pnr", listing("4"), FLOORS) == "6"


def test_crew_leave_with_lists_of_crew_alone():
    assert taken_off("api", listing("4", PILOT), FLOORS) == "8"
    assert taken_off("api", listing("4", PILOT), Floors(api=("6",))) == ""


@pytest.mark.parametrize("standing", ["cancelled", "not_boarded", "dropped"])
def test_whoever_was_taken_off_by_name_left_with_that_message(standing):
    assert taken_off("api", listing("7", standing=standing), FLOORS) == "7"


def test_a_person_is_unlisted_once_no_source_lists_them_since_the_last_one_took_them_off():
    assert unlisted_since(Person(api=listing("2"), pnr=listing("9")), FLOORS) == ""
    assert unlisted_since(Person(api=listing("2"), pnr=listing("4")), FLOORS) == "6"
    assert unlisted_since(Person(api=listing("2")), FLOORS) == "3"


def test_floors_are_kept_once_and_in_order_whatever_the_order_they_are_told_in():
    told = Floors().raised(("api",), "6").raised(("api", "crew"), "3").raised(("api",), "6").raised(("pnr",), "")
    assert told == Floors(api=("3", "6"), crew=("3",))
    assert (told.newest("api"), told.newest("pnr")) == ("6", "")


def message(function: str, *travellers: Traveller, kind: str = "PAXLST") -> Message:
    return Message("m:1", kind, function=function, flights=(LEG,), travellers=travellers)


@pytest.mark.parametrize(
    ("told", "lists"),
    [
        (message("745"), ("api",)),
        (message("266+CLOB"), ("api",)),
        (message("250+C", PILOT), ("crew",)),
        (message("336+G", PILOT), ("crew",)),
        (message("266+XF"), ("api", "crew", "pnr")),
        (message("22", kind="PNRGOV"), ("pnr",)),
        (message("745", PASSENGER, kind="CSV"), ("api",)),
        (message("745", PASSENGER, PILOT, kind="CSV"), ("api", "crew")),
        (message("745", PILOT, kind="CSV"), ("crew",)),
    ],
    ids=lambda value: f"{value.kind} {value.function}" if isinstance(value, Message) else "",
)
def test_lists_that_a_message_is_about(told, lists):
    assert lists_of(told) == lists


def test_a_cancelled_flight_is_an_empty_full_list_unless_the_message_was_cut():
    assert is_full_list(message("266+XF"))
    assert not is_full_list(msgspec.structs.replace(message("266+XF"), complete=False))
    assert not is_full_list(message("266+CF"))
