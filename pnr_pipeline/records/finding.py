"""What is wrong with a message, told without a single value of the traveller."""

from typing import Literal

import msgspec

Severity = Literal["E", "W", "I"]
"""E: the record cannot be used as it is. W: quality finding, use it. I: for statistics (FORMATS 8)."""


class Finding(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One departure from a rule of `rules/validation/`.

    `offset` is the byte in the file as received (0-based; -1 where the fault has no place), `segment` the tag it
    stands in, `traveller` the ordinal in the message it concerns. `message` is fixed text: never a passenger's value.
    """

    rule: str
    severity: Severity
    offset: int
    message: str
    segment: str = ""
    traveller: int | None = None
