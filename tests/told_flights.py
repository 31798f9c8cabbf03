"""Invented flights with known truth: who is who in every message of a leg, whatever the carrier does between pushes."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from pnr_pipeline.records import Booking, Contact, Document, FlightLeg, Message, Name, Received, Traveller

# local to the airport and as in the envelope: without zone, as messages have them
DEPARTURE, ARRIVAL = datetime.fromisoformat("2026-03-02T10:00"), datetime.fromisoformat("2026-03-02T10:40")
START = datetime.fromisoformat("2026-02-28T09:00")
WAIT = timedelta(minutes=30)
LEG = FlightLeg("QX", "101", "IST", "SKP", DEPARTURE, ARRIVAL)
RECEIVED = datetime(2026, 2, 28, 9, 5, tzinfo=UTC)

SURNAMES = ("DRAGANOV", "KELMENDI", "OZTURKMEN", "SHEVARDIN", "MARKOVSKI", "HALILAJ", "PETKANOV", "ZOGRAFI")
GIVEN = ("ARBEN", "BOJANA", "CEMILE", "DARIUSZ", "ELIRA", "FATMIR", "GORDANA", "HRISTO", "ILINA", "JOVANKA")


@dataclass(frozen=True)
class Truth:
    """A person who exists. `told` says how carriers identify them: by `document`, `reference`, or `name` alone."""

    number: int
    surname: str
    given: str
    born: str
    sex: str
    document: str
    told: str
    locator: str
    infant: bool = False
    split_from: str = ""


@dataclass
class Flight:
    """The messages of one leg in the order they were prepared, and the true person of each listing."""

    messages: list[Message] = field(default_factory=list)
    who: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, kind: str, people: list[Truth], *, function: str = "22") -> None:
        place = len(self.messages)
        message_id = f"{hashlib.sha256(f'{kind}{place}'.encode()).hexdigest()}:1"
        bookings = _bookings(people) if kind == "PNRGOV" else ()
        where = {booking.locator: index for index, booking in enumerate(bookings)}
        travellers = tuple(_listed(one, ordinal, kind, where) for ordinal, one in enumerate(people, 1))
        self.messages.append(
            Message(
                message_id=message_id,
                kind=kind,
                version="D:12B" if kind == "PAXLST" else "13:1",
                function=function,
                prepared_at=START + timedelta(hours=place),
                flights=(LEG,),
                travellers=travellers,
                bookings=bookings,
            )
        )
        self.who |= {(message_id, ordinal): one.number for ordinal, one in enumerate(people, 1)}


def received(message: Message, place: int = 0) -> Received:
    """A file that carries this message alone; its bytes are as unique as the message."""
    item = f"{message.message_id[:12]}-{place}.edi"
    return Received("spool", item, message.message_id.encode(), RECEIVED + timedelta(minutes=place))


def _bookings(people: list[Truth]) -> tuple[Booking, ...]:
    locators = list(dict.fromkeys(one.locator for one in people))
    return tuple(
        Booking(
            locator=locator,
            carrier="QX",
            created="2026-01-05T08:00:00Z",
            travellers=tuple(place for place, one in enumerate(people, 1) if one.locator == locator),
            party_size=sum(one.locator == locator for one in people),
            split_from=tuple({one.split_from for one in people if one.locator == locator and one.split_from}),
            contacts=(Contact("phone", f"+90212{locator}"),),
        )
        for locator in locators
    )


def _listed(one: Truth, ordinal: int, kind: str, where: dict[str, int]) -> Traveller:
    document = Document("P", one.document, "TUR", "TUR")
    reference = f"UPR{one.number:08}" if one.told == "reference" else None
    if kind == "PAXLST":
        return Traveller(
            ordinal, "passenger", one.surname, one.given, date_of_birth=one.born, sex=one.sex, nationality="TUR",
            documents=(document,), locator=one.locator, carrier_reference=reference,
        )  # fmt: skip
    docs = one.told == "document"
    return Traveller(
        ordinal,
        "infant" if one.infant else "passenger",
        one.surname,
        one.given[:4] if one.told == "name" and one.number % 2 else one.given,
        other_names=(Name(one.surname, one.given, "DOCS"),) if docs else (),
        date_of_birth=one.born if docs else None,
        documents=(document,) if docs else (),
        locator=one.locator,
        booking=where[one.locator],
        carrier_reference=reference,
        seat=f"{ordinal}A",
    )


@st.composite
def flights(draw: st.DrawFn) -> Flight:
    """A leg over three to six messages: people dropped, inserted, reordered, split off, renamed, checked in."""
    flight = Flight()
    people = [_someone(draw, number) for number in range(1, draw(st.integers(2, 6)) + 1)]
    people += _infants(draw, people)
    born = len(people)
    for _ in range(draw(st.integers(3, 6))):
        people = draw(st.permutations(people))
        change = draw(st.sampled_from(["none", "drop", "insert", "split", "rename"]))
        if change == "drop" and len(people) > 1:
            people = people[1:]
        elif change == "insert":
            born += 1
            people = [_someone(draw, born + 100), *people]
        elif change == "split":
            people = _split(people)
        elif change == "rename":
            people = [_renamed(people[0]), *people[1:]]
        # a split of those told by name alone must be told before they check in: nothing else would lead to them
        if change == "split" or draw(st.booleans()):
            flight.add("PNRGOV", people)
        else:
            some = people[: draw(st.integers(1, len(people)))]
            flight.add("PAXLST", some, function=draw(st.sampled_from(["745", "266+CLOB"])))
    return flight


def _someone(draw: st.DrawFn, number: int) -> Truth:
    """Namesakes in one booking are told by document: by name alone no carrier could keep them apart either."""
    told = draw(st.sampled_from(["document", "reference", "name"]))
    namesake = told == "document" and draw(st.booleans())
    letters = "".join(chr(ord("A") + int(digit)) for digit in f"{number:03}")
    return Truth(
        number,
        "NAMESAKE" if namesake else f"{draw(st.sampled_from(SURNAMES))}{letters}",
        "JORDAN" if namesake else draw(st.sampled_from(GIVEN)),
        f"19{60 + number % 40}-{1 + number % 12:02}-{1 + number % 28:02}",
        draw(st.sampled_from("MF")),
        f"U{number:07}",
        told,
        draw(st.sampled_from(["KAB123", "KCD456"])),
    )


def _infants(draw: st.DrawFn, people: list[Truth]) -> list[Truth]:
    """A child on its mother's passport: the same document, the same surname, the same booking."""
    if not draw(st.booleans()):
        return []
    mother = people[0]
    return [replace(mother, number=50, given="BEBE", born="2025-06-01", sex="M", told="document", infant=True)]


def _split(people: list[Truth]) -> list[Truth]:
    one, *others = people
    if one.locator.startswith("S"):
        return people
    return [replace(one, locator=f"S{one.number:05}", split_from=one.locator), *others]


def _renamed(one: Truth) -> Truth:
    return one if one.told == "name" or one.infant else replace(one, surname=f"{one.surname}OVA", given="MARRIED")
