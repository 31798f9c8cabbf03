"""No path to `sent` leads around a person (SCR-5): the life of a hit, driven at random.

The same machine must catch three broken lives; a machine that finds nothing in them could not fail.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hit_samples import NOW, decision, hit, match, rejection
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.records import Hit
from pnr_pipeline.review import decide, life, mark_sent, new_evidence, open_review, pass_at_once, supersede, withdraw
from pnr_pipeline.stores.rulebooks import load_review_codes

CODES = load_review_codes()
PEOPLE = st.sampled_from(["officer-7", "officer-7", "officer-8", ""])  # mostly one, so that runs get far


@dataclass(frozen=True)
class Life:
    """The steps under test; a negative control replaces one of them."""

    new_evidence: Callable[..., Hit] = new_evidence
    mark_sent: Callable[..., Hit] = mark_sent
    decide: Callable[..., Hit] = decide


@dataclass(frozen=True)
class Looked:
    """What a person truly did, kept apart from the hit: the version they confirmed, when and with which approval."""

    version: int
    reviewer: str
    approval: str


class LifeOfAHit(RuleBasedStateMachine):
    steps = Life()

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.hit: Hit = hit(deadline_at=self.now + timedelta(minutes=20))
        self.looked: Looked | None = None
        self.evidence_against = False
        self.sent_at: datetime | None = None

    def _try(self, step: Callable[..., Hit], *arguments: Any, **named: Any) -> bool:
        try:
            self.hit = step(*arguments, **named)
        except ReviewFault:
            return False
        return True

    @precondition(lambda self: self.hit.state in ("sent", "superseded"))
    @rule()
    def the_next_hit(self) -> None:
        self.hit = hit(deadline_at=self.now + timedelta(minutes=20))
        self.looked, self.evidence_against, self.sent_at = None, False, None

    @rule(minutes=st.sampled_from([1, 10, 25]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=PEOPLE)
    def claim(self, who: str) -> None:
        self._try(open_review, self.hit, who, self.now)

    @rule(who=PEOPLE, behind=st.sampled_from([0, 0, 0, 1]), approval=st.sampled_from(["", "", "order-1"]))
    def confirm(self, who: str, behind: int, approval: str) -> None:
        version = self.hit.version - behind
        made = decision(reviewer=who, version_seen=version, at=self.now, approval=approval)
        if self._try(self.steps.decide, self.hit, made, CODES):
            self.looked = Looked(version, who, approval)
            self.evidence_against = False

    @rule()
    def claim_and_confirm(self) -> None:
        """The ordinary way in one step, so that random runs often get to a confirmed hit."""
        self.claim("officer-7")
        self.confirm("officer-7", 0, "")

    @rule(who=PEOPLE)
    def reject(self, who: str) -> None:
        if self._try(
            self.steps.decide, self.hit, rejection(reviewer=who, version_seen=self.hit.version, at=self.now), CODES
        ):
            self.looked = None

    @rule(who=PEOPLE)
    def take_back(self, who: str) -> None:
        if self._try(withdraw, self.hit, who, self.now):
            self.looked = None

    @rule(
        settlement=st.sampled_from(["possible", "strengthened", "excluded", "confirmed_by_document"]),
        score=st.sampled_from([0.5, 0.9, 0.99]),
    )
    def evidence_arrives(self, settlement: Any, score: float) -> None:
        self.evidence_against |= settlement == "excluded" or score < self.hit.match.score
        self.hit = self.steps.new_evidence(self.hit, match(score=score), settlement, self.now)

    @precondition(lambda self: self.hit.version > 3)  # late, or most runs would end here
    @rule()
    def record_goes(self) -> None:
        self._try(supersede, self.hit, self.now, "entry withdrawn")

    @rule(unit=st.sampled_from(["rs-belgrade-airport", "rs-belgrade-airport", ""]))
    def send(self, unit: str) -> None:
        before = self.hit
        if self._try(self.steps.mark_sent, self.hit, unit, self.now):
            self.sent_at = self.now
            assert before.state == "confirmed"
            assert unit
            assert not self.evidence_against, "evidence spoke against the hit after the person's decision"

    @invariant()
    def a_sent_hit_was_looked_at_by_a_person(self) -> None:
        if self.hit.state == "sent":
            assert self.looked is not None
            assert self.looked.reviewer
            assert self.hit.reviewer == self.looked.reviewer
            assert self.hit.reason
            assert self.hit.offence in self.hit.match.offences
            assert self.hit.air_link
            assert self.hit.unit

    @invariant()
    def a_hit_sent_after_the_scheduled_moment_was_approved(self) -> None:
        if self.sent_at is not None and self.hit.deadline_at is not None and self.sent_at >= self.hit.deadline_at:
            assert self.looked is not None
            assert self.looked.approval

    @invariant()
    def an_undecided_hit_carries_no_decision(self) -> None:
        if self.hit.state in ("new", "under_review"):
            assert not (self.hit.reviewer or self.hit.reason or self.hit.offence or self.hit.approval)


LENGTH = settings(max_examples=150, stateful_step_count=40)
UNTIL_FOUND = settings(LENGTH, max_examples=3000, phases=[Phase.generate], database=None, report_multiple_bugs=False)


@pytest.mark.law("SCR-5")
def test_no_path_leads_around_the_reviewer() -> None:
    run_state_machine_as_test(LifeOfAHit, settings=LENGTH)


def test_the_machine_reaches_sent_so_that_it_can_find_something() -> None:
    class Reaches(LifeOfAHit):
        @invariant()
        def never_sent(self) -> None:
            assert self.hit.state != "sent", "reached"

    with pytest.raises(AssertionError, match="reached"):
        run_state_machine_as_test(Reaches, settings=UNTIL_FOUND)


def _confirms_by_itself(before: Hit, *arguments: Any) -> Hit:
    """A life in which a document match confirms itself: the machine's verdict instead of a person's."""
    after = new_evidence(before, *arguments)
    if after.settlement == "confirmed_by_document":
        return msgspec.structs.replace(
            after, state="confirmed", reviewer="system", reason="same-document", offence="4", air_link="flight-as-means"
        )
    return after


def _sends_unreviewed(before: Hit, unit: str, now: datetime) -> Hit:
    """A life in which sending asks for nothing."""
    return msgspec.structs.replace(before, state="sent", unit=unit or "somewhere", changed_at=now)


def _keeps_confirmed(before: Hit, *arguments: Any) -> Hit:
    """A life in which a confirmed hit stays confirmed whatever evidence comes."""
    after = new_evidence(before, *arguments)
    return msgspec.structs.replace(before, version=after.version) if before.state == "confirmed" else after


def _forgets_the_clock(before: Hit, unit: str, now: datetime) -> Hit:
    """A life in which a hit confirmed in time may be sent whenever."""
    return mark_sent(before, unit, min(now, before.changed_at))


@pytest.mark.parametrize(
    "broken",
    [
        Life(new_evidence=_confirms_by_itself),
        Life(mark_sent=_sends_unreviewed),
        Life(new_evidence=_keeps_confirmed),
        Life(mark_sent=_forgets_the_clock),
    ],
    ids=["confirms by itself", "sends unreviewed", "ignores evidence", "forgets the clock"],
)
def test_the_same_machine_catches_a_broken_life(broken: Life) -> None:
    class Broken(LifeOfAHit):
        steps = broken

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=UNTIL_FOUND)


@pytest.mark.law("SCR-5")
def test_only_one_step_makes_a_hit_sent_and_only_one_makes_it_confirmed() -> None:
    """Read the module itself: no other function of it names the two states as a result, but for the border's."""
    text = Path(life.__file__).read_text("utf-8")
    assert text.count('state="sent"') == 1
    assert text.count('state="confirmed"') == inspect.getsource(life.pass_at_once).count('state="confirmed"') == 1
    assert text.count("state=decision.outcome") == 1


@pytest.mark.law("SCR-5", "SCR-12")
@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "law_enforcement"},
        {"state": "negative"},
        {"state": "under_review"},
        {"settlement": "possible"},
        {"settlement": "strengthened"},
    ],
)
def test_nothing_but_a_new_document_hit_of_the_border_goes_without_a_person(changes: dict[str, str]) -> None:
    sought = {"domain": "border", "state": "new", "settlement": "confirmed_by_document"}
    passed = pass_at_once(hit(**sought), "pnr-pipeline", NOW)
    assert mark_sent(passed, "at-the-desk", NOW, holds=False).state == "sent"
    with pytest.raises(ReviewFault):
        pass_at_once(hit(**(sought | changes)), "pnr-pipeline", NOW)
    with pytest.raises(ReviewFault):
        mark_sent(msgspec.structs.replace(passed, domain="law_enforcement"), "at-the-desk", NOW, holds=False)
