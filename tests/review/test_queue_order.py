from datetime import timedelta

from hit_samples import NOW, evidence, hit, match
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.review import queue_key

FULL = (evidence("name"), evidence("birth date"), evidence("sex"))
THIN = (evidence("name"), evidence("birth date", "unknown", 0.0), evidence("sex", "unknown", 0.0))


def _order(*hits: object) -> list[str]:
    return [one.hit_id for one in sorted(hits, key=lambda one: queue_key(one, NOW))]  # type: ignore[arg-type, attr-defined]


def test_late_stands_before_all_then_the_least_time_left() -> None:
    soon = hit(hit_id="soon", deadline_at=NOW + timedelta(minutes=10))
    later = hit(hit_id="later", deadline_at=NOW + timedelta(hours=5))
    passed = hit(hit_id="passed", deadline_at=NOW - timedelta(minutes=1))
    marked = hit(hit_id="marked", deadline_at=NOW + timedelta(hours=9), late=True)
    unknown = hit(hit_id="unknown", deadline_at=None)
    assert _order(later, soon, marked, unknown, passed) == ["passed", "unknown", "marked", "soon", "later"]


def test_at_equal_time_complete_evidence_outranks_a_higher_score() -> None:
    complete = hit(hit_id="complete", match=match(evidence=FULL, score=0.8))
    thin = hit(hit_id="thin", match=match(evidence=THIN, score=1.0))
    assert _order(thin, complete) == ["complete", "thin"]


def test_score_decides_only_between_equals() -> None:
    low, high = hit(hit_id="a", match=match(score=0.7)), hit(hit_id="b", match=match(score=0.9))
    assert _order(low, high) == ["b", "a"]


@given(st.lists(st.tuples(st.integers(-300, 300), st.booleans(), st.sampled_from([0.5, 0.9])), min_size=1, max_size=12))
def test_the_order_is_total_and_does_not_depend_on_the_order_of_arrival(cases: list[tuple[int, bool, float]]) -> None:
    hits = [
        hit(hit_id=f"h{n}", deadline_at=NOW + timedelta(minutes=minutes), late=late, match=match(score=score))
        for n, (minutes, late, score) in enumerate(cases)
    ]
    assert _order(*hits) == _order(*reversed(hits))
    assert len({queue_key(one, NOW) for one in hits}) == len(hits)
