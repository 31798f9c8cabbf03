import pytest
from hit_samples import NOW, hit, match
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.review import is_sampled, judge_exclusion, new_evidence
from pnr_pipeline.stores.rulebooks import load_sampling


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_holds_all_that_a_smaller_one_holds(hit_id, one, other):
    less, more = sorted((one, other))
    assert is_sampled(hit_id, more) or not is_sampled(hit_id, less)
    assert not is_sampled(hit_id, 0)
    assert is_sampled(hit_id, 1)


def test_the_sample_is_the_share_that_the_rules_say_and_the_same_each_time():
    share = load_sampling().share
    drawn = [is_sampled(f"hit {number}", share) for number in range(5000)]
    assert abs(sum(drawn) / 5000 - share) < 0.02
    assert drawn == [is_sampled(f"hit {number}", share) for number in range(5000)]


def test_a_right_exclusion_stands_and_is_judged_once():
    judged = judge_exclusion(hit(state="excluded"), right=True, now=NOW)
    assert (judged.state, judged.sample) == ("excluded", "right")
    with pytest.raises(ReviewFault):
        judge_exclusion(judged, right=False, now=NOW)


def test_a_wrong_exclusion_is_new_again_and_the_machine_does_not_exclude_it_a_second_time_scr_6():
    judged = judge_exclusion(hit(state="excluded"), right=False, now=NOW)
    assert (judged.state, judged.sample) == ("new", "wrong")
    assert new_evidence(judged, match(score=0.1), "excluded", NOW).state == "new"


@pytest.mark.parametrize("state", ["new", "under_review", "confirmed", "negative", "sent", "superseded"])
def test_only_an_exclusion_is_judged(state):
    with pytest.raises(ReviewFault):
        judge_exclusion(hit(state=state), right=True, now=NOW)
