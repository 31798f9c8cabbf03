"""The life of a hit: a state machine without a path around the reviewer (SCR-5).

::

    new ──open_review──▶ under_review ──decide──▶ confirmed ──mark_sent──▶ sent
     ▲                       │    ▲      └──────▶ negative
     │                       │    └──withdraw── confirmed, negative (until sent)
     ├── new evidence: a negative hit is strengthened, an excluded one is not excluded any more, a confirmed one weakens
     └── excluded ◀── evidence excludes a hit that is new or under review
    suppressed ◀──▶ new: a memory "not this person" holds for its traveller and entry, or holds no more
    superseded ◀── the record, the entry or the name is gone (anything but sent); told again it is new again

`Hit.version` counts evidence and only evidence: claims and decisions leave it as it is, so a decision that names the
newest version was made on all that is known.
"""

from datetime import datetime, timedelta

import msgspec

from pnr_pipeline.errors import ReviewFault, StaleHit
from pnr_pipeline.records import Hit, Match
from pnr_pipeline.records.hit import Ended, Settlement
from pnr_pipeline.review.changes import what_changed
from pnr_pipeline.review.codes import ReviewCodes
from pnr_pipeline.review.decision import Decision


def open_review(hit: Hit, holder: str, now: datetime, minutes: int = 15) -> Hit:
    """Claim a hit for `holder`, or renew the claim; it lapses after `minutes` and may then be taken by another.

    Raises ReviewFault when someone else holds it, or the hit is not waiting for review.
    """
    if not holder.strip():
        raise ReviewFault("a review needs a named reviewer (SCR-5)")
    if hit.state not in ("new", "under_review"):
        raise ReviewFault(f"the hit is {hit.state}: there is nothing to review")
    if hit.state == "under_review" and hit.holder != holder and _claimed(hit, now):
        raise ReviewFault("another reviewer holds this hit: wait until their claim lapses")
    return msgspec.structs.replace(
        hit, state="under_review", holder=holder, claimed_until=now + timedelta(minutes=minutes), changed_at=now
    )


def needs_approval(hit: Hit, now: datetime) -> bool:
    """Whether sending at `now` would no longer be purpose (a), so that DIS-3 asks for an approval."""
    return hit.late or hit.deadline_at is None or now >= hit.deadline_at


def decide(
    hit: Hit,
    decision: Decision,
    codes: ReviewCodes,
    *,
    four_eyes: bool = False,
    holds: bool = True,
    seen: Match | None = None,
) -> Hit:
    """The hit as decided. `four_eyes` is what the profile asks for its list; `seen` the match of the version seen.

    `holds` is False where a profile outside the EU sends late hits without an approval.

    Raises StaleHit, telling what changed, when the decision names an older version; ReviewFault when the reviewer
    holds no claim, or the decision lacks a code, an air link, a second reviewer or an approval that it needs.
    """
    if decision.hit_id != hit.hit_id:
        raise ReviewFault("the decision is about another hit")
    if decision.version_seen != hit.version:
        raise StaleHit(decision.version_seen, hit.version, what_changed(seen, hit.match))
    if hit.state != "under_review":
        raise ReviewFault(f"the hit is {hit.state}: open its review first")
    if hit.holder != decision.reviewer or not _claimed(hit, decision.at):
        raise ReviewFault("the reviewer holds no claim on this hit: open its review again")
    _check_codes(hit, decision, codes)
    if four_eyes and decision.second_reviewer.strip() in ("", decision.reviewer):
        raise ReviewFault("this list asks for a second reviewer who is not the first")
    asks = holds and decision.outcome == "confirmed" and needs_approval(hit, decision.at)
    if asks and not decision.approval.strip():
        raise ReviewFault("the scheduled moment has passed: name the order that approves disclosure (DIS-3)")
    return msgspec.structs.replace(
        hit,
        state=decision.outcome,
        reviewer=decision.reviewer,
        second_reviewer=decision.second_reviewer,
        reason=decision.reason,
        offence=decision.offence,
        air_link=decision.air_link,
        approval=decision.approval,
        late=needs_approval(hit, decision.at),
        holder="",
        claimed_until=None,
        changed_at=decision.at,
    )


AT_ONCE = "document-at-the-border"
"""Stands as the reason of a hit that no person reviewed: the officer who meets the person checks the document."""


def pass_at_once(hit: Hit, by: str, now: datetime) -> Hit:
    """A sought document at the border, for the unit that checks the person anyway: nothing is decided by it (GDPR 22).

    Raises ReviewFault for every other hit: in the law-enforcement domain nothing passes a reviewer (SCR-5).
    """
    if hit.domain != "border" or hit.state != "new" or hit.settlement != "confirmed_by_document":
        raise ReviewFault("only a new hit on a document at the border goes without review (SCR-5)")
    offence = hit.match.offences[0] if hit.match.offences else ""
    return msgspec.structs.replace(hit, state="confirmed", reviewer=by, reason=AT_ONCE, offence=offence, changed_at=now)


def withdraw(hit: Hit, reviewer: str, now: datetime, minutes: int = 15) -> Hit:
    """Take back one's own decision while nothing was sent; the hit is under review again, held by the same person."""
    if hit.state not in ("confirmed", "negative"):
        raise ReviewFault(f"the hit is {hit.state}: there is no decision to take back")
    if hit.reviewer != reviewer:
        raise ReviewFault("only the reviewer who decided may take the decision back")
    return open_review(_undecided(hit, now), reviewer, now, minutes)


def mark_sent(hit: Hit, unit: str, now: datetime, *, holds: bool = True) -> Hit:
    """The hit as sent to `unit`. Raises ReviewFault unless a person confirmed it and, when late, a body approved.

    `holds` as in `decide`.
    """
    if hit.state != "confirmed":
        raise ReviewFault(f"the hit is {hit.state}: only a confirmed hit is sent (SCR-5)")
    at_the_border = hit.domain == "border" and bool(hit.reviewer and hit.reason)
    if not at_the_border and not (hit.reviewer and hit.reason and hit.offence and hit.air_link):
        raise ReviewFault("a sent hit names reviewer, reason, offence and air link (SCR-5)")
    if holds and needs_approval(hit, now) and not hit.approval:
        raise ReviewFault("the scheduled moment has passed: take the decision back and name the approval (DIS-3)")
    if not unit.strip():
        raise ReviewFault("a hit is sent to a named unit (SEC-3)")
    return msgspec.structs.replace(hit, state="sent", unit=unit, changed_at=now)


def new_evidence(hit: Hit, match: Match, settlement: Settlement, now: datetime) -> Hit:
    """The next version of the hit, with what the new evidence does to its state.

    Call it where the evidence differs, not for each push that says the same. What a person decided stands until the
    evidence turns against it: then the hit is new again. A sent hit stays sent and a superseded one superseded; both
    carry the new evidence, and the unit that has the hit must be told (RGT-4).
    """
    newer = msgspec.structs.replace(hit, version=hit.version + 1, match=match, settlement=settlement, changed_at=now)
    if settlement == "excluded" and hit.state in ("new", "under_review", "suppressed") and hit.sample != "wrong":
        return msgspec.structs.replace(newer, state="excluded", holder="", claimed_until=None)
    against = settlement == "excluded" or match.score < hit.match.score
    stronger = settlement == "strengthened" or (
        # a document that a person has already judged is no new evidence: the review prevails (SCR-6)
        settlement == "confirmed_by_document" and hit.settlement != "confirmed_by_document"
    )
    reopened = {
        "confirmed": against,
        "negative": stronger,
        "excluded": settlement != "excluded",
    }
    return _undecided(newer, now) if reopened.get(hit.state) else newer


def supersede(hit: Hit, now: datetime, because: Ended) -> Hit:
    """The hit whose record, list entry or name no longer exists; ReviewFault once it was sent."""
    if hit.state == "sent":
        raise ReviewFault("the hit was sent: the unit must be told instead")
    return msgspec.structs.replace(
        hit, state="superseded", ended=because, memory="", holder="", claimed_until=None, changed_at=now
    )


def remembered_as(hit: Hit, memory: str, now: datetime) -> Hit:
    """A waiting hit that nobody has looked at as suppressed by `memory`; new again where that is ''."""
    if hit.state not in ("new", "suppressed") or memory == hit.memory:
        return hit
    return msgspec.structs.replace(hit, state="suppressed" if memory else "new", memory=memory, changed_at=now)


def told_again(hit: Hit, match: Match, settlement: Settlement, now: datetime) -> Hit:
    """The next version of a superseded hit whose entry or name is told again: a person looks at it anew."""
    newer = msgspec.structs.replace(hit, version=hit.version + 1, match=match, settlement=settlement, ended="")
    return _undecided(newer, now)


def judge_exclusion(hit: Hit, *, right: bool, now: datetime) -> Hit:
    """What a person says of an exclusion that was sampled; a wrong one is new again, and no evidence told so far
    excludes it any more: the review prevails over the machine (SCR-6).

    Raises ReviewFault where the hit is not excluded or has been judged.
    """
    if hit.state != "excluded" or hit.sample:
        raise ReviewFault("only an exclusion that nobody has judged yet is judged: see `pnr hits list --only sample`")
    judged = msgspec.structs.replace(hit, sample="right" if right else "wrong", changed_at=now)
    return judged if right else _undecided(judged, now)


def _claimed(hit: Hit, now: datetime) -> bool:
    return hit.claimed_until is not None and now < hit.claimed_until


def _undecided(hit: Hit, now: datetime) -> Hit:
    return msgspec.structs.replace(
        hit,
        state="new",
        reviewer="",
        second_reviewer="",
        reason="",
        offence="",
        air_link="",
        approval="",
        unit="",
        holder="",
        claimed_until=None,
        changed_at=now,
    )


def _check_codes(hit: Hit, decision: Decision, codes: ReviewCodes) -> None:
    reason = codes.reasons.get(decision.reason)
    if reason is None or reason.outcome != decision.outcome:
        raise ReviewFault(f"choose one of the reasons for {decision.outcome} in rules/review/reasons.yaml (SCR-6)")
    if decision.outcome == "negative":
        return
    if decision.offence not in codes.offences or decision.offence not in hit.match.offences:
        raise ReviewFault("name an offence of Annex II, or terrorism, for which the list is kept (SCR-2)")
    link = codes.air_links.get(decision.air_link)
    if link is None:
        raise ReviewFault("name the objective link to air carriage, rules/review/air_links.yaml (SCR-2)")
    if link.direct_only and codes.offences[decision.offence].air_link != "direct":
        raise ReviewFault("this offence has no direct link by its nature: name the link of this case (CJ ¶154-157)")
