"""Simulated messages whose segments are dropped, doubled, swapped and cut: nobody is invented, lost or merged."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import RULEBOOK, sound
from segment_edits import EDITS, edited, segments_of

from pnr_pipeline.intake import decode
from pnr_pipeline.simulate import Scenario, simulate

FILES = [
    file
    for file in simulate(Scenario(seed=5, flights=12, day=date(2026, 11, 24), travellers=5))
    if file.truth.push in ("list", "crew", "closure", "booking")
]
KINDS = {kind: [file for file in FILES if file.truth.kind == kind] for kind in ("PAXLST", "PNRGOV")}
NAMING = {"PAXLST": (b"NAD+FL", b"NAD+FM"), "PNRGOV": (b"TIF+",)}
FRAME = (b"SRC", b"RCI", b"TVL", b"DAT", b"ABI", b"SAC", b"LTS", b"TRI", b"ORG", b"EQN", b"MSG", b"TDT", b"BGM")
"""Segments by which a message is divided into bookings, check-ins and history."""


def parts(body):
    """Head to UNH, the message, and its trailers."""
    pieces = [piece.strip(b"\r\n") for piece in segments_of(body[9:])]
    first = next(at for at, piece in enumerate(pieces) if piece.startswith(b"UNH")) + 1
    last = next(at for at, piece in enumerate(pieces) if piece.startswith(b"UNT"))
    return body[:9] + b"".join(pieces[:first]), pieces[first:last], b"".join(pieces[last:])


def people(file, body):
    messages = decode(body, rulebook=RULEBOOK, now=file.sent_at)
    sound(body, messages)
    return [one for message in messages for one in message.travellers]


def names(travellers):
    return Counter((one.surname, one.given_names) for one in travellers)


def those(pieces, tags):
    """The segments with these beginnings, in order."""
    return [piece for piece in pieces if piece.startswith(tags)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200)
@given(st.data(), st.lists(st.sampled_from(EDITS), min_size=1, max_size=5), st.integers(0, 2**32))
def test_any_damage_is_read(kind, data, edits, seed):
    file = data.draw(st.sampled_from(KINDS[kind]))
    random = Random(seed)
    pieces = segments_of(file.body)
    for edit in edits:
        pieces = edited(pieces, random, edit)
    people(file, b"".join(pieces))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300)
@given(st.data(), st.lists(st.sampled_from(["drop", "double", "swap"]), min_size=1, max_size=5), st.integers(0, 2**32))
def test_segments_dropped_doubled_and_swapped_invent_lose_and_merge_nobody(kind, data, edits, seed):
    file = data.draw(st.sampled_from(KINDS[kind]))
    head, body, tail = parts(file.body)
    before = people(file, head + b"".join(body) + tail)
    random = Random(seed)
    pieces = body
    for edit in edits:
        pieces = edited(pieces, random, edit)
    after = people(file, head + b"".join(pieces) + tail)
    assert all(one.surname.encode() in file.body for one in after)  # also who was cancelled, where SAC is lost
    papers = {paper.number for one in before for paper in one.documents}
    assert {paper.number for one in after for paper in one.documents} <= papers
    if those(pieces, FRAME) != those(body, FRAME):
        return
    named, called = Counter(those(pieces, NAMING[kind])), Counter(those(body, NAMING[kind]))
    if kind == "PAXLST":
        assert len(after) == named.total()
        return
    assert len(after) <= len(before) + edits.count("double") + 2 * edits.count("swap")
    if not called - named and "swap" not in edits:
        assert not names(before) - names(after)
