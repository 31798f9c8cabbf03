"""Special service requests of a PNRGOV: documents, infants, seats, frequent flyers, and what must not be kept."""

from collections.abc import Iterator, Sequence
from datetime import date

from pnr_pipeline.records.traveller import Document
from pnr_pipeline.simulate.draft import ddmmmyy
from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.parties import Booking, Passenger
from pnr_pipeline.simulate.stock import world
from pnr_pipeline.wire.edifact.writer import WireSegment

TEXTS = {"MEDA": "PAX HAS DIABETES NEEDS INSULIN COOLED", "MOML": "HALAL FOOD ONLY", "WCHS": "CANNOT CLIMB STAIRS"}
"""Where a diagnosis or a belief is told in words, sent so that it can be seen to vanish."""


class Requests:
    """Writes the SSR segments of one flight; `lap_infants`: infants without a seat have no TIF, only INFT and DOCS."""

    def __init__(self, flight: Flight, *, lap_infants: bool) -> None:
        self._flight = flight
        self._lap_infants = lap_infants

    def of(
        self, booking: Booking, one: Passenger, *, documents: bool, laps: Sequence[Passenger]
    ) -> Iterator[WireSegment]:
        """The requests that stand under the traveller's TIF."""
        number = one.number
        if documents:
            yield self._docs(one, number)
            if one.visa:
                state, issued = world().places[self._flight.destination][0], ddmmmyy(booking.created)
                yield self._ssr("DOCO", f"/V/{one.visa}/{one.person.nationality}/{issued}/{state}", number)
        if one.fare == "C" and documents:
            yield self._ssr("CHLD", ddmmmyy(one.person.born), number)
        if one.fare == "IN" and one.seated:
            yield self._ssr("INST", self._named(one), number)
        elif one.fare == "IN" and one.adult is not None:
            yield self._ssr("INFT", self._named(one), one.adult.number)
        for lap in laps:
            yield self._ssr("INFT", self._named(lap), number)
            if documents:
                yield self._docs(lap, number)
        if booking.alone_minor:
            age = (self._flight.departure.date() - one.person.born).days // 365
            yield self._ssr("UMNR", f"UM{age:02}", number)
        if one.loyalty:
            yield self._ssr("FQTV", f"{self._flight.carrier}{one.loyalty}", number)
        for code in one.sensitive:
            yield self._ssr(code, TEXTS.get(code, ""), number)

    def seats(self, seated: Sequence[Passenger]) -> WireSegment:
        """SSR SEAT of the reported leg: each seat with its traveller's reference (C332)."""
        flight = self._flight
        head = ("SEAT", "HK", str(len(seated)), flight.carrier, "", "", flight.origin, flight.destination)
        return ("SSR", head, *[(one.seat, "", one.number, "N") for one in seated])

    def _docs(self, one: Passenger, number: str) -> WireSegment:
        person, document = one.person, one.person.document
        sex = f"{person.sex}I" if one.fare == "IN" else person.sex
        return self._ssr("DOCS", f"{_papers(document)}/{person.nationality}/{ddmmmyy(person.born)}/{sex}/"
                         f"{_expiry(document)}/{person.surname}/{'/'.join(_two(person.given))}", number)  # fmt: skip

    def _named(self, one: Passenger) -> str:
        return f"{one.person.surname}/{one.person.given_names} {ddmmmyy(one.person.born)}"

    def _ssr(self, code: str, text: str, number: str) -> WireSegment:
        flight = self._flight
        head = (code, "HK", "1", flight.carrier, "", "", flight.origin, flight.destination, text)
        return ("SSR", head, ("", "", number))


def _papers(document: Document) -> str:
    return f"/{document.type}/{document.issuer}/{document.number}"


def _expiry(document: Document) -> str:
    return ddmmmyy(date.fromisoformat(document.expires)) if document.expires else ""


def _two(given: tuple[str, ...]) -> tuple[str, ...]:
    """First and second given name; AIRIMP has no third field."""
    return (given[0], " ".join(given[1:])) if len(given) > 1 else given
