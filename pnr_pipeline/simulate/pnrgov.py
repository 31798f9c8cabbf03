"""PNRGOV as carriers push it: all bookings of a flight, 48 hours before departure and at closure (FORMATS 4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pnr_pipeline.simulate.draft import Draft, ddmmyy, hhmm
from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.itineraries import Leg
from pnr_pipeline.simulate.parties import Booking, Passenger
from pnr_pipeline.simulate.paxlst import true_person, visa
from pnr_pipeline.simulate.people import Person
from pnr_pipeline.simulate.pnrgov_services import Requests
from pnr_pipeline.simulate.scenario import TrueTraveller
from pnr_pipeline.simulate.stock import states, world
from pnr_pipeline.wire.edifact.writer import UNA_OF_PADIS, Envelope, WireSegment

OWN_LEG_CLASSES = ("Y", "Q", "K", "M")


class Booked(NamedTuple):
    """A booking as one push shows it: those who belong to it then, and what they were called then."""

    booking: Booking
    passengers: tuple[Passenger, ...]
    gone: tuple[Passenger, ...] = ()
    """Cancelled since the push before; they remain in the history."""


class Push(NamedTuple):
    """One full push: the first (1), 48 hours before departure, or the second, at closure."""

    number: int
    sent_at: datetime
    reference: str


def push(flight: Flight, booked: Sequence[Booked], which: Push) -> Draft:
    """MSG 22: every booking of the flight in one message."""
    draft = _draft(flight, len(booked), which)
    writer = _Writer(flight, which)
    for at, one in enumerate(booked):
        block, travellers = writer.booking(one)
        draft.blocks.append(block)
        draft.travellers += travellers
        draft.blocks_of += [at] * len(travellers)
    return draft


def _draft(flight: Flight, bookings: int, which: Push) -> Draft:
    carrier = flight.carrier
    style = world().pnr_styles[world().carriers[carrier]["pnr"]]
    envelope = Envelope(
        syntax=("IATA", "1"),
        sender=carrier,
        recipient="PIUPNR",
        prepared_at=which.sent_at,
        reference=which.reference,
        application="PNRGOV",
        message_type="PNRGOV",
        agency="IA",
        group=(style["release"], "1"),
    )
    head: list[WireSegment] = [
        ("MSG", ("", "22")),
        ("ORG", (carrier, flight.origin)),
        ("TVL", _period(flight), flight.origin, flight.destination, carrier, flight.number),
        ("EQN", str(bookings)),
    ]
    return Draft(
        envelope=envelope,
        identifier=("PNRGOV", style["release"], "1", "IA"),
        access_reference=f"{carrier}{flight.number}/{ddmmyy(flight.departure)}/{hhmm(flight.departure)}",
        head=head,
        blocks=[],
        tail=[],
        travellers=[],
        blocks_of=[],
        line=style["line"],
        separators=UNA_OF_PADIS,
    )


class _Writer:
    """Writes the bookings of one push."""

    def __init__(self, flight: Flight, which: Push) -> None:
        self._flight = flight
        self._push = which
        carrier = world().carriers[flight.carrier]
        self._numeric = carrier["numeric"]
        style = world().pnr_styles[carrier["pnr"]]
        self._api_reference = style["references"] == "api"
        self._lap_infants = style["infants"] == "with_adult"
        self._requests = Requests(flight, lap_infants=self._lap_infants)

    def booking(self, booked: Booked) -> tuple[list[WireSegment], list[TrueTraveller]]:
        """GR.1 of one booking, and what is true of its travellers in the order of the message."""
        booking, passengers, _ = booked
        named = [one for one in passengers if not self._on_lap(one)]
        laps = [one for one in passengers if self._on_lap(one)]
        documents = booking.told <= self._push.number
        block = self._head(booking)
        for one in named:
            block += self._traveller(booking, one, documents, [lap for lap in laps if lap.adult is one])
        if booking.before:
            block += self._other_leg(booking.before, len(passengers))
        block += self._own_leg(booking, passengers)
        for leg in (booking.after, booking.back):
            if leg:
                block += self._other_leg(leg, len(passengers))
        if booking.divided_from is not None and self._push.number > 1:
            block += [("EQN", "1"), ("RCI", (self._flight.carrier, booking.divided_from.locator))]
        block += self._history(booked)
        return block, [self._true(booking, one, documents) for one in (*named, *laps)]

    def _on_lap(self, one: Passenger) -> bool:
        return self._lap_infants and one.fare == "IN" and not one.seated

    def _head(self, booking: Booking) -> list[WireSegment]:
        carrier, lead = self._flight.carrier, booking.passengers[0].person
        state = states()[lead.nationality]
        block: list[WireSegment] = [
            ("SRC",),
            ("RCI", (carrier, booking.locator, "", ddmmyy(booking.created), hhmm(booking.created))),
            ("DAT", ("700", ddmmyy(booking.changed), hhmm(booking.changed)),
             ("710", ddmmyy(booking.created), hhmm(booking.created))),
        ]  # fmt: skip
        coded = ("4", "28", "", carrier)
        if booking.direct:
            mail = f"{lead.surname}.{booking.contact}".replace(" ", "").replace("'", "")
            block.append(("IFT", coded, f"CTCM {state.phone}{booking.contact}"))
            block.append(("IFT", coded, f"CTCE {mail}//EXAMPLE.ORG"))
            agent: WireSegment = ("ORG", (carrier, self._flight.origin), "", self._flight.origin, "", "A")
        else:
            block.append(("IFT", coded, f"CTCT {state.phone}{booking.agent}"))
            country = (state.alpha2, "EUR", "EN")
            agent = ("ORG", (carrier, self._flight.origin), booking.agent, booking.town, "", "T", country, "WS32")
        block.append(agent)
        if booking.direct:
            address = ("700", f"{state.street} {booking.contact[:2]}", booking.town, "", "", state.alpha2, "1000")
            block.append(("ADD", "", address))
        if booking.group_name:
            block.append(("TIF", (booking.group_name, "G", str(len(booking.passengers)))))
        return block

    def _traveller(self, booking: Booking, one: Passenger, documents: bool, laps: list[Passenger]) -> list[WireSegment]:
        """GR.2 to GR.4."""
        flight, carrier = self._flight, self._flight.carrier
        block: list[WireSegment] = [self._tif(one, infant=self._carries(booking, one))]
        if one.loyalty:
            block.append(("FTI", (carrier, one.loyalty, one.number)))
        block.append(("REF", ("", self._reference(one))))
        if one.fare != "IN" or one.seated:
            block.append(("FAR", "", "", "", "", "", f"{OWN_LEG_CLASSES[int(one.ticket[-1]) % 4]}FLEX"))
        block += self._requests.of(booking, one, documents=documents, laps=laps)
        fare = booking.fare if one.fare != "IN" else booking.fare // 10
        taxes = 1679
        block.append(("TKT", (one.ticket, "T", "1")))
        block.append(("MON", ("B", _money(fare), "EUR"), ("T", _money(fare + taxes), "EUR")))
        ticketed = (ddmmyy(booking.created), hhmm(booking.created))
        block.append(("PTK", "NR", "", ticketed, carrier, self._numeric, flight.origin))
        block.append(("TXD", "", ("12.00", "", "", "YQ"), ("4.79", "", "", "AY")))
        block.append(("DAT", ("710", ddmmyy(booking.created))))
        vendor, _, last = booking.card.partition(":")
        if booking.direct:
            account = f"XXXXXXXXXXXX{last}"
            block.append(
                ("FOP", ("CC", "", _money(fare + taxes), vendor, account, f"12{(flight.departure.year + 2) % 100}"))
            )
        else:
            block.append(("FOP", ("CA", "", _money(fare + taxes))))
        return block

    def _tif(self, one: Passenger, *, infant: bool = False) -> WireSegment:
        person = self._called(one)
        return ("TIF", person.surname, (person.given_names + one.title, one.fare, one.number, "1" if infant else ""))

    def _carries(self, booking: Booking, one: Passenger) -> bool:
        """Whether an infant without seat travels on the lap of this one (PADIS 9946)."""
        return any(other.adult is one and not other.seated for other in booking.passengers)

    def _called(self, one: Passenger) -> Person:
        return one.former if one.former is not None and self._push.number == 1 else one.person

    def _reference(self, one: Passenger) -> str:
        return one.reference if self._api_reference else one.ticket

    def _own_leg(self, booking: Booking, passengers: Sequence[Passenger]) -> list[WireSegment]:
        """GR.5 to GR.7 of the reported leg."""
        flight = self._flight
        klass = OWN_LEG_CLASSES[int(booking.contact[-1]) % 4]
        carrier, number = flight.carrier, flight.number
        block: list[WireSegment] = []
        if flight.codeshare and not booking.direct:
            marketing, _, theirs = flight.codeshare.partition(":")
            block.append(("TVL", _period(flight), flight.origin, flight.destination, marketing, (theirs, klass)))
            block.append(("TRA", carrier, (number, klass)))
        else:
            block.append(("TVL", _period(flight), flight.origin, flight.destination, carrier, (number, klass)))
        block += [("RPI", str(len(passengers)), "HK"), ("APD", flight.aircraft)]
        seated = [one for one in passengers if one.seat]
        if seated and self._push.number > 1:
            block.append(self._requests.seats(seated))
        block.append(("RCI", (carrier, booking.locator)))
        if self._push.number > 1:
            for at, one in enumerate(one for one in passengers if one.seat and one.fate in ("flies", "booked_late")):
                block += self._check_in(one, at)
        return block

    def _check_in(self, one: Passenger, at: int) -> list[WireSegment]:
        flight = self._flight
        minutes = 20 + (int(one.ticket[-3:]) * 7) % 100
        done = flight.departure_utc - timedelta(minutes=minutes + 30)
        sequence = int(one.ticket[-3:]) % 400 + 1
        block: list[WireSegment] = [
            ("DAT", ("2", ddmmyy(done), hhmm(done))),
            ("ORG", (flight.carrier, flight.origin)),
            ("TRI", "", (str(sequence), "", "", one.number)),
            self._tif(one),
            ("SSD", one.seat, "", "", "", "Y"),
        ]
        if one.bags:
            tag = f"0{self._numeric}{one.tag}"
            bags = (str(one.bags), str(one.weight), "700")
            block.append(("TBD", "", bags, "", ("HP",), (self._numeric, tag, str(one.bags), flight.destination)))
        return block

    def _other_leg(self, leg: Leg, quantity: int) -> list[WireSegment]:
        period = (ddmmyy(leg.departure), hhmm(leg.departure), ddmmyy(leg.arrival), hhmm(leg.arrival))
        return [
            ("TVL", period, leg.origin, leg.destination, leg.carrier, (leg.number, "Y")),
            ("RPI", str(quantity), "HK"),
        ]

    def _history(self, booked: Booked) -> list[WireSegment]:
        """GR.10 to GR.12: the creation, then who was cancelled or renamed; a raw line of history for some."""
        flight, booking = self._flight, booked.booking
        office = ("1", (f"{booking.agent[:6]}", "GS"), flight.origin, "", flight.carrier)
        block: list[WireSegment] = [
            ("ABI", *office),
            ("DAT", ("T", ddmmyy(booking.created), hhmm(booking.created))),
            ("SAC", "", "", "A"),
            ("TVL", _period(flight), flight.origin, flight.destination, flight.carrier, (flight.number, "Y")),
            ("RPI", str(len(booking.passengers)), "HK"),
        ]
        renamed = [one for one in booked.passengers if one.former is not None] if self._push.number > 1 else []
        if booked.gone or renamed:
            block += [("ABI", *office), ("DAT", ("T", ddmmyy(booking.changed), hhmm(booking.changed)))]
        for one in booked.gone:
            block += [("SAC", "", "", "X"), ("TIF", one.person.surname, (one.person.given_names + one.title, one.fare))]
        for one in renamed:
            former = one.former or one.person
            block += [("SAC", "", "", "X"), ("TIF", former.surname, (former.given_names + one.title, one.fare))]
            block += [("SAC", "", "", "A"), ("TIF", one.person.surname, (one.person.given_names + one.title, one.fare))]
        if int(booking.contact[-1]) < 2:
            block.append(("LTS", f"0 {flight.carrier}/AP {booking.locator} HK{len(booking.passengers)} *1A/E*"))
        return block

    def _true(self, booking: Booking, one: Passenger, documents: bool) -> TrueTraveller:
        person, called = one.person, self._called(one)
        renamed = called is not person
        untold: list[str] = [] if documents else ["sex", "nationality", "documents"]
        if not documents and one.fare != "IN":
            untold.append("date_of_birth")
        if renamed and not documents:
            untold += ["surname", "given_names"]
        seat = one.seat if self._push.number > 1 else ""
        if not seat:
            untold.append("seat")
        if self._on_lap(one):
            untold.append("reference")
        if one.adult is not None and one.seated:
            untold.append("accompanied_by")
        papers = (person.document, visa(self._flight, one.visa)) if one.visa else (person.document,)
        return true_person(
            person,
            "infant" if one.fare == "IN" else "passenger",
            documents=papers if documents else (),
            booked_surname=called.surname if renamed else "",
            booked_given_names=called.given_names if renamed else "",
            locator=booking.locator,
            seat=seat,
            reference="" if self._on_lap(one) else self._reference(one),
            accompanied_by=one.adult.person.person if one.adult else "",
            sensitive=dict.fromkeys(one.sensitive, 1),
            untold=tuple(untold),
        )


def _period(flight: Flight) -> tuple[str, str, str, str]:
    return ddmmyy(flight.departure), hhmm(flight.departure), ddmmyy(flight.arrival), hhmm(flight.arrival)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
