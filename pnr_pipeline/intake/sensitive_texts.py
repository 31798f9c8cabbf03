"""Sensitive words in the texts of a passenger list or table: the text is dropped and counted by class (ING-4).

Bookings are filtered where they are read; a list has few texts, which are looked at here once its records stand.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from pnr_pipeline.intake.sensitive import Sensitive
from pnr_pipeline.records.traveller import Place, Traveller

_TEXTS: Final = ("address", "redress")
_MANY: Final = ("contacts", "frequent_flyer", "tickets")
_CODES: Final = {"locator": 6, "seat": 4, "carrier_reference": 12, "crew_function": 3}
"""Codes and how long they usually are: only what is longer can hide a word."""


def without_sensitive_texts(
    travellers: Iterable[Traveller], sensitive: Sensitive, dropped: dict[str, int]
) -> tuple[Traveller, ...]:
    """The travellers without texts that hold a listed word; `dropped` counts them."""

    def kept(text: str) -> bool:
        klass = sensitive.text(text)
        if klass:
            dropped[f"sensitive:{klass}"] = dropped.get(f"sensitive:{klass}", 0) + 1
        return not klass

    found: list[Traveller] = []
    for one in travellers:
        changes: dict[str, Any] = {}
        for field in _TEXTS:
            if (text := getattr(one, field)) and not kept(text):
                changes[field] = ""
        for field in _MANY:
            if texts := getattr(one, field):
                left = tuple(text for text in texts if kept(text))
                if len(left) < len(texts):
                    changes[field] = left
        for field, length in _CODES.items():
            if (text := getattr(one, field)) and len(text) > length and not kept(text):
                changes[field] = "" if field == "crew_function" else None
        place = one.birth_place
        if place is not None and place.town and not kept(place.town):
            changes["birth_place"] = Place(place.country, place.country_alpha3) if place.country else None
        found.append(msgspec.structs.replace(one, **changes) if changes else one)
    return tuple(found)
