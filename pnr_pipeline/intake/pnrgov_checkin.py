"""Check-in (groups 6 and 7 of PNRGOV): who checked in, with which seat and bags.

A seat that is absent or unassigned (`XXX`) costs nothing. Who checked in without being named in the booking is a
traveller of their own (go-show).
"""

import re

from pnr_pipeline.intake.pnrgov_names import letters, split_title
from pnr_pipeline.intake.pnrgov_party import Party, Person
from pnr_pipeline.intake.ssr import normal_reference, normal_sequence, seat_number
from pnr_pipeline.records.traveller import Bags
from pnr_pipeline.wire.edifact.segment import Segment

_UNITS = {"700": "KGM", "701": "LBR"}
_TAG = re.compile(r"[A-Z]{0,3}\d{2,12}")
_BAGS_MAX = 999
_TICKET = re.compile(r"\d{10,14}")


def find_checked_in(party: Party, tri_reference: str, tif: Segment) -> Person:
    """The person of a TIF behind TRI: by name, then by reference where the name does not speak against it; else new."""
    reference = normal_reference(tif.get(2, 2))
    by_reference = party.referred_to(reference) or party.referred_to(tri_reference)
    if by_reference is not None and by_reference.given and by_reference.written == (tif.get(1), tif.get(2)):
        return by_reference
    surname = tif.get(1).strip()
    given = split_title(tif.get(2))[0]
    named = party.called(surname, given) if given else []
    if by_reference is not None and by_reference in named:
        return by_reference
    if by_reference is not None and not named and _may_be(by_reference, surname, given):
        by_reference.also_called(surname, given, "TIF")
        return by_reference
    if named:
        return next((person for person in named if person.checked_in is None), named[0])
    person = party.add(surname, tif.get(2), tif.offset, reference=reference, fare_type=tif.get(2, 1))
    person.travel_status = "go_show"
    return person


def _may_be(person: Person, surname: str, given: str) -> bool:
    if not surname and not given:
        return True
    return person.surname_letters == letters(surname) or (bool(given) and person.shares_given_name(given))


def mark_checked_in(person: Person, *, here: bool) -> None:
    """The person checked in, for the leg that is reported (`here`) or for another one."""
    person.checked_in = True
    if here:
        person.checked_here = True


def read_seat(segment: Segment, person: Person, rank: int) -> None:
    """SSD: the seat at check-in."""
    person.take_seat(seat_number(segment.get(1)), rank)


def read_bags(segment: Segment, person: Person, *, here: bool) -> None:
    """TBD: the bags of the person, those of the leg that is reported before those of others."""
    if person.bags is not None and not (here and not person.bags_here):
        return
    if (bags := bags_of(segment)) is not None:
        person.bags = bags
        person.bags_here = here


def bags_of(segment: Segment) -> Bags | None:
    """The bags of a TBD, None where it tells nothing; the pool composite is known by HP or MP (FORMATS 4.2)."""
    pieces: int | None = None
    weight: float | None = None
    unit = pool = pool_reference = ""
    labels: list[tuple[str, ...]] = []
    for place in range(2, len(segment)):
        parts = segment.components(place)
        if not parts:
            continue
        if parts[0] in ("HP", "MP"):
            pool = parts[0]
            pool_reference = _pool_reference(parts)
        elif place <= 3 and not pool and _is_weight(parts):
            if pieces is None and parts[0]:
                pieces = int(parts[0])
            if weight is None and len(parts) > 1 and parts[1]:
                weight = float(parts[1])
                unit = _UNITS.get(parts[2] if len(parts) > 2 else "", "")
        elif len(parts) > 1 and parts[1]:
            labels.append(parts)
    if pieces is None and weight is None and not labels and not pool:
        return None
    return Bags(pieces, weight, unit, _tags(labels, pieces), pool, pool_reference)


def _pool_reference(parts: tuple[str, ...]) -> str:
    """The ticket number or the check-in sequence behind HP or MP; '' where it is none."""
    told = parts[1].replace(" ", "") if len(parts) > 1 else ""
    return told if _TICKET.fullmatch(told) else normal_sequence(told)


def _is_weight(parts: tuple[str, ...]) -> bool:
    pieces, weight, unit = (*parts, "", "")[:3]
    return (
        (pieces.isdecimal() or not pieces)
        and len(pieces) <= 3
        and (weight.replace(".", "", 1).isdecimal() or not weight)
        and len(weight) <= 6
        and unit in ("700", "701", "702", "N", "")
    )


def _tags(labels: list[tuple[str, ...]], pieces: int | None) -> tuple[str, ...]:
    """The tags; consecutive ones are counted out only where the counts agree with the pieces, as often they do not."""
    if len(labels) == 1 and (pieces == 1 or len(labels[0]) < 3 or labels[0][2] in ("", "1")):
        return (tag,) if (tag := _tag(labels[0])) else ()
    counts = [int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() and len(parts[2]) < 4 else 1 for parts in labels]
    if sum(counts) != pieces or pieces > _BAGS_MAX:
        counts = [1] * len(labels)
    tags: dict[str, None] = {}
    for parts, count in zip(labels, counts, strict=True):
        for step in range(count):
            if tag := _tag(parts, step):
                tags[tag] = None
    return tuple(tags)


def _tag(parts: tuple[str, ...], step: int = 0) -> str:
    """The tag that stands so many behind the first one of C358, with its company where that is not in it."""
    tag = parts[1].replace(" ", "")
    if not _TAG.fullmatch(tag):
        return ""
    company = parts[0] if len(tag) < 10 and parts[0].isalnum() and len(parts[0]) <= 3 else ""
    if step and tag.isdecimal():
        tag = f"{int(tag) + step:0{len(tag)}}"
    return f"{company}{tag}"
