from datetime import timedelta

import msgspec
import pytest
from told_flights import LEG, START, WAIT

from pnr_pipeline.records import Booking, Document, Finding, Message, Name, Traveller
from pnr_pipeline.records.join import fold, regroup
from pnr_pipeline.records.push import fold_booking, is_full_list, push_of
from pnr_pipeline.records.push_sets import sets_of
from pnr_pipeline.records.view import merged


def person(ordinal=1, surname="DRAGANOVA", given="BOJANA", **fields) -> Traveller:
    return Traveller(ordinal, fields.pop("role", "passenger"), surname, given, **fields)


def pnr(place, *travellers, bookings=None, function="22", **fields) -> Message:
    told = [msgspec.structs.replace(one, booking=0 if bookings is None else one.booking) for one in travellers]
    return Message(
        f"{place}:1", "PNRGOV", function=function, prepared_at=START + timedelta(hours=place), flights=(LEG,),
        travellers=tuple(told), bookings=(Booking("KAB123"),) if bookings is None else bookings, **fields,
    )  # fmt: skip


def api(place, *travellers, function="745") -> Message:
    return Message(
        f"{place}:1", "PAXLST", function=function, prepared_at=START + timedelta(hours=place), flights=(LEG,),
        travellers=travellers,
    )  # fmt: skip


def folded(*messages: Message):
    return fold(sets_of([push_of(message, LEG) for message in messages], WAIT))


def groups(*messages: Message) -> set[frozenset]:
    _, members, _ = folded(*messages)
    return {frozenset(listed) for listed in members.values()}


PASSPORT = Document("P", "U1234567", "TUR", "TUR")
OTHER = Document("P", "U7654321", "TUR", "TUR")


def test_a_mother_and_the_infant_on_her_passport_stay_two():
    mother = person(1, documents=(PASSPORT,), date_of_birth="1990-02-01")
    infant = person(2, given="BEBE", documents=(PASSPORT,), role="infant")
    seen_by_api = [
        msgspec.structs.replace(mother, locator="KAB123"),
        person(2, given="BEBE", documents=(PASSPORT,), date_of_birth="2025-09-09", locator="KAB123"),
    ]
    assert groups(pnr(0, mother, infant), api(1, *seen_by_api)) == {
        frozenset({("0:1", 1), ("1:1", 1)}),
        frozenset({("0:1", 2), ("1:1", 2)}),
    }


def test_an_infant_whom_a_closing_list_names_as_a_passenger_is_met_by_name_and_its_mother_is_not():
    booked = pnr(0, person(1), person(2, given="BEBE", role="infant"))
    closing = api(1, person(1, given="BEBE", locator="KAB123"), person(2, locator="KAB123"), function="266+CLOB")
    assert groups(booked, closing) == {frozenset({("0:1", 1), ("1:1", 2)}), frozenset({("0:1", 2), ("1:1", 1)})}
    infant = api(0, person(given="BEBE", carrier_reference="UPR1", date_of_birth="2025-09-09"))
    mother = api(1, person(carrier_reference="UPR1"))
    assert len(groups(infant, mother)) == 2


def test_a_reference_that_a_carrier_gives_to_everybody_joins_nobody():
    crowd = [person(n, f"SURNAME{chr(64 + n)}", carrier_reference="CONSTANT") for n in range(1, 15)]
    later = person(1, "STRANGER", "NEW", carrier_reference="CONSTANT")
    assert len(groups(pnr(0, *crowd), pnr(1, later, bookings=()))) == 15


def test_a_shared_reference_is_not_believed_where_name_and_birth_date_differ():
    one = person(carrier_reference="UPR1", date_of_birth="1990-02-01")
    other = person(surname="HALILAJ", given="FATMIR", carrier_reference="UPR1", date_of_birth="1958-02-01")
    assert len(groups(api(0, one), api(1, other))) == 2


def test_a_new_name_under_the_same_document_is_the_same_person():
    before = person(documents=(PASSPORT,), date_of_birth="1990-02-01")
    after = person(surname="PETKANOVA", documents=(PASSPORT,), date_of_birth="1990-02-01")
    assert len(groups(api(0, before), api(1, after))) == 1


def test_a_corrected_document_number_is_the_same_person_by_name_and_birth_date_in_the_booking():
    typo = person(documents=(PASSPORT,), date_of_birth="1990-02-01", locator="KAB123")
    right = person(documents=(OTHER,), date_of_birth="1990-02-01", locator="KAB123")
    assert len(groups(api(0, typo), api(1, right))) == 1


def test_a_name_only_booking_is_joined_to_the_document_that_checks_in_also_when_the_name_was_cut():
    assert len(groups(pnr(0, person(given="BOJA")), api(1, person(documents=(PASSPORT,), locator="KAB123")))) == 1


@pytest.mark.parametrize(
    "against",
    [{"surname": "DRAGANOV"}, {"given": "BO"}, {"locator": "KCD456"}, {"sex": "M"}, {"date_of_birth": "1991-01-01"}],
)
def test_a_name_is_not_enough_where_anything_speaks_against_it(against):
    seen = {"locator": "KAB123", "sex": "F", "date_of_birth": "1990-02-01"} | against
    assert len(groups(pnr(0, person(sex="F", date_of_birth="1990")), api(1, person(**seen)))) == 2


def test_who_could_be_either_of_two_becomes_a_new_person_and_is_said_to_be_doubtful():
    first = pnr(0, person(1, date_of_birth="1990-02-01"), person(2, date_of_birth="1961-07-05"))
    persons, members, doubtful = folded(first, api(1, person(locator="KAB123")))
    assert len(persons) == 3
    assert doubtful == {("1:1", 1)}
    assert [("1:1", 1)] in members.values()


def test_two_who_are_told_exactly_alike_stay_two_over_any_number_of_pushes():
    alike = (person(1, seat="4A"), person(2, seat="4A"))
    persons, _, doubtful = folded(*(pnr(place, *alike) for place in range(4)))
    assert len(persons) == 2
    assert doubtful == set()


@pytest.mark.law("ING-8")
def test_an_older_message_never_overwrites_a_newer_one_of_its_source():
    old = pnr(0, person(seat="1A", carrier_reference="UPR1"))
    new = pnr(5, person(seat="9F", carrier_reference="UPR1"))
    (late,) = folded(new, old)[0].values()
    assert late.pnr is not None
    assert late.pnr.traveller.seat == "9F"


def test_what_a_closing_list_leaves_out_is_not_forgotten():
    check_in = api(0, person(documents=(PASSPORT,), date_of_birth="1990-02-01", carrier_reference="UPR1"))
    closing = api(1, person(carrier_reference="UPR1"), function="266+CLOB")
    (one,) = folded(check_in, closing)[0].values()
    assert one.api is not None
    assert (one.api.standing, one.api.traveller.date_of_birth) == ("boarded", "1990-02-01")
    assert one.api.traveller.documents == (PASSPORT,)


def test_who_is_missing_when_their_booking_comes_again_is_marked_dropped_and_kept():
    both = (person(1), person(2, given="HRISTO"))
    persons, members, _ = folded(pnr(0, *both), pnr(1, person(1, given="HRISTO"), function="141"))
    standing = {persons[one].pnr.traveller.given_names: persons[one].pnr.standing for one in members}
    assert standing == {"BOJANA": "dropped", "HRISTO": "listed"}


def test_an_empty_cancellation_cancels_the_persons_of_its_booking_and_keeps_what_the_booking_said():
    told = pnr(0, person(1), person(2, given="HRISTO"))
    persons, _, _ = folded(told, pnr(1, bookings=(Booking("KAB123", cancelled=True),), function="141"))
    assert {one.pnr.standing for one in persons.values()} == {"cancelled"}
    kept = fold_booking(Booking("KAB123", agency="12345678", travellers=(1, 2)), Booking("KAB123", cancelled=True))
    assert kept == Booking("KAB123", agency="12345678", travellers=(1, 2), cancelled=True)


def test_who_left_for_a_split_booking_is_found_by_the_locator_it_was_split_from():
    stays, leaves = person(1), person(2, given="HRISTO")
    parted = (Booking("KAB123", travellers=(1,)), Booking("KSP999", travellers=(2,), split_from=("KAB123",)))
    split = pnr(
        1, msgspec.structs.replace(stays, booking=0), msgspec.structs.replace(leaves, booking=1), bookings=parted
    )
    assert len(groups(pnr(0, stays, leaves), split)) == 2


def test_only_full_pushes_and_closing_lists_say_who_is_no_longer_there():
    lists = [pnr(0), pnr(0, function="141"), api(0), api(0, function="266+CLOB"), pnr(0, complete=False)]
    assert [is_full_list(message) for message in lists] == [True, False, False, True, False]


def test_a_push_whose_count_of_bookings_does_not_agree_may_be_a_part_and_takes_nobody_off():
    part = msgspec.structs.replace(pnr(0), findings=(Finding("CNT-02", "W", 0, "counts differ"),))
    assert is_full_list(pnr(0))
    assert not is_full_list(part)


def test_groups_keep_the_id_with_which_they_share_most_and_each_id_is_kept_once():
    held = {("a", 1): "X", ("b", 1): "X", ("c", 1): "Y"}
    assert regroup(held, {"one": [("a", 1), ("b", 1), ("c", 1)]}) == {"one": "X"}
    assert regroup(held, {"one": [("a", 1)], "two": [("b", 1)], "three": [("c", 1)]}) == {"one": "X", "three": "Y"}


def test_the_merged_view_has_the_names_and_documents_of_both_and_api_first_where_both_tell():
    seen = person(date_of_birth="1990-02-01", sex="F", documents=(PASSPORT,), seat="1A")
    booked = person(given="BOJANAMRS", date_of_birth="1990", documents=(OTHER, PASSPORT), seat="2B", locator="KAB123")
    view = merged(seen, booked)
    assert view.other_names == (Name("DRAGANOVA", "BOJANAMRS", "PNR"),)
    assert view.documents == (PASSPORT, OTHER)
    assert (view.date_of_birth, view.sex, view.seat, view.locator) == ("1990-02-01", "F", "2B", "KAB123")
    assert merged(seen, None) is seen
    assert merged(None, booked) is booked
