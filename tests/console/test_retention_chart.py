"""The calendar of deletion as a page: every line in its column, once, with class, article and rows."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.console.retention_chart import DAYS, calendar_svg, chart_of
from pnr_pipeline.stores.sql.calendar import Calendar, CalendarLine

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def line(days, what="delete", period="S/2026-05-23", article="PNR 12(2)", state="to come", **counts):
    return CalendarLine(NOW + timedelta(days=days), what, period, "Directive (EU) 2016/681 art. 12(2)", article, state,
                        counts or {"records": 2})  # fmt: skip


def calendar(*lines, fault=""):
    return Calendar(NOW, NOW, None, fault, 3, lines, ())


@pytest.mark.law("RET-7", "RET-8")
@given(
    st.lists(st.tuples(st.integers(0, 1900), st.sampled_from(["mask", "delete"]), st.sampled_from("SL")), max_size=30)
)
def test_every_line_stands_in_the_column_of_its_moment_and_none_is_lost(told):
    lines = [line(days, what, f"{kind}/2026-05-23") for days, what, kind in told]
    chart = chart_of(calendar(*lines))
    assert sum(cell.periods for row in chart.rows for cell in row.cells.values()) == len(lines)
    assert sum(cell.rows for row in chart.rows for cell in row.cells.values()) == 2 * len(lines)
    for row in chart.rows:
        assert all(0 < place < len(chart.columns) for place in row.cells)
    for one in lines:
        alone = chart_of(calendar(one))
        (place,) = alone.rows[0].cells
        if one.at.date() < NOW.date() + timedelta(days=DAYS):
            assert alone.columns[place].label == f"{one.at:%d}"
        else:
            assert alone.columns[place].label in (f"{one.at:%b}", f"{one.at:%Y}")


@pytest.mark.law("RET-8")
def test_what_is_late_stands_first_and_apart():
    chart = chart_of(calendar(line(-2, state="due"), line(-1, state="ending"), line(1)))
    assert chart.rows[0].cells[0].periods == 2 and chart.columns[0].label == "late"


def test_the_page_tells_article_rows_and_moment_and_is_well_formed():
    svg = calendar_svg(
        calendar(line(3, records=12, hits=3), line(40, "mask", "L/2026-06-01"), fault="x < y"), "law_enforcement"
    )
    root = ElementTree.fromstring(svg)
    words = " ".join(one.text or "" for one in root.iter())
    for part in ("PNR 12(2)", "S (six months) deleted", "L (on evidence) masked", "2026-11-23 10:00", "15",
                 "3 hits, 12 records", "law enforcement domain", "The last sweep failed"):  # fmt: skip
        assert part in words, part


def test_an_empty_calendar_is_a_page_too():
    ElementTree.fromstring(calendar_svg(calendar(), "border"))
