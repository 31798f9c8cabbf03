"""Which criteria are in force: read from the acts of approval in the database, verified, compiled once (SCR-4)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.screening.criteria import (
    Approval,
    Attributes,
    InForce,
    Judge,
    admitted,
    approve,
    digest_of,
    read_criterion,
)
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.staff_file import StaffKeys


@dataclass(frozen=True, slots=True)
class Refusal:
    """A criterion that was approved and may not be used now; `why` names file, line and clause."""

    approval: Approval
    why: str


class CriteriaInForce:
    """The criteria of one store; read again when one was approved or retired, by whatever process."""

    def __init__(self, db: Database, attributes: Callable[[], Attributes], keys: StaffKeys) -> None:
        self._db, self._attributes, self._keys = db, attributes, keys
        self._seen = -1
        self._told: list[tuple[str, str, Approval]] = []
        self._judges: dict[str, Judge] = {}

    def judges(self, now: datetime) -> list[Judge]:
        """The criteria that are valid today (UTC), live and in shadow, by id."""
        return [judge for judge in self.admitted(now)[0] if judge.criterion.valid_from <= now.date()]

    def edition(self, now: datetime) -> str:
        """What a record judged at `now` was judged by: changes with an approval, a retirement, a first or last day."""
        digests = sorted(judge.digest for judge in self.judges(now))
        return hashlib.sha256("".join(digests).encode()).hexdigest() if digests else ""

    def admitted(self, now: datetime) -> tuple[list[Judge], list[Refusal]]:
        """Those that may be used today or later, and those that are refused: a refused one judges nobody."""
        judges, refused = [], []
        for name, text, approval in self.approved():
            judge = self._judges.get(approval.digest)
            try:
                if judge is None or judge.criterion.expires < now.date():
                    one = admitted(text, name, approval, self._attributes(), self._keys.public, now.date())
                    judge = self._judges[approval.digest] = Judge(one.criterion, approval.digest)
                judges.append(judge)
            except RuleFault as fault:
                refused.append(Refusal(approval, str(fault)))
        return judges, refused

    def approved(self) -> list[tuple[str, str, Approval]]:
        """(file name, text, approval) of every criterion whose last act is an approval, by id."""
        (newest,) = self._db.execute("SELECT coalesce(max(row), 0) FROM criterion").fetchone()
        if newest != self._seen:
            rows = self._db.execute(
                "SELECT name, text, approval FROM criterion WHERE act = 'approve'"
                " AND row IN (SELECT max(row) FROM criterion GROUP BY id) ORDER BY id"
            ).fetchall()
            self._told = [(name, text, from_json(Approval, approval.encode())) for name, text, approval in rows]
            self._judges = {}
            self._seen = newest
        return self._told

    def judge_of(self, criterion: str, text: str, now: datetime) -> Judge:
        """The criterion in `text` where there is one (`criterion` is its file), else the admitted one of this id."""
        if text:
            return Judge(read_criterion(text, criterion, self._attributes()), digest_of(text))
        for judge in self.admitted(now)[0]:
            if judge.criterion.id == criterion:
                return judge
        raise UsageFault(f"no criterion {criterion} is in force, nor a file of this name: see `pnr criteria list`")

    def approved_by(self, approver: str, text: str, name: str, why: str, now: datetime) -> InForce:
        """The text approved and signed, not yet kept; RuleFault where it is refused."""
        key = self._keys.private(approver)
        return approve(text, name, self._attributes(), approver=approver, why=why, key=key, now=now)
