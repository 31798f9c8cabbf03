import msgspec
import pytest
from invented_persons import NOW, person, traveller

from pnr_pipeline.screening import Index, compare
from pnr_pipeline.screening.replay import replay
from pnr_pipeline.screening.wording import likelihood

SOUGHT = person("e1", "Đorđević", "Miloš", "1975-03-09", nationality=("RS",))
ASKED = traveller("DJORDJEVIC", "MILOS", "1975-03-09", nationality="SRB", sex="M")


@pytest.fixture(scope="module")
def told(index_of):
    index = index_of([SOUGHT, person("e2", "Kelmendi", "Arben", "1980-01-02")])
    return compare(ASKED, "wanted", "e1", index, NOW), index


@pytest.mark.law("RGT-5")
def test_a_match_computed_again_is_the_same(told):
    match, index = told
    done = replay(match, ASKED, index, NOW)
    assert (done.same, done.summed, done.differences) == (True, True, ())


def test_without_the_lists_of_that_time_only_the_sum_is_proved(told):
    done = replay(told[0], ASKED, None, NOW)
    assert (done.summed, done.again, done.same) == (True, None, False)


def test_a_score_that_was_changed_is_found_even_without_lists(told):
    forged = msgspec.structs.replace(told[0], score=0.5)
    assert not replay(forged, ASKED, None, NOW).summed


@pytest.mark.law("RGT-5")
def test_other_rules_another_engine_and_other_evidence_are_told_without_values(told):
    match, index = told
    changed = index.rules.model_copy(update={"version": "another"})
    other = Index(index.head, index.arrays, changed)
    done = replay(msgspec.structs.replace(match, engine="evidence/0"), traveller("DJORDJEVIC", "MARKO"), other, NOW)
    assert not done.same
    text = " ".join((*done.versions, *done.differences))
    assert "engine: evidence/0 then" in text
    assert "rules" in text
    assert "birth date: same" in text
    assert "MARKO" not in text
    assert "1975" not in text


def test_another_engine_that_finds_the_same_is_told_and_is_no_difference(told):
    match, index = told
    done = replay(msgspec.structs.replace(match, engine="evidence/0"), ASKED, index, NOW)
    assert (done.same, done.differences) == (True, ())
    assert [version.partition(" then")[0] for version in done.versions] == ["engine: evidence/0"]


def test_an_entry_that_is_gone_cannot_be_compared_again(told):
    match, index = told
    assert "no such entry" in replay(msgspec.structs.replace(match, entry_id="e9"), ASKED, index, NOW).why


@pytest.mark.parametrize(
    ("weight", "words"),
    [(9.0, "8,100 times likelier if the same person"), (-2.0, "7.4 times likelier if another person"),
     (0.0, "says nothing either way"), (1e9, "240,000,000,000,000,000 times likelier if the same person")],
)  # fmt: skip
def test_a_weight_is_told_as_a_likelihood_in_words(weight, words):
    assert likelihood(weight) == words


def test_a_match_says_which_name_of_the_entry_was_compared(index_of):
    alias = msgspec.structs.replace(person("x", "Kelmendi", "Arben").names[0], kind="alias")
    index = index_of([person("e1", "Hoxhaj", "Besim", "1975-03-09", aliases=(alias,))])
    match = compare(traveller("KELMENDI", "ARBEN", "1975-03-09"), "wanted", "e1", index, NOW)
    assert (match.entry_name, match.compared_name, match.name_kind) == ("Besim Hoxhaj", "Arben Kelmendi", "alias")
