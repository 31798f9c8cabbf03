"""The table that small carriers and general aviation upload: one message for each flight in it (FORMATS 6.2).

Whatever a cell holds, the rest of its row is kept; what is wrong is a finding with row and column. A table lists
everybody on its flights, as a complete PAXLST does; one of crew alone lists the crew.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.csv_cells import CODES, flight_number, local_time
from pnr_pipeline.intake.csv_columns import BY_NAME, COLUMNS, FLIGHT_COLUMNS, REQUIRED
from pnr_pipeline.intake.csv_traveller import RowReading, read_traveller
from pnr_pipeline.intake.quality import check_content
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.traveller import Traveller
from pnr_pipeline.wire.csv_table import Charset, Row, Table, column_name, is_table, read_table
from pnr_pipeline.wire.edifact.segment import Segment

VERSION: Final = "1"
FLIGHTS_MAX: Final = 1_000
_ODDITIES: Final = {"charset": ("ENV-07", ""), "quote": ("CSV-01", "quote"), "limit": ("ENV-08", "limit")}
_BLANKS: Final = b" \t\r\n\0\x1a\xef\xbb\xbf"


def is_csv(body: bytes) -> bool:
    """Whether the file begins with a header that names at least three known columns."""
    return is_table(body, BY_NAME)


def read_csv(body: bytes, rulebook: Rulebook, now: datetime, charset: Charset = "utf-8") -> list[Message]:
    """The messages of a table for which `is_csv` holds, one a flight in the order of the file; never none.

    `now` (aware UTC) is taken for the time of sending, as a table has none: a later upload replaces an earlier one.
    Findings on the table as a whole stand with its first message.
    """
    table = read_table(body, BY_NAME, charset)
    upload = _Upload(rulebook, now, table)
    for row in table.rows:
        upload.add(row)
    digest = sha256(b"\n".join(body.strip(_BLANKS).splitlines())).hexdigest()
    return upload.messages(digest)


class _Flight(msgspec.Struct):
    """The rows of one flight."""

    leg: FlightLeg
    named: dict[str, str]
    operator: str
    offset: int
    travellers: list[Traveller] = msgspec.field(default_factory=list)
    findings: list[Finding] = msgspec.field(default_factory=list)
    dropped: dict[str, int] = msgspec.field(default_factory=dict)
    complete: bool = True


def _name(named: dict[str, str]) -> str:
    return named.get("flight_no") or named.get("registration", "")


class _Upload:
    """One table on its way into messages."""

    def __init__(self, rulebook: Rulebook, now: datetime, table: Table) -> None:
        self._rulebook = rulebook
        self._now = now
        self._findings: list[Finding] = []
        self._flights: dict[str, _Flight] = {}
        self._by_name: dict[str, list[_Flight]] = {}
        self._current: _Flight | None = None
        self._complete = not any(oddity.code == "limit" for oddity in table.oddities)
        for oddity in table.oddities:
            rule, case = _ODDITIES[oddity.code]
            self._note(rule, case, oddity.offset, f"first in row {oddity.row}")
        self._columns = self._read_header(table)

    def _note(self, rule: str, case: str, offset: int, detail: str = "") -> None:
        self._findings.append(self._rulebook.finding(rule, case=case, offset=offset, detail=detail))

    def _read_header(self, table: Table) -> list[str]:
        """The column of each position, '' for one that is not read; no name that is not ours is kept."""
        names: list[str] = []
        for position, cell in enumerate(table.header, 1):
            column = BY_NAME.get(column_name(cell.text))
            if column is None:
                self._note("CSV-03", "", cell.offset, f"column {position}")
            elif column.name in names:
                self._note("CSV-02", "twice", cell.offset, f"column {column.name}")
            names.append(column.name if column and column.name not in names else "")
        missing = [name for name in REQUIRED if name not in names]
        if "flight_no" not in names and "registration" not in names:
            missing.insert(0, "flight_no")
        if missing:
            self._note("CSV-02", "", table.header[0].offset if table.header else 0, ", ".join(missing))
        return names

    def add(self, row: Row) -> None:
        """Put the traveller of a row to the flight of the row."""
        findings: list[Finding] = []
        reading = RowReading(self._rulebook, self._now.date(), row, findings)
        dropped: dict[str, int] = {}
        for name, cell in zip(self._columns, row.cells, strict=False):
            if name:
                reading.cells[name] = cell
            elif cell.text:
                dropped["csv:column"] = dropped.get("csv:column", 0) + 1
        if extra := sum(bool(cell.text) for cell in row.cells[len(self._columns) :]):
            dropped["csv:column"] = dropped.get("csv:column", 0) + extra
            reading.find("CSV-01", "width", "")
        for column in COLUMNS:
            if not column.kept and reading.take(column.name):
                dropped[f"csv:{column.name}"] = 1
        flight = self._flight(reading)
        if flight is None:
            return
        for key, count in dropped.items():
            flight.dropped[key] = flight.dropped.get(key, 0) + count
        reading.on = flight.leg.departure_local.date() if flight.leg.departure_local else reading.on
        if len(flight.travellers) == self._rulebook.intake.limits.travellers:
            findings.append(self._rulebook.finding("ENV-08", case="limit", offset=row.offset))
            flight.travellers.clear()  # the whole table is set aside, so that nobody is lost
            flight.complete = False
        elif flight.complete and reading.tells_person:
            flight.travellers.append(read_traveller(reading, len(flight.travellers) + 1))
        flight.findings += findings

    def _flight(self, reading: RowReading) -> _Flight | None:
        """The flight of a row. Cells left empty are those of an earlier row that is alike in the others."""
        told = {name: reading.take(name) for name in FLIGHT_COLUMNS}
        named = {name: text for name, text in told.items() if text}
        if not named:
            reading.find("CSV-06", "above" if self._current else "", "")
        before = self._current if self._current and named.items() <= self._current.named.items() else None
        if before is None and len(like := self._by_name.get(_name(named), [])) == 1:
            before = like[0] if named.items() <= like[0].named.items() else None
        self._current = before or self._new_flight(told, named, reading)
        return self._current

    def _new_flight(self, told: dict[str, str], named: dict[str, str], reading: RowReading) -> _Flight | None:
        leg, operator = self._leg(told, reading)
        if leg.key not in self._flights:
            if len(self._flights) == FLIGHTS_MAX:
                if self._complete:
                    self._note("ENV-08", "limit", reading.row.offset)
                self._complete = False
                return None
            self._flights[leg.key] = _Flight(leg, named, operator, reading.row.offset)
            self._by_name.setdefault(_name(named), []).append(self._flights[leg.key])
        return self._flights[leg.key]

    def _leg(self, told: dict[str, str], reading: RowReading) -> tuple[FlightLeg, str]:
        operator = told["operator"].upper()
        if operator and not CODES["operator"].fullmatch(operator):
            operator = ""  # a name: general aviation may be flown by a person
            reading.find("CSV-05", "operator", "operator")
        number = flight_number(told["flight_no"], operator) if told["flight_no"] else None
        if told["flight_no"] and number is None:
            reading.find("CSV-05", "", "flight_no")
        places = {name: reading.code(name, told[name]) for name in ("registration", "dep_airport", "arr_airport")}
        times = {name: self._time(name, told[name], reading) for name in ("dep_local", "arr_local")}
        leg = FlightLeg(
            number.carrier if number else operator,
            number.number if number else "",
            places["dep_airport"],
            places["arr_airport"],
            times["dep_local"],
            times["arr_local"],
            places["registration"],
        )
        return leg, operator or leg.carrier

    def _time(self, name: str, text: str, reading: RowReading) -> datetime | None:
        if not text:
            return None
        at, written = local_time(text, self._now.date())
        if at is None:
            reading.find("CSV-05", "", name)
        elif written:
            reading.find("CSV-04", written, name)
        return at

    def messages(self, digest: str) -> list[Message]:
        """One message a flight; one without flight where there is no row."""
        if not self._flights:
            self._note("CSV-06", "empty", 0)
            self._complete = False
            self._flights[""] = _Flight(FlightLeg(), {}, "", 0)
        return [
            self._message(f"{digest}:{ordinal}", flight, self._findings if ordinal == 1 else ())
            for ordinal, flight in enumerate(self._flights.values(), 1)
        ]

    def _message(self, message_id: str, flight: _Flight, before: Sequence[Finding]) -> Message:
        legs = (flight.leg,) if flight.leg != FlightLeg() else ()
        unread = sum(flight.dropped.values())
        content = Content("", legs, tuple(flight.travellers), (), [*before, *flight.findings], flight.dropped)
        if legs or flight.travellers:
            place = Segment("row", ["row"], flight.offset)  # where findings on the flight point
            check_content(content, MessageHead("CSV", version=VERSION), self._rulebook, self._now, place)
        if unread:
            content.findings.append(self._rulebook.finding("CAT-01", offset=flight.offset, detail=f"{unread} cells"))
        return Message(
            message_id,
            "CSV",
            VERSION,
            flight.operator,
            complete=self._complete and flight.complete and bool(flight.leg.designator and flight.leg.departure_local),
            prepared_at=self._now.replace(tzinfo=None),
            flights=content.flights,
            travellers=content.travellers,
            findings=tuple(content.findings),
            dropped=content.dropped,
            offset=flight.offset,
        )
