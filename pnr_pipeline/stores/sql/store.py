"""The store of one processing domain: commit, dead letters, hits, decisions, relay."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pnr_pipeline.audit import Access
from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.intake.scorecard import MessageCounts
from pnr_pipeline.law import Profile
from pnr_pipeline.records import Domain, Finding, Hit, HitState, LogPlace, Match, Received, Screened
from pnr_pipeline.review import Decision, ReviewCodes
from pnr_pipeline.screening import Index
from pnr_pipeline.screening.criteria import Approval, InForce
from pnr_pipeline.screening.criteria.backtest import BackTest
from pnr_pipeline.stores.delivered import Delivered
from pnr_pipeline.stores.list_changes import ListChanges
from pnr_pipeline.stores.list_snapshots import Use
from pnr_pipeline.stores.receipt import Receipt
from pnr_pipeline.stores.sites import must_export_inside
from pnr_pipeline.stores.sql import (
    criteria_backtest,
    criteria_desk,
    dead_letters,
    exclusion_sample,
    memory,
    review_desk,
)
from pnr_pipeline.stores.sql.audit_log import AuditLog
from pnr_pipeline.stores.sql.case_disclosure import CaseLetter, DisclosedRecord, open_letter
from pnr_pipeline.stores.sql.criteria_desk import CriterionLine
from pnr_pipeline.stores.sql.dead_letters import DeadLetter
from pnr_pipeline.stores.sql.dpo_inbox import InboxItem, inbox, settle_item
from pnr_pipeline.stores.sql.duties import Duties
from pnr_pipeline.stores.sql.exchange import ExchangeDesk
from pnr_pipeline.stores.sql.exclusion_sample import ExclusionCounts, Judgement
from pnr_pipeline.stores.sql.feed_board import feed_messages, listed_by_source
from pnr_pipeline.stores.sql.feed_findings import finding_counts
from pnr_pipeline.stores.sql.flight_board import FlightLine, flight_board
from pnr_pipeline.stores.sql.ground import Ground, new_id
from pnr_pipeline.stores.sql.log_positions import log_positions, pass_over
from pnr_pipeline.stores.sql.memory import MemoryLine, wake_expired
from pnr_pipeline.stores.sql.orders import Orders
from pnr_pipeline.stores.sql.outgoing import Outgoing
from pnr_pipeline.stores.sql.oversight import Oversight
from pnr_pipeline.stores.sql.part_sets import mark_incomplete_sets
from pnr_pipeline.stores.sql.receipts import count_attempt, read_receipt
from pnr_pipeline.stores.sql.rejudging import rejudge
from pnr_pipeline.stores.sql.relay import read_queue, relay_outbox
from pnr_pipeline.stores.sql.rescreen import Rescreened, count_behind, lists_in_use, rescreen
from pnr_pipeline.stores.sql.retention_desk import Retention
from pnr_pipeline.stores.sql.review_desk import Decided, HitFile, HitLine
from pnr_pipeline.stores.sql.rights import Rights
from pnr_pipeline.stores.sql.sealed_receipts import SealedReceipt, open_receipt, seal_receipt
from pnr_pipeline.stores.sql.staff_desk import StaffDesk
from pnr_pipeline.stores.sql.transmission import bury_transmission, commit_transmission

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.archive_search import Archive
    from pnr_pipeline.stores.sql.backup_desk import BackupDesk
    from pnr_pipeline.stores.sql.lake_closing import DatabaseLake


class Store:
    """One open database with its keys, one thread at a time; each process opens its own. Use as a context."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._holder = new_id()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and forget the keys."""
        self._ground.sealer.forget()
        self._ground.db.close()

    def forget_destroyed_keys(self) -> None:
        """Let go of keys in memory that another process destroyed; the store does so by itself while it works."""
        self._ground.sealer.look()

    def seen(self, source: str, item: str, digest: str) -> bool:
        """Whether this very item with these bytes (SHA-256 hex) has a receipt: nothing is left to do with it."""
        return self.receipt(source, item, digest) is not None

    def receipt(self, source: str, item: str, digest: str) -> Receipt | None:
        """The receipt of this item with these bytes (SHA-256 hex); None while it is not committed."""
        return read_receipt(self._ground, source, item, digest)

    def begin_attempt(self, source: str, item: str, digest: str, now: datetime) -> int:
        """Count, durably and before any work, one more attempt at this item; returns 1, 2, 3 …"""
        return count_attempt(self._ground, source, item, digest, now)

    def commit(self, received: Received, screened: Sequence[Screened], *, index: Index, now: datetime) -> Receipt:
        """All messages of one transmission in one transaction, or nothing (DESIGN 4).

        With the records go hits, audit rows, the receipt, the source position and the end of the attempts. An item
        that has a receipt gets the same one back; a message committed before, in whatever file, changes nothing.
        Raises StoreFault where nothing was committed.
        """
        return commit_transmission(self._ground, received, screened, index, now)

    def bury(self, received: Received, reason: str, findings: Sequence[Finding], now: datetime) -> Receipt:
        """The whole transmission as one sealed dead letter, with its receipt, in one transaction.

        For what cannot be processed at all; `reason` is a code such as `third-attempt` or `oversize`.
        """
        return bury_transmission(self._ground, received, reason, findings, now)

    def log_positions(self, logs: Iterable[str]) -> dict[str, int]:
        """The first offset that is not committed, of each partition that was read before (`records.LogPlace.log`)."""
        return log_positions(self._ground.db, logs)

    def pass_over(self, place: LogPlace, now: datetime) -> None:
        """Move a log's position behind what needs no commit: the store has seen it."""
        pass_over(self._ground.db, place, now)

    def seal_receipt(self, body: bytes, leg: str, received_at: datetime) -> SealedReceipt:
        """What came, sealed for a broker under the key of its hour; `leg` keeps together what is of one flight."""
        return seal_receipt(self._ground, body, leg, received_at)

    def open_receipt(self, sealed: SealedReceipt, source: str, place: LogPlace | None = None) -> Received:
        """What `seal_receipt` sealed; its item is the receipt's id.

        Raises Damaged where it was changed or never sealed here, KeyGone after its 72 hours.
        """
        return open_receipt(self._ground, sealed, source, place)

    def dead_letters(self, access: Access | None = None, now: datetime | None = None) -> list[DeadLetter]:
        """All dead letters, oldest first, without their bytes; with the names of their files for an access, noted."""
        return dead_letters.letters(self._ground, access, now)

    def replay(self, dead_id: str, access: Access, now: datetime) -> Received:
        """A dead letter's bytes, to be decoded, screened and committed again; noted in the log first."""
        return dead_letters.replay(self._ground, dead_id, access, now)

    @property
    def retention(self) -> Retention:
        """The calendar of deletion, the sweep, and what a person does about the data of one record."""
        return Retention(self._ground)

    def mark_incomplete_sets(self, now: datetime) -> int:
        """Mark lists of which parts are missing for longer than `rules/feeds/` allows (ENV-09); returns how many.

        What came of them stays listed, and the missing parts complete them whenever they come.
        """
        return mark_incomplete_sets(self._ground, now)

    def hits(self, state: HitState | None = None, *, now: datetime, access: Access | None = None) -> list[HitLine]:
        """Hits as they wait: late first, then by time left, completeness of evidence, score. No traveller's value.

        Each line still says that somebody on a flight resembles an entry: who asks gives an access, is noted in the log
        first and sees the States they act for (SCR-1). Without one it is the program's own work, shown to nobody.
        """
        return review_desk.lines(self._ground, state, now, access)

    def hit(self, hit_id: str, access: Access, now: datetime) -> HitFile:
        """A hit with its person and its history; noted in the log before it is returned (SCR-1, LOG-2)."""
        return review_desk.open_file(self._ground, hit_id, access, now)

    def approve_criterion(self, text: str, name: str, access: Access, why: str, now: datetime) -> InForce:
        """Put a criterion in force in place of its former version: signed by who approves, noted in the log (SCR-4).

        `name` is the name of its file. Raises RuleFault with file, line and clause where it is refused.
        """
        return criteria_desk.approve_criterion(self._ground, text, name, access, why, now)

    def retire_criterion(self, criterion: str, access: Access, now: datetime) -> Approval:
        """Take a criterion out of force at once; its open hits end with it."""
        return criteria_desk.retire_criterion(self._ground, criterion, access, now)

    def backtest(self, criterion: str, text: str, access: Access, now: datetime) -> BackTest:
        """What the approved criterion of this id, or the one in `text`, would have done on the stored records.

        Noted in the log before anything is read; counts only. Raises UsageFault for another purpose than c, or where
        there is no such criterion, RuleFault where the text is refused.
        """
        judge = self._ground.criteria.judge_of(criterion, text, now)
        return criteria_backtest.backtest(self._ground, judge, access, now)

    def criterion_text(self, match: Match) -> str:
        """The text of the criterion that made this match, as approved; '' where a list made it."""
        return criteria_desk.text_of(self._ground, match)

    def criteria(self, now: datetime) -> list[CriterionLine]:
        """Every criterion that was approved and not retired, with what it did; no traveller's value (SCR-8)."""
        return criteria_desk.criterion_lines(self._ground, now)

    def claim(self, hit_id: str, access: Access, now: datetime) -> Hit:
        """Take a hit for review, for as long as the profile says."""
        return review_desk.claim(self._ground, hit_id, access, now)

    def decide(self, decision: Decision, codes: ReviewCodes, *, case: str) -> Decided:
        """Decide on the version seen; a confirmed hit is routed to its unit in the same transaction (SCR-5).

        Raises StaleHit or ReviewFault where the life of the hit does not allow it.
        """
        return review_desk.decide(self._ground, decision, codes, case)

    def judge_exclusion(self, judgement: Judgement) -> Hit:
        """Say of an excluded hit in the sample whether that was right; a wrong one is in the queue again (SCR-6)."""
        return exclusion_sample.judge(self._ground, judgement)

    def exclusion_counts(self) -> ExclusionCounts:
        """How many hits evidence excluded, how many are in the sample, and what people said of those."""
        return exclusion_sample.counts(self._ground)

    def memories(self) -> list[MemoryLine]:
        """What reviewers had remembered as "not this person", and how many hits each keeps down; oldest first."""
        return memory.lines(self._ground)

    def wake_memory(self, memory_id: str, actor: str, now: datetime) -> int:
        """End a memory by hand; returns how many hits are new by it. UsageFault where none of this id is asleep."""
        return memory.wake_by_hand(self._ground, memory_id, actor, now)

    def rescreen(self, changes: ListChanges, now: datetime) -> Rescreened:
        """Screen the live travellers with what changed of the lists, until no record is behind (SCR-1)."""
        return rescreen(self._ground, changes, now)

    def rejudge(self, now: datetime) -> Rescreened:
        """Judge the live travellers by criteria that were approved, retired, begun or ended since (SCR-1, SCR-4)."""
        return rejudge(self._ground, now)

    def lists_in_use(self) -> Use:
        """The versions of lists that hits and live records still need (RGT-5)."""
        return lists_in_use(self._ground)

    def wake_memories(self, now: datetime) -> int:
        """End every memory "not this person" whose time is over; how many hits are new by it (SCR-7)."""
        return wake_expired(self._ground, now)

    def behind(self, edition: str, now: datetime) -> int:
        """How many live travellers were screened with other lists than this edition of them."""
        return count_behind(self._ground, edition, now)

    def flights(self, now: datetime) -> list[FlightLine]:
        """The legs by time left, with counts of travellers and hits; no traveller's value."""
        return flight_board(self._ground, now)

    def finding_counts(self) -> list[tuple[str, str, int]]:
        """(carrier, validation rule, how often) over all messages kept or buried."""
        return finding_counts(self._ground)

    @property
    def profile(self) -> Profile:
        """The profile of the deployment."""
        return self._ground.profile

    @property
    def domain(self) -> Domain:
        """The processing domain of the store."""
        return self._ground.domain

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of message that the profile takes into this domain."""
        feeds = self._ground.profile.feeds
        return frozenset(kind for kind, domains in feeds.items() if self._ground.domain in domains)

    def feed_messages(self, first: date, last: date) -> list[MessageCounts]:
        """What came for flights that depart on the local days `first` to `last`; counts, no traveller's value."""
        return feed_messages(self._ground, first, last)

    def listed_by_source(self) -> dict[tuple[str, str], Listed]:
        """Persons listed now, and dropped since, by leg id and source (`api`, `pnr`)."""
        return listed_by_source(self._ground)

    def must_export_inside(self, place: Path) -> None:
        """UsageFault where a file there would leave the sites that the profile names (SCR-9)."""
        must_export_inside(self._ground.profile, place)

    def relay(self, now: datetime) -> int:
        """Number committed outbox rows, put them into the units' queues and JSON Lines files; returns how many."""
        return relay_outbox(self._ground, self._holder, now)

    @property
    def outgoing(self) -> Outgoing:
        """What a broker is to be told, numbered by `relay`."""
        return Outgoing(self._ground, self._holder)

    @property
    def orders(self) -> Orders:
        """Orders of the approver: asked for, taken in, used."""
        return Orders(self._ground)

    @property
    def exchange(self) -> ExchangeDesk:
        """Requests to and from partners abroad, and what is sent to them."""
        return ExchangeDesk(self._ground)

    @property
    def rights(self) -> Rights:
        """Requests of persons: found, answered, restricted."""
        return Rights(self._ground)

    @property
    def duties(self) -> Duties:
        """What is to be done daily."""
        return Duties(self._ground, self._holder)

    @property
    def staff(self) -> StaffDesk:
        """Suspending people of the staff."""
        return StaffDesk(self._ground)

    @property
    def oversight(self) -> Oversight:
        """What the data-protection officer reads: acts, samples, figures, documentation."""
        return Oversight(self._ground)

    def inbox(self, now: datetime, *, done: bool = False) -> list[InboxItem]:
        """What the data-protection officer is told and has to review; references alone."""
        return inbox(self._ground, now, done=done)

    def settle_item(self, item_id: str, outcome: str, access: Access, now: datetime, *, reason: str = "") -> None:
        """The officer's word on an item of the inbox: `lawful` or `unlawful` for a reason of `Marks`, or `seen`."""
        settle_item(self._ground, item_id, outcome, access, now, reason=reason)

    @property
    def log(self) -> AuditLog:
        """The audit log: published, verified, pruned."""
        return AuditLog(self._ground, self._holder)

    @property
    def lake(self) -> "DatabaseLake":
        """Closed days as sealed Parquet files."""
        from pnr_pipeline.stores.sql.lake_closing import DatabaseLake

        return DatabaseLake(self._ground)

    @property
    def archive(self) -> "Archive":
        """Searches of what is past its flight, on an order."""
        from pnr_pipeline.stores.sql.archive_search import Archive

        return Archive(self._ground)

    @property
    def backups(self) -> "BackupDesk":
        """Sealed backups: made, restored, answered for."""
        from pnr_pipeline.stores.sql.backup_desk import BackupDesk

        return BackupDesk(self._ground, self._holder)

    def open_letter(self, letter: CaseLetter, access: Access, now: datetime) -> tuple[DisclosedRecord, ...]:
        """What an authority got in a case, opened with its own key; noted in the log before it is returned."""
        return open_letter(self._ground, letter, access, now)

    def queue(self, unit: str, access: Access, now: datetime) -> list[Delivered]:
        """A unit's queue opened with the unit's own key; noted in the log before it is returned."""
        return read_queue(self._ground, unit, access, now)
