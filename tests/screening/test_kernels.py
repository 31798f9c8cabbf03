import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from pnr_pipeline.screening import kernels
from pnr_pipeline.screening.vocabulary import spelled

words = st.text("ABC", max_size=12)


def letters(word):
    return np.frombuffer(word.encode() or b"\0", dtype=np.uint8)


@given(words, words, st.integers(1, 4))
def test_slips_of_typing_are_counted_as_by_optimal_alignment(one, other, most):
    table = np.zeros((3, kernels.LONGEST), dtype=np.int32)
    counted = kernels.slips(letters(one), 0, len(one), letters(other), 0, len(other), most, table)
    assert counted == min(OSA.distance(one, other), most + 1)


@given(st.text("ABCDE", min_size=4, max_size=10), st.data())
def test_words_within_one_slip_share_a_key(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    slipped = data.draw(
        st.sampled_from([word[:at] + word[at + 1 :], word[:at] + "X" + word[at + 1 :], word[:at] + "X" + word[at:]])
    )
    assert keys(word) & keys(slipped) or len(slipped) < 4


def keys(word):
    bounds = np.array([0, len(word), 2 * len(word), 2 * len(word), 2 * len(word)], dtype=np.uint32)
    found = np.zeros(64, dtype=np.uint64)
    count = kernels.keys_of(letters(word + word), bounds, 0, True, found)
    return set(found[:count].tolist()) - set(found[1:3].tolist())


days = st.integers(0, 99991231)


@given(days, days)
def test_two_dates_meet_in_the_same_way_from_either_side(one, other):
    assert kernels.date_kind(one, other) == kernels.date_kind(other, one)


@given(days, days)
def test_compiled_and_interpreted_dates_agree(one, other):
    assert kernels.date_kind(one, other) == kernels.date_kind.py_func(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("SCHTROBEL", "SXHTROBEL"), ("TCHIKVADE", "TCGIKVADE"), ("KHALIDUN", "HALIDUV"), ("OUZEELER", "OUZERLER")],
)
def test_a_slip_counts_on_the_word_as_written_and_as_folded(one, other):
    text, bounds = spelled([one, other])
    table, found = np.zeros((3, kernels.LONGEST), dtype=np.int32), np.zeros((2, kernels.LONGEST), dtype=np.uint64)
    assert kernels._rank(text, bounds, 0, text, bounds, 1, table) == kernels.TYPO
    told = [set(found[form][: kernels.keys_of(text, bounds, form, True, found[form])]) for form in range(2)]
    assert told[0] & told[1]
