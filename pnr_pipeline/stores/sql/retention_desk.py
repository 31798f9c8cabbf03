"""The store's retention: the calendar, the sweep, the clock that both rely on."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from pnr_pipeline.audit import Access
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.sql.calendar import Calendar, calendar
from pnr_pipeline.stores.sql.case_disclosure import CaseLetter, disclose
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.erasure import Erased, Why, erase, recall
from pnr_pipeline.stores.sql.evidence_copies import EvidenceLine, copy_for_dispute, evidence_copies
from pnr_pipeline.stores.sql.fallback import Recovered, router_recovered, tag_fallback
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.presence import note_presence
from pnr_pipeline.stores.sql.promotion import PromotionLine, promote, promotions
from pnr_pipeline.stores.sql.sweep import Swept, sweep


class Retention:
    """Masking and deletion in one open store; every act is in the log."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def sweep(self, now: datetime, told: Callable[[int, int], None] = lambda done, of: None) -> Swept:
        """End what is due: destroy its keys, then delete its rows and write the receipt (RET-1 to RET-5, RET-8).

        Due is what both the wall clock `now` and the mark say is due (RET-9). A sweep that was interrupted is gone on
        with. Raises StoreFault where store or keys are in trouble; `pnr doctor` tells of it then.
        """
        return sweep(self._ground, now, told)

    def calendar(self, now: datetime) -> Calendar:
        """What is due when, by which article; counts, no traveller's value."""
        return calendar(self._ground, now)

    def confirm_clock(self, access: Access, now: datetime) -> datetime:
        """Take a person's word that `now` is the time, after the machine was down; returns the mark (RET-9)."""
        self._ground.admit(access.actor, "retention", now)
        with transaction(self._ground.db):
            mark = self._ground.clock.confirm(self._ground.db, now)
            write_entry(
                self._ground, "administration", now=now, article="LED 4(1)", case=access.case, actor=access.actor,
                purpose="admin",
            )  # fmt: skip
        return mark

    def promote(self, records: Iterable[str], grounds: Grounds, access: Access, now: datetime) -> int:
        """Keep these records for five years from their receipt, identity masked at six months; returns how many.

        Of one that is promoted already the grounds and the review are renewed. All or none; UsageFault for grounds that
        do not carry it, StoreFault where the approver has no half for the day (RET-3, DIS-4).
        """
        return promote(self._ground, records, grounds, access, now)

    def promotions(self) -> list[PromotionLine]:
        """Every promoted record, the next review first; no traveller's value."""
        return promotions(self._ground)

    def erase(self, record_id: str, why: Why, access: Access, now: datetime) -> Erased:
        """Delete one record at once, with its hits, and the person out of every kept message of the flight (RGT-4).

        A booking goes too where nobody else is in it. UsageFault where there is no such record.
        """
        return erase(self._ground, record_id, why, access, now)

    def recall(self, message_id: str, access: Access, index: Index, now: datetime) -> Erased:
        """Delete a message that was unlawful or not what it said, with all it brought, at once (ING-8).

        What other messages told of the same people is folded and screened anew with `index`. The same bytes that come
        again change nothing. UsageFault where no such message is kept.
        """
        return recall(self._ground, message_id, access, index, now)

    def note_presence(self, records: Iterable[str], presented: bool, access: Access, now: datetime) -> int:
        """Take the border police's word that these travellers presented themselves, or did not; how many (RET-5).

        For the border domain alone; UsageFault elsewhere, or for an unknown record.
        """
        return note_presence(self._ground, records, presented, access, now)

    def copy_for_dispute(
        self, record_id: str, authority: str, until: date, review_by: date, access: Access, now: datetime
    ) -> str:
        """Keep a restricted copy of a record for a person's dispute until the start of a day; returns its id.

        UsageFault where it would outlive its record and the profile, as in the Union, allows no holds (RET-10).
        """
        return copy_for_dispute(self._ground, record_id, authority, until, review_by, access, now)

    def disclose(self, order_id: str, unit_id: str, access: Access, now: datetime) -> CaseLetter:
        """Give what an order to disclose names to the authority of its case, once; noted before it is returned.

        The unit's own copies end as they would have (RET-10). UsageFault for a recipient that is not notified (DIS-1),
        OrderFault where the order does not hold.
        """
        return disclose(self._ground, order_id, unit_id, access, now)

    def evidence_copies(self) -> list[EvidenceLine]:
        """Every restricted copy, the next review first, for the data-protection officer; nothing of their content."""
        return evidence_copies(self._ground)

    def tag_fallback(self, messages: Iterable[str], request: str, access: Access, now: datetime) -> int:
        """Say that these messages came by the channel that stands in for the router, on which request (ING-9)."""
        return tag_fallback(self._ground, messages, request, access, now)

    def router_recovered(self, access: Access, index: Index, now: datetime) -> Recovered:
        """Recall every fallback copy of whose flight the router's own, received after it, is here; the others wait."""
        return router_recovered(self._ground, access, index, now)
