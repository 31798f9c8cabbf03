from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.places import airport, to_utc


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("TUR", "TUR"),
        ("TR", "TUR"),
        ("tr", "TUR"),
        ("D", "DEU"),
        ("D<<", "DEU"),
        ("XK", "XKX"),
        ("XKX", "XKX"),
        ("RKS", "XKX"),
        ("UNK", "UNK"),
        ("XXA", "XXA"),
        ("XXB", "XXB"),
        ("GBD", "GBD"),
        ("UK", "GBR"),
        ("ROM", "ROU"),
        ("Turkey", "TUR"),
        ("NORTH MACEDONIA", "MKD"),
        ("", ""),
        ("QQQ", ""),
        ("ABC", ""),
    ],
)
def test_a_country_is_known_by_any_code_that_messages_carry(sent, code):
    assert alpha3(sent) == code


@given(st.text())
def test_alpha3_answers_any_text_with_three_letters_or_nothing(text):
    assert len(alpha3(text)) in (0, 3)
    assert alpha3(alpha3(text)) == alpha3(text)


def test_an_airport_is_found_by_iata_and_icao_code():
    sofia = airport("SOF")
    assert sofia is not None
    assert sofia == airport("lbsf")
    assert (sofia.iata, sofia.icao, sofia.country, sofia.tz) == ("SOF", "LBSF", "BG", "Europe/Sofia")
    assert airport("PRN").country == "XK"
    assert airport("QQQ") is None
    assert airport("") is None


@pytest.mark.parametrize(
    ("local", "place", "utc"),
    [
        ("2026-01-10T08:35", "VIE", "2026-01-10T07:35"),
        ("2026-07-10T08:35", "VIE", "2026-07-10T06:35"),
        ("2026-01-10T07:05", "LTFM", "2026-01-10T04:05"),
        ("2026-10-25T02:30", "SKP", "2026-10-25T00:30"),
        ("2026-03-29T02:30", "SKP", "2026-03-29T01:30"),
    ],
    ids=["winter", "summer", "no-summer-time", "hour-twice-first", "hour-that-is-not"],
)
def test_local_time_of_an_airport_becomes_utc(local, place, utc):
    assert to_utc(datetime.fromisoformat(local), place) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_an_unknown_airport_has_no_utc():
    assert to_utc(datetime.fromisoformat("2026-01-10T08:35"), "QQQ") is None
