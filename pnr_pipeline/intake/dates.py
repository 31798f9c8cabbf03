"""Dates as carriers write them, into ISO 8601 (FORMATS 2.7; code list 2379).

Every function returns None for what is not a date; none raises. `on` is the day that decides the century: the day of
departure, or of receipt where the flight gives none.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
_EXPIRY_YEARS_MAX = 50
BARE_DAY = re.compile(rf"[0-9]{{6}}|[0-9]{{8}}|[0-9]{{2}}(?:{'|'.join(_MONTHS)})[0-9]{{2}}(?:[0-9]{{2}})?")
"""A day and nothing else, as most write it."""
_KEPT = 1 << 16
"""Days that are kept once read: a birth is on one of some 40,000, and a bare day apart from any person names nobody.
Any other text is read anew each time, as nobody knows what a sender puts in the place of a date."""


def birth_date(text: str, on: date) -> str | None:
    """ISO day of birth from YYMMDD, CCYYMMDD or DDMMMYY(YY); `1987` or `1987-02` where day or month is unknown (00).

    A two-digit year takes the latest century that is not after `on`.
    """
    return birth_of_day(text, on) if BARE_DAY.fullmatch(text) else _birth_date(text, on)


def _birth_date(text: str, on: date) -> str | None:
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day, century_told = parts
    if not century_told:
        year += 2000
        if (year, month, day) > (on.year, on.month if month else 0, on.day if day else 0):
            year -= 100
    return _iso(year, month, day)


def expiry_date(text: str, on: date) -> str | None:
    """ISO day of expiry: a two-digit year is 20YY unless that is more than 50 years after `on`."""
    return expiry_of_day(text, on) if BARE_DAY.fullmatch(text) else _expiry_date(text, on)


def _expiry_date(text: str, on: date) -> str | None:
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day, century_told = parts
    if not century_told:
        year += 2000
        if year > on.year + _EXPIRY_YEARS_MAX:
            year -= 100
    return _iso(year, month, day)


birth_of_day = lru_cache(maxsize=_KEPT)(_birth_date)
expiry_of_day = lru_cache(maxsize=_KEPT)(_expiry_date)
"""The same for a text that is known to be a `BARE_DAY`, and for no other."""


def issue_date(text: str, on: date) -> str | None:
    """ISO day of issue: like a birth, it lies in the past."""
    return birth_date(text, on)


def day_month_year(text: str) -> date | None:
    """The day in DDMMYY or DDMMCCYY, as PNRGOV writes it; two-digit years are 20YY."""
    if not (text.isascii() and text.isdigit()) or len(text) not in (6, 8):
        return None
    year = int(text[4:])
    return _day(year + 2000 if len(text) == 6 else year, int(text[2:4]), int(text[:2]))


def local_time(day: date | None, hhmm: str) -> datetime | None:
    """Day and HHMM (or HMM) together, without zone; midnight where the time is missing; 2400 is the next midnight."""
    if day is None:
        return None
    hhmm = hhmm.strip()
    if not hhmm:
        return datetime.combine(day, time())
    if not (hhmm.isascii() and hhmm.isdigit()) or len(hhmm) not in (3, 4, 6):
        return None
    hhmm = hhmm.zfill(4)
    hour, minute = int(hhmm[:2]), int(hhmm[2:4])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return None
    try:
        return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)
    except OverflowError:
        return None


def dtm_time(text: str, code: str = "") -> datetime | None:
    """The local time of a DTM value by its format code 2379 (101, 102, 201, 203, 204), else by its length.

    Blanks inside are left out, as carriers and the guide itself put them there. All years are of this century.
    """
    text = text.replace(" ", "")
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 6 or len(text) == 10 or (len(text) == 12 and code == "202"):
        text = f"20{text}"
    elif len(text) not in (8, 12, 14) or text[:2] != "20":
        return None
    return local_time(_day(int(text[:4]), int(text[4:6]), int(text[6:8])), text[8:12])


def _parts(text: str) -> tuple[int, int, int, bool] | None:
    """Year, month, day (0 = unknown) and whether the century was told."""
    text = text.replace(" ", "")
    if not text.isascii():
        return None
    if text.isdigit():
        if len(text) == 6:
            return int(text[:2]), int(text[2:4]), int(text[4:]), False
        if len(text) == 8:
            return int(text[:4]), int(text[4:6]), int(text[6:]), True
        return None
    month = _MONTHS.get(text[2:5].upper())
    if month and text[:2].isdigit() and text[5:].isdigit() and len(text) in (7, 9):
        return int(text[5:]), month, int(text[:2]), len(text) == 9
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1800 <= year <= 2200:
        return None
    if not month:
        return None if day else f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}" if month <= 12 else None
    checked = _day(year, month, day)
    return checked.isoformat() if checked else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
