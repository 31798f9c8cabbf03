import re
from collections import Counter

import pytest
from pydifact.segmentcollection import RawSegmentCollection

from pnr_pipeline.simulate import Scenario, simulate
from tests.simulate.conftest import DAY, tokens

UNOA_AND_PADIS = re.compile(r"[A-Z0-9 .,\-()/=!\"%&*;<>'+:?\r\n]+")


def of_kind(files, kind):
    return [file for file in files if file.truth.kind == kind]


def test_every_count_and_reference_of_the_envelope_is_true(sound_files):
    for file in sound_files:
        segments = tokens(file.body)
        tags = [segment[0][0] for segment in segments]
        told = {segment[0][0]: segment[1:] for segment in segments}
        assert told["UNT"][0] == [str(tags.index("UNT") - tags.index("UNH") + 1)]
        assert told["UNT"][1] == told["UNH"][0]
        assert told["UNZ"] == [["1"], told["UNB"][4]]
        if "UNG" in told:
            assert told["UNE"] == [["1"], told["UNG"][4]]


def test_passengers_crew_and_bookings_are_counted_as_they_are(sound_files):
    for file in sound_files:
        segments = tokens(file.body)
        tags = Counter(segment[0][0] for segment in segments)
        if file.truth.kind == "PAXLST":
            travellers = sum(segment[0][0] == "NAD" and segment[1] != ["MS"] for segment in segments)
            qualifier = "41" if file.truth.push == "crew" else "42"
            assert [qualifier, str(travellers)] in [segment[1] for segment in segments if segment[0] == ["CNT"]]
            assert travellers == len(file.truth.travellers)
        else:
            head = next(segment for segment in segments if segment[0] == ["EQN"])
            assert head[1] == [str(tags["SRC"])]


def test_the_wire_keeps_to_its_repertoire(sound_files):
    for file in sound_files:
        assert UNOA_AND_PADIS.fullmatch(file.body.decode("ascii"))


@pytest.mark.filterwarnings("ignore:segments.xml not found", "ignore:Segment SRC is empty")
def test_an_independent_library_reads_the_same_segments(sound_files):
    plain = [file for file in sound_files if b"\n" not in file.body and len(file.body) < 60_000][::5]
    assert {file.truth.kind for file in plain} == {"PAXLST", "PNRGOV"}
    for file in plain:
        theirs = [segment.tag for segment in RawSegmentCollection.from_str(file.body.decode("ascii")).segments]
        ours = [segment[0][0] for segment in tokens(file.body)]
        assert [tag for tag in theirs if tag != "UNA"] == ours


def test_file_names_are_unique_sorted_by_sending_and_name_nobody(sound_files):
    names = [file.name for file in sound_files]
    assert len(set(names)) == len(names)
    assert [file.sent_at for file in sound_files] == sorted(file.sent_at for file in sound_files)
    moments = [name.split("_")[0] for name in names]
    assert moments == sorted(moments)
    pattern = r"\d{8}T\d{6}Z_\w{2}\d+_[A-Z]{3}-[A-Z]{3}_(paxlst|pnrgov)_(booking|crew|list|closure|closeout)\.edi"
    assert all(re.fullmatch(pattern, name) for name in names)


def test_references_differ_and_envelope_times_rise_from_push_to_push(sound_files):
    references = [tokens(file.body)[0][5][0] for file in sound_files]
    assert len(set(references)) == len(references)
    assert all(len(reference) <= 14 for reference in references)
    for leg in {file.truth.leg_key for file in sound_files}:
        stamps = [tokens(file.body)[0][4] for file in sound_files if file.truth.leg_key == leg]
        assert stamps == sorted(stamps)
        assert len(stamps) == len({tuple(stamp) for stamp in stamps}) == 6


def test_the_first_pnrgov_push_falls_into_the_two_days_before_departure(sound_files):
    for file in of_kind(sound_files, "PNRGOV"):
        hours = (file.truth.departure_utc - file.sent_at).total_seconds() / 3600
        assert 47 <= hours <= 48 if file.truth.push == "booking" else 0 < hours < 1


def test_an_apostrophe_goes_out_released(sound_files):
    released = [file for file in sound_files if b"?'" in file.body]
    assert released
    kept = [
        part for file in released for segment in tokens(file.body) for one in segment for part in one if "'" in part
    ]
    assert len(kept) == sum(file.body.count(b"?'") for file in released)


@pytest.mark.parametrize("seats", [1, 70, 268, 410])
def test_a_flight_takes_exactly_the_travellers_asked_for(seats):
    files = list(simulate(Scenario(seed=1, flights=1, day=DAY, travellers=seats, planted=0)))
    closure = next(file for file in files if file.truth.kind == "PAXLST" and file.truth.push == "closure")
    assert sum(bool(one.seat) for one in closure.truth.travellers) == seats
    assert len({one.seat for one in closure.truth.travellers if one.seat}) == seats


def test_interactive_check_in_sends_one_traveller_a_message_with_the_total_of_the_flight():
    files = list(simulate(Scenario(seed=2, flights=1, day=DAY, travellers=40, planted=0, interactive=True)))
    single = [file for file in files if file.truth.push.startswith("checkin-")]
    closure = next(file for file in files if file.truth.kind == "PAXLST" and file.truth.push == "closure")
    assert [file.truth.travellers[0].person for file in single] == [one.person for one in closure.truth.travellers]
    for file in single:
        assert len(file.truth.travellers) == 1
        assert f"CNT+42:{len(single)}'".encode() in file.body


def test_sensitive_codes_are_sent_and_counted_in_the_truth(sound_files):
    sent = 0
    for file in of_kind(sound_files, "PNRGOV"):
        codes = Counter(segment[1][0] for segment in tokens(file.body) if segment[0] == ["SSR"])
        told = Counter()
        for one in file.truth.travellers:
            told.update(one.sensitive)
        assert all(codes[code] == count for code, count in told.items())
        sent += sum(told.values())
    assert sent > 20


@pytest.mark.parametrize(
    "wrong", [{"faults": 1.5}, {"flights": -1}, {"planted": -1}, {"travellers": 0}, {"travellers": 901}]
)
def test_a_scenario_out_of_bounds_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        next(simulate(Scenario(**{"seed": 1, "flights": 1, "day": DAY} | wrong)))
