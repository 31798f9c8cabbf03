"""Sensitive words in the texts of a passenger list or table, and in what any message calls itself: dropped (ING-4).

Bookings are filtered where they are read; a list has few texts, which are looked at here once its records stand. A
code that is nothing but letters is a text as well: somebody may have written a word there. Names are names.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from pnr_pipeline.intake.sensitive import Sensitive
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.message import Message
from pnr_pipeline.records.traveller import Document, Place, Traveller

Kept = Callable[[str], bool]
"""Whether a text may stay; what may not is counted by its class."""

_TEXTS: Final = ("address", "redress")
_MANY: Final = ("contacts", "frequent_flyer", "tickets")
_CODES: Final = {"locator": 6, "seat": 4, "carrier_reference": 12, "crew_function": 3}
"""Codes and how long they usually are: what is longer, or letters alone, can be a word."""
_PLACES: Final = ("embarkation", "disembarkation")
_PLACE_LETTERS: Final = 3
"""A place of so many letters is a code, whatever it spells: GAY is an airport."""
_TYPE_LETTERS: Final = 2
_REFERENCES: Final = ("reference", "access_reference")


def counting(sensitive: Sensitive, dropped: dict[str, int]) -> Kept:
    """Whether a text holds no listed word; `dropped` counts those that do."""

    def kept(text: str) -> bool:
        klass = sensitive.text(text)
        if klass:
            dropped[f"sensitive:{klass}"] = dropped.get(f"sensitive:{klass}", 0) + 1
        return not klass

    return kept


def without_sensitive_texts(travellers: Iterable[Traveller], kept: Kept) -> tuple[Traveller, ...]:
    """The travellers without texts that hold a listed word."""
    return tuple(_filtered(one, kept) if _tells_text(one) else one for one in travellers)


def _tells_text(one: Traveller) -> bool:
    """Whether anything but names, codes and dates stands in it; most travellers need no other look."""
    if one.address or one.contacts or one.frequent_flyer or one.tickets or one.redress or one.crew_function:
        return True
    if (code := one.locator) and (code.isalpha() or not code.isalnum() or len(code) > _CODES["locator"]):
        return True
    if (code := one.seat) and (code.isalpha() or len(code) > _CODES["seat"]):
        return True
    if (code := one.carrier_reference) and (
        code.isalpha() or not code.isalnum() or len(code) > _CODES["carrier_reference"]
    ):
        return True
    if (one.nationality and not one.nationality_alpha3) or len(one.embarkation + one.disembarkation) > 6:
        return True
    for paper in one.documents:
        if paper.number.isalpha() or len(paper.type) > _TYPE_LETTERS or (paper.issuer and not paper.issuer_alpha3):
            return True
    born, home = one.birth_place, one.residence
    return (born is not None and (born.town != "" or not born.country_alpha3)) or (
        home is not None and (home.town != "" or not home.country_alpha3)
    )


def _filtered(one: Traveller, kept: Kept) -> Traveller:
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
        if (text := getattr(one, field)) and (len(text) > length or text.isalpha() or " " in text) and not kept(text):
            changes[field] = "" if field == "crew_function" else None
    for field in _PLACES:
        if len(text := getattr(one, field)) > _PLACE_LETTERS and not kept(text):
            changes[field] = ""
    if one.nationality and not one.nationality_alpha3 and not kept(one.nationality):
        changes["nationality"] = changes["nationality_alpha3"] = None
    documents = tuple(_document(paper, kept) for paper in one.documents)
    if documents != one.documents:
        changes["documents"] = documents
    if one.birth_place is not None and (place := _place(one.birth_place, kept)) is not one.birth_place:
        changes["birth_place"] = place
    if one.residence is not None and (place := _place(one.residence, kept)) is not one.residence:
        changes["residence"] = place
    return msgspec.structs.replace(one, **changes) if changes else one


def _document(paper: Document, kept: Kept) -> Document:
    if paper.number.isalpha() and not kept(paper.number):
        paper = msgspec.structs.replace(paper, number="")
    if paper.issuer and not paper.issuer_alpha3 and not kept(paper.issuer):
        paper = msgspec.structs.replace(paper, issuer="")
    if len(paper.type) > _TYPE_LETTERS and not kept(paper.type):
        paper = msgspec.structs.replace(paper, type="")
    return paper


def _place(place: Place, kept: Kept) -> Place | None:
    if place.country and not place.country_alpha3 and not kept(place.country):
        place = msgspec.structs.replace(place, country="")
    if place.town and not kept(place.town):
        place = Place(place.country, place.country_alpha3)
    return place if place.country or place.town else None


def without_words_for_registrations(legs: tuple[FlightLeg, ...], kept: Kept) -> tuple[FlightLeg, ...]:
    """The legs, each without a registration that is a listed word."""
    if not any(leg.registration for leg in legs):
        return legs
    return tuple(
        msgspec.structs.replace(leg, registration="") if leg.registration and not kept(leg.registration) else leg
        for leg in legs
    )


def without_words_for_references(message: Message, sensitive: Sensitive) -> Message:
    """The message without references that hold a listed word, so that no answer repeats one; its sender stays."""
    to = message.reply_to
    told = [message.reference, message.access_reference]
    if to is not None:
        told += [to.reference, to.application, *to.sender[1:], *to.recipient[1:], *to.group, *to.transaction]
    if sensitive.text(" ".join(told)) is None:
        return message
    dropped = dict(message.dropped)
    kept = counting(sensitive, dropped)
    changes: dict[str, Any] = {name: "" for name in _REFERENCES if not kept(getattr(message, name))}
    if to is not None:
        parts: dict[str, Any] = {name: "" for name in ("reference", "application") if not kept(getattr(to, name))}
        for name in ("sender", "recipient", "group", "transaction"):
            first, *rest = getattr(to, name) or ("",)
            rest = [text if kept(text) else "" for text in rest]
            if name in ("group", "transaction") and not kept(first):
                first = ""
            parts[name] = (first, *rest) if getattr(to, name) else ()
        changes["reply_to"] = msgspec.structs.replace(to, **parts)
    return msgspec.structs.replace(message, dropped=dropped, **changes)
