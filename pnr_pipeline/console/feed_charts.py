"""The scorecard and the feed board as SVG: readable in print, without script, font or colour that carries the meaning.

A chart never stands alone: its table says the same in numbers.
"""

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from pnr_pipeline.intake.completeness import ELEMENTS
from pnr_pipeline.intake.feed_board import FlightFeeds
from pnr_pipeline.intake.scorecard import CarrierMonth

_FLIGHTS_MAX = 400
"""Flights of one chart: a day of a State of 20 million travellers a year."""


def svg_page(template: str, **values: object) -> str:
    """A chart from its template: strict, every value escaped."""
    environment = Environment(
        loader=PackageLoader("pnr_pipeline.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = lambda text: text.replace("_", " ")
    environment.filters["short"] = lambda number: f"{number / 1000:.0f}k" if number >= 10_000 else str(number)
    return environment.get_template(template).render(**values)


def scorecard_svg(lines: Sequence[CarrierMonth]) -> str:
    """One row for each carrier and month: bars of completeness by element, and the rates behind them."""
    return svg_page("scorecard.svg.j2", lines=lines, elements=ELEMENTS)


def feed_board_svg(board: Sequence[FlightFeeds], now: datetime) -> str:
    """One row for each flight: when its pushes came, on the hours before departure; `now` is aware UTC."""
    return svg_page(
        "feed_board.svg.j2", board=board[:_FLIGHTS_MAX], left_out=max(len(board) - _FLIGHTS_MAX, 0), now=now
    )
