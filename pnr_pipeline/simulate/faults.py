"""Faults that carriers' files really have, one to a file, each with a label and with what it took away."""

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import msgspec

from pnr_pipeline.simulate.draft import Draft
from pnr_pipeline.simulate.scenario import TrueTraveller
from pnr_pipeline.simulate.stock import states
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.edifact.writer import WireSegment

AFFECTED_SHARE = 0.3
TYPE_B_LINE = 69
OTHER_SEPARATORS = Separators(component=":", element="*", release="?", repetition=" ", terminator="$")
WHOLE = ("*",)
ALL_BUT_NAMES = (
    "role", "sex", "date_of_birth", "nationality", "documents", "locator", "seat", "reference", "accompanied_by",
)  # fmt: skip
BLANK = "\0"
"""Stands in a draft for an element that is written although it is empty."""


class Spoilt(NamedTuple):
    """A file with its fault: the bytes, what was removed, and the truth as it now stands."""

    body: bytes
    removed: str
    travellers: tuple[TrueTraveller, ...]
    again: bool = False
    """The carrier sends the same bytes a second time."""


Fault = Callable[[Draft, Random], Spoilt]


def sound(draft: Draft) -> Spoilt:
    """The file without fault."""
    return Spoilt(draft.text().encode("ascii"), "", tuple(draft.travellers))


def _in_text(change: Callable[[str, Draft], str], removed: str = "") -> Fault:
    """A fault that changes the finished text and takes nothing of the travellers away."""

    def fault(draft: Draft, random: Random) -> Spoilt:
        return Spoilt(change(draft.text(), draft).encode("utf-8"), removed, tuple(draft.travellers))

    return fault


Change = Callable[[WireSegment, TrueTraveller], WireSegment | None]
"""A segment of a traveller spoilt, or None to leave it out; one that it does not concern is given back as it is."""


def _of_travellers(change: Change, removed: str, *untold: str, everyone: bool = False) -> Fault:
    """A fault in the segments of some PAXLST travellers, or of all."""

    def fault(draft: Draft, random: Random) -> Spoilt:
        truth = list(draft.travellers)
        hit = 0
        for at, block in enumerate(draft.blocks):
            if not everyone and random.random() >= AFFECTED_SHARE and at + 1 < len(draft.blocks):
                continue
            spoilt = [change(segment, truth[at]) for segment in block]
            kept = [segment for segment in spoilt if segment is not None]
            if kept != block:
                hit += 1
                draft.blocks[at] = kept
                truth[at] = msgspec.structs.replace(truth[at], untold=(*truth[at].untold, *untold))
        return Spoilt(_rendered(draft), f"{removed} of {hit} travellers", tuple(truth))

    return fault


def _rendered(draft: Draft) -> bytes:
    """The text, with elements that stand there blank: the last separators are written, with nothing behind them."""
    return draft.text().replace(BLANK, "").encode("ascii")


def _without_birth_date(segment: WireSegment, one: TrueTraveller) -> WireSegment | None:
    return None if segment[0] == "DTM" and segment[1][0] == "329" else segment


def _first_name_unknown(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    if segment[0] != "NAD":
        return segment
    name = segment[4]
    return (*segment[:4], (name[0], "FNU", "INF" if name[-1].endswith(" INF") or name[-1] == "INF" else ""))


def _glued_title(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    if segment[0] != "NAD" or one.role == "infant":
        return segment
    name = segment[4]
    given = " ".join(part for part in name[1:] if part)
    return (*segment[:4], (name[0], f"{given}{'MR' if one.sex == 'M' else 'MRS'}"))


def _two_letters(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    state = states().get(str(segment[2])) if segment[0] == "NAT" else None
    return (*segment[:2], state.alpha2) if state else segment


def _weight_without_unit(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    return (*segment[:3], ("", segment[3][1])) if segment[:2] == ("MEA", "WT") else segment


def _blank_elements(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    if segment[0] == "ATT":
        return ("ATT", "2", "", BLANK)
    return ("LOC", "91", BLANK) if segment[:2] == ("LOC", "91") else segment


def _blank_seat(segment: WireSegment, one: TrueTraveller) -> WireSegment:
    return ("RFF", ("SEA", BLANK)) if segment[0] == "RFF" and segment[1][0] == "SEA" else segment


def _wrong_count(tag: str) -> Fault:
    def change(text: str, draft: Draft) -> str:
        return re.sub(rf"({tag}\+)(\d+)", lambda found: f"{found[1]}{int(found[2]) + 3}", text)

    return _in_text(change)


def _no_una(text: str, draft: Draft) -> str:
    return text[len("UNA:+.?*'") :].lstrip()


def _lower(text: str, draft: Draft) -> str:
    return text[:9] + text[9:].lower()


def _type_b(draft: Draft, random: Random) -> Spoilt:
    """Telex lines around the interchange, which is broken into lines wherever they are full."""
    sent = draft.envelope.prepared_at
    draft.line = ""
    text = draft.text()
    lines = [text[at : at + TYPE_B_LINE] for at in range(0, len(text), TYPE_B_LINE)]
    framed = "\r\n".join(["QN SKPPIXS VIEPIXS", f".XXXRM1A {sent:%d%H%M}", *lines, ""])
    return Spoilt(framed.encode("ascii"), "", tuple(draft.travellers))


def _typographic_quote(text: str, draft: Draft) -> str:
    return text[:8].replace("'", "’") + text[8:].replace("'", "’")


def _separators(draft: Draft, random: Random) -> Spoilt:
    draft.separators = OTHER_SEPARATORS
    return sound(draft)


def _no_cnt(draft: Draft, random: Random) -> Spoilt:
    draft.tail = [segment for segment in draft.tail if segment[0] != "CNT"]
    return Spoilt(sound(draft).body, "CNT", tuple(draft.travellers))


def _no_seats_at_check_in(draft: Draft, random: Random) -> Spoilt:
    """PNRGOV: seats are neither requested nor given; SSD stands there without one."""
    for at, block in enumerate(draft.blocks):
        draft.blocks[at] = [
            ("SSD", "", *segment[2:]) if segment[0] == "SSD" else segment
            for segment in block
            if segment[0] != "SSR" or segment[1][0] != "SEAT"
        ]
    truth = [msgspec.structs.replace(one, untold=(*one.untold, "seat"), seat="") for one in draft.travellers]
    return Spoilt(_rendered(draft), "all seats", tuple(truth))


def _docs_offset(draft: Draft, random: Random) -> Spoilt:
    """One slash too many, or none, at the head of each DOCS text."""
    extra = random.random() < 0.5
    for block in draft.blocks:
        for at, segment in enumerate(block):
            if segment[0] == "SSR" and segment[1][0] == "DOCS":
                request = segment[1]
                text = f"/{request[8]}" if extra else request[8].removeprefix("/")
                block[at] = ("SSR", (*request[:8], text), *segment[2:])
    return Spoilt(draft.text().encode("ascii"), "", tuple(draft.travellers))


def _truncated(draft: Draft, random: Random) -> Spoilt:
    """The transmission breaks off behind the first segment of a block; who stands further behind is lost.

    A PAXLST traveller at the break is named and no more; a PNRGOV booking at the break names nobody yet.
    """
    is_list = draft.identifier[0] == "PAXLST"
    keep = max(0 if is_list else 1, len(draft.blocks) * 3 // 5)
    cut = msgspec.structs.replace(
        draft, blocks=draft.blocks[:keep] + [block[:2] for block in draft.blocks[keep : keep + 1]], tail=[]
    )
    text = cut.text()
    text = text[: text.rindex("UNT+") - 4]
    truth = list(draft.travellers)
    named = 0
    for at, block in enumerate(draft.blocks_of):
        if block == keep and is_list:
            named = 1
            truth[at] = msgspec.structs.replace(truth[at], untold=ALL_BUT_NAMES)
        elif block >= keep:
            truth[at] = msgspec.structs.replace(truth[at], untold=WHOLE)
    lost = sum(block >= keep for block in draft.blocks_of) - named
    return Spoilt(text.encode("ascii"), f"{lost} travellers behind the break", tuple(truth))


def _duplicate(draft: Draft, random: Random) -> Spoilt:
    return sound(draft)._replace(again=True)


_BOTH: dict[str, Fault] = {
    "wrong_unt": _wrong_count("UNT"),
    "wrong_unz": _wrong_count("UNZ"),
    "lower_case": _in_text(_lower),
    "type_b_wrapped": _type_b,
    "missing_una": _in_text(_no_una),
    "other_separators": _separators,
    "truncated": _truncated,
    "duplicate": _duplicate,
    "typographic_quote": _in_text(_typographic_quote),
    "bom": _in_text(lambda text, draft: "\ufeff" + text),
}

FAULTS: dict[str, dict[str, Fault]] = {
    "PAXLST": {
        "missing_birth_date": _of_travellers(_without_birth_date, "birth dates", "date_of_birth"),
        "first_name_unknown": _of_travellers(_first_name_unknown, "given names", "given_names"),
        "glued_title": _of_travellers(_glued_title, "plain given names", "given_names"),
        "alpha2_nationality": _of_travellers(_two_letters, "alpha-3 nationalities"),
        "weight_without_unit": _of_travellers(_weight_without_unit, "units of weight"),
        "blank_elements": _of_travellers(_blank_elements, "sexes and issuing States", "sex", "issuer"),
        "empty_seat": _of_travellers(_blank_seat, "seats", "seat", everyone=True),
        "missing_cnt": _no_cnt,
        **_BOTH,
    },
    "PNRGOV": {"docs_offset": _docs_offset, "empty_seat": _no_seats_at_check_in, **_BOTH},
}
"""Label to fault, by the kind of message."""
