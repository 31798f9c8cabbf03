"""Whatever a carrier sends, there is an answer, and we can read it ourselves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.answer_edifact import points_as_sent, write_answer
from pnr_pipeline.intake.answer_files import acceptance_file, quality_files
from pnr_pipeline.intake.answers import Stored, acceptance
from pnr_pipeline.records import Message
from pnr_pipeline.stores.rulebooks import load_answer_rules, load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors"
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
STORED = Stored("ab" * 16, "ab" * 32, NOW)
RULEBOOK, RULES = load_rulebook(), load_answer_rules()
FILES = sorted(path for path in VECTORS.rglob("*") if path.suffix in (".edi", ".xml"))
FORMS = {"PAXLST": "CUSRES", "PNRGOV": "ACKRES"}


def answer_all(body: bytes) -> int:
    """All answers to all messages in the bytes; how many were EDIFACT and read back to what they say."""
    read_back = 0
    for message in decode(body, rulebook=RULEBOOK, now=NOW):
        acceptance_file(message, STORED, RULES, reference="ANSWER00000001")
        quality_files(message, STORED, RULEBOOK)
        read_back += edifact_reads_back(message)
    return read_back


def edifact_reads_back(message: Message) -> bool:
    form = FORMS.get(message.kind)
    if form is None or message.reply_to is None:
        return False
    said = acceptance(message, STORED, RULES)
    (back,) = decode(
        write_answer(form, message, said, reference="ANSWER00000001", prepared_at=NOW), rulebook=RULEBOOK, now=NOW
    )
    assert back.kind == form
    assert back.points == points_as_sent(form, said, message)
    assert not {finding.rule for finding in back.findings} & {"ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-08"}
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_vector_is_answered(path):
    answer_all(path.read_bytes())


def test_most_vectors_can_be_answered_in_edifact():
    assert sum(answer_all(path.read_bytes()) > 0 for path in FILES) > len(FILES) / 2


@given(st.data())
def test_messages_with_segments_dropped_doubled_and_swapped_are_answered(data):
    body = data.draw(st.sampled_from([path for path in FILES if path.suffix == ".edi"])).read_bytes()
    segments = body.split(b"'")
    place = st.integers(0, len(segments) - 1)
    for change, one, other in data.draw(st.lists(st.tuples(st.sampled_from("-+x~"), place, place), max_size=6)):
        if change == "-":
            segments[one] = b""
        elif change == "+":
            segments.insert(other, segments[one])
        elif change == "x":
            segments[one], segments[other] = segments[other], segments[one]
        else:
            segments[one] = segments[one].replace(b"+", b"+?'\xe4", 1)
    answer_all(b"'".join(segments))
