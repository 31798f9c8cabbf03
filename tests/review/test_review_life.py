from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hit_samples import NOW, decision, evidence, hit, match, rejection

from pnr_pipeline.errors import ReviewFault, StaleHit
from pnr_pipeline.review import (
    decide,
    mark_sent,
    needs_approval,
    new_evidence,
    open_review,
    supersede,
    what_changed,
    withdraw,
)
from pnr_pipeline.stores.rulebooks import load_review_codes

CODES = load_review_codes()
LATER = NOW + timedelta(minutes=1)


def _under_review(**changes: Any) -> Any:
    return open_review(hit(**changes), "officer-7", NOW)


def test_a_claim_is_held_renewed_and_lapses() -> None:
    held = _under_review()
    assert (held.state, held.holder, held.claimed_until) == ("under_review", "officer-7", NOW + timedelta(minutes=15))
    assert open_review(held, "officer-7", LATER).claimed_until == LATER + timedelta(minutes=15)
    with pytest.raises(ReviewFault, match="another reviewer holds"):
        open_review(held, "officer-8", LATER)
    assert open_review(held, "officer-8", NOW + timedelta(minutes=15)).holder == "officer-8"


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_reviews_without_a_name(name: str) -> None:
    with pytest.raises(ReviewFault, match="SCR-5"):
        open_review(hit(), name, NOW)


@pytest.mark.parametrize("state", ["confirmed", "negative", "sent", "excluded", "superseded"])
def test_what_is_not_waiting_cannot_be_opened(state: str) -> None:
    with pytest.raises(ReviewFault, match="nothing to review"):
        open_review(hit(state=state), "officer-7", NOW)


def test_a_confirmed_hit_carries_what_the_law_asks_of_it_and_is_sent_to_a_unit() -> None:
    confirmed = decide(_under_review(), decision(), CODES)
    assert confirmed.state == "confirmed"
    assert (confirmed.reviewer, confirmed.reason) == ("officer-7", "same-person")
    assert (confirmed.offence, confirmed.air_link) == ("4", "offence-by-nature")
    assert confirmed.version == 1
    sent = mark_sent(confirmed, "rs-belgrade-airport", LATER)
    assert (sent.state, sent.unit, sent.reviewer) == ("sent", "rs-belgrade-airport", "officer-7")


def test_a_decision_on_an_older_version_is_refused_and_told_what_changed() -> None:
    before = _under_review()
    stronger = match(evidence=(evidence("name"), evidence("birth date", "same")), score=0.97)
    after = new_evidence(before, stronger, "strengthened", LATER)
    with pytest.raises(StaleHit) as fault:
        decide(after, decision(at=LATER), CODES, seen=before.match)
    assert (fault.value.seen, fault.value.newest) == (1, 2)
    assert fault.value.changed == "birth date: was unknown, now same; the score rose"
    with pytest.raises(StaleHit, match="look at it again"):
        decide(after, decision(at=LATER), CODES)


@pytest.mark.law("SCR-2", "SCR-5", "SCR-6")
@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"hit_id": "h2"}, "another hit"),
        ({"reviewer": "officer-8"}, "no claim"),
        ({"at": NOW + timedelta(minutes=15)}, "no claim"),
        ({"reason": "because"}, "SCR-6"),
        ({"reason": "other-name"}, "reasons for confirmed"),
        ({"reason": ""}, "SCR-6"),
        ({"offence": ""}, "SCR-2"),
        ({"offence": "27"}, "SCR-2"),
        ({"offence": "11"}, "for which the list is kept"),
        ({"air_link": ""}, "SCR-2"),
        ({"air_link": "by-air"}, "SCR-2"),
        ({"offence": "terrorism"}, "no direct link by its nature"),
    ],
)
def test_a_decision_that_lacks_or_mistakes_something_is_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(ReviewFault, match=what):
        decide(_under_review(), decision(**wrong), CODES)


@pytest.mark.law("SCR-2")
def test_terrorism_is_confirmed_with_the_link_of_the_case() -> None:
    confirmed = decide(_under_review(), decision(offence="terrorism", air_link="flight-as-preparation"), CODES)
    assert confirmed.offence == "terrorism"


@pytest.mark.law("SCR-5")
def test_a_rejection_needs_a_reason_but_no_offence() -> None:
    negative = decide(_under_review(), rejection(), CODES)
    assert (negative.state, negative.reason, negative.reviewer) == ("negative", "other-birth-date", "officer-7")
    with pytest.raises(ReviewFault, match="only a confirmed hit is sent"):
        mark_sent(negative, "rs-belgrade-airport", LATER)


@pytest.mark.parametrize("second", ["", " ", "officer-7"])
def test_four_eyes_are_two_persons(second: str) -> None:
    with pytest.raises(ReviewFault, match="second reviewer"):
        decide(_under_review(), decision(second_reviewer=second), CODES, four_eyes=True)
    confirmed = decide(_under_review(), decision(second_reviewer="lead-2"), CODES, four_eyes=True)
    assert confirmed.second_reviewer == "lead-2"


@pytest.mark.law("DIS-3")
@pytest.mark.parametrize("changes", [{"late": True}, {"deadline_at": NOW}, {"deadline_at": None}])
def test_a_late_hit_is_confirmed_only_with_an_approval(changes: dict[str, Any]) -> None:
    waiting = _under_review(**changes)
    assert needs_approval(waiting, NOW)
    with pytest.raises(ReviewFault, match="DIS-3"):
        decide(waiting, decision(), CODES)
    approved = decide(waiting, decision(approval="order-2026-17"), CODES)
    assert approved.late
    assert mark_sent(approved, "rs-belgrade-airport", LATER).approval == "order-2026-17"


def test_a_late_hit_is_rejected_without_an_approval() -> None:
    assert decide(_under_review(late=True), rejection(), CODES).state == "negative"


@pytest.mark.law("DIS-3")
def test_a_hit_confirmed_in_time_is_not_sent_after_it_without_an_approval() -> None:
    confirmed = decide(_under_review(), decision(), CODES)
    after = NOW + timedelta(hours=2)
    with pytest.raises(ReviewFault, match="DIS-3"):
        mark_sent(confirmed, "rs-belgrade-airport", after)
    again = withdraw(confirmed, "officer-7", after)
    approved = decide(again, decision(at=after, approval="order-2026-17"), CODES)
    assert mark_sent(approved, "rs-belgrade-airport", after).state == "sent"


def test_a_decision_is_taken_back_by_who_made_it_until_it_is_sent() -> None:
    confirmed = decide(_under_review(), decision(), CODES)
    with pytest.raises(ReviewFault, match="only the reviewer who decided"):
        withdraw(confirmed, "officer-8", LATER)
    back = withdraw(msgspec.structs.replace(confirmed, unit="rs-belgrade-airport"), "officer-7", LATER)
    assert (back.state, back.holder) == ("under_review", "officer-7")
    assert (back.reviewer, back.reason, back.offence, back.air_link, back.unit) == ("", "", "", "", "")
    with pytest.raises(ReviewFault, match="no decision to take back"):
        withdraw(mark_sent(confirmed, "rs-belgrade-airport", LATER), "officer-7", LATER)


@pytest.mark.parametrize(
    ("state", "settlement", "then"),
    [
        ("new", "excluded", "excluded"),
        ("under_review", "excluded", "excluded"),
        ("confirmed", "excluded", "new"),
        ("confirmed", "strengthened", "confirmed"),
        ("negative", "excluded", "negative"),
        ("negative", "possible", "negative"),
        ("negative", "strengthened", "new"),
        ("negative", "confirmed_by_document", "new"),
        ("excluded", "excluded", "excluded"),
        ("excluded", "possible", "new"),
        ("excluded", "strengthened", "new"),
        ("new", "strengthened", "new"),
        ("under_review", "strengthened", "under_review"),
        ("sent", "excluded", "sent"),
        ("superseded", "strengthened", "superseded"),
    ],
)
def test_new_evidence_makes_a_version_and_moves_the_hit(state: str, settlement: Any, then: str) -> None:
    before = hit(state=state, reviewer="officer-7", reason="same-person", holder="officer-7")
    after = new_evidence(before, match(score=0.95), settlement, LATER)
    assert (after.state, after.version, after.settlement) == (then, 2, settlement)
    if then == "new" and state != "new":
        assert (after.reviewer, after.reason, after.holder) == ("", "", "")


def test_a_document_that_a_person_rejected_does_not_come_back_with_each_new_list() -> None:
    rejected = hit(state="negative", reviewer="officer-7", settlement="confirmed_by_document")
    after = new_evidence(rejected, match(list_version="v2"), "confirmed_by_document", LATER)
    assert (after.state, after.reviewer, after.version) == ("negative", "officer-7", 2)


def test_a_confirmed_hit_whose_evidence_weakens_is_looked_at_again() -> None:
    after = new_evidence(hit(state="confirmed", reviewer="officer-7"), match(score=0.5), "possible", LATER)
    assert (after.state, after.reviewer) == ("new", "")


@pytest.mark.parametrize("state", ["new", "under_review", "confirmed", "negative", "excluded", "superseded"])
def test_a_hit_without_its_record_is_superseded(state: str) -> None:
    assert supersede(hit(state=state), NOW, "entry withdrawn").state == "superseded"


def test_a_sent_hit_is_never_superseded_in_silence() -> None:
    with pytest.raises(ReviewFault, match="unit must be told"):
        supersede(hit(state="sent"), NOW, "entry withdrawn")


def test_a_hit_is_sent_to_a_named_unit_only() -> None:
    with pytest.raises(ReviewFault, match="SEC-3"):
        mark_sent(decide(_under_review(), decision(), CODES), " ", LATER)


@pytest.mark.law("SCR-5")
@pytest.mark.parametrize("missing", ["reviewer", "reason", "offence", "air_link"])
def test_a_confirmed_row_without_a_person_behind_it_is_not_sent(missing: str) -> None:
    whole = {"reviewer": "officer-7", "reason": "same-person", "offence": "4", "air_link": "flight-as-means"}
    with pytest.raises(ReviewFault, match="reviewer, reason, offence and air link"):
        mark_sent(hit(state="confirmed", **{**whole, missing: ""}), "rs-belgrade-airport", NOW)


def test_the_free_note_stays_out_of_the_text_of_a_decision() -> None:
    noted = decision(note="seen at the desk")
    assert "desk" not in repr(noted)
    assert replace(noted, note="") != noted


def test_what_changed_is_told_in_words_without_values() -> None:
    before = match(evidence=(evidence("name"), evidence("sex", "unknown"), evidence("document")))
    now = match(
        evidence=(evidence("name", "differs"), evidence("sex", "unknown"), evidence("nationality")),
        list_version="v2",
        score=0.3,
    )
    assert what_changed(before, now) == (
        "document: evidence withdrawn; name: was same, now differs; nationality: same (new evidence); "
        "a newer version of the list; the score fell"
    )
    assert what_changed(before, before) == "the same evidence was seen again"
