"""One PNR element of PNRGOV XML: its booking, passengers, flights, tickets and service requests.

Element and attribute names are lower-cased by `wire.pnr_xml`. What has no reader here is counted and gone (ING-2).
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from pnr_pipeline.intake.pnr_xml_checkin import read_bags, read_check_in
from pnr_pipeline.intake.pnrgov_booking import BookingDraft, address_line
from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_itinerary import flight_number, same_leg, travel_code
from pnr_pipeline.intake.pnrgov_names import split_title
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.pnrgov_services import Pending, admit
from pnr_pipeline.intake.pnrgov_traveller_groups import REFERENCE, STATUS
from pnr_pipeline.intake.ssr import Ssr, normal_reference, seat_number
from pnr_pipeline.intake.ssr_contacts import phone_or_email
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.wire.pnr_xml import Element

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d)?))?")
_MONTH: Final = re.compile(r"\d\d(\d\d)-(\d\d)")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_OF_BOOKING: Final = frozenset(("bookingrefid", "pos", "contactinfo", "prepaidbag", "passenger", "flight", "ssr"))
_NO_PASSENGER_BELOW: Final = _OF_BOOKING - {"flight"}
_OF_FLIGHT: Final = frozenset(
    ("departureairport", "arrivalairport", "equipment", "operatingairline", "marketingairline", "ssr", "bookingrefid",
     "checkininfo")
)  # fmt: skip
_NAMES: Final = frozenset(("givenname", "surname", "nameprefix", "nametitle", "fareinfo"))


_DAYS: Final = frozenset(("dateofbirth", "expirydate", "dateofissue"))
_DOCUMENT_FIELDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "docs": (
        ("doctype", "traveldoctype", "type"),
        ("issuingloc", "issuingcountry"),
        ("docnbr", "traveldocnbr", "docnumber", "number"),
        ("paxnationality", "nationality"),
        ("dateofbirth",),
        ("gender",),
        ("expirydate",),
        ("surname",),
        ("firstgivenname",),
        ("secondgivenname",),
    ),
    "doco": (("traveldoctype",), ("traveldocnbr",), ("placeofissue",), ("dateofissue",), ("countrystate",)),
    "doca": (
        ("addresstype",),
        ("country",),
        ("address",),
        ("cityname",),
        ("stateprovcounty", "stateprov"),
        ("postalcode",),
    ),
}
"""Attributes of DOC_SSR in the order of the fields of the SSR text; carriers' names for one field beside each other."""


class ReadBooking(NamedTuple):
    """A booking before it is closed, with the requests that wait for their travellers."""

    booking: BookingDraft
    services: list[Pending]


def read_booking(
    pnr: Element, draft: MessageDraft, message_leg: list[FlightLeg], offset: int, passenger_places: Iterator[int]
) -> ReadBooking:
    """The booking of a PNR element. `offset` and `passenger_places` are bytes of start tags, -1 where not known."""
    booking = BookingDraft(offset)
    services: list[Pending] = []
    booking.created = _moment(pnr.get("pnr_creationdate", "pnrcreationdate"))
    booking.changed = _moment(pnr.get("pnr_transdate", "pnrtransdate"))
    size = pnr.get("numberofpassengers")
    booking.group_size = int(size) if size.isdecimal() and len(size) < 5 else None
    for element in pnr.children:
        if element.name == "bookingrefid":
            _read_locator(booking, element)
        elif element.name == "pos":
            _read_agency(booking, draft, element)
        elif element.name == "contactinfo":
            _read_contact(booking, draft, element, None)
        elif element.name == "prepaidbag":
            quantity = element.get("bagquantity", "unitofmeasurequantity", "quantity")
            booking.excess += [f"{int(quantity)} N"] if quantity.isdecimal() and len(quantity) < 4 else []
        elif element.name == "passenger":
            services += _read_passenger(booking, draft, element, next(passenger_places, -1), message_leg)
        elif element.name not in _OF_BOOKING:
            draft.drop("xml:other")
        if element.name not in _NO_PASSENGER_BELOW:
            for _ in range(_nested(element, "passenger")):
                next(passenger_places, -1)
    for flight in pnr.all("flight"):
        leg = read_flight(flight)
        booking.add_leg(leg)
        status = flight.get("status")
        booking.status[-1] = draft.kept(status) if status.isalnum() and len(status) <= 3 else ""
        booking.count_seats(flight.get("numberinparty"), status, booking.offset)
        here = bool(message_leg) and same_leg(leg, message_leg[0])
        for request in flight.all("ssr"):
            services += _read_request(draft, request, None, here)
        for child in flight.children:
            if child.name == "bookingrefid":
                _read_locator(booking, child)
            elif child.name == "checkininfo":
                read_check_in(booking, child, here=here)
            elif child.name not in _OF_FLIGHT:
                draft.drop("xml:other")
    for request in pnr.all("ssr"):
        services += _read_request(draft, request, None, False)
    return ReadBooking(booking, services)


def _nested(element: Element, name: str) -> int:
    """How many elements of this name stand below."""
    return sum((child.name == name) + _nested(child, name) for child in element.children)


def read_flight(element: Element) -> FlightLeg:
    """The leg of a FlightLeg or Flight element; times are local, whatever offset is written behind them."""
    operating = element.first("operatingairline")
    marketing = travel_code(element.first("marketingairline").get("code"))
    number = flight_number(element.get("flightnumber"), element.get("operationalsuffix"))
    flown = flight_number(operating.get("flightnumber")) or number
    carrier = travel_code(operating.get("code") or element.get("carriercode") or marketing)
    return FlightLeg(
        carrier=carrier,
        number=flown,
        origin=travel_code(element.first("departureairport").get("locationcode")),
        destination=travel_code(element.first("arrivalairport").get("locationcode")),
        departure_local=xml_time(element.get("departuredatetime")),
        arrival_local=xml_time(element.get("arrivaldatetime")),
        marketing=f"{marketing}{number}" if marketing and (marketing, number) != (carrier, flown) else "",
    )


def xml_time(text: str) -> datetime | None:
    """The time of an xs:dateTime, or of its form with a blank for T, without zone; None for anything else."""
    found = _TIME.match(text)
    if not found:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        return None


def _moment(text: str) -> str | None:
    time = xml_time(text)
    return f"{time.isoformat()}Z" if time else None


def _read_locator(booking: BookingDraft, element: Element) -> None:
    booking.add_locator(element.first("companyname").get("code"), element.get("id"))


def _read_agency(booking: BookingDraft, draft: MessageDraft, pos: Element) -> None:
    source = pos.first("source")
    requestor = source.first("requestorid")
    parts = (
        source.get("airlinevendorid"),
        requestor.get("id"),
        source.get("pseudocitycode"),
        source.get("airportcode"),
    )
    booking.agency = draft.kept(" ".join(part for part in parts if part))
    booking.agent = draft.kept(source.get("agentsine"))


def _read_contact(booking: BookingDraft, draft: MessageDraft, element: Element, person: Person | None) -> None:
    for text in (element.get("phonenumber"), element.get("emailaddress", "email")):
        found = phone_or_email(text)
        if found is None:
            if text:
                draft.note("PNR-08", offset=person.offset if person else booking.offset)
        elif value := draft.kept(found[1]):
            booking.add_contact(found[0], value, person)
    lines = [
        child.text
        for child in element.children
        if child.name in ("streetnmbr", "addressline", "cityname", "postalcode", "stateprov", "countryname")
    ]
    if line := draft.kept(address_line(lines)):
        booking.add_contact("address", line, person)


def _given_names(element: Element) -> str:
    """The given names with a title behind them, as EDIFACT has it; what is no known title is not kept."""
    given = " ".join(name.text for name in element.all("givenname") if name.text)
    title = element.first("nametitle").text or element.first("nameprefix").text
    return f"{given} {title}" if given and split_title(f"X {title}") != (f"X {title}", "") else given


def _read_passenger(
    booking: BookingDraft, draft: MessageDraft, element: Element, offset: int, message_leg: list[FlightLeg]
) -> list[Pending]:
    kind = element.first("fareinfo").get("ptc_code", "ptccode").upper()
    if klass := draft.rules.sensitive.fare_type(kind):
        draft.drop(f"sensitive:{klass}")
        kind = ""
    person = booking.party.add(
        element.first("surname").text,
        _given_names(element),
        offset,
        reference=normal_reference(element.get("rph")),
        fare_type=kind if len(kind) <= 3 else "",
    )
    person.infant_told = element.get("accompaniedbyinfantind").lower() in ("true", "1", "y")
    reference = element.get("surnamerefnumber")
    person.carrier_reference = reference if REFERENCE.fullmatch(reference) else None
    services: list[Pending] = []
    for child in element.children:
        if child.name == "custloyalty":
            number, program = child.get("membershipid"), child.get("vendorcode", "programid")
            if REFERENCE.fullmatch(number):
                program = draft.kept(program) if len(program) <= 3 else ""
                level = draft.kept(child.get("loyallevel"))
                person.add_loyalty(f"{program}{number} {level if STATUS.fullmatch(level) else ''}".rstrip())
        elif child.name == "excessbaggage":
            read_bags(person, child)
        elif child.name == "contactinfo":
            _read_contact(booking, draft, child, person)
        elif child.name == "ssr":
            points = (child.get("boardpoint"), child.get("offpoint"))
            here = any(points == (leg.origin, leg.destination) for leg in message_leg)
            services += _read_request(draft, child, person, here)
        elif child.name in ("doc_ssr", "docssr"):
            services += _read_document(draft, child, person)
        elif child.name == "ticketdocument":
            _read_ticket(booking, draft, child, person)
        elif child.name not in _NAMES:
            draft.drop("xml:other")
    return services


def _read_ticket(booking: BookingDraft, draft: MessageDraft, element: Element, person: Person) -> None:
    booking.purse.add_ticket(draft, element.get("ticketdocumentnbr"), person)
    issued = xml_time(element.get("dateofissue"))
    booking.purse.read_issue(issued.date().isoformat() if issued else None)
    fare = element.first("totalfare")
    booking.purse.add_fare("T", fare.get("amount"), fare.get("currencycode"))
    for paid in element.all("paymentinfo"):
        parts = [""] * 13
        parts[0], parts[2], parts[3] = paid.get("paymenttype"), paid.get("paymentamount"), paid.get("vendorcode")
        parts[4], parts[5], parts[10] = (
            paid.get("accountnbr"),
            _card_expiry(paid.get("expirydate")),
            paid.get("cardholdername"),
        )
        booking.purse.add_payment(draft, tuple(parts), -1)


def _card_expiry(told: str) -> str:
    """`1222` for `2022-12` and `2022-12-26`; `1222` stays."""
    month = _MONTH.match(told)
    return f"{month[2]}{month[1]}" if month else told


def _read_request(draft: MessageDraft, element: Element, place: Person | None, here: bool) -> list[Pending]:
    """An SSR; under a Passenger it is that passenger's, whatever number it carries, else RPH says whose."""
    code = element.get("ssr_code", "ssrcode", "code").upper()
    text = element.first("text").text or element.text
    if not admit(draft, code, text, -1):
        return []
    references = () if place is not None else tuple(normal_reference(one) for one in element.get("rph").split())
    seat = seat_number(element.get("seatnumber", "seatnbr"))
    return [
        Pending(
            Ssr(
                code=code,
                status=element.get("status"),
                carrier=element.first("airline").get("code"),
                board=element.get("boardpoint"),
                off=element.get("offpoint"),
                text=text,
                references=references,
                seats=tuple(seat for _ in references or (1,)),
                offset=-1,
            ),
            place,
            here,
        )
    ]


def _read_document(draft: MessageDraft, element: Element, person: Person) -> list[Pending]:
    """DOC_SSR: its attributes as the text of the SSR of the same name, so that one reader judges both."""
    requests: list[Pending] = []
    for form in element.children:
        names = _DOCUMENT_FIELDS.get(form.name)
        if names is None:
            continue  # FlightInfo: the carrier, known already
        values = (_day(form.get(*name)) if name[0] in _DAYS else form.get(*name) for name in names)
        text = "".join(f"/{value.replace('/', ' ')}" for value in values)
        code = form.name.upper()
        if admit(draft, code, text, -1):
            status = element.get("status")
            requests.append(Pending(Ssr(code, status, "", "", "", text, (), (), -1), person, False))
    return requests


def _day(text: str) -> str:
    """An xs:date as DDMMMYYYY; other text as it is."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day:02}{_MONTHS[day.month - 1]}{day.year:04}"
