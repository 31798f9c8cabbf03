"""Machine readable zones, read and written: TD1, TD2, TD3, MRV-A, MRV-B (ICAO Doc 9303, parts 3 to 7; FORMATS 5).

Reading is lenient: what is wrong is a fault with line, position and clause, and all else is used. A fault never holds
a character of the zone.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import msgspec

from pnr_pipeline.wire.mrz_layout import LAYOUTS, Layout, Place, ZoneFormat, check_digit
from pnr_pipeline.wire.mrz_names import name_field, names_of

FaultCode = Literal["format", "length", "character", "check-digit", "date", "sex", "name"]

TEXT_MAX: Final = 512
"""No zone has more than 90 characters; what stands behind is not read."""

_FILLERS: Final = str.maketrans({" ": "<", "«": "<", "‹": "<", "＜": "<", "\u00a0": "<"})
_FOREIGN: Final = re.compile("[^A-Z0-9<]")
_LINE: Final = re.compile(r"[^\r\n|]+")
_NUMBER_LENGTH: Final = 9
_LONG_NUMBERS: Final = ("TD1", "TD2")
_CHARACTERS = "ICAO Doc 9303-3, 4.3"
_CHECKS = "ICAO Doc 9303-3, 4.9"
_DATES = "ICAO Doc 9303-3, 4.8"


class Zone(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a zone tells. Values have no fillers; '' is absent.

    `state` and `nationality` are the codes printed (`D` for Germany). Names are in A to Z with single blanks;
    `truncated` where the field is full to its last position, so that names must be compared as beginnings.
    `birth` and `expiry` are YYMMDD without century, month and day 00 where unknown; '' without year. `sex` is M, F,
    U for the filler, X where that letter is printed. `optional` and `optional_2` (TD1 only) are the issuer's own data.
    """

    format: ZoneFormat
    type: str = ""
    state: str = ""
    surname: str = ""
    given_names: str = ""
    truncated: bool = False
    number: str = ""
    nationality: str = ""
    birth: str = ""
    sex: str = ""
    expiry: str = ""
    optional: str = ""
    optional_2: str = ""


class Fault(NamedTuple):
    """One thing wrong: what kind, in which field, line and position from 1 (0 for none), and the clause."""

    code: FaultCode
    field: str
    line: int
    position: int
    clause: str


class Reading(NamedTuple):
    """The zone, or None where the text has the shape of none; and what is wrong."""

    zone: Zone | None
    faults: tuple[Fault, ...]


def read(text: str) -> Reading:
    """The zone in a text: its lines apart by line ends or `|`, or blanks, or run together. Never raises."""
    lines = _lines(text[:TEXT_MAX].strip().upper())
    form = _format(lines)
    if form is None:
        return Reading(None, (Fault("format", "", 0, 0, "ICAO Doc 9303-3, 4.2"),))
    layout = LAYOUTS[form]
    faults = [
        Fault("length", "", number, min(len(line), layout.length) + 1, layout.clause)
        for number, line in enumerate(lines, 1)
        if len(line) != layout.length
    ]
    lines = [line.translate(_FILLERS)[: layout.length].ljust(layout.length, "<") for line in lines]
    for number, line in enumerate(lines, 1):
        faults += [
            Fault("character", _field_at(layout, number, wrong.start() + 1), number, wrong.start() + 1, _CHARACTERS)
            for wrong in _FOREIGN.finditer(line)
        ]
    lines = [_FOREIGN.sub("<", line) for line in lines]
    return Reading(_zone(form, layout, lines, faults), tuple(faults))


def write(zone: Zone) -> tuple[str, ...]:
    """The lines of the zone with their check digits; names that do not fit are cut as Doc 9303 asks.

    Raises ValueError for a value that its field cannot hold: names must be in A to Z (`mrz_letters.spelt`), and only
    TD1 and TD2 have room for a number of more than nine characters.
    """
    layout = LAYOUTS[zone.format]
    number, number_check, optional = zone.number, check_digit(zone.number.ljust(_NUMBER_LENGTH, "<")), zone.optional
    if len(number) > _NUMBER_LENGTH and zone.format in _LONG_NUMBERS:
        optional = f"{number[_NUMBER_LENGTH:]}{check_digit(number)}<{optional}"
        number, number_check = number[:_NUMBER_LENGTH], "<"
    values = {
        "type": zone.type,
        "state": zone.state,
        "names": name_field(zone.surname, zone.given_names, _length(layout.fields["names"])),
        "number": number,
        "nationality": zone.nationality,
        "birth": _printed(zone.birth),
        "sex": "<" if zone.sex == "U" else zone.sex,
        "expiry": _printed(zone.expiry),
        "optional": optional,
        "optional_2": zone.optional_2,
    }
    lines = [["<"] * layout.length for _ in range(layout.lines)]
    for field, place in layout.fields.items():
        text = values[field]
        if len(text) > _length(place) or _FOREIGN.search(text):
            raise ValueError(f"{field} does not fit its field of {_length(place)} characters ({layout.clause})")
        _put(lines, place, text.ljust(_length(place), "<"))
    for field, place in layout.checks.items():
        if field == "number":
            _put(lines, place, number_check)
        elif field != "composite":
            _put(lines, place, check_digit(_take(lines, layout.fields[field])))
    if layout.composite:
        covered = "".join(_take(lines, place) for place in layout.composite)
        _put(lines, layout.checks["composite"], check_digit(covered))
    return tuple("".join(line) for line in lines)


def _lines(text: str) -> list[str]:
    lines: list[str] = [line.strip() for line in _LINE.findall(text) if line.strip()]
    if len(lines) != 1:
        return lines
    run = lines[0]
    apart = run.split()
    if any(len(apart) == one.lines and {*map(len, apart)} == {one.length} for one in LAYOUTS.values()):
        return apart
    for one in LAYOUTS.values():
        if len(run) == one.lines * one.length:
            return [run[at : at + one.length] for at in range(0, len(run), one.length)]
    return lines


def _format(lines: list[str]) -> ZoneFormat | None:
    """By number and length of lines; a line may have lost its last fillers, but not half of itself."""
    longest = max(map(len, lines), default=0)
    visa = bool(lines) and lines[0].startswith("V")
    if len(lines) == 3 and 20 <= longest <= 34:
        return "TD1"
    if len(lines) == 2 and 26 <= longest <= 39:
        return "MRV-B" if visa else "TD2"
    if len(lines) == 2 and 40 <= longest <= 50:
        return "MRV-A" if visa else "TD3"
    return None


def _zone(form: ZoneFormat, layout: Layout, lines: list[str], faults: list[Fault]) -> Zone:
    raw = {field: _take(lines, place) for field, place in layout.fields.items()}
    number, rest = raw["number"], raw["optional"]
    wrong = set(_wrong_checks(layout, lines, raw))
    if form in _LONG_NUMBERS and _take(lines, layout.checks["number"]) == "<" and "<" not in number:
        more, _, behind = rest.partition("<")
        whole, digit = number + more[:-1], more[-1:]
        if check_digit(whole) == digit:
            wrong.discard("number")
            number, rest = whole, behind
    for field in layout.checks:
        if field in wrong:
            line, position, _ = layout.checks[field]
            faults.append(Fault("check-digit", field, line, position, _CHECKS))
    surname, given, truncated = names_of(raw["names"])
    if not surname or any(character.isdigit() for character in surname + given):
        faults.append(_fault("name", "names", layout, "ICAO Doc 9303-3, 4.6"))
    if raw["sex"] not in "MF<":
        faults.append(_fault("sex", "sex", layout, layout.clause))
    dates = {field: _date(raw[field]) for field in ("birth", "expiry")}
    faults += [_fault("date", field, layout, _DATES) for field, told in dates.items() if told is None]
    return Zone(
        form,
        type=raw["type"].strip("<"),
        state=raw["state"].strip("<"),
        surname=surname,
        given_names=given,
        truncated=truncated,
        number=number.replace("<", ""),
        nationality=raw["nationality"].strip("<"),
        birth=dates["birth"] or "",
        sex={"M": "M", "F": "F", "X": "X", "<": "U"}.get(raw["sex"], ""),
        expiry=dates["expiry"] or "",
        optional=rest.strip("<"),
        optional_2=raw.get("optional_2", "").strip("<"),
    )


def _wrong_checks(layout: Layout, lines: list[str], raw: dict[str, str]) -> Iterator[str]:
    for field, place in layout.checks.items():
        covered = raw[field] if field in raw else "".join(_take(lines, part) for part in layout.composite)
        told = _take(lines, place)
        if told != check_digit(covered) and not (told == "<" and not covered.strip("<")):
            yield field


def _date(raw: str) -> str | None:
    """YYMMDD with 00 for an unknown month or day; '' where nothing or no year is told; None for no date."""
    if not raw.strip("<") or (raw.startswith("<<") and raw.replace("<<", "").isdigit()):
        return ""
    told = "".join("00" if raw[at : at + 2] == "<<" else raw[at : at + 2] for at in (0, 2, 4))
    return told if told.isdigit() and int(told[2:4]) <= 12 and int(told[4:]) <= 31 else None


def _printed(date: str) -> str:
    return date[:2] + "".join("<<" if date[at : at + 2] == "00" else date[at : at + 2] for at in (2, 4))


def _fault(code: FaultCode, field: str, layout: Layout, clause: str) -> Fault:
    line, position, _ = layout.fields[field]
    return Fault(code, field, line, position, clause)


def _field_at(layout: Layout, line: int, position: int) -> str:
    places = (*layout.fields.items(), *layout.checks.items())
    return next((field for field, (at, first, last) in places if at == line and first <= position <= last), "")


def _length(place: Place) -> int:
    _, first, last = place
    return last - first + 1


def _take(lines: list[str] | list[list[str]], place: Place) -> str:
    line, first, last = place
    return "".join(lines[line - 1][first - 1 : last])


def _put(lines: list[list[str]], place: Place, text: str) -> None:
    line, first, last = place
    lines[line - 1][first - 1 : last] = text
