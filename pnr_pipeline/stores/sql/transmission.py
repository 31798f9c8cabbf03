"""One transmission into the store: all its messages, their receipt and the source position in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pnr_pipeline.records import Finding, Message, Received, Screened
from pnr_pipeline.retention import is_taken_in
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.receipt import MessageOutcome, Receipt
from pnr_pipeline.stores.sql import dead_letters
from pnr_pipeline.stores.sql.database import again_if_in_the_way, transaction
from pnr_pipeline.stores.sql.feed_board import count_message
from pnr_pipeline.stores.sql.feed_findings import count_findings
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.leg_locks import legs_of_messages
from pnr_pipeline.stores.sql.log_positions import advance
from pnr_pipeline.stores.sql.message_commit import commit_message, keep_part
from pnr_pipeline.stores.sql.part_sets import is_stored, mark_incomplete_sets, parts_before_others
from pnr_pipeline.stores.sql.receipts import case_of, read_receipt, write_receipt


@dataclass(frozen=True, slots=True)
class Transmission:
    """What came in one file, decoded and screened with `index`."""

    ground: Ground
    received: Received
    screened: Sequence[Screened]
    index: Index
    digest: str
    now: datetime

    @property
    def messages(self) -> list[Message]:
        """Its messages in their order."""
        return [one.message for one in self.screened]

    def settled(self) -> tuple[MessageOutcome, ...]:
        """What became of each message, in the caller's transaction."""
        parts = parts_before_others(self.ground, self.messages)
        return tuple(self._outcome(one, folds=place not in parts) for place, one in enumerate(self.screened))

    def _outcome(self, one: Screened, *, folds: bool) -> MessageOutcome:
        message = one.message
        if self._is_of_the_other_domain(message):
            return MessageOutcome(message.message_id, message.kind, withheld=True)
        count_message(self.ground, self.received, message)
        if is_stored(self.ground, message):
            return MessageOutcome(message.message_id, message.kind, replayed=True)
        outcome = self._stored_or_buried(one, folds=folds)
        count_findings(self.ground, message, outcome.ambiguous)
        return outcome

    def _is_of_the_other_domain(self, message: Message) -> bool:
        """Whether the profile sends such messages to the other domain alone: here not even a count is kept (SCR-12)."""
        told = self.ground.profile.domains(message.kind)
        return bool(told) and self.ground.domain not in told

    def _stored_or_buried(self, one: Screened, *, folds: bool) -> MessageOutcome:
        message, ground, case = one.message, self.ground, case_of(self.digest)
        reason = dead_letters.reason_to_bury(message)
        if reason:
            body = dead_letters.bytes_of(self.received.body, message, self.messages)
            dead_letters.bury(ground, self.received, message.message_id, reason, message.findings, body, case, self.now,
                              message.flights)  # fmt: skip
            return MessageOutcome(message.message_id, message.kind, findings=len(message.findings), dead_letter=reason)
        taken = is_taken_in(ground.profile, ground.law, message.flights, self.now, ground.domain)
        if ground.domain not in ground.profile.domains(message.kind) or not taken:
            return MessageOutcome(message.message_id, message.kind, withheld=True)
        if not folds:
            return keep_part(ground, self.received, message, self.index, case, self.now)
        return commit_message(ground, self.received, one, self.index, case, self.now)


def commit_transmission(
    ground: Ground, received: Received, screened: Sequence[Screened], index: Index, now: datetime
) -> Receipt:
    """See Store.commit."""
    digest = hashlib.sha256(received.body).hexdigest()
    mark_incomplete_sets(ground, now)
    received = _dated(ground, received, now)
    return _committed(Transmission(ground, received, screened, index, digest, now))


@again_if_in_the_way
def _committed(one: Transmission) -> Receipt:
    ground, received = one.ground, one.received
    with transaction(ground.db, lambda: legs_of_messages(ground, one.messages) | {one.digest}):
        before = read_receipt(ground, received.source, received.item, one.digest)
        if before is not None and received.source != dead_letters.REPLAY_SOURCE:
            advance(ground.db, received.place, one.now)
            return before
        outcomes = one.settled()
        if received.source == dead_letters.REPLAY_SOURCE and not any(one.dead_letter for one in outcomes):
            dead_letters.mark_replayed(ground, received, one.now)
        return write_receipt(ground, received, one.digest, outcomes, one.now)


def bury_transmission(
    ground: Ground, received: Received, reason: str, findings: Sequence[Finding], now: datetime
) -> Receipt:
    """See Store.bury."""
    return _buried(ground, _dated(ground, received, now), reason, findings, now)


def _dated(ground: Ground, received: Received, now: datetime) -> Received:
    """The transmission with a moment of receipt that its terms may count from (RET-9)."""
    at = ground.clock.received_at(ground.db, received.received_at, now)
    return received if at == received.received_at else msgspec.structs.replace(received, received_at=at)


@again_if_in_the_way
def _buried(ground: Ground, received: Received, reason: str, findings: Sequence[Finding], now: datetime) -> Receipt:
    digest = hashlib.sha256(received.body).hexdigest()
    with transaction(ground.db, lambda: {digest}):
        before = read_receipt(ground, received.source, received.item, digest)
        if before is not None:
            advance(ground.db, received.place, now)
            return before
        letter = f"{digest}:0"
        dead_letters.bury(ground, received, letter, reason, findings, received.body, case_of(digest), now)
        outcome = MessageOutcome(letter, "UNREADABLE", findings=len(findings), dead_letter=reason)
        return write_receipt(ground, received, digest, (outcome,), now)
