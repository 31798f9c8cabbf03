"""Two hundred flights, half of their files with a fault: what was sent is what is read, field by field."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest
from truth_pairs import FIELDS, called, pairs

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.records.places import to_utc
from pnr_pipeline.simulate import Scenario, TrueTraveller, simulate
from pnr_pipeline.simulate.faults import FAULTS
from pnr_pipeline.stores.rule_files import rule_texts

NOT_ON_THE_WIRE = {"person", "name", "planted", "spelling", "decoy_of", "untold"}
ELSEWHERE = {"surname", "given_names", "booked_surname", "booked_given_names", "accompanied_by", "sensitive"}


@pytest.fixture(
    scope="module", params=[(0.0, False), (0.5, False), (0.5, True)], ids=["sound", "faulty", "interactive"]
)
def read(request):
    """Truth, message, and each true traveller with their record."""
    rulebook = Rulebook.from_texts({**rule_texts("validation"), **rule_texts("intake")})
    faults, interactive = request.param
    day = date(2026, 11, 24)
    scenario = Scenario(seed=11, flights=200, day=day, travellers=6, faults=faults, interactive=interactive)
    found = []
    for file in simulate(scenario):
        (message,) = decode(file.body, rulebook=rulebook, now=file.sent_at)
        found.append((file.truth, message, pairs(file.truth, message)))
    return found


def test_every_field_of_the_truth_is_compared_or_is_not_on_the_wire():
    assert set(TrueTraveller.__struct_fields__) == NOT_ON_THE_WIRE | ELSEWHERE | set(FIELDS)


def test_there_are_two_hundred_flights_and_every_fault(read):
    assert len({truth.leg_key for truth, _, _ in read}) == 200
    faults = {(truth.kind, truth.fault) for truth, _, _ in read if truth.fault}
    if faults:
        assert faults == {(kind, fault) for kind in FAULTS for fault in FAULTS[kind]}


def test_the_message_is_of_its_kind_leg_and_times_with_all_who_were_sent(read):
    for truth, message, paired in read:
        assert message.kind == truth.kind
        (leg,) = message.flights
        assert leg.key == truth.leg_key
        assert to_utc(leg.departure_local, leg.origin) == truth.departure_utc
        assert to_utc(leg.arrival_local, leg.destination) == truth.arrival_utc
        if "_again" not in truth.file:  # sent a second time, it still tells the first
            assert message.prepared_at == truth.sent_at.replace(tzinfo=None, second=0)
        assert message.complete is (truth.fault != "truncated")
        assert len(message.travellers) == len(paired), (truth.file, truth.fault)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_read_as_it_was_told_and_not_made_up(read, field):
    true, told = FIELDS[field]
    compared = 0
    for truth, _, paired in read:
        for one, record in paired:
            if field not in one.untold:
                assert told(one, record) == true(one), (truth.file, truth.fault, one.person)
                compared += 1
            elif field != "role":
                assert not told(one, record), (truth.file, truth.fault, one.person)
    assert compared > 3_000


def test_names_of_document_and_booking_are_both_read(read):
    compared = 0
    for truth, _, paired in read:
        for one, record in paired:
            names = called(record)
            if "given_names" not in one.untold:
                assert (one.surname, one.given_names) in names, (truth.file, truth.fault, one.person)
            elif "surname" not in one.untold:
                assert one.surname in {surname for surname, _ in names}, (truth.file, truth.fault, one.person)
            if one.booked_surname:
                assert (one.booked_surname, one.booked_given_names) in names, (truth.file, truth.fault, one.person)
                compared += 1
            others = {one.surname, one.booked_surname} - {""}
            assert {surname for surname, _ in names} <= others, (truth.file, truth.fault, one.person)
    assert compared > 10


def test_an_infant_is_led_to_its_adult_and_nobody_else_is_led(read):
    led = 0
    for truth, _, paired in read:
        ordinals = {one.person: record.ordinal for one, record in paired}
        for one, record in paired:
            if one.accompanied_by and "accompanied_by" not in one.untold:
                assert record.accompanied_by == ordinals[one.accompanied_by], (truth.file, truth.fault, one.person)
                led += 1
            elif not one.accompanied_by:
                assert record.accompanied_by is None, (truth.file, truth.fault, one.person)
    assert led > 20


def test_what_is_sensitive_is_counted_and_nowhere_in_the_records(read):
    sent = 0
    for truth, message, paired in read:
        count = sum(chain.from_iterable(one.sensitive.values() for one, _ in paired))
        dropped = Counter(message.dropped)
        kept = sum(number for kind, number in dropped.items() if kind.startswith("sensitive:"))
        assert kept >= count, (truth.file, truth.fault)
        sent += count
    assert sent > 20
