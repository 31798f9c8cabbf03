"""How far a search of the archive goes under purpose (b): the persons, days and places of its order, and no further.

Directive (EU) 2016/681 art. 6(2)(b); C-817/19 ¶214-226: in a specific case, approved first by a court or an independent
body. What the approver signed is data here, so that the job cannot go beyond it (DIS-2, DIS-3).
"""

from datetime import date
from typing import Literal

import msgspec

from pnr_pipeline.errors import OrderFault
from pnr_pipeline.records import FlightLeg, ListEntry

MOST_PERSONS = 50
"""One person, or a group with something in common: more is no specific case (C-817/19 ¶219)."""


class Search(msgspec.Struct, frozen=True):
    """Whom an order lets be looked for, and between which places; no place named is no restriction by place.

    `places` are codes of airports as flights tell them: a flight counts that begins or ends at one of them.
    """

    persons: tuple[ListEntry, ...]
    places: tuple[str, ...] = ()

    def covers(self, flight: FlightLeg) -> bool:
        """Whether the order lets records of this flight be looked at."""
        return not self.places or flight.origin in self.places or flight.destination in self.places


class Shard(msgspec.Struct, frozen=True):
    """A piece of work: a row group of a closed day in the lake, or a day that the database alone holds."""

    period: str
    source: Literal["lake", "database"]
    group: int = 0


class Searched(msgspec.Struct, frozen=True):
    """What came of a piece: records looked at, records of persons sought."""

    period: str
    records: int
    found: int


def check_search(search: Search, first: str, last: str) -> None:
    """Whether the order is for a specific case, told so that a machine can keep to it; OrderFault, with the clause."""
    if not 0 < len(search.persons) <= MOST_PERSONS:
        raise OrderFault(f"a search is for 1 to {MOST_PERSONS} persons: one, or a group (DIS-2, C-817/19 ¶219)")
    if len({one.id for one in search.persons}) < len(search.persons):
        raise OrderFault("two persons of the request have the same id")
    for number, person in enumerate(search.persons, 1):
        if not (person.documents or (person.names and person.dob)):
            raise OrderFault(
                f"person {number}: a document, or a name with a birth date: no search by name alone (DIS-2)"
            )
    if any(not place.isalnum() for place in search.places):
        raise OrderFault("places are codes of airports (DIS-2)")
    try:
        date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise OrderFault("the days of a search are dates, as 2026-01-31 (DIS-2)") from None


def is_within(period: str, first: str, last: str) -> bool:
    """Whether a key period (`S/2026-01-10`) is of a day of receipt that the order names; ISO days, both included."""
    return first <= period.partition("/")[2][:10] <= last
