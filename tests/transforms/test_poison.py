import pytest
from msgspec.structs import replace

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.transforms.commit import commit_screened
from pnr_pipeline.transforms.decode import decode_received
from pnr_pipeline.transforms.poison import STARTS_MAX
from pnr_pipeline.transforms.screen import screen_decoded


def carry(received, at):
    return commit_screened(screen_decoded(decode_received(received, at), at), at)


def failing_on(word):
    def screen(message_id):
        if message_id == word:
            raise ValueError("SECRETNAME")
        return ()

    return screen


def test_a_sound_transmission_is_tried_once_and_committed(at, store, received):
    carry(received("alpha beta"), at)
    assert store.committed == {"alpha.edi": ["alpha", "beta"]}
    assert list(store.attempts.values()) == [1]


def test_a_decoder_that_raises_is_tried_three_times_then_the_transmission_is_buried(at, store, received):
    done = carry(received("bad-decode"), at)
    assert list(store.attempts.values()) == [3]
    assert done.buried == ("third-attempt",)
    assert store.committed == {}


def test_a_fault_that_passes_is_no_poison(at, store, received):
    faults = iter([ValueError, ValueError, None])

    def decode(body, now, sound=at.decode):
        if fault := next(faults):
            raise fault("SECRETNAME")
        return sound(body, now)

    at.decode = decode
    assert carry(received("alpha"), at).buried == ()
    assert store.committed == {"alpha.edi": ["alpha"]}


def test_one_message_that_cannot_be_screened_is_buried_alone(at, store, received):
    messages = {"alpha", "gamma"}

    def screen(travellers, index, now):
        if travellers == ("poison",):
            raise ValueError("SECRETNAME")
        return ()

    at.screen = screen
    decoded = decode_received(received("alpha beta gamma"), at)
    marked = tuple(
        replace(one, travellers=("poison",)) if one.message_id == "beta" else one for one in decoded.messages
    )
    commit_screened(screen_decoded(replace(decoded, messages=marked), at), at)
    assert set(store.committed["alpha.edi"]) == messages
    assert store.dead == {"beta": "unreadable"}


def test_one_message_that_cannot_be_committed_is_buried_alone(at, store, received):
    store.refuses = lambda message_id: message_id == "beta"
    carry(received("alpha beta gamma"), at)
    assert store.committed["alpha.edi"] == ["alpha", "gamma"]
    assert store.dead == {"beta": "unreadable"}


def test_two_messages_that_cannot_be_committed_take_their_file_along(at, store, received):
    store.refuses = lambda message_id: message_id in {"beta", "gamma"}
    assert carry(received("alpha beta gamma"), at).buried == ("third-attempt",)


def test_a_transmission_at_which_two_processes_died_is_rehearsed_before_it_is_tried_again(at, store, received):
    rehearsed = []
    at.rehearse = lambda one: rehearsed.append(one.item) or True
    for _ in range(2):
        decode_received(received("alpha"), at)  # and the process dies
    assert rehearsed == []
    carry(received("alpha"), at)
    assert rehearsed == ["alpha.edi"]
    assert store.committed == {"alpha.edi": ["alpha"]}


def test_a_transmission_whose_rehearsal_fails_is_buried_without_being_tried(at, store, received):
    at.rehearse = lambda one: False
    for _ in range(2):
        decode_received(received("alpha"), at)
    tried = []
    at.decode = lambda body, now: tried.append(body) or []
    carry(received("alpha"), at)
    assert tried == []
    assert store.dead == {"alpha.edi": "third-attempt"}


def test_what_kills_every_process_after_a_good_rehearsal_is_buried_in_the_end(at, store, received):
    for _ in range(STARTS_MAX):
        decode_received(received("alpha"), at)
    carry(received("alpha"), at)
    assert store.dead == {"alpha.edi": "third-attempt"}


def test_a_store_in_trouble_is_nobodys_poison(at, store, received):
    decoded = decode_received(received("alpha"), at)
    store.broken = True
    with pytest.raises(StoreFault):
        commit_screened(screen_decoded(decoded, at), at)
    store.broken = False
    assert list(store.attempts.values()) == [1]
    assert store.dead == {}


def test_the_reason_of_a_poison_holds_type_and_place_but_no_text_of_the_fault(at, store, received):
    screened = screen_decoded(decode_received(received("bad-decode"), at), at)
    assert "ValueError at conftest.py:" in screened.poison
    assert "SECRET" not in screened.poison
