"""Rights of persons at the store: found by blind index, answered, restricted (RGT-2 to RGT-4; LED art. 14 to 17).

The DPO acts, under purpose `dpo`; what is masked is looked up, and opened for the answer, on an order of the approver.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, Masked, UsageFault
from pnr_pipeline.records import FlightLeg, Traveller
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.retention.order import LookUp, OrderRequest
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.approver_half import lookup_of
from pnr_pipeline.stores.sql.database import transaction, utc_text, utc_time
from pnr_pipeline.stores.sql.dpo_inbox import end_items, tell_dpo
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry
from pnr_pipeline.stores.sql.kept_acts import keep_act
from pnr_pipeline.stores.sql.orders import Grounds, Orders
from pnr_pipeline.stores.sql.rectification import (
    Notice,
    Particulars,
    Rectified,
    change_particulars,
    flags_of,
    note_told,
    notices,
    queue_notices,
)
from pnr_pipeline.stores.sql.rights_index import (
    Asked,
    Question,
    asked,
    blinded,
    is_masked,
    kept_periods,
    records_under,
    row_key,
)
from pnr_pipeline.stores.sql.travellers import open_traveller

Right = Literal["access", "rectify", "complete", "erase", "restrict"]

_BY_DOMAIN = {"law_enforcement": "eu.led.access_deadline", "border": "eu.gdpr.access_deadline"}


class FoundRecord(msgspec.Struct, frozen=True):
    """A record of the person who asks: met by what, and opened where it is not masked. Times are UTC."""

    record_id: str
    period: str
    by: str
    received_at: datetime
    flight: FlightLeg
    masked: bool
    traveller: Traveller | None


class Searched(msgspec.Struct, frozen=True):
    """What a search found, in how many periods, and in how many masked ones only the approver can look."""

    records: tuple[FoundRecord, ...]
    periods: int
    masked_periods: int


class Rights:
    """The rights requests of one open store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def begin(self, right: Right, access: Access, now: datetime) -> datetime:
        """Note a request by its case and return until when it is to be answered; the DPO's timer runs."""
        ground = self._ground
        ground.admit(access.actor, "rights", now)
        due = ground.law.value(_BY_DOMAIN[ground.domain], now.date()).period.after(now)
        with transaction(ground.db):
            row = ground.db.execute("SELECT due_at FROM rights_request WHERE case_ref = ?", (access.case,)).fetchone()
            if row:
                return utc_time(row[0])
            ground.db.execute(
                "INSERT INTO rights_request VALUES (?, ?, ?, ?, NULL, '')",
                (access.case, right, utc_text(now), utc_text(due)),
            )
            tell_dpo(ground, f"right.{right}", f"right:{access.case}", now, due)
        return due

    def search(self, question: Question, access: Access, now: datetime) -> Searched:
        """Every record that is the person's, wherever the unit itself can look; noted in the log first."""
        asks = self._asks(question)
        found: list[FoundRecord] = []
        periods = kept_periods(self._ground)
        masked = 0
        with transaction(self._ground.db):
            for period in periods:
                try:
                    keys = self._own_keys(period, asks)
                except Masked:
                    masked += 1
                except KeyGone:
                    continue
                else:
                    found += self._found(period, asks, keys)
            self._note(found, len(periods), access, now)
        return Searched(tuple(found), len(periods), masked)

    def ask_approver(self, question: Question, facts: str, access: Access, now: datetime) -> OrderRequest:
        """The order for the look-ups in masked periods; UsageFault where there is none to look in."""
        lookups = tuple(
            LookUp(period, blinded(self._ground, period, token).hex())
            for period in self._masked_periods()
            for token in self._asks(question).tokens
        )
        if not lookups:
            raise UsageFault("no period is masked: the search looked everywhere")
        return Orders(self._ground).request(_grounds(facts, now), access, now, lookups=lookups)

    def search_masked(
        self, order_id: str, question: Question, access: Access, now: datetime
    ) -> tuple[FoundRecord, ...]:
        """What the approver's answers to these look-ups meet; the records stay masked until an order opens them."""
        asks = self._asks(question)
        ground = self._ground
        tokens = {
            (period, blinded(ground, period, token).hex()): token
            for period in self._masked_periods()
            for token in asks.tokens
        }
        keys: dict[str, dict[bytes, str]] = {}
        for one, answer in Orders(ground).looked_up(order_id, access, now):
            token = tokens.get((one.period, one.blinded))
            if token is None:
                raise UsageFault("the order was asked for another person's request")
            keys.setdefault(one.period, {})[row_key(one.period, b"", answer)] = token
        with transaction(ground.db):
            found = [one for period, told in keys.items() for one in self._found(period, asks, told)]
            self._note(found, len(keys), access, now)
        return tuple(found)

    def ask_to_open(self, records: Iterable[str], facts: str, access: Access, now: datetime) -> OrderRequest:
        """The order that opens masked records for the answer."""
        return Orders(self._ground).request(_grounds(facts, now), access, now, records=records)

    def answered(self, access: Access, now: datetime) -> datetime:
        """Note that the letter went out, and return when the person asked; UsageFault where nobody did."""
        ground = self._ground
        ground.admit(access.actor, "rights", now)
        with transaction(ground.db):
            row = ground.db.execute("SELECT asked_at FROM rights_request WHERE case_ref = ?", (access.case,)).fetchone()
            if row is None:
                raise UsageFault("no request of this case: pnr rights search begins one")
            ground.db.execute(
                "UPDATE rights_request SET answered_at = ?, answered_by = ? WHERE case_ref = ?",
                (utc_text(now), access.actor, access.case),
            )
            for right in ("access", "rectify", "complete", "erase", "restrict"):
                end_items(ground, f"right.{right}", f"right:{access.case}", now, access.actor, "answered")
            write_entry(
                ground, "disclosure", now=now, article="LED 14", case=access.case, actor=access.actor, purpose="dpo",
                counts={"right.answered": 1},
            )  # fmt: skip
        return utc_time(row[0])

    def restrict(self, record_id: str, access: Access, now: datetime) -> tuple[str, ...]:
        """Restrict a record: no screening, no officer uses it any more; returns the units that are to be told (RGT-4).

        Raises UsageFault where there is no such record.
        """
        ground = self._ground
        ground.admit(access.actor, "rights", now, records=(record_id,))
        with transaction(ground.db):
            if not _is_there(ground, record_id):
                raise UsageFault("no record of this id is kept")
            _restrict(ground, record_id, access, now)
            told = self.recipients(record_id)
            queue_notices(ground, record_id, "restricted", access, now)
            tell_dpo(ground, "restriction", f"record:{record_id}", now)
            write_entry(
                ground, "alteration", now=now, article="LED 16(3)", case=access.case, actor=access.actor, purpose="dpo",
                references=(f"record:{record_id}", *(f"unit:{unit}" for unit in told)), counts={"restricted": 1},
            )  # fmt: skip
            keep_act(ground, "restrict", f"record:{record_id}", access, now)
        return told

    def lift(self, record_id: str, access: Access, now: datetime) -> None:
        """Lift a restriction, after the person was told (LED art. 16(3)); UsageFault where there is none."""
        ground = self._ground
        ground.admit(access.actor, "rights", now, records=(record_id,))
        with transaction(ground.db):
            if not _lift(ground, record_id, access, now):
                raise UsageFault("this record is not restricted")
            keep_act(ground, "lift", f"record:{record_id}", access, now)

    def rectify(self, record_id: str, told: Particulars, access: Access, index: Index, now: datetime) -> Rectified:
        """Put right what the messages told of the person, and screen the flight's record anew (LED 16(1), RGT-4).

        Who received it, and the carrier, stand in `notices` then. Raises UsageFault where there is no such record, or
        nothing that is kept is other than what is told; Masked once the messages have ended: it is restricted then.
        """
        return change_particulars(self._ground, record_id, "rectify", told, access, index, now)

    def complete(self, record_id: str, told: Particulars, access: Access, index: Index, now: datetime) -> Rectified:
        """Add what no message told of the person; else as `rectify`."""
        return change_particulars(self._ground, record_id, "complete", told, access, index, now)

    def flags(self, record_id: str) -> dict[str, datetime]:
        """Which fields of a record were put right or added at the person's request, and when last."""
        return flags_of(self._ground, record_id)

    def notices(self, *, done: bool = False) -> list[Notice]:
        """Who waits to be told of a change, or also who was; references alone."""
        return notices(self._ground, done=done)

    def note_told(self, notice: str, access: Access, now: datetime) -> Notice:
        """Say that a notice, by its id or its first letters, went out; in the log."""
        return note_told(self._ground, notice, access, now)

    def recipients(self, record_id: str) -> tuple[str, ...]:
        """The units that received a hit of the record: they are told of what is rectified, erased or restricted."""
        rows = self._ground.db.execute(
            "SELECT DISTINCT unit FROM outbox JOIN hit USING (hit_id) WHERE record_id = ? AND seq IS NOT NULL"
            " ORDER BY unit", (record_id,)
        ).fetchall()  # fmt: skip
        return tuple(unit for (unit,) in rows)

    def _asks(self, question: Question) -> Asked:
        if not question.documents and not (question.born and (question.surname or question.given)):
            raise UsageFault("a search needs a document, or a name and a birth date")
        return asked(question)

    def _masked_periods(self) -> list[str]:
        return [period for period in kept_periods(self._ground) if is_masked(self._ground, period)]

    def _own_keys(self, period: str, asks: Asked) -> dict[bytes, str]:
        ground = self._ground
        approver = ground.sealer.approver_key(period) if period.startswith("L/") else None
        keys = {}
        for token in asks.tokens:
            own = blinded(ground, period, token)
            keys[row_key(period, own, lookup_of(approver, own) if approver else None)] = token
        return keys

    def _found(self, period: str, asks: Asked, keys: Mapping[bytes, str]) -> list[FoundRecord]:
        found = []
        for record_id, tokens in sorted(records_under(self._ground, period, keys).items()):
            if by := asks.meets(tokens):
                received_at, flight = self._ground.db.execute(
                    "SELECT received_at, flight FROM record_head JOIN leg USING (leg_id) WHERE record_id = ?",
                    (record_id,),
                ).fetchone()
                traveller = self._opened(record_id)
                found.append(FoundRecord(
                    record_id, period, by, utc_time(received_at), from_json(FlightLeg, flight.encode()),
                    traveller is None, traveller,
                ))  # fmt: skip
        return found

    def _opened(self, record_id: str) -> Traveller | None:
        try:
            return open_traveller(self._ground, record_id).person.view
        except Masked:
            return None

    def _note(self, found: Iterable[FoundRecord], periods: int, access: Access, now: datetime) -> None:
        references = [f"record:{one.record_id}" for one in found]
        write_access(self._ground, access, "rights", now=now, article="LED 14", references=references)


def _grounds(facts: str, now: datetime) -> Grounds:
    day = now.date().isoformat()
    return Grounds(act="rights", offence="", air_link="", facts=facts, scope="who asks", first=day, last=day)


def restrict_again(ground: Ground, record_id: str, access: Access, since: datetime, now: datetime) -> None:
    """Restrict a record of an older database, in the caller's transaction; nothing where it has no such record."""
    if _is_there(ground, record_id):
        _restrict(ground, record_id, access, since)
        write_entry(
            ground, "alteration", now=now, article="LED 16(3)", case=access.case, actor=access.actor, purpose="dpo",
            references=(f"record:{record_id}",), counts={"restricted": 1, "again": 1},
        )  # fmt: skip


def lift_again(ground: Ground, record_id: str, access: Access, now: datetime) -> None:
    """Lift a restriction that an older database still has, in the caller's transaction."""
    _lift(ground, record_id, access, now)


def _is_there(ground: Ground, record_id: str) -> bool:
    return bool(ground.db.execute("SELECT 1 FROM record_head WHERE record_id = ?", (record_id,)).fetchone())


def _restrict(ground: Ground, record_id: str, access: Access, since: datetime) -> None:
    ground.db.execute(
        "INSERT INTO restriction VALUES (?, ?, ?, ?, (SELECT basis FROM record_head WHERE record_id = ?))"
        " ON CONFLICT DO NOTHING",
        (record_id, access.case, access.actor, utc_text(since), record_id),
    )


def _lift(ground: Ground, record_id: str, access: Access, now: datetime) -> bool:
    if not ground.db.execute("DELETE FROM restriction WHERE record_id = ?", (record_id,)).rowcount:
        return False
    write_entry(
        ground, "alteration", now=now, article="LED 16(3)", case=access.case, actor=access.actor, purpose="dpo",
        references=(f"record:{record_id}",), counts={"restriction.lifted": 1},
    )  # fmt: skip
    return True
