"""How many travellers of a message are told with each element that the law or the unit needs: counts, no values."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pnr_pipeline.records.message import API_KINDS, Message
from pnr_pipeline.records.traveller import Traveller

DEFAULT_BIRTH_DATE: Final = "default_birth_date"
UNVERIFIED: Final = "unverified"
_BY_REFERENCE_ONLY: Final = ("266", "745+XR", "745+RP")
_FULL_DATE: Final = len("1987-02-14")
_DEFAULT_DAYS: Final = ("-01-01", "-07-01")


class ElementCount(NamedTuple):
    """Travellers told with an element, and those without."""

    told: int
    missing: int


_OF_LISTS: Final[Mapping[str, Callable[[Traveller], object]]] = {
    "birth_date": lambda one: one.date_of_birth,
    "document": lambda one: any(paper.number for paper in one.documents),
    "nationality": lambda one: one.nationality,
    "sex": lambda one: one.sex,
    "given_name": lambda one: one.given_names,
    "locator": lambda one: one.role == "crew" or one.locator,
}
_OF_BOOKINGS: Final[Mapping[str, Callable[[Traveller], object]]] = {
    name: _OF_LISTS[name] for name in ("given_name", "locator")
}
ELEMENTS: Final = tuple(_OF_LISTS)
"""What each traveller of a passenger list must be told with (Regulation (EU) 2025/13, art. 4, to be confirmed)."""


def completeness(message: Message) -> dict[str, ElementCount]:
    """Counts by element over the travellers of one message; empty where it names travellers by reference alone.

    Bookings need only names and locator. Beside the elements of `ELEMENTS`, a list counts whose birth date is 1 January
    or 1 July (`missing` of `default_birth_date`), and whose document was neither read nor checked (`unverified`).
    Linear in the travellers.
    """
    travellers = message.travellers
    if not travellers or message.function.startswith(_BY_REFERENCE_ONLY):
        return {}
    wanted = _OF_LISTS if message.kind in API_KINDS else _OF_BOOKINGS
    counts = {name: _count([bool(told(one)) for one in travellers]) for name, told in wanted.items()}
    if message.kind in API_KINDS:
        born = [one.date_of_birth for one in travellers if one.date_of_birth and len(one.date_of_birth) == _FULL_DATE]
        verified = [one.verified for one in travellers if one.verified is not None]
        counts[DEFAULT_BIRTH_DATE] = _count([not date.endswith(_DEFAULT_DAYS) for date in born])
        counts[UNVERIFIED] = _count(verified)
    return counts


def _count(good: list[bool]) -> ElementCount:
    told = sum(good)
    return ElementCount(told, len(good) - told)
