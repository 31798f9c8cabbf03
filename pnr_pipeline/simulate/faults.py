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


def _of_travellers(change: Callable[[WireSegment], WireSegment | None], tag: str, untold: str, removed: str) -> Fault:
    """A fault in a segment of some PAXLST travellers: `change` gives the segment spoilt, or None to leave it out."""

    def fault(draft: Draft, random: Random) -> Spoilt:
        affected = [at for at in range(len(draft.blocks)) if random.random() < AFFECTED_SHARE] or [0]
        truth = list(draft.travellers)
        hit = 0
        for at in affected:
            spoilt = [_spoil(segment, tag, change) for segment in draft.blocks[at]]
            kept = [segment for segment in spoilt if segment is not None]
            if kept != draft.blocks[at]:
                hit += 1
                draft.blocks[at] = kept
                if untold:
                    told_less = (*truth[at].untold, untold)
                    truth[at] = msgspec.structs.replace(truth[at], untold=told_less)
        return Spoilt(draft.text().encode("ascii"), f"{removed} of {hit} travellers", tuple(truth))

    return fault


def _spoil(segment: WireSegment, tag: str, change: Callable[[WireSegment], WireSegment | None]) -> WireSegment | None:
    return change(segment) if segment[0] == tag else segment


def _without_birth_date(segment: WireSegment) -> WireSegment | None:
    return None if segment[1][0] == "329" else segment


def _first_name_unknown(segment: WireSegment) -> WireSegment:
    return (*segment[:4], (segment[4][0], "FNU"))


def _glued_title(segment: WireSegment) -> WireSegment:
    name = segment[4]
    return (*segment[:4], (name[0], f"{name[1]}MR", *name[2:]))


def _weight_without_unit(segment: WireSegment) -> WireSegment:
    return (*segment[:3], ("", segment[3][1])) if segment[1] == "WT" else segment


def _two_letters(segment: WireSegment) -> WireSegment:
    state = states().get(str(segment[2]))
    return (*segment[:2], state.alpha2) if state else segment


def _wrong_count(tag: str) -> Fault:
    def change(text: str, draft: Draft) -> str:
        return re.sub(rf"({tag}\+)(\d+)", lambda found: f"{found[1]}{int(found[2]) + 3}", text)

    return _in_text(change)


def _no_una(text: str, draft: Draft) -> str:
    return text[len("UNA:+.?*'") :].lstrip()


def _lower(text: str, draft: Draft) -> str:
    return text[:9] + text[9:].lower()


def _type_b(text: str, draft: Draft) -> str:
    sent = draft.envelope.prepared_at
    lines = [text[at : at + TYPE_B_LINE] for at in range(0, len(text), TYPE_B_LINE)]
    return "\r\n".join(["QN SKPPIXS VIEPIXS", f".XXXRM1A {sent:%d%H%M}", *lines, ""])


def _typographic_quote(text: str, draft: Draft) -> str:
    return text[:8].replace("'", "’") + text[8:].replace("'", "’")


def _blank_elements(text: str, draft: Draft) -> str:
    text = re.sub(r"(?<=')ATT\+2\+\+[MF]'", "ATT+2++'", text, count=2)
    return re.sub(r"(?<=')LOC\+91\+[A-Z]{3}'", "LOC+91+'", text, count=2)


def _separators(draft: Draft, random: Random) -> Spoilt:
    draft.separators = OTHER_SEPARATORS
    return sound(draft)


def _no_cnt(draft: Draft, random: Random) -> Spoilt:
    draft.tail = [segment for segment in draft.tail if segment[0] != "CNT"]
    return Spoilt(sound(draft).body, "CNT", tuple(draft.travellers))


def _empty_seat(draft: Draft, random: Random) -> Spoilt:
    """Seats are there as elements, but empty."""
    text = re.sub(r"RFF\+SEA:[0-9]+[A-Z]'", "RFF+SEA'", draft.text())
    text = re.sub(r"SSD\+[0-9]+[A-Z]\+", "SSD++", text)
    text = re.sub(r"SSR\+SEAT:[^']*'", "", text)
    truth = [msgspec.structs.replace(one, untold=(*one.untold, "seat"), seat="") for one in draft.travellers]
    return Spoilt(text.encode("ascii"), "all seats", tuple(truth))


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
    """The transmission breaks off in the middle; who stood behind the break is lost."""
    keep = max(1, len(draft.blocks) * 3 // 5)
    whole, part = draft.blocks[:keep], draft.blocks[keep : keep + 1]
    cut = msgspec.structs.replace(draft, blocks=whole + [block[:2] for block in part], tail=[])
    text = cut.text()
    text = text[: text.rindex("UNT+") - 4]
    truth = [
        one if at < keep else msgspec.structs.replace(one, untold=WHOLE)
        for one, at in zip(draft.travellers, draft.blocks_of, strict=True)
    ]
    lost = sum(at >= keep for at in draft.blocks_of)
    return Spoilt(text.encode("ascii"), f"{lost} travellers behind the break", tuple(truth))


def _duplicate(draft: Draft, random: Random) -> Spoilt:
    return sound(draft)._replace(again=True)


_BOTH: dict[str, Fault] = {
    "wrong_unt": _wrong_count("UNT"),
    "wrong_unz": _wrong_count("UNZ"),
    "lower_case": _in_text(_lower),
    "type_b_wrapped": _in_text(_type_b),
    "missing_una": _in_text(_no_una),
    "other_separators": _separators,
    "truncated": _truncated,
    "duplicate": _duplicate,
    "typographic_quote": _in_text(_typographic_quote),
    "bom": _in_text(lambda text, draft: "\ufeff" + text),
    "empty_seat": _empty_seat,
}

FAULTS: dict[str, dict[str, Fault]] = {
    "PAXLST": {
        "missing_birth_date": _of_travellers(_without_birth_date, "DTM", "date_of_birth", "birth dates"),
        "first_name_unknown": _of_travellers(_first_name_unknown, "NAD", "given_names", "given names"),
        "glued_title": _of_travellers(_glued_title, "NAD", "given_names", "true given names"),
        "alpha2_nationality": _of_travellers(_two_letters, "NAT", "", "alpha-3 nationality"),
        "weight_without_unit": _of_travellers(_weight_without_unit, "MEA", "", "weight units"),
        "missing_cnt": _no_cnt,
        "blank_elements": _in_text(_blank_elements, "two sexes, two issuing States"),
        **_BOTH,
    },
    "PNRGOV": {"docs_offset": _docs_offset, **_BOTH},
}
"""Label to fault, by the kind of message."""
