from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.wire.mrz import TEXT_MAX, Zone, read, write
from pnr_pipeline.wire.mrz_layout import LAYOUTS, check_digit
from pnr_pipeline.wire.mrz_names import name_field, names_of

ZONES = yaml.safe_load((Path(__file__).parent.parent / "vectors" / "mrz" / "zones.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_yields_what_its_vector_states(name):
    vector = ZONES[name]
    zone, faults = read("\n".join(vector["lines"]))
    assert (zone and msgspec.to_builtins(zone)) == vector["zone"]
    assert [f"{fault.code} {fault.field or '-'} {fault.line}:{fault.position}" for fault in faults] == vector["faults"]
    assert all(fault.clause.startswith("ICAO Doc 9303-") for fault in faults)


def test_check_digits_are_those_of_the_specimens():
    assert [check_digit(text) for text in ("L898902C3", "740812", "120415", "ZE184226B<<<<<")] == ["6", "2", "9", "1"]
    assert check_digit("L898902C3674081221204159ZE184226B<<<<<1") == "0"


WORD = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
NUMBER = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9)
DATE = st.builds("{:02}{:02}{:02}".format, st.integers(0, 99), st.integers(1, 12), st.integers(1, 28))
BIRTH = st.one_of(DATE, DATE.map(lambda day: day[:4] + "00"), DATE.map(lambda day: day[:2] + "0000"), st.just(""))


@st.composite
def zones(draw):
    form = draw(st.sampled_from(sorted(LAYOUTS)))
    longer = draw(st.booleans()) and form in ("TD1", "TD2")
    number = draw(NUMBER.map(lambda text: text.ljust(9, "7") + "X9")) if longer else draw(NUMBER)
    return Zone(
        form,
        type="V" if form.startswith("MRV") else draw(st.sampled_from(["P", "PD", "I", "AC"])),
        state=draw(st.sampled_from(["UTO", "D", "RKS", "TUR"])),
        surname=draw(NAME),
        given_names=draw(st.one_of(NAME, st.just(""))),
        number=number,
        nationality=draw(st.sampled_from(["UTO", "D", "XXA"])),
        birth=draw(BIRTH),
        sex=draw(st.sampled_from("MFU")),
        expiry=draw(DATE),
        optional=draw(st.sampled_from(["", "A1", "ZE1"])),
        optional_2=draw(st.sampled_from(["", "B2"])) if form == "TD1" else "",
    )


@given(zones(), st.sampled_from(["\n", "\r\n", "|", " ", ""]))
def test_what_is_written_is_read_back_however_the_lines_are_parted(zone, between):
    lines = write(zone)
    layout = LAYOUTS[zone.format]
    assert [len(line) for line in lines] == [layout.length] * layout.lines
    told, faults = read(between.join(lines))
    assert faults == ()
    if told.truncated:
        assert zone.surname.startswith(told.surname[:1])
        zone = msgspec.structs.replace(zone, surname=told.surname, given_names=told.given_names, truncated=True)
    assert told == zone


@given(NAME, st.one_of(NAME, st.just("")), st.integers(20, 39))
def test_a_name_that_fits_stays_and_one_that_does_not_keeps_a_part_of_each_side(surname, given_names, length):
    field = name_field(surname, given_names, length)
    assert len(field) == length
    told_surname, told_given, full = names_of(field)
    if len(f"{surname}<<{given_names}" if given_names else surname) <= length:
        assert (told_surname, told_given) == (surname, given_names)
    else:
        assert told_surname
        assert bool(told_given) == bool(given_names)
        assert full
        assert told_surname[0] == surname[0]


@given(zones(), st.data())
def test_one_digit_misread_in_a_checked_field_is_told_with_its_place(zone, data):
    lines = [list(line) for line in write(zone)]
    layout = LAYOUTS[zone.format]
    field = data.draw(st.sampled_from(["birth", "expiry"]))
    line, first, last = layout.fields[field]
    at = data.draw(st.integers(first - 1, last - 1))
    if lines[line - 1][at] == "<":
        return
    lines[line - 1][at] = str((int(lines[line - 1][at]) + data.draw(st.integers(1, 9))) % 10)
    _, faults = read("\n".join("".join(one) for one in lines))
    assert ("check-digit", field, *layout.checks[field][:2]) in [fault[:4] for fault in faults]


@given(st.one_of(st.text(max_size=120), st.text(alphabet="AB0129<PVI\n| ", max_size=120)))
def test_any_text_is_read_without_raising(text):
    zone, faults = read(text)
    assert zone is not None or faults
    for fault in faults:
        assert 0 <= fault.line <= 3
        assert 0 <= fault.position <= 45


def test_a_text_of_any_length_costs_no_more_than_a_zone():
    assert read("P<UTO" + "<" * 10_000_000).faults == read("P<UTO" + "<" * TEXT_MAX).faults


@pytest.mark.parametrize(
    "wrong",
    [
        Zone("TD3", surname="MÜLLER"),
        Zone("TD3", surname=""),
        Zone("TD3", surname="DOE", number="X123456789"),
        Zone("TD3", surname="DOE", state="UTOPIA"),
        Zone("TD3", surname="DOE", number="X-1"),
    ],
)
def test_a_value_that_no_zone_can_hold_is_refused_without_being_quoted(wrong):
    with pytest.raises(ValueError, match=r"Doc 9303") as refused:
        write(wrong)
    assert not any(value in str(refused.value) for value in ("MÜLLER", "X123456789", "UTOPIA", "X-1"))
