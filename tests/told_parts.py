"""A message of an invented flight cut into parts, as carriers send lists that are too long for one message."""

from datetime import timedelta
from itertools import pairwise
from typing import Literal

import msgspec
from hypothesis import strategies as st

from pnr_pipeline.records import Message

Numbering = Literal["numbered", "middle without mark", "all called the first", "counted only"]
NUMBERINGS: tuple[Numbering, ...] = ("numbered", "middle without mark", "all called the first", "counted only")
_REFERENCE = "QX101/260302/1040"

replace = msgspec.structs.replace


def in_parts(
    message: Message, sizes: list[int], numbering: Numbering = "numbered"
) -> list[tuple[Message, dict[int, int]]]:
    """The parts of a message, each with where its ordinals stood in the whole: bookings, or travellers, of these sizes.

    The common access reference is the same for all lists of the flight, as in passenger lists.
    """
    units = len(message.bookings) or len(message.travellers)
    cuts = [0, *(sum(sizes[: place + 1]) for place in range(len(sizes))), units]
    whole = [(start, stop) for start, stop in pairwise(cuts) if start < min(stop, units)]
    if len(whole) == 1:
        return [(message, {one.ordinal: one.ordinal for one in message.travellers})]
    passengers = len(message.bookings) or sum(one.role != "crew" for one in message.travellers)
    parts = []
    for number, (start, stop) in enumerate(whole, 1):
        if message.bookings:
            told = [one for one in message.travellers if one.booking is not None and start <= one.booking < stop]
        else:
            told = list(message.travellers[start:stop])
        last = number == len(whole)
        first_mark = numbering == "all called the first"
        parts.append(
            (
                replace(
                    message,
                    message_id=f"{message.message_id.partition(':')[0]}:{number}",
                    access_reference="" if numbering == "counted only" else _REFERENCE,
                    sequence=1 if first_mark else 0 if numbering == "counted only" else number,
                    last_of_set=numbering == "counted only" or (last and not first_mark),
                    complete=numbering == "counted only",
                    total=passengers,
                    bookings=message.bookings[start:stop],
                    travellers=tuple(
                        replace(one, ordinal=place, booking=None if one.booking is None else one.booking - start)
                        for place, one in enumerate(told, 1)
                    ),
                ),
                {place: one.ordinal for place, one in enumerate(told, 1)},
            )
        )
    return parts


@st.composite
def cuts(draw: st.DrawFn, message: Message, numbering: Numbering) -> list[tuple[Message, dict[int, int]]]:
    """Any cut of a message into parts that are prepared within minutes; a 745 tells no count of all."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    parts = in_parts(message, sizes, "numbered" if message.function == "745" else numbering)
    if len(parts) == 1:
        return parts
    at = message.prepared_at
    assert at is not None
    return [(replace(part, prepared_at=at + timedelta(minutes=draw(st.integers(0, 4)))), was) for part, was in parts]
