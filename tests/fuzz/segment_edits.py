"""Damage that knows segments: dropped, doubled, swapped, cut, and their elements moved. One seed, one result."""

import re
from random import Random

SEGMENT = re.compile(rb"(?:[^'?]|\?.)*'?", re.DOTALL)
EDITS = ("drop", "double", "swap", "cut", "move", "glue")


def segments_of(body: bytes) -> list[bytes]:
    """The body cut after each terminator that is not released; joined they are the body again."""
    return [found for found in SEGMENT.findall(body) if found]


def edited(pieces: list[bytes], random: Random, edit: str) -> list[bytes]:
    """The segments after one edit at a place of chance; as they are where there is nothing to edit."""
    pieces = list(pieces)
    if not any(pieces):
        return pieces
    at, other = random.randrange(len(pieces)), random.randrange(len(pieces))
    match edit:
        case "drop":
            del pieces[at]
        case "double":
            pieces.insert(other, pieces[at])
        case "swap":
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case "cut":
            pieces[at] = pieces[at][: random.randrange(len(pieces[at]) + 1)]
            del pieces[at + 1 :]
        case "move":
            elements = pieces[at].split(b"+")
            elements.insert(random.randrange(len(elements)) + 1, elements.pop(random.randrange(len(elements))))
            pieces[at] = b"+".join(elements)
        case "glue":
            pieces[at] = pieces[at].removesuffix(b"'")
    return pieces


def damaged(body: bytes, random: Random) -> bytes:
    """One to four edits of the segments of an interchange."""
    pieces = segments_of(body)
    for _ in range(random.randint(1, 4)):
        pieces = edited(pieces, random, random.choice(EDITS))
    return b"".join(pieces)
