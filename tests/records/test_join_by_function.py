"""What the function of a passenger list does to who is who: corrections, cancellations, lists by reference alone."""

from datetime import timedelta

import pytest
from told_flights import LEG, START, WAIT

from pnr_pipeline.records import Booking, Document, Message, Traveller
from pnr_pipeline.records.join import fold
from pnr_pipeline.records.push import push_of
from pnr_pipeline.records.push_sets import sets_of

OLD = Document("P", "U1234567", "TUR", "TUR")
NEW = Document("P", "U7654321", "TUR", "TUR")
BOOKED = Traveller(
    1, "passenger", "DRAGANOVA", "BOJANA", date_of_birth="1990-02-01", sex="F", documents=(OLD,), locator="KAB123",
    carrier_reference="UPR1", seat="12A",
)  # fmt: skip
RENAMED = Traveller(
    1, "passenger", "HALILAJ", "FATMIRE", date_of_birth="1971-11-30", documents=(NEW,), carrier_reference="UPR1"
)
NAMELESS = Traveller(1, "passenger", carrier_reference="UPR1")


def told(place, *travellers, function="745", kind="PAXLST", bookings=()) -> Message:
    at = START + timedelta(hours=place)
    return Message(
        f"{place}:1", kind, function=function, prepared_at=at, flights=(LEG,), travellers=travellers, bookings=bookings
    )


def persons(*messages: Message):
    return list(fold(sets_of([push_of(message, LEG) for message in messages], WAIT))[0].values())


def test_a_correction_by_reference_is_the_same_person_with_the_new_name_and_document():
    (one,) = persons(told(0, BOOKED), told(1, RENAMED, function="745+CP"))
    now = one.api.traveller
    assert (now.surname, now.given_names, now.date_of_birth, now.documents) == (
        "HALILAJ", "FATMIRE", "1971-11-30", (NEW,)
    )  # fmt: skip
    assert len(persons(told(0, BOOKED), told(1, RENAMED))) == 2


def test_a_correction_leaves_what_it_does_not_tell():
    (one,) = persons(told(0, BOOKED), told(1, RENAMED, function="745+CP"))
    assert (one.api.traveller.sex, one.api.traveller.seat, one.api.locator) == ("F", "12A", "KAB123")


def test_a_correction_without_a_known_reference_is_a_new_person():
    stranger = Traveller(1, "passenger", "HALILAJ", "FATMIRE", documents=(NEW,), carrier_reference="UPR9")
    assert len(persons(told(0, BOOKED), told(1, stranger, function="745+CP"))) == 2


def test_a_correction_by_a_reference_that_two_people_share_is_nobody_known():
    other = Traveller(2, "passenger", "MARKOVSKI", "ILINA", carrier_reference="UPR1")
    messages = (told(0, BOOKED, other), told(1, RENAMED, function="745+CP"))
    found, _, doubtful = fold(sets_of([push_of(one, LEG) for one in messages], WAIT))
    assert len(found) == 3
    assert doubtful == {("1:1", 1)}


def test_a_booking_that_takes_over_the_corrected_name_is_the_same_person():
    booked = Traveller(1, "passenger", "DRAGANOVA", "BOJANA", booking=0)
    renamed = Traveller(1, "passenger", "HALILAJ", "FATMIRE", booking=0)
    booking = (Booking("KAB123"),)
    found = persons(
        told(0, booked, function="22", kind="PNRGOV", bookings=booking),
        told(1, BOOKED),
        told(2, RENAMED, function="745+CP"),
        told(3, renamed, function="141", kind="PNRGOV", bookings=booking),
    )
    assert [(one.pnr.traveller.surname, one.pnr.standing) for one in found] == [("HALILAJ", "listed")]


@pytest.mark.law("ING-10")
@pytest.mark.parametrize(
    ("function", "standing"),
    [
        ("266+CLOB", "boarded"),
        ("266+CLNB", "not_boarded"),
        ("745+XR", "cancelled"),
        ("745+RP", "cancelled"),
        ("266+CL", "listed"),
        ("266+CF", "listed"),
    ],
)
def test_whom_a_list_names_by_reference_alone_keeps_name_birth_date_document_and_booking(function, standing):
    (one,) = persons(told(0, BOOKED), told(1, NAMELESS, function=function))
    assert one.api.standing == standing
    assert (one.api.traveller.surname, one.api.traveller.date_of_birth) == ("DRAGANOVA", "1990-02-01")
    assert (one.api.traveller.documents, one.api.locator) == ((OLD,), "KAB123")


def test_an_infant_named_by_reference_alone_stays_an_infant():
    infant = Traveller(1, "infant", "DRAGANOVA", "BEBE", carrier_reference="UPR1")
    (one,) = persons(told(0, infant), told(1, NAMELESS, function="266+CLOB"))
    assert (one.api.traveller.role, one.api.traveller.given_names) == ("infant", "BEBE")


def test_people_without_a_name_are_not_one_because_both_have_none():
    first = Traveller(1, "passenger", carrier_reference="UPR1", locator="KAB123")
    second = Traveller(1, "passenger", carrier_reference="UPR2", locator="KAB123")
    assert len(persons(told(0, first, function="266+CLOB"), told(1, second, function="266+CLOB"))) == 2


def test_whoever_a_closing_list_named_first_by_reference_gets_their_name_later():
    (one,) = persons(told(0, NAMELESS, function="266+CLOB"), told(1, BOOKED))
    assert one.api.traveller.surname == "DRAGANOVA"
