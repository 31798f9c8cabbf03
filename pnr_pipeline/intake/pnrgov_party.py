"""The people of one booking: who they are, how the message refers to them, and which infant travels with whom.

Two persons are never made one: an element that may belong to several makes a new person or none (DESIGN 4).
"""

from pnr_pipeline.intake.names import UNKNOWN
from pnr_pipeline.intake.pnrgov_names import letters, same_given, split_title
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.traveller import Bags, Document, Name, Place, Traveller, TravelStatus

INFANT_TYPES = frozenset(("IN", "IF", "IM", "INF", "INS"))
_EACH_MAX = 50
"""Names, documents, tickets and cards kept of one person, and people of one name looked at: none has so many, and the
time per element stays bounded."""
_GROWN_TITLES = frozenset(("MR", "MRS", "MS", "DR", "PROF"))


class Person:
    """One traveller while the message is read. Values of the leg that is reported (`…_here`) win over other legs'."""

    __slots__ = (
        "address",
        "adult",
        "bags",
        "bags_here",
        "birth",
        "carrier_reference",
        "checked_here",
        "checked_in",
        "documents",
        "excess",
        "fare_type",
        "given",
        "given_letters",
        "infant",
        "infant_told",
        "loyalty",
        "nationality",
        "offset",
        "ordinal",
        "other_names",
        "pooled_with",
        "reference",
        "residence",
        "seat",
        "seat_rank",
        "sequence",
        "sex",
        "surname",
        "surname_letters",
        "tickets",
        "title",
        "travel_status",
        "written",
    )  # fmt: skip

    def __init__(self, surname: str, given: str, title: str, offset: int) -> None:
        self.title = title
        self.written: tuple[str, str] | None = None
        self.take_name(surname, given)
        self.offset = offset
        self.fare_type = ""
        self.reference = ""
        self.infant = False
        self.infant_told = False
        self.adult: Person | None = None
        self.other_names: list[Name] = []
        self.birth: str | None = None
        self.sex: str | None = None
        self.nationality: str | None = None
        self.documents: list[Document] = []
        self.carrier_reference: str | None = None
        self.seat: str | None = None
        self.seat_rank = 0
        self.bags: Bags | None = None
        self.bags_here = False
        self.checked_in: bool | None = None
        self.checked_here: bool | None = None
        self.loyalty: list[str] = []
        self.tickets: list[str] = []
        self.residence: Place | None = None
        self.address = ""
        self.ordinal = 0
        self.sequence = ""
        self.travel_status: TravelStatus = ""
        self.pooled_with: int | None = None
        self.excess: tuple[str, ...] = ()

    def take_name(self, surname: str, given: str) -> None:
        """Call the person so; the bare letters are kept beside, as names are compared again and again."""
        self.surname = surname
        self.given = given
        self.surname_letters = letters(surname)
        self.given_letters = letters(given)

    @property
    def grown(self) -> bool:
        """Whether type or title say that this is no infant."""
        return not self.infant and (self.fare_type == "A" or self.title in _GROWN_TITLES)

    def is_called(self, surname: str, given: str) -> bool:
        """Whether the name given elsewhere in the booking may be this person's; False without a given name."""
        if not given or letters(surname) != self.surname_letters:
            return False
        return letters(given) == self.given_letters or same_given(self.given, self.title, given)

    def is_exactly(self, surname: str, given: str) -> bool:
        """Whether this is the person's very name, letter by letter; False where a part of it is missing."""
        return (
            bool(given and self.surname_letters)
            and letters(given) == self.given_letters
            and letters(surname) == self.surname_letters
        )

    def shares_given_name(self, given: str) -> bool:
        """Whether the given names may be this person's, whatever the surname; True where there are none to compare."""
        return not given or not self.given or same_given(self.given, self.title, given)

    def also_called(self, surname: str, given: str, source: str) -> None:
        """Keep a further name, unless it is one that is known; a person without name takes it as their own."""
        surname, given = _told(surname), _told(given)
        if not surname and not given:
            return
        if not self.surname and not self.given:
            self.take_name(surname, given)
            return
        key = (letters(surname), letters(given))
        if self.title and key == (self.surname_letters, letters(self.given + self.title)):
            if given.split()[-1].upper() != self.title:  # the document has it too: ADAMS is no ADA with a title
                self.take_name(self.surname, given)
                self.title = ""
            return
        if key == (self.surname_letters, self.given_letters) or len(self.other_names) >= _EACH_MAX:
            return
        if key not in [(letters(name.surname), letters(name.given_names)) for name in self.other_names]:
            self.other_names.append(Name(surname, given, source))

    def add_document(self, document: Document) -> None:
        """Keep a document once, however often its request is repeated; the fuller form wins."""
        for at, known in enumerate(self.documents):
            if known == document:
                return
            if known.number == document.number and known.type == document.type:
                self.documents[at] = known if known.expires or not document.expires else document
                return
        if len(self.documents) < _EACH_MAX:
            self.documents.append(document)

    def add_ticket(self, number: str) -> None:
        """Keep a ticket number once."""
        if number and len(self.tickets) < _EACH_MAX and number not in self.tickets:
            self.tickets.append(number)

    def add_loyalty(self, number: str) -> None:
        """Keep a frequent flyer number once; a form with its status follows the bare number and replaces it."""
        bare = number.partition(" ")[0]
        for at, known in enumerate(self.loyalty):
            if known.partition(" ")[0] == bare:
                self.loyalty[at] = max(known, number, key=len)
                return
        if number and len(self.loyalty) < _EACH_MAX:
            self.loyalty.append(number)

    def take_seat(self, seat: str, rank: int) -> None:
        """Keep a seat unless one of a higher rank is known; '' costs nothing."""
        if seat and rank > self.seat_rank:
            self.seat, self.seat_rank = seat, rank

    def record(self, booking: int | None, locator: str) -> Traveller:
        """The frozen record. `adult` must have its ordinal by now."""
        return Traveller(
            ordinal=self.ordinal,
            role="infant" if self.infant else "passenger",
            surname=self.surname,
            given_names=self.given,
            other_names=tuple(self.other_names),
            date_of_birth=self.birth,
            sex=self.sex,
            nationality=self.nationality,
            nationality_alpha3=alpha3(self.nationality) or None if self.nationality else None,
            residence=self.residence,
            documents=tuple(self.documents),
            locator=locator or None,
            booking=booking,
            carrier_reference=self.carrier_reference,
            seat=self.seat,
            bags=self.bags,
            address=self.address,
            frequent_flyer=tuple(self.loyalty),
            tickets=tuple(self.tickets),
            fare_type=self.fare_type,
            title=self.title,
            checked_in=self.checked_in if self.checked_here is None else self.checked_here,
            travel_status=self.travel_status,
            excess_baggage=self.excess,
            pooled_with=self.pooled_with,
            accompanied_by=self.adult.ordinal if self.adult else None,
            offset=self.offset,
        )


def _told(name: str) -> str:
    """A name without blanks around; '' for FNU and LNU, which say that it is not known (FORMATS 2.9)."""
    name = name.strip()
    return "" if name.upper() in UNKNOWN else name


class Party:
    """All persons of one booking in the order of the message, found by reference or by name in constant time."""

    __slots__ = ("_by_reference", "_by_surname", "_infants", "persons")

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self._by_reference: dict[str, Person] = {}
        self._by_surname: dict[str, list[Person]] = {}
        self._infants: dict[int, list[Person]] = {}

    def add(self, surname: str, given: str, offset: int, *, reference: str = "", fare_type: str = "") -> Person:
        """A new person; the title comes off the given names. The first one to use a reference keeps it."""
        written = (surname, given)
        told = _told(given)
        given, title = split_title(told)
        if fare_type in INFANT_TYPES and title in _GROWN_TITLES:  # an infant OMAR BADR is no doctor
            given, title = told, ""
        person = Person(_told(surname), given, title, offset)
        person.written = written
        person.fare_type = fare_type
        person.infant = fare_type in INFANT_TYPES or title == "INF"
        person.reference = reference
        if reference:
            self._by_reference.setdefault(reference, person)
        self.persons.append(person)
        namesakes = self._by_surname.setdefault(letters(surname), [])
        if len(namesakes) < _EACH_MAX:
            namesakes.append(person)
        return person

    def referred_to(self, reference: str) -> Person | None:
        """The person behind a normalised reference: `1` also means `1.1`, and the reverse, where only one has it."""
        person = self._by_reference.get(reference)
        if person is None and reference:
            other = reference.removesuffix(".1") if reference.endswith(".1") else f"{reference}.1"
            person = self._by_reference.get(other)
        return person

    def called(self, surname: str, given: str) -> list[Person]:
        """Everyone whose name this may be, those with exactly this name alone if there are any."""
        key = letters(surname)
        namesakes = self._by_surname.get(key)
        if namesakes is None or not given:
            return []
        wanted = letters(given)
        exact = [
            one
            for one in namesakes
            if one.surname_letters == key and wanted in (one.given_letters, one.given_letters + one.title)
        ]
        return exact or [one for one in namesakes if one.is_called(surname, given)]

    def of_surname(self, surname: str) -> list[Person]:
        """Those of this surname who are no infants."""
        return [one for one in self._by_surname.get(letters(surname), ()) if not one.infant]

    @property
    def sole_adult(self) -> Person | None:
        """The only one who is no infant; None where there are several, or none."""
        adults = [person for person in self.persons[:_EACH_MAX] if not person.infant]
        return adults[0] if len(adults) == 1 and len(self.persons) <= _EACH_MAX else None

    def join(self, infant: Person, adult: Person | None) -> None:
        """Say that the infant travels with the adult, unless another one is known."""
        infant.infant = True
        if adult is not None and infant.adult is None and adult is not infant:
            infant.adult = adult
            self._infants.setdefault(id(adult), []).append(infant)

    def infants_of(self, adult: Person) -> list[Person]:
        """The infants known to travel with this adult."""
        return self._infants.get(id(adult), [])

    def settle_infants(self) -> None:
        """Give each infant its adult, by the best sign there is; none where nothing tells."""
        waiting: list[Person] = []
        for person in self.persons:
            if not person.infant:
                if person.infant_told and not self.infants_of(person):
                    waiting.append(person)
            elif person.adult is None:
                same = self.referred_to(person.reference[:-1]) if person.reference.endswith("I") else None
                if same and not same.infant:
                    self.join(person, same)
                elif waiting:
                    self.join(person, waiting.pop())
                else:
                    relatives = self.of_surname(person.surname)
                    self.join(person, relatives[0] if len(relatives) == 1 else self.sole_adult)
