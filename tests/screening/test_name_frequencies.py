import pytest
from invented_persons import NOW, person, traveller

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.screening import Index
from pnr_pipeline.screening.match import compare
from pnr_pipeline.screening.name_frequencies import NameFrequencies

TEXT = """
rule: screening.name_frequencies
confirmed: false
sample: 1000
populations:
  a: {surnames: {KHALED: 100, DE_JONG: 50}, male: {JOHN: 10}, female: {}}
  b: {surnames: {KHALED: 20}, male: {JOHN: 300}, female: {JOHN: 1}}
"""


def test_a_name_is_as_common_as_where_it_is_most_common():
    background = read_rule(TEXT, "frequencies.yaml", NameFrequencies)
    assert background.bearers(["KHALED"]) == pytest.approx(10)
    assert background.bearers(["JOHN"]) == pytest.approx(30)
    assert background.bearers(["UNHEARD", "JOHN"]) == pytest.approx(30)
    assert background.bearers(["UNHEARD"]) == background.bearers([]) == 0


def test_a_name_of_two_words_is_known_joined_and_without_its_particle():
    background = read_rule(TEXT, "frequencies.yaml", NameFrequencies)
    assert background.bearers(["DEJONG"]) == background.bearers(["JONG"]) == pytest.approx(5)


@pytest.mark.parametrize("wrong", ["KHALED: 10001", "khaled: 1", "KHALED: 0"])
def test_shares_beyond_a_whole_and_names_in_other_letters_are_refused(wrong):
    with pytest.raises(RuleFault):
        read_rule(TEXT.replace("KHALED: 100", wrong), "frequencies.yaml", NameFrequencies)


def test_a_common_name_of_a_small_community_says_less_than_a_rare_one_though_the_list_has_each_once(rules, index_of):
    rules = rules.model_copy(update={"frequencies": rules.frequencies.model_copy(update={"sample": 20_000})})
    entries = [person("e1", "HOXHA", "ARBEN", "1970-05-05"), person("e2", "XHUVANAJ", "TRIMOR", "1970-05-05")]
    index = Index.build([(index_of(entries).registrations["wanted"], "v1", entries)], rules)
    common = compare(traveller("HOXHA", "ARBEN"), "wanted", "e1", index, NOW)
    rare = compare(traveller("XHUVANAJ", "TRIMOR"), "wanted", "e2", index, NOW)
    assert common.evidence[0].weight < rare.evidence[0].weight - 1


def test_the_shipped_frequencies_know_the_names_of_the_region(rules):
    assert {"albanian", "bosnian", "serbian", "macedonian", "turkish", "bulgarian", "romanian", "ukrainian"} <= set(
        rules.frequencies.populations
    )
    told = rules.frequencies.model_copy(update={"sample": 1000})
    assert told.bearers(["JOVANOVIC"]) > 10 > told.bearers(["WOZNIAK"]) > 0
