"""One row of an uploaded table into a traveller: cells by column, and the machine readable zone where one stands."""

from datetime import date
from typing import Final

import msgspec

from pnr_pipeline.intake.csv_cells import CODES, DOCUMENTS, ROLES, SEXES, birth_place, day
from pnr_pipeline.intake.csv_columns import FLIGHT_COLUMNS
from pnr_pipeline.intake.dates import birth_date, expiry_date
from pnr_pipeline.intake.names import INFANT_TITLE, name_of
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.intake.zone_numbers import without_fillers
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.traveller import Bags, Document, Name, Place, Traveller
from pnr_pipeline.wire import mrz
from pnr_pipeline.wire.csv_table import Cell, Row
from pnr_pipeline.wire.mrz_letters import spellings

_STATE_LENGTH_MAX: Final = 35  # as NAT 3293 and LOC 3225
_ZONE_NAME_MAX: Final = 40
_NO_CELL: Final = Cell("", -1)


class RowReading(msgspec.Struct):
    """The cells of one row by column, and where its findings go; `on` is the day that decides centuries."""

    rulebook: Rulebook
    on: date
    row: Row
    findings: list[Finding]
    cells: dict[str, Cell] = msgspec.field(default_factory=dict)

    def take(self, name: str) -> str:
        """The text of a cell, '' where there is none."""
        return self.cells.get(name, _NO_CELL).text

    @property
    def tells_person(self) -> bool:
        """Whether anything but the flight and the role stands in the row."""
        return any(cell.text for name, cell in self.cells.items() if name not in (*FLIGHT_COLUMNS, "role"))

    def find(self, rule: str, case: str, name: str, traveller: int | None = None, more: str = "") -> None:
        """Note a finding on a cell, or on the row where no column is named."""
        offset = self.cells[name].offset if name in self.cells else self.row.offset
        where = f"row {self.row.number}, column {name}" if name else f"row {self.row.number}"
        self.findings.append(
            self.rulebook.finding(
                rule, case=case, offset=offset, traveller=traveller, detail=f"{where}, {more}" if more else where
            )
        )

    def code(self, name: str, text: str, traveller: int | None = None) -> str:
        """The code in a cell in capitals; '' with a finding where no code of this column looks so."""
        told = text.upper()
        if told and not CODES[name].fullmatch(told):
            self.find("CSV-05", "", name, traveller)
            return ""
        return told


def read_traveller(reading: RowReading, ordinal: int) -> Traveller:
    """The traveller of a row. What a cell lacks is taken from the machine readable zone."""
    take = reading.take
    zone = _zone(reading, ordinal)
    name = name_of((take("surname"), take("given_names")))
    if name.unknown:
        reading.find("NAM-02", "unknown", "given_names", ordinal)
    surname, given = name.surname, name.given_names
    role = ROLES.get(take("role").upper())
    if role is None:
        reading.find("CSV-05", "role" if take("role") else "no-role", "role", ordinal)
        role = "infant" if name.title == INFANT_TITLE else "passenger"
    sex = SEXES.get(take("sex").upper())
    if sex is None and take("sex"):
        reading.find("SEX-01", "code", "sex", ordinal)
    born = _day(reading, "birth_date", "DOB-01", ordinal)
    nationality = take("nationality")[:_STATE_LENGTH_MAX] or None
    if nationality and len(nationality) != 3 and nationality.upper() != "D":
        reading.find("NAT-01", "form", "nationality", ordinal)
    document = _document(reading, ordinal)
    other: tuple[Name, ...] = ()
    if zone is not None:
        read = _told_by(zone, reading.on)
        _compare(reading, ordinal, read, born, sex, nationality, document)
        other = _other_name(zone, surname, given)
        if not surname and not given:
            surname, given, other = zone.surname, zone.given_names, ()
        born, sex = born or read.date_of_birth, sex or read.sex
        nationality = nationality or read.nationality
        document = _filled(document, read.documents[0])
    bags = reading.code("bags", take("bags"), ordinal)
    embarkation, disembarkation, pnr, seat, phone = (
        reading.code(column, take(column), ordinal)
        for column in ("embarkation", "disembarkation", "pnr", "seat", "phone")
    )
    email = take("email") if reading.code("email", take("email"), ordinal) else ""
    place = birth_place(take("birth_place"))
    if place is None and take("birth_place"):
        reading.find("CSV-05", "", "birth_place", ordinal)
    return Traveller(
        ordinal,
        role,
        surname,
        given,
        other,
        born,
        sex,
        nationality,
        alpha3(nationality) if nationality else None,
        _residence(reading, ordinal),
        place,
        (document,) if document.type or document.number else (),
        pnr or None,
        seat=seat or None,
        embarkation=embarkation,
        disembarkation=disembarkation,
        bags=Bags(pieces=int(bags)) if bags else None,
        contacts=tuple(told for told in (phone, email) if told),
        title=name.title,
        offset=reading.cells["surname"].offset if "surname" in reading.cells else reading.row.offset,
    )


def _day(reading: RowReading, column: str, rule: str, ordinal: int) -> str | None:
    text = reading.take(column)
    if not text:
        return None
    told = day(text, reading.on, expiry_date if column == "doc_expiry" else birth_date)
    if told.iso is None:
        reading.find(rule, "invalid", column, ordinal)
    elif told.written:
        reading.find("CSV-04", told.written, column, ordinal)
    return told.iso


def _document(reading: RowReading, ordinal: int) -> Document:
    number = without_fillers(reading.take("doc_number"))
    kind = reading.take("doc_type")
    issuer = reading.take("doc_issuer")[:_STATE_LENGTH_MAX]
    return Document(
        reading.code("doc_type", DOCUMENTS.get(kind.upper(), kind), ordinal),
        reading.code("doc_number", number, ordinal),
        issuer,
        alpha3(issuer),
        _day(reading, "doc_expiry", "DOC-04", ordinal),
    )


def _residence(reading: RowReading, ordinal: int) -> Place | None:
    text = reading.take("residence")
    code = alpha3(text)
    if text and not code:
        reading.find("CSV-05", "", "residence", ordinal)
    return Place(text, code) if code else None


def _zone(reading: RowReading, ordinal: int) -> mrz.Zone | None:
    """The machine readable zone of the row, with its faults as findings (DOC-07)."""
    text = reading.take("mrz")
    if not text:
        return None
    zone, faults = mrz.read(text)
    for fault in faults:
        case = {"check-digit": "", "format": "format"}.get(fault.code, "form")
        place = f"line {fault.line} position {fault.position}, {fault.clause}" if fault.line else fault.clause
        reading.find("DOC-07", case, "mrz", ordinal, place)
    return zone


def _told_by(zone: mrz.Zone, on: date) -> Traveller:
    """The zone as a traveller, for comparison and for what cells lack."""
    document = Document(
        zone.type, zone.number, zone.state, alpha3(zone.state), expiry_date(zone.expiry, on) if zone.expiry else None
    )
    return Traveller(
        0,
        "passenger",
        date_of_birth=birth_date(zone.birth, on) if zone.birth else None,
        sex=zone.sex or None,
        nationality=zone.nationality or None,
        documents=(document,),
    )


def _compare(
    reading: RowReading,
    ordinal: int,
    read: Traveller,
    born: str | None,
    sex: str | None,
    nationality: str | None,
    document: Document,
) -> None:
    """DOC-07 for each cell that says otherwise than the zone."""
    (paper,) = read.documents
    pairs = (
        ("birth_date", born, read.date_of_birth),
        ("sex", sex, read.sex if read.sex != "U" else None),
        ("nationality", alpha3(nationality or ""), alpha3(read.nationality or "")),
        ("doc_number", document.number, paper.number),
        ("doc_issuer", document.issuer_alpha3, paper.issuer_alpha3),
        ("doc_expiry", document.expires, paper.expires),
    )
    for column, told, zone in pairs:
        if told and zone and told != zone:
            reading.find("DOC-07", "differs", column, ordinal)


def _other_name(zone: mrz.Zone, surname: str, given: str) -> tuple[Name, ...]:
    """The name of the zone, unless the cells say the same in their own letters."""
    same = _is_spelt(surname, zone.surname, zone) and _is_spelt(given, zone.given_names, zone)
    return () if same or not zone.surname else (Name(zone.surname, zone.given_names, "MRZ"),)


def _is_spelt(name: str, read: str, zone: mrz.Zone) -> bool:
    """Whether `read` is a spelling of the name, or the beginning of one where the zone is full."""
    forms = spellings(name[:_ZONE_NAME_MAX]) or ("",)
    return read in forms or (zone.truncated and any(form.startswith(read) for form in forms))


def _filled(document: Document, paper: Document) -> Document:
    """The document of the cells, with what they lack from the zone; another number is another document."""
    if document.number and document.number != paper.number:
        return document
    told = msgspec.structs.asdict(document)
    return Document(**{field: told[field] or value for field, value in msgspec.structs.asdict(paper).items()})
