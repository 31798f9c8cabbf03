"""One line of the log: who did what, when, why, on which records; never a name (LOG-2, LOG-6).

There is no free text here. Every field is a code of a closed list, an identifier or a count, and identifiers hold no
blanks, so a sentence about a person does not fit. What the hash tree keeps is `canonical(entry)`.
"""

import re
from datetime import UTC, datetime
from typing import Literal, get_args

import msgspec

Act = Literal[
    "collection",
    "alteration",
    "consultation",
    "disclosure",
    "combination",
    "erasure",
    "decision",
    "screening",
    "administration",
]
"""The six of LED art. 25(1), then our own: a person's decision, a comparison with lists, a change of set-up."""

Purpose = Literal["a", "b", "c", "border", "dpo", "admin"]
"""PNR art. 6(2)(a), (b), (c); `border` for border checks and against irregular immigration (API art. 6(1)), in that
domain alone; `dpo` for rights of persons and oversight (LED art. 14 to 17, PNR art. 6(7)); `admin` for
acts on the set-up that touch no passenger's data."""

ACTOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,127}")
CASE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}")
_ARTICLE = re.compile(r"(PNR|API|R12|R13|LED|GDPR|ID759|CJ|LAW) [0-9]+[a-z]?(\([0-9a-z]+\))*")
_REFERENCE = re.compile(
    r"(record|hit|memory|message|leg|list|criterion|unit|order|key|profile|right|entry|referral|staff|letter|partner)"
    r":[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,127}"
)
_COUNT = re.compile(r"[a-z][a-z0-9_:.-]{0,63}")

_FORM = 1

MOST_REFERENCES = 300
"""In one entry: its canonical bytes stay below the 65,535 of an entry bundle. More are told in further entries."""
_MOST_COUNTS = 200
_MOST_ARTICLE = 64


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One act. `at` is aware UTC; `seq` is None until the one publisher numbers the committed row (DESIGN 4).

    `actor` is a member of staff or a service by id, `case` a case reference with a digit in it, `article` as in
    LAW.md (`PNR 6(2)(a)`), `recipient` a unit's id where something was disclosed. `references` are
    `record:…`, `hit:…`, `message:…` and so on. `counts` are by kind. Raises ValueError for anything else.
    """

    at: datetime
    act: Act
    purpose: Purpose
    actor: str
    case: str
    article: str
    references: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    recipient: str = ""
    seq: int | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("at: an aware time")
        if self.act not in get_args(Act) or self.purpose not in get_args(Purpose):
            raise ValueError("act, purpose: a code of the closed list (LOG-2, SCR-1)")
        _must(ACTOR, "actor", self.actor)
        _must(CASE, "case", self.case)
        _must(_ARTICLE, "article", self.article)
        if (
            len(self.references) > MOST_REFERENCES
            or len(self.counts) > _MOST_COUNTS
            or len(self.article) > _MOST_ARTICLE
        ):
            raise ValueError("references, counts, article: more than an entry may hold")
        if self.recipient:
            _must(ACTOR, "recipient", self.recipient)
        for reference in self.references:
            _must(_REFERENCE, "references", reference)
        for kind in self.counts:
            _must(_COUNT, "counts", kind)


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, UTF-8, without blanks, times as UTC with microseconds.

    `seq` is left out: a leaf's place in the tree is its number, and numbering must not change it. `v` is the version
    of this form; a later one gets a new number and the old one stays readable.
    """
    return msgspec.json.encode(
        {
            "v": _FORM,
            "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "act": entry.act,
            "purpose": entry.purpose,
            "actor": entry.actor,
            "case": entry.case,
            "article": entry.article,
            "references": entry.references,
            "counts": entry.counts,
            "recipient": entry.recipient,
        },
        order="sorted",
    )


def _must(form: re.Pattern[str], field: str, value: str) -> None:
    if not form.fullmatch(value):
        raise ValueError(f"{field}: not of the form the log allows")  # the value itself stays out of the fault
