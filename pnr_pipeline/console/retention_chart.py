"""The calendar of masking and deletion as one page of SVG: what ends on which day, by which article, how many rows.

Readable in print; no colour carries the meaning alone. `pnr retain calendar` says the same in a table.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from pnr_pipeline.console.feed_charts import svg_page
from pnr_pipeline.stores.sql.calendar import Calendar, CalendarLine

DAYS = 35
"""Of the first part: what lies beyond is told by month, and after a year of months by year."""
_MONTHS = 12
_CLASSES = {
    "ingest": "could not be read", "api": "border: pushes", "absent": "border: did not present themselves",
    "S": "six months", "L": "on evidence", "evidence": "copies for a dispute", "backup": "backups",
}  # fmt: skip
_WHAT = {"mask": "masked", "delete": "deleted"}


class Column(msgspec.Struct, frozen=True):
    """A day, a month, a year or what is late: its label, and the heading above where one begins."""

    label: str
    above: str


class Cell(msgspec.Struct, frozen=True):
    """What ends in one column of a row: key periods, rows by kind in words, and their sum."""

    periods: int
    rows: int
    words: str


class Row(msgspec.Struct, frozen=True):
    """One class and what happens to it, by one article; cells by number of their column."""

    label: str
    article: str
    cells: dict[int, Cell]


class Chart(msgspec.Struct, frozen=True):
    """The page as data."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    articles: tuple[tuple[str, str], ...]


def chart_of(told: Calendar) -> Chart:
    """The lines of a calendar in columns: what is late, 35 days, the months after them, then years."""
    columns, ends = _columns(told)
    of: dict[tuple[str, str, str], dict[int, list[CalendarLine]]] = defaultdict(lambda: defaultdict(list))
    for line in told.lines:
        of[line.period.partition("/")[0], line.what, line.article][_place(line, ends)].append(line)
    order = list(_CLASSES)
    rows = tuple(
        Row(f"{key_class} ({_CLASSES.get(key_class, '')}) {_WHAT[what]}", article,
            {place: _cell(lines) for place, lines in sorted(cells.items())})
        for (key_class, what, article), cells in sorted(
            of.items(), key=lambda one: (order.index(one[0][0]) if one[0][0] in order else 9, one[0])
        )
    )  # fmt: skip
    return Chart(columns, rows, tuple(sorted({(line.article, line.because) for line in told.lines})))


def calendar_svg(told: Calendar, domain: str) -> str:
    """One page: who is asked in court what is kept until when shows it, with the moment it was made."""
    return svg_page("retention_calendar.svg.j2", told=told, chart=chart_of(told), domain=domain, days=DAYS)


def _columns(told: Calendar) -> tuple[tuple[Column, ...], list[datetime]]:
    """The columns, and the end of each (aware UTC); that of the first is not used: it holds what is late."""
    today = told.now.astimezone(UTC).date()
    days = [today + timedelta(days=number) for number in range(DAYS)]
    columns, ends = [Column("late", "")], [told.now]
    for number, day in enumerate(days):
        columns.append(Column(f"{day:%d}", f"{day:%b %Y}" if not number or day.day == 1 else ""))
        ends.append(_start(day + timedelta(days=1)))
    month = days[-1].replace(day=1)
    for number in range(_MONTHS):
        after = (month + timedelta(days=32)).replace(day=1)
        columns.append(Column(f"{month:%b}", f"{month:%Y}" if not number or month.month == 1 else ""))
        ends.append(_start(after))
        month = after
    last = max((line.at.year for line in told.lines), default=month.year)
    for year in range(month.year, max(last, month.year) + 1):
        columns.append(Column(f"{year}", "later" if year == month.year else ""))
        ends.append(_start(date(year + 1, 1, 1)))
    return tuple(columns), ends


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _place(line: CalendarLine, ends: list[datetime]) -> int:
    if line.state != "to come":
        return 0
    return next(number for number, end in enumerate(ends) if number and line.at < end)


def _cell(lines: Iterable[CalendarLine]) -> Cell:
    told = list(lines)
    rows: Counter[str] = Counter()
    for line in told:
        rows.update(line.counts)
    words = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in sorted(rows.items())) or "no rows"
    first, last = min(line.period for line in told), max(line.period for line in told)
    periods = first if first == last else f"{first} to {last}"
    return Cell(len(told), rows.total(), f"{periods}: {words}")
