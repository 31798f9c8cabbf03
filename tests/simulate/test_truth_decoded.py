"""What the truth says is what intake gives, field by field: the two were written apart."""

from datetime import UTC, datetime

import pytest
from truth_pairs import FIELDS, called, pairs

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.stores.rule_files import rule_texts

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def rulebook():
    return Rulebook.from_texts({**rule_texts("validation"), **rule_texts("intake")})


@pytest.fixture(scope="module")
def decoded(sound_files, rulebook):
    return [(file.truth, decode(file.body, rulebook=rulebook, now=file.sent_at)) for file in sound_files]


def test_every_file_is_one_complete_message_of_its_kind_and_leg(decoded):
    for truth, messages in decoded:
        assert [(one.kind, one.complete, one.flights[0].key) for one in messages] == [(truth.kind, True, truth.leg_key)]
        assert messages[0].prepared_at == truth.sent_at.replace(tzinfo=None, second=0)


def test_nobody_is_lost_or_invented(decoded):
    for truth, (message,) in decoded:
        assert len(message.travellers) == len(truth.travellers)
        assert len(pairs(truth, message)) == len(truth.travellers)


def test_sound_files_break_no_rule_but_that_of_sensitive_data(decoded):
    findings = [finding for _, (message,) in decoded for finding in message.findings]
    assert {finding.rule for finding in findings if finding.severity != "I"} <= {"SEN-01"}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_was_told_is_read_as_it_was_told(decoded, field):
    true, read = FIELDS[field]
    compared = 0
    for truth, (message,) in decoded:
        for one, record in pairs(truth, message):
            if field not in one.untold:
                assert read(one, record) == true(one), (truth.file, one.person)
                compared += 1
    assert compared > 3000


@pytest.mark.parametrize("field", ["date_of_birth", "sex", "nationality", "seat", "locator"])
def test_a_field_that_was_not_told_is_not_made_up(decoded, field):
    _, read = FIELDS[field]
    for truth, (message,) in decoded:
        for one, record in pairs(truth, message):
            if field in one.untold:
                assert not read(one, record), (truth.file, one.person)


def test_names_of_document_and_booking_are_both_kept(decoded):
    for truth, (message,) in decoded:
        for one, record in pairs(truth, message):
            names = called(record)
            if "surname" not in one.untold:
                assert (one.surname, one.given_names) in names, (truth.file, one.person)
            if one.booked_surname:
                assert (one.booked_surname, one.booked_given_names) in names, (truth.file, one.person)


def test_an_infant_is_led_to_the_adult_it_travels_with(decoded):
    led = 0
    for truth, (message,) in decoded:
        read = {one.person: record for one, record in pairs(truth, message)}
        for one, record in pairs(truth, message):
            if one.accompanied_by and "accompanied_by" not in one.untold:
                assert record.accompanied_by == read[one.accompanied_by].ordinal, (truth.file, one.person)
                led += 1
    assert led > 20


def test_no_sensitive_code_is_left_in_the_records(decoded):
    sent = 0
    for truth, (message,) in decoded:
        count = sum(sum(one.sensitive.values()) for one in truth.travellers)
        dropped = sum(count for kind, count in message.dropped.items() if kind.startswith("sensitive:"))
        assert dropped >= count
        sent += count
    assert sent > 20


def test_whatever_the_fault_nobody_who_was_sent_is_lost(faulty_files, rulebook):
    for file in faulty_files:
        expected = sum("*" not in one.untold for one in file.truth.travellers)
        messages = decode(file.body, rulebook=rulebook, now=file.sent_at)
        assert len(messages) == 1, file.truth.fault
        assert len(messages[0].travellers) == expected, (file.truth.fault, file.name)
        assert messages[0].complete is (file.truth.fault != "truncated")


def test_each_wrong_count_is_a_finding_and_a_sound_file_has_none(faulty_files, sound_files, rulebook):
    rules = {"wrong_unt": "ENV-02", "wrong_unz": "ENV-04"}
    for file in faulty_files:
        if file.truth.fault in rules:
            found = decode(file.body, rulebook=rulebook, now=file.sent_at)[0].findings
            assert rules[file.truth.fault] in {finding.rule for finding in found}
    for file in sound_files:
        found = {finding.rule for finding in decode(file.body, rulebook=rulebook, now=file.sent_at)[0].findings}
        assert not {rule for rule in found if rule.startswith(("ENV", "SYN", "CNT"))}


def test_a_name_that_ends_like_a_title_stays_whole_where_the_document_has_it(rulebook):
    body = (
        b"UNA:+.?*'UNB+IATA:1+QX+PIU+261122:0500+1++PNRGOV'UNH+1+PNRGOV:13:1:IA+QX1/241126/0500+01:F'MSG+:22'ORG+QX:IST'"
        b"TVL+241126:0500:241126:0600+IST+SKP+QX+1'EQN+1'SRC'RCI+QX:ABCDEF::201126:0500'TIF+WAHBA+ZAHRA BADR:IN:1'"
        b"SSR+DOCS:HK:1:QX:::IST:SKP:/P/EGY/A00000001/EGY/01JAN26/FI/01JAN31/WAHBA/ZAHRA/BADR+::1'UNT+9+1'UNZ+1+1'"
    )
    (message,) = decode(body, rulebook=rulebook, now=NOW)
    assert [one.given_names for one in message.travellers] == ["ZAHRA BADR"]
