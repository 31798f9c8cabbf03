"""Periods of law (`P6M`, `P5Y`, `PT24H`) and the moment at which they end."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_FORM = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?(?:T(\d{1,5})H)?")


class Period(NamedTuple):
    """A period in calendar months, days and hours; years are twelve months, weeks are not used."""

    months: int = 0
    days: int = 0
    hours: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that an ISO 8601 duration of years, months, days and hours names; ValueError for any other."""
        form = _FORM.fullmatch(text)
        parts = [int(part or 0) for part in form.groups()] if form else []
        if not any(parts):
            raise ValueError("not a period of years, months, days or hours such as P6M or PT24H")
        years, months, days, hours = parts
        return cls(12 * years + months, days, hours)

    def after(self, start: datetime) -> datetime:
        """The moment, in UTC, at which the period that began at `start` (aware) is over.

        Months are calendar months; where the last month lacks the day, its last day is taken (31 August + 6 months
        = 28 or 29 February), as Regulation (EEC, Euratom) No 1182/71, art. 3(2)(c) does. The Regulation lets a
        period of months run to the end of that day; we stop at the time of day of the start, so we are never later.
        """
        utc = start.astimezone(UTC)
        month = utc.month - 1 + self.months
        year, month = utc.year + month // 12, month % 12 + 1
        day = min(utc.day, calendar.monthrange(year, month)[1])
        return utc.replace(year=year, month=month, day=day) + timedelta(days=self.days, hours=self.hours)
