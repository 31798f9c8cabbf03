"""The whole exchange as officers walk it, the partner of the exercise on the other side."""

import json
from hashlib import sha256

import msgspec
import pytest
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.records.exchange import ExchangeRequest, SoughtPerson
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.exchange_letters import ExchangeKeys, read_letter
from pnr_pipeline.stores.rulebooks import load_profile

WHO = Truth(1, "ZOGRAFI", "JOVANKA", "1971-01-01", "F", "U0000001", "document", "KAB123")
PARTNER = "exercise-partner-unit"
BY = ("--as", "officer-7", "--case", "case-7")


def theirs(partner=PARTNER):
    label = partner.encode()
    return ExchangeKeys(
        sha256(b"exercise sealing key of " + label).digest(), sha256(b"exercise signing key of " + label).digest()
    )


def pnr(*words, ends=0, fails=None):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if fails:
        assert isinstance(result.exception, fails), result.output
    else:
        assert result.exit_code == ends, result.output
    return result.output


@pytest.fixture
def unit(tmp_path):
    """A state folder with one confirmed hit, the options that name it, and the hit's id."""
    flight = Flight()
    flight.add("PAXLST", [WHO])
    with open_demo(tmp_path / "state") as store:
        lists = index_of([entry("E1", "ZOGRAFI", "JOVANKA", WHO.born)])
        commit(store, received(flight.messages[0]), flight.messages, lists)
        (line,) = store.hits(now=NOW)
        decided = Decision(line.hit_id, 1, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means")
        store.decide(decided, review_codes(), case="case-1")
    return tmp_path, ("--state", tmp_path / "state", "--now", NOW.isoformat()), line.hit_id


def request_of_the_partner(place, at):
    card = place / "card.json"
    pnr("exchange", "card", "--out", card, *at)
    told = json.loads(card.read_text())
    us = load_profile("demo").exchange.partners[0].model_dump() | {
        "id": told["own"], "seals_with": told["seals_with"], "signs_with": told["signs_with"],
    }  # fmt: skip
    asked = ExchangeRequest(
        case="THEIRS-7", offence="4", reasons="invented", first="2026-02-01", last="2026-03-05",
        sought=(SoughtPerson(surname="ZOGRAFI"),),
    )  # fmt: skip
    file = place / "asked.json"
    file.write_bytes(msgspec.json.encode(theirs().write("request", asked, PARTNER, Partner(**us), NOW)))
    return file


@pytest.mark.law("DIS-5")
def test_a_confirmed_hit_goes_once_every_condition_is_met_and_the_partner_reads_it(unit):
    place, at, hit = unit
    send = ("exchange", "send", PARTNER, "--hit", hit, "--offence", "4", *BY, "--out", place / "results.json", *at)
    assert "relevant_and_necessary" in pnr(*send, ends=1)
    assert not (place / "results.json").exists()
    pnr(*send, "--says", "hope=much", fails=UsageFault)
    assert "identified_by_review" in pnr(*send, "--says", "relevant_and_necessary=flies on to there")
    letter = read_letter((place / "results.json").read_bytes())
    assert theirs().open(letter).persons[0].traveller.surname == "ZOGRAFI"
    assert b"ZOGRAFI" not in (place / "results.json").read_bytes()
    again = place / "again.json"
    shown = pnr("exchange", "show", letter.letter_id, *BY, "--out", again, *at)
    assert "flies on to there" in shown and again.read_bytes() == (place / "results.json").read_bytes()
    assert PARTNER in pnr("exchange", "list", *at)


@pytest.mark.law("DIS-5")
def test_a_partners_request_is_verified_taken_in_once_shown_and_refused(unit):
    place, at, _ = unit
    file = request_of_the_partner(place, at)
    assert "signed by it, sealed to us, new" in pnr("exchange", "verify", file, *at)
    assert "request" in pnr("exchange", "receive", file, *BY, *at)
    pnr("exchange", "receive", file, *BY, *at, fails=UsageFault)
    (line,) = [json.loads(one) for one in pnr("exchange", "list", "--format", "json", *at).splitlines()]
    assert "ZOGRAFI" in pnr("exchange", "show", line["letter_id"], *BY, *at)
    answer = ("exchange", "answer", line["letter_id"], *BY, "--out", place / "no.json", *at)
    assert "pnr orders request --act transfer" in " ".join(pnr(*answer, ends=1).split())
    pnr(*answer, "--refuse", "never", fails=UsageFault)
    pnr(*answer, "--refuse", "not_specific", "--why", "name the flight")
    assert theirs().open(read_letter((place / "no.json").read_bytes())).code == "not_specific"


@pytest.mark.law("DIS-5", "SEC-3")
def test_the_register_is_shown_and_under_the_strictest_profile_there_is_nobody(unit, tmp_path):
    _, at, _ = unit
    assert PARTNER in pnr("exchange", "partners", *at)
    assert "NOT VALID" in pnr("exchange", "partners", *at[:2], "--now", "2025-06-01T10:00:00", ends=1)
    assert load_profile("eu").exchange.partners == ()


@pytest.mark.law("SEC-5", "DIS-5")
def test_what_was_erased_is_listed_until_the_partner_is_told(unit):
    place, at, hit = unit
    told = ("--says", "relevant_and_necessary=flies on", "--out", place / "results.json")
    pnr("exchange", "send", PARTNER, "--hit", hit, "--offence", "4", *BY, *told, *at)
    letter = read_letter((place / "results.json").read_bytes())
    record = theirs().open(letter).persons[0].reference
    keeper = ("--as", "retention-1", "--case", "case-9")
    assert PARTNER in pnr("retain", "erase", record, "--why", "inaccurate", *keeper, *at)
    assert "WRONG, tell" in pnr("exchange", "list", *at, ends=1)
    notify = ("exchange", "notify", letter.letter_id, "--words", "erase it", *BY, "--out", place / "notice.json")
    pnr(*notify, *at)
    assert theirs().open(read_letter((place / "notice.json").read_bytes())).references == (record,)
    pnr("exchange", "list", *at)


@pytest.mark.law("DIS-5")
def test_our_request_is_written_for_the_partner_alone(unit):
    place, at, _ = unit
    pnr(
        "exchange", "request", PARTNER, "--offence", "4", "--reasons", "invented", "--from", "2026-02-01", "--to",
        "2026-03-01", "--flight", "QX101/2026-03-02", *BY, "--out", place / "ask.json", *at,
    )  # fmt: skip
    asked = theirs().open(read_letter((place / "ask.json").read_bytes()))
    assert asked.sought == (SoughtPerson(flight="QX101/2026-03-02"),)
