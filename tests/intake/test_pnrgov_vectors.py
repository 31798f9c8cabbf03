"""Whole interchanges with what they must give, as files: see tests/vectors/pnrgov."""

import json
from pathlib import Path

import msgspec
import pytest
from pnrgov_texts import NOW, RULES

from pnr_pipeline.intake.decode import decode

VECTORS = sorted((Path(__file__).parent.parent / "vectors" / "pnrgov").glob("*.edi"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda path: path.stem)
def test_a_vector_gives_what_it_states(vector):
    told = json.loads(vector.with_suffix(".json").read_text("utf-8"))
    (message,) = decode(vector.read_bytes(), rulebook=RULES, now=NOW)
    assert message.function == told["function"]
    assert [leg.key for leg in message.flights] == told["flights"]
    assert len(message.travellers) == len(told["travellers"])
    for traveller, expected in zip(message.travellers, told["travellers"], strict=True):
        documents = [document.number for document in traveller.documents]
        found = {key: getattr(traveller, key) for key in expected} | {"documents": documents}
        assert found == expected
    assert message.dropped == told["dropped"]
    stored = msgspec.json.encode((message.travellers, message.bookings, message.findings)).decode()
    assert [word for word in told["never"] if word in stored] == []


def test_there_are_vectors():
    assert VECTORS
