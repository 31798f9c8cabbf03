"""A search of the archive as its command runs it: a bounded pipeline, from the order to the case file."""

import json
from datetime import timedelta

import msgspec
import pytest
from orders_setup import Court
from store_setup import NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.audit import Access
from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import OrderFault, PnrFault
from pnr_pipeline.pipelines.archive import search_archive
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.retention.order import OrderRequest
from pnr_pipeline.stores import lake

PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 5)]  # fmt: skip
LISTS = index_of([entry("E1", "NOBODY", "AT ALL")])
LATER = NOW + timedelta(days=10)
PERSONS = [
    {"id": "P1", "names": [{"full": "", "surname": "Zografia", "given": "Jovanka"}], "dob": [PEOPLE[0].born]},
    {"id": "P9", "names": [{"full": "Somebody Else"}], "documents": [{"number": "U0000003"}]},
]  # fmt: skip


def run(state, *words, code=0):
    ended = CliRunner().invoke(
        app, [*map(str, words), "--state", str(state), "--profile", "demo", "--now", LATER.isoformat()]
    )
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    assert ended.exit_code == code, ended.output
    return ended.stdout


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def state(tmp_path, court, monkeypatch):
    """A day of receipt, closed in the lake in two row groups."""
    monkeypatch.setattr(lake, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr("pnr_pipeline.stores.sql.lake_closing.ROWS_AT_ONCE", 2)
    with open_demo(tmp_path / "state") as store:
        court.publish(store)
        flight = Flight()
        flight.add("PAXLST", PEOPLE)
        commit(store, received(flight.messages[0]), flight.messages, LISTS)
        assert store.lake.close(NOW + timedelta(days=6))
    return tmp_path / "state"


def ordered(state, court, tmp_path):
    file = tmp_path / "persons.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in PERSONS))
    request = tmp_path / "request.json"
    run(
        state, "orders", "request", "--act", "search", "--sought", file, "--offence", "4",
        "--air-link", "flight-as-means", "--facts", "an invented witness",
        "--scope", "two persons", "--from", "2026-02-01", "--to", "2026-03-31",
        "--as", "officer-7", "--case", "case-7", "--out", request,
    )  # fmt: skip
    told = msgspec.json.decode(request.read_bytes(), type=OrderRequest)
    with open_demo(state, LATER) as store:
        store.orders.take(court.decide(told, store, LATER), LATER)
    return told.order_id


@pytest.mark.law("DIS-3")
def test_from_the_request_to_the_case_file_and_a_record_opened(state, court, tmp_path):
    order = ordered(state, court, tmp_path)
    who = ("--as", "officer-7", "--case", "case-7")
    file = json.loads(run(state, "archive", "search", order, *who, "--format", "json"))
    assert {line["person"] for line in file["lines"]} == {"P1", "P9"}
    again = json.loads(run(state, "archive", "show", order, *who, "--format", "json"))
    assert again == file
    (record,) = [line["record_id"] for line in file["lines"] if line["person"] == "P9"]
    opened = json.loads(run(state, "archive", "open", order, record, *who))
    assert opened["traveller"]["surname"] == "ZOGRAFIC"
    assert "ZOGRAFI" not in run(state, "archive", "show", order, *who)
    with pytest.raises(OrderFault, match="used"):
        run(state, "archive", "search", order, *who)
    with open_demo(state, LATER) as store:
        bodies = [json.loads(body) for (body,) in store._ground.db.execute("SELECT body FROM audit_entry").fetchall()]
    assert not any("ZOGRAFI" in json.dumps(body) for body in bodies)


@pytest.mark.law("DIS-3")
def test_a_search_that_is_broken_off_is_begun_again_and_one_whose_order_expires_ends(state, court, tmp_path):
    order = ordered(state, court, tmp_path)
    access = Access("officer-7", "b", "case-7", order)
    options = RunOptions(state=state, profile="demo", now=LATER)

    def broken(done, of):
        raise ValueError("ZOGRAFIA")

    with pytest.raises(PnrFault, match="fault of the program") as fault:
        search_archive(options, access, broken)
    assert "ZOGRAFIA" not in str(fault.value)
    late = RunOptions(state=state, profile="demo", now=LATER + timedelta(days=400))
    with pytest.raises(OrderFault, match="expired"):
        search_archive(late, access)
    told: list[tuple[int, int]] = []
    file = search_archive(options, access, lambda done, of: told.append((done, of)))
    assert {line.person for line in file.lines} == {"P1", "P9"}
    assert told == [(1, 2), (2, 2)]
