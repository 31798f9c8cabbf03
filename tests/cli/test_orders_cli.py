"""The whole path as people walk it: staff file, card, request, answer, release, review."""

import json
from datetime import timedelta

import pytest
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import OrderFault, UsageFault

WHO = Truth(1, "ZOGRAFI", "JOVANKA", "1971-01-01", "F", "U0000001", "document", "KAB123")
LATE = (NOW + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S")


def pnr(*words, fails=None):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if fails:
        assert isinstance(result.exception, fails), result.output
    return result


@pytest.fixture
def unit(tmp_path):
    """A store with one late hit, a staff file of its own and a court's card; gives the place and the hit's id."""
    state, days = tmp_path / "state", ("--trained", "2026-01-05", "--until", "2099-12-31")
    flight = Flight()
    flight.add("PAXLST", [WHO])
    with open_demo(state) as store:
        commit(
            store,
            received(flight.messages[0]),
            flight.messages,
            index_of([entry("E1", "ZOGRAFI", "JOVANKA", WHO.born)]),
        )
        hit = store.hits(now=NOW)[0].hit_id
    card = tmp_path / "card.json"
    made = pnr("approver", "init", "--keys", tmp_path / "court", "--as", "judge-1", "--out", card, "--first", "2026-01")
    assert made.exit_code == 0, made.output
    people = (("officer-7", "officer", "A", "the unit"), ("dpo-1", "dpo", "B", "the unit"),
              ("judge-1", "approver", "C", "a court"))  # fmt: skip
    for person, role, name, house in people:
        more = ("--card", card) if role == "approver" else ()
        added = pnr("staff", "add", person, "--name", name, "--role", role, "--organisation", house, *days,
                    "--state", state, *more)  # fmt: skip
        assert added.exit_code == 0, added.output
    return tmp_path, hit


def ask(place, hit, *more, **options):
    return pnr(
        "orders", "request", "--hit", hit, "--offence", "4", "--air-link", "flight-as-means", "--facts", "invented",
        "--scope", "one person", "--from", "2026-02-01", "--to", "2026-03-05", "--as", "officer-7", "--case", "case-7",
        "--out", place / "request.json", "--state", place / "state", "--now", LATE, *more, **options,
    )  # fmt: skip


def decide(place, verb="approve", person="judge-1", **options):
    return pnr(
        "approver", verb, place / "request.json", "--keys", place / "court", "--as", person, "--why", "necessary",
        "--staff", place / "state" / "staff.yaml", "--out", place / "answer.json", "--now", LATE, **options,
    )  # fmt: skip


@pytest.mark.law("DIS-3", "DIS-4")
def test_from_request_to_review(unit):
    place, hit = unit
    at = ("--state", place / "state", "--now", LATE)
    see = ("hits", "show", hit, "--as", "officer-7", "--case", "case-7")
    pnr(*see, "--purpose", "a", *at, fails=OrderFault)
    assert ask(place, hit).exit_code == 0
    assert "flight-as-means" in pnr("approver", "show", place / "request.json").output
    assert decide(place).exit_code == 0
    assert "approved by judge-1" in pnr("orders", "take", place / "answer.json", *at).output
    order = json.loads(pnr("orders", "show", "--format", "json", *at).output)["order_id"]
    assert "ZOGRAFI" in pnr(*see, "--purpose", "b", "--order", order, *at).output
    opened = pnr("orders", "release", order, "--as", "officer-7", "--case", "case-7", *at)
    assert hit in opened.output.splitlines()[0]
    pnr("orders", "release", order, "--as", "officer-7", "--case", "case-7", *at, fails=OrderFault)
    items = [json.loads(line) for line in pnr("dpo", "inbox", "--format", "json", *at).output.splitlines()]
    assert {one["kind"] for one in items} == {"staff.add", "order.approved", "release"}
    done = pnr("dpo", "review", items[0]["item_id"], "--lawful", "--as", "dpo-1", "--case", "review-1", *at)
    assert done.exit_code == 0
    assert json.loads((place / "court" / "answered.jsonl").read_text())["decision"] == "approved"


@pytest.mark.law("DIS-3")
def test_a_second_answer_a_stranger_and_a_tampered_request_are_refused(unit):
    place, hit = unit
    ask(place, hit)
    decide(place, person="officer-7", fails=OrderFault)
    request = place / "request.json"
    signed = request.read_text()
    request.write_text(signed.replace("one person", "everybody"))
    decide(place, fails=OrderFault)
    request.write_text(signed)
    assert decide(place, "refuse").exit_code == 0
    decide(place, fails=OrderFault)
    request.write_text("{}")
    decide(place, fails=UsageFault)


@pytest.mark.law("DIS-3", "SEC-2")
def test_the_private_keys_of_the_approver_are_nowhere_at_the_unit(unit):
    place, hit = unit
    ask(place, hit)
    decide(place)
    names = [path.name for path in (place / "state-keys").rglob("*")]
    assert "court" not in names and not any("approver" in name for name in names)
    pnr(
        "orders",
        "release",
        "0" * 32,
        "--as",
        "officer-7",
        "--case",
        "case-7",
        "--state",
        place / "state",
        fails=UsageFault,
    )
