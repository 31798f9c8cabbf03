"""Signed notes, checkpoints and cosignatures, against the examples of the specifications and every changed byte."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.audit import leaf_hash
from pnr_pipeline.audit.note import (
    LOG,
    WITNESS,
    Checkpoint,
    NoteFault,
    Signer,
    VerifierKey,
    cosigned_at,
    opened,
)

NOW = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
SIGNER = Signer("unit/log", LOG, bytes(range(32)))
WATCHER = Signer("dpo/witness", WITNESS, bytes(range(1, 33)))
CHECKPOINT = Checkpoint("unit/log", 300, leaf_hash(b"root"))
NOTE = (SIGNER.sign(CHECKPOINT) + WATCHER.cosign(CHECKPOINT, NOW)).encode()


def test_the_verifier_key_of_the_specification_is_read_and_written_again() -> None:
    text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    key = VerifierKey.parse(text)
    assert (key.name, key.kind, key.key_id.hex(), str(key)) == ("example.com/foo", LOG, "530d903a", text)


def test_a_signed_checkpoint_opens_and_tells_when_it_was_cosigned() -> None:
    assert opened(NOTE, SIGNER.key) == CHECKPOINT
    assert cosigned_at(NOTE, WATCHER.key) == NOW
    assert cosigned_at(SIGNER.sign(CHECKPOINT).encode(), WATCHER.key) is None


def test_keys_of_both_types_survive_their_text() -> None:
    assert [VerifierKey.parse(str(one.key)) for one in (SIGNER, WATCHER)] == [SIGNER.key, WATCHER.key]


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_no_byte_of_a_note_can_be_changed(place: int, change: int) -> None:
    changed = NOTE[:place] + bytes([NOTE[place] ^ change]) + NOTE[place + 1 :]
    try:
        held = opened(changed, SIGNER.key) == CHECKPOINT and cosigned_at(changed, WATCHER.key) == NOW
    except NoteFault:
        return
    assert not held


@given(st.integers(0, len(NOTE) - 1))
def test_no_beginning_of_a_note_passes_for_all_of_it(length: int) -> None:
    try:
        held = opened(NOTE[:length], SIGNER.key) == CHECKPOINT and cosigned_at(NOTE[:length], WATCHER.key) == NOW
    except NoteFault:
        return
    assert not held


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unit/log",
        "unit/log+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "unit/log+530d903a+!",
        "unit/log+530d903a+AekyeRrm",
        str(SIGNER.key).replace("unit/log", "unit/other"),
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteFault):
        VerifierKey.parse(text)


def test_another_logs_checkpoint_is_refused_though_it_is_well_signed() -> None:
    other = Signer("unit/other", LOG, SIGNER.seed)
    with pytest.raises(NoteFault, match="another log"):
        opened(other.sign(Checkpoint("unit/other", 1, bytes(32))).encode(), SIGNER.key)


def test_another_key_under_the_logs_name_is_refused() -> None:
    with pytest.raises(NoteFault, match="no signature by the key"):
        opened(Signer("unit/log", LOG, bytes(32)).sign(CHECKPOINT).encode(), SIGNER.key)


def test_a_cosignature_does_not_pass_for_the_logs_signature() -> None:
    same_key = Signer("unit/log", WITNESS, SIGNER.seed)
    with pytest.raises(NoteFault, match="no signature by the key"):
        opened(f"{CHECKPOINT.text}\n{same_key.cosign(CHECKPOINT, NOW)}".encode(), SIGNER.key)
