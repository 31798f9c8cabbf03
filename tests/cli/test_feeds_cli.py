"""`pnr feeds` over simulated carriers, one of whom withholds a push."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from store_setup import commit, index_of, open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.feeds import app
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Received
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rulebooks import load_rulebook

SCENARIO = Scenario(seed=3, flights=3, day=date(2026, 3, 2), travellers=8, planted=0)
NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    root = tmp_path_factory.mktemp("feeds") / "state"
    rulebook, lists = load_rulebook(), index_of([])
    files = list(simulate(SCENARIO))
    withheld = sorted({file.truth.leg_key for file in files})[0]
    with open_demo(root, NOW) as store:
        for file in files:
            if file.truth.leg_key == withheld and file.truth.kind == "PNRGOV":
                continue
            messages = decode(file.body, rulebook=rulebook, now=file.sent_at)
            received = Received("spool", file.name, file.body, file.sent_at + timedelta(seconds=2))
            commit(store, received, messages, lists, file.sent_at)
    return root, withheld


def feeds(command: str, root, *more: str):
    return CliRunner().invoke(app, [command, "--state", str(root), "--now", NOW.strftime("%Y-%m-%dT%H:%M:%S"), *more])


def test_the_board_tells_which_flight_came_without_its_bookings(state):
    root, withheld = state
    result = feeds("board", root, "--format", "json")
    assert result.exit_code == 1, "something does not agree"
    flights = {
        f"{one['flight']['carrier']}{one['flight']['number']}": {finding["rule"] for finding in one["findings"]}
        for one in json.loads(result.output)["flights"]
    }
    assert len(flights) == 3
    assert {flight for flight, rules in flights.items() if "FLT-08" in rules} == {withheld.partition("/")[0]}


def test_the_table_and_the_chart_say_the_same_flights(state, tmp_path):
    root, _ = state
    chart = tmp_path / "board.svg"
    rows = list(csv.DictReader(io.StringIO(feeds("board", root, "--format", "csv", "--svg", str(chart)).output)))
    svg = ElementTree.fromstring(chart.read_text("utf-8"))
    text = " ".join(svg.itertext())
    assert len(rows) == 6
    assert all(row["flight"] in text for row in rows)
    assert svg[0].tag.endswith("title")


def test_the_scorecard_has_a_line_for_each_carrier_and_its_chart(state, tmp_path):
    root, _ = state
    chart = tmp_path / "card.svg"
    result = feeds("scorecard", root, "--format", "json", "--from", "2026-03", "--svg", str(chart))
    lines = json.loads(result.output)
    assert {line["month"] for line in lines} == {"2026-03"}
    assert sum(line["flights"] for line in lines) == 3
    assert sum(line["pnr_alone"] + line["api_alone"] for line in lines) == 1
    ElementTree.fromstring(chart.read_text("utf-8"))


def test_one_carrier_is_shown_with_a_line_a_figure(state):
    root, withheld = state
    lines = feeds("scorecard", root, "--from", "2026-03", "--carrier", withheld[:2].lower()).output.splitlines()
    assert lines[0].split() == ["carrier", withheld[:2]]
    assert lines[1].split() == ["month", "2026-03"]
    assert max(map(len, lines)) < 80


def test_nothing_of_any_traveller_stands_on_board_or_card(state):
    root, _ = state
    told = feeds("board", root, "--format", "json").output + feeds("scorecard", root, "--format", "json").output
    people = [one for file in simulate(SCENARIO) for one in file.truth.travellers]
    values = {one.surname for one in people} | {paper.number for one in people for paper in one.documents}
    assert not [value for value in values if len(value) > 3 and value in told]
