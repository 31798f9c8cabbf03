"""What of a journey may stand outside the seal: codes in the form of their directory, and nothing else (LAW 9, RET-2).

Legs, seats, tickets stay readable when identity is masked. A carrier can put a name, a document number, a telephone
number into any of their elements; whatever does not have the form of its code is left out here and stays in the
sealed part alone. The forms are narrow on purpose: no run of nine letters fits one, nor a passport number of nine
characters. What has the very form of a code (a surname of six letters for a locator) cannot be told from it.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

from pnr_pipeline.records.booking import Booking
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.traveller import Traveller

_CARRIER: Final = r"(?:[A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z])"
_NUMBER: Final = r"(?:[0-9]{1,5}[A-Z]?)"
_LOCATOR: Final = r"[A-Z0-9]{1,8}"
_COUNT: Final = r"[A-Z0-9]{0,3}"
FORMS: Final = {
    "carrier": re.compile(_CARRIER),  # IATA two characters, ICAO three letters
    "number": re.compile(rf"{_NUMBER}|OPEN|ARNK"),
    "place": re.compile(r"[A-Z]{3}|[A-Z][A-Z0-9]{3}"),  # IATA, ICAO
    "registration": re.compile(  # Annex 7 with the hyphen, or as Doc 4444 item 7 without: seven, five of them digits
        r"(?![A-Z]?[0-9]*$)(?!.*(?:[0-9].*){6})(?:[A-Z0-9]{1,3}-[A-Z0-9]{1,5}|[A-Z0-9]{3,7})|N[1-9][0-9]{0,4}"
    ),
    "marketing": re.compile(rf"{_CARRIER}{_NUMBER}?(?: {_CARRIER}{_NUMBER}?)*"),
    "seat": re.compile(r"[0-9]{1,3}[A-Z]{1,2}|[A-Z]{3}|JMP[0-9]?"),
    "tag": re.compile(r"[A-Z0-9]{0,3}[0-9]{3,6}|[0-9]{10}"),  # Resolution 740: ten digits, or carrier and six
    "ticket": re.compile(r"[0-9]{1,6}|[0-9]{10}|[0-9]{12,15}"),
    "pool": re.compile(r"[0-9]{12,15}|(?:[A-Z]{3}-)?[0-9]{1,4}"),  # a ticket, or a check-in sequence
    "excess": re.compile(r"[0-9]{1,3}(?: [A-Z]{1,3})?(?: [0-9]{1,9}(?:\.[0-9]{1,3})?)?(?: [A-Z]{1,3})?"),
    "fare": re.compile(r"(?:[A-Z]{1,2} )?[0-9]{1,9}(?:\.[0-9]{1,3})?(?: [A-Z]{3})?"),
    "locator": re.compile(_LOCATOR),
    "other locator": re.compile(rf"[A-Z0-9]{{0,4}}:{_LOCATOR}"),
    "status": re.compile(r"[A-Z0-9]{2,3}|[a-z]{3,9}"),
    "moment": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]{5,8}Z)?"),
    # IATA number, sign, city or system, and the office of a reservation system (city, agency, number)
    "office": re.compile(r"[0-9]{7,8}|[A-Z0-9]{1,7}|[A-Z]{3}(?:[A-Z]{2}[0-9]{2}|[0-9][A-Z][0-9]{2})[A-Z0-9]{2}"),
    "action": re.compile(r"[A-Z]{1,2}"),
    "changed": re.compile(r"[a-z]{3,9}(?: [A-Z]{4})?"),
    "unit": re.compile(_COUNT),
    "function": re.compile(r"[0-9]{1,3}(?:\+[A-Z0-9]{1,4})?"),
}
"""The form of each code, of its whole text."""


def clear(form: str, text: str | None) -> str:
    """The text where it has this form, else ''."""
    return text if text and FORMS[form].fullmatch(text) else ""


@lru_cache(maxsize=4096)  # bookings of one flight share their legs
def clear_leg(leg: FlightLeg) -> FlightLeg:
    """The leg with its sound parts alone; the leg itself where all are."""
    told = msgspec.structs.replace(
        leg,
        carrier=clear("carrier", leg.carrier),
        number=clear("number", leg.number),
        origin=clear("place", leg.origin),
        destination=clear("place", leg.destination),
        registration=clear("registration", leg.registration),
        marketing=clear("marketing", leg.marketing),
    )
    return leg if told == leg else told


def clear_traveller(traveller: Traveller) -> dict[str, object]:
    """Seat, bags, tickets, check-in and points of a booked traveller (Annex I items 10, 13, 14, 16)."""
    bags = traveller.bags
    if bags is not None:
        bags = msgspec.structs.replace(
            bags,
            weight_unit=clear("unit", bags.weight_unit),
            tags=tuple(tag for tag in bags.tags if clear("tag", tag)),
            pool=clear("unit", bags.pool),
            pool_reference=clear("pool", bags.pool_reference),
        )
    told = {
        "seat": clear("seat", traveller.seat),
        "bags": msgspec.to_builtins(bags),
        "tickets": [one for one in traveller.tickets if clear("ticket", one)],
        "checked_in": traveller.checked_in,
        "travel_status": traveller.travel_status,
        "excess_baggage": [one for one in traveller.excess_baggage if clear("excess", one)],
        "embarkation": clear("place", traveller.embarkation),
        "disembarkation": clear("place", traveller.disembarkation),
    }
    return {field: value for field, value in told.items() if value}


def clear_booking(booking: Booking) -> dict[str, object]:
    """What of a booking is no identity (Annex I items 1, 2, 3, 7, 9, 10, 11, 13, 15, 19); values of history are."""
    told = {
        "locator": clear("locator", booking.locator),
        "carrier": clear("carrier", booking.carrier),
        "locators": [one for one in booking.locators if clear("other locator", one)],
        "created": clear("moment", booking.created),
        "changed": clear("moment", booking.changed),
        "itinerary": [msgspec.to_builtins(clear_leg(leg)) for leg in booking.itinerary],
        "status": [clear("status", one) for one in booking.status],
        "agency": " ".join(part for part in booking.agency.split() if clear("office", part)),
        "agent": clear("office", booking.agent),
        "tickets": [
            msgspec.to_builtins(
                msgspec.structs.replace(
                    one, number=clear("ticket", one.number), issued=clear("moment", one.issued) or None,
                    fare=clear("fare", one.fare),
                )
            )
            for one in booking.tickets
        ],
        "split_from": [one for one in booking.split_from if clear("other locator", one)],
        "cancelled": booking.cancelled,
        "history": [
            {"at": clear("moment", one.at) or None, "action": clear("action", one.action),
             "element": clear("changed", one.element)}
            for one in booking.history
        ],
    }  # fmt: skip
    return {field: value for field, value in told.items() if value}
