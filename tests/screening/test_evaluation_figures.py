import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_persons import NOW, person, traveller

from pnr_pipeline.screening.evaluation import Case, Share, Tally
from pnr_pipeline.screening.match import ranked


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(hits, more):
    share = Share(hits, hits + more)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


def test_the_interval_is_that_of_wilson():
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 0).interval == (0, 1)
    assert Share(0, 100_000).interval[1] == pytest.approx(3.84e-5, rel=0.01)


@pytest.fixture(scope="module")
def done(index_of):
    index = index_of([person("e1", "Kelmendi", "Arben", "1980-01-02"), person("e2", "Petrova", "Elena", "1990-04-05")])
    cases = [
        Case(traveller("KELMENDI", "ARBEN", "1980-01-02", sex="M"), "e1", "exact", "Albanian", "M", "LATIN"),
        Case(traveller("UNLIKE", "NOBODY", "1960-07-08", sex="F"), "e2", "typo", "Bulgarian", "F", "CYRILLIC"),
        Case(traveller("KELMENDI", "ARBEN", "1980-01-02", sex="M"), "", "random", "Albanian", "M", "LATIN"),
        Case(traveller("STRANGER", "ANDRE", "1970-01-02", sex="F"), "", "random", "Bulgarian", "F", "LATIN"),
        Case(traveller("OTHER", "TRAVELLER"), "", "random_no_date", "Bulgarian", "F", "LATIN"),
        Case(traveller("KELMENDI", "BESA", "1950-01-02"), "", "sibling", "Albanian", "F", "LATIN"),
    ]
    tally = Tally()
    for case, matches in zip(cases, ranked([case.traveller for case in cases], index, NOW), strict=True):
        tally.take(case, matches)
    return tally.evaluation(engine="e", rules="r", entries=2)


def test_recall_and_false_alerts_are_counted_by_group(done):
    albanian, bulgarian = done.populations
    assert (albanian.name, albanian.recall, albanian.alerts) == ("Albanian", Share(1, 1), Share(1, 1))
    assert (bulgarian.recall, bulgarian.alerts, bulgarian.weak) == (Share(0, 1), Share(0, 1), Share(0, 2))
    assert [(group.name, group.recall) for group in done.scripts] == [("CYRILLIC", Share(0, 1)), ("LATIN", Share(1, 1))]
    assert done.overall.recall == Share(1, 2)
    assert (done.precision, done.parity) == (0.5, 0.0)


def test_people_who_are_alike_on_purpose_are_no_random_travellers(done):
    assert dict(done.look_alikes) == {"sibling": Share(0, 1)}
    assert done.overall.alerts.of == 2


def test_scores_are_weighed_to_one_listed_traveller_in_100_000(done):
    assert done.reliability
    assert all(0 <= one.true <= 1e-4 for one in done.reliability if one.pairs == 2)
