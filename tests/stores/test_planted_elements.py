"""Whatever element a carrier puts a name, a document or a telephone number into, no clear byte of the store holds it.

Each element and component of valid messages is replaced in turn, by the real path: decode, screen, commit, relay.
"""

import logging
import re
from itertools import islice
from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_setup import NOW, commit, entry, index_of, open_demo

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.csv_columns import template
from pnr_pipeline.records import FlightLeg, Received
from pnr_pipeline.records.clear import FORMS, clear_leg
from pnr_pipeline.stores.rulebooks import load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors"
RULEBOOK = load_rulebook()
LISTS = index_of([entry("E1", "BERISHA", "ARTA", document="P00333444")])
PAXLST = (VECTORS / "paxlst" / "full_traveller.edi").read_bytes()
PNRGOV = (VECTORS / "pnrgov" / "family-codeshare-history.edi").read_bytes().replace(b"\n", b"")
XML = (VECTORS / "pnr-xml" / "notification.xml").read_bytes()
CSV = template().encode()

PART = re.compile(rb"(?<=[+:])[^+:'?\r\n]*(?=[+:'])")
VALUE = re.compile(rb'(?<=[a-z]=")[^"]*(?=")|(?<=>)[^<>\r\n]+(?=<)', re.IGNORECASE)
CELL = re.compile(rb"(?<=[;\n])[^;\r\n]+(?=[;\r])")
TOKENS = re.compile(rb"ZQVORNIK[A-Z]{4}|P0L[0-9]{6}|\+4477[0-9]{7}|ZQVORNIK XH", re.IGNORECASE)


def tokens(number: int) -> tuple[bytes, ...]:
    """A name, a passport number of nine characters, a telephone number and a name of two words, all of this number."""
    letters = "".join(ascii_uppercase[number // 26**place % 26] for place in range(4))
    return tuple(
        one.encode() for one in (f"ZQVORNIK{letters}", f"P0L{number:06}", f"+4477{number:07}", f"ZQVORNIK XH{letters}")
    )


def planted(body: bytes, part: re.Pattern[bytes]):
    """The body with a token in one place, for each place: a name, and a token of another kind in turn."""
    places = [found.span() for found in part.finditer(body)]
    assert len(places) > 20
    number = 0
    for place, (start, stop) in enumerate(places):
        for kind in (0, 1 + place % 3):
            number += 1
            yield body[:start] + tokens(number)[kind] + body[stop:]


def batched(bodies, size=10):
    """Some at a time, each for a store of its own: a leg of a thousand messages takes long to fold."""
    bodies = iter(bodies)
    while some := list(islice(bodies, size)):
        yield some


def found_below(root: Path) -> set[bytes]:
    return {token for path in root.rglob("*") if path.is_file() for token in TOKENS.findall(path.read_bytes())}


def take(store, body: bytes, name: str) -> None:
    file = Received("spool", name, body, NOW)
    commit(store, file, decode(body, rulebook=RULEBOOK, now=NOW), LISTS)


@pytest.mark.law("ING-2")
@pytest.mark.parametrize(
    ("body", "part"),
    [(PAXLST, PART), (PNRGOV, PART), (XML, VALUE), (CSV, CELL)],
    ids=["paxlst", "pnrgov", "xml", "csv"],
)
def test_no_element_brings_a_token_into_a_clear_byte(tmp_path, caplog, body, part):
    caplog.set_level(logging.DEBUG)
    for batch, some in enumerate(batched(planted(body, part))):
        root = tmp_path / str(batch)
        with open_demo(root / "state") as store:
            for number, one in enumerate(some):
                take(store, one, f"{tokens(number)[0].decode()} {tokens(number)[1].decode()}.edi")
            store.relay(NOW)
            assert found_below(root) == set()  # with -wal there
        assert found_below(root) == set()
    assert TOKENS.findall(caplog.text.encode()) == []


def test_the_search_finds_a_token_that_a_form_lets_through(tmp_path, monkeypatch):
    monkeypatch.setitem(FORMS, "place", re.compile(".*"))
    clear_leg.cache_clear()
    body = re.sub(rb"(?<=LOC\+125\+)\w+", tokens(1)[0], PAXLST)
    with open_demo(tmp_path / "state") as store:
        take(store, body, "list.edi")
    clear_leg.cache_clear()
    assert found_below(tmp_path)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.sampled_from([PAXLST, PNRGOV]),
    chosen=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3)), min_size=2, max_size=12),
)
def test_nor_do_several_at_once(tmp_path_factory, body, chosen):
    places = [found.span() for found in PART.finditer(body)]
    by_place = {places[at % len(places)]: kind for at, kind in chosen}
    for (start, stop), kind in sorted(by_place.items(), reverse=True):
        body = body[:start] + tokens(start)[kind] + body[stop:]
    root = tmp_path_factory.mktemp("several")
    with open_demo(root / "state") as store:
        take(store, body, "list.edi")
        store.relay(NOW)
    assert found_below(root) == set()


def test_a_flight_keeps_what_has_the_form_of_its_code():
    told = FlightLeg("TK", "1883", "IST", "LOWW", registration="TC-JRO", marketing="LH5800")
    assert clear_leg(told) is told
    for registration in ("N123AB", "JA8089", "D-ABCD", "9A-CTG", "A6-EDA", "RA-73000", "TCJRO", "N12345"):
        assert clear_leg(FlightLeg(registration=registration)).registration == registration
    for number in ("U12345678", "L898902C3", "12345678", "ZQVORNIK", "AB1234567", "C01X00T47"):
        assert (
            clear_leg(FlightLeg(number, number, number, number, registration=number, marketing=number)) == FlightLeg()
        )
