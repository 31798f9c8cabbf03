import pytest
from invented_persons import NOW, person, traveller

from pnr_pipeline.records import Document
from pnr_pipeline.screening import compare, contradiction, settle


@pytest.fixture(scope="module")
def match_of(index_of):
    sought = person("e1", "Kelmendi", "Arben", "1982-11-30", documents=(Document("P", "AB1234567"),))
    index = index_of([sought])
    return lambda *args, **more: compare(traveller(*args, **more), "wanted", "e1", index, NOW)


def test_a_first_hit_by_name_is_possible(match_of):
    assert settle(None, match_of("KELMENDI", "ARBEN")) == "possible"


def test_the_same_evidence_again_changes_nothing(match_of):
    booking = match_of("KELMENDI", "ARBEN")
    assert settle(booking, booking) == "possible"


def test_an_equal_birth_date_that_arrives_later_strengthens(match_of):
    assert settle(match_of("KELMENDI", "ARBEN"), match_of("KELMENDI", "ARBEN", "1982-11-30")) == "strengthened"


def test_another_birth_date_that_arrives_later_excludes(match_of):
    assert (
        settle(match_of("KELMENDI", "ARBEN"), match_of("KELMENDI", "ARBEN", "1961-04-17"), "birth date") == "excluded"
    )


def test_without_a_hard_contradiction_nothing_is_excluded(match_of):
    before, now = match_of("KELMENDI", "ARBEN"), match_of("KELMENDI", "ARBEN", "1961-04-17")
    assert settle(before, now) == "possible"


def test_document_and_nationality_contradict_together_and_not_alone(match_of, index_of):
    sought = person("e1", "Kelmendi", "Arben", nationality=("AL",), documents=(Document("P", "AB1234567"),))
    index = index_of([sought])

    def contradicted(number, nationality):
        asked = traveller("KELMENDI", "ARBEN", number=number, nationality=nationality)
        return contradiction(compare(asked, "wanted", "e1", index, NOW), asked, sought)

    assert contradicted("ZZ7654321", "TUR") == "document and nationality"
    assert contradicted("ZZ7654321", "ALB") == contradicted("", "TUR") == contradicted("AB1234567", "TUR") == ""


def test_the_sought_document_confirms_the_named_person(match_of):
    before = match_of("KELMENDI", "ARBEN")
    assert settle(before, match_of("KELMENDI", "ARBEN", number="AB1234567")) == "confirmed_by_document"


def test_the_sought_document_in_other_hands_is_for_a_person_to_judge(match_of):
    before = match_of("KELMENDI", "ARBEN")
    assert settle(before, match_of("SMITH", "JOHN", "1950-01-01", number="AB1234567")) == "possible"
    assert settle(None, match_of("SMITH", "JOHN", number="AB1234567")) == "possible"
