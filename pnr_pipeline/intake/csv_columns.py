"""The columns of the table that small carriers and general aviation upload (FORMATS 6.2; Decision (EU) 2017/759, 1(3)).

One place says what a column is called, what it holds and how it looks: the reader, the template of `pnr check` and the
carriers' page all speak from here.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from pnr_pipeline.wire.csv_table import column_name


class Column(NamedTuple):
    """One column: name, what to write, an invented example, other names it is known by; `kept` False if read past."""

    name: str
    what: str
    example: str = ""
    aliases: tuple[str, ...] = ()
    kept: bool = True


COLUMNS: Final = (
    Column("flight_no", "carrier code and number; empty for an aircraft that flies without", "TK1883",
           ("flight", "flight_number")),
    Column("registration", "registration of the aircraft; required without flight_no", "", ("aircraft", "reg")),
    Column("operator", "IATA or ICAO code of the carrier; a name is not kept", "TK", ("carrier", "airline")),
    Column("dep_airport", "airport of departure, IATA or ICAO code", "IST", ("origin", "from", "departure_airport")),
    Column("dep_local", "scheduled departure, local time of that airport", "2026-01-10T07:05",
           ("departure", "std", "departure_local")),
    Column("arr_airport", "airport of arrival, IATA or ICAO code", "VIE", ("destination", "to", "arrival_airport")),
    Column("arr_local", "scheduled arrival, local time of that airport", "2026-01-10T08:35",
           ("arrival", "sta", "arrival_local")),
    Column("role", "PAX, CREW or TRANSIT; INF for an infant", "PAX", ("traveller_type", "passenger_type")),
    Column("surname", "surname as in the document", "DEMIRKAN", ("last_name", "family_name")),
    Column("given_names", "all given names as in the document", "AYSE GUL",
           ("given_name", "first_name", "first_names")),
    Column("birth_date", "date of birth; 1987-02 or 1987 where the rest is unknown", "1987-02-14",
           ("date_of_birth", "dob", "birthdate")),
    Column("sex", "M, F, X or U", "F", ("gender",)),
    Column("nationality", "code of three letters, ICAO Doc 9303", "TUR"),
    Column("doc_type", "P passport, I identity card, V visa, AC crew member certificate", "P", ("document_type",)),
    Column("doc_number", "number of the document", "U12345678", ("document_number", "passport_number", "passport_no")),
    Column("doc_issuer", "issuing State, code of three letters", "TUR", ("issuing_country", "document_country")),
    Column("doc_expiry", "last day of validity", "2031-09-30", ("expiry_date", "document_expiry", "passport_expiry")),
    Column("birth_place", "code of the country, town, or both with a blank between", "TUR IZMIR", ("place_of_birth",)),
    Column("residence", "country of residence, code of three letters", "TUR", ("country_of_residence",)),
    Column("seat", "seat", "12A", ("seat_no", "seat_number")),
    Column("bags", "pieces of checked baggage", "1", ("bag_count", "pieces")),
    Column("embarkation", "where the traveller's journey begins, IATA code", "ADB"),
    Column("disembarkation", "where the traveller's journey ends, IATA code", "VIE"),
    Column("pnr", "locator of the booking", "X7K2PQ", ("locator", "record_locator", "booking_reference")),
    Column("phone", "the traveller's telephone", "+900000000000", ("telephone", "mobile")),
    Column("email", "the traveller's e-mail", "traveller@example.org", ("e_mail", "mail")),
    Column("payment", "read past: payment belongs to bookings, which are sent as PNRGOV", kept=False),
    Column("remarks", "read past: no free text is taken in", aliases=("remark", "comments", "notes"), kept=False),
    Column("mrz", "optional: the machine readable zone, its lines apart by a vertical bar or line ends",
           aliases=("machine_readable_zone",)),
)  # fmt: skip

BY_NAME: Final = {column_name(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
"""Every column by its name and its aliases, as `column_name` has them."""

FLIGHT_COLUMNS: Final = (
    "flight_no",
    "registration",
    "operator",
    "dep_airport",
    "dep_local",
    "arr_airport",
    "arr_local",
)
REQUIRED: Final = (
    "dep_airport", "dep_local", "arr_airport", "arr_local", "role", "surname", "given_names", "birth_date", "sex",
    "nationality", "doc_type", "doc_number", "doc_issuer", "doc_expiry",
)  # fmt: skip


_EXAMPLE_DAY: Final = "2026-01-10"


def template(on: str = _EXAMPLE_DAY) -> str:
    """The header and one invented row, as a file to fill in; its flight departs `on` this ISO day."""
    return "".join(
        f"{';'.join(line)}\r\n"
        for line in (
            [column.name for column in COLUMNS],
            [column.example.replace(_EXAMPLE_DAY, on) for column in COLUMNS],
        )
    )


def column_help() -> Iterator[str]:
    """One line for each column: name, what to write, other names."""
    for column in COLUMNS:
        aliases = f" (also: {', '.join(column.aliases)})" if column.aliases else ""
        yield f"{column.name:<15} {column.what}{aliases}"
