"""The data-protection officer's reading of the store: who read what, samples, figures, the standing documentation."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.audit.statistics import PopulationRate, YearFigures, population_rates, statistics
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.sql import dpo_papers
from pnr_pipeline.stores.sql.criteria_desk import criterion_lines
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.dpo_inbox import tell_dpo
from pnr_pipeline.stores.sql.dpo_papers import Affected
from pnr_pipeline.stores.sql.exchange_rows import letter_lines
from pnr_pipeline.stores.sql.ground import Ground, write_access
from pnr_pipeline.stores.sql.orders import Orders
from pnr_pipeline.stores.sql.populations import smallest_cell
from pnr_pipeline.stores.sql.referral import Referred, number_of, refer

_INSIDE = ("piu", "authority", "europol")
"""Kinds of partners of art. 13(5)(b); others stand under (c)."""
_READS = ("consultation", "disclosure", "decision", "combination")


class ReadLine(msgspec.Struct, frozen=True):
    """One act on records: number of its row, when (UTC), who, why, in which case, on what."""

    row: int
    at: datetime
    act: str
    purpose: str
    actor: str
    case: str
    article: str
    references: tuple[str, ...]
    recipient: str


class MatchRate(msgspec.Struct, frozen=True):
    """What became of the hits of a list or criterion; `dismissed` is the share of the reviewed that were none."""

    list_id: str
    hits: int
    confirmed: int
    negative: int
    dismissed: float | None


class Oversight:
    """What the officer sees of one open store; each look is in the log first (LOG-4)."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def reads(self, access: Access, now: datetime, *, person: str = "", record: str = "") -> list[ReadLine]:
        """The acts of one person, or on one record or hit, oldest first; UsageFault where neither is named."""
        if not (person or record):
            raise UsageFault("name a person or a record")
        self._note(access, now)
        asked = {f"record:{record}", f"hit:{record}"}
        return [
            line for line in self._lines()
            if line.act in _READS and (line.actor == person if person else not asked.isdisjoint(line.references))
        ]  # fmt: skip

    def sample(self, number: int, access: Access, now: datetime) -> list[ReadLine]:
        """So many consultations and disclosures, drawn at random: items of the inbox, to be found lawful or not."""
        self._note(access, now)
        drawn = [line for line in self._lines() if line.act in ("consultation", "disclosure") and line.purpose != "dpo"]
        chosen = secrets.SystemRandom().sample(drawn, min(number, len(drawn)))
        with transaction(self._ground.db):
            for line in chosen:
                tell_dpo(self._ground, "sample", f"entry:{line.row}", now)
        return sorted(chosen, key=lambda line: line.row)

    def statistics(self, year: int, access: Access, now: datetime) -> YearFigures:
        """The figures of a year, from the log alone (STA-1, STA-2); cells below eu.pnr.small_cells are not told."""
        self._note(access, now)
        return statistics((body for _, body in self._rows()), year, smallest_cell(self._ground, now))

    def population_rates(self, access: Access, now: datetime) -> list[PopulationRate]:
        """Confirmed and negative hits by list and by sex, age and script, as the log tells groups (SCR-6, STA-2)."""
        self._note(access, now)
        return population_rates((body for _, body in self._rows()), smallest_cell(self._ground, now))

    def match_rates(self, access: Access, now: datetime) -> list[MatchRate]:
        """How many hits of each list and criterion people found to be none (SCR-6); of the hits that are still kept."""
        self._note(access, now)
        counted: dict[str, Counter[str]] = {}
        for list_id, state, number in self._ground.db.execute(
            "SELECT list_id, state, count(*) FROM hit GROUP BY list_id, state"
        ).fetchall():
            counted.setdefault(list_id, Counter())[state] += number
        return [
            MatchRate(list_id, sum(of.values()), yes, no, no / (yes + no) if yes + no else None)
            for list_id, of in sorted(counted.items())
            for yes, no in [(of["confirmed"] + of["sent"], of["negative"])]
        ]

    def documentation(self, access: Access, now: datetime) -> dict[str, Any]:
        """The documentation of PNR art. 13(5): organisation, access, bases, periods, requests; no traveller."""
        self._note(access, now)
        ground = self._ground
        profile = ground.profile
        staff = ground.staff_keys.staff
        classes = ground.db.execute(
            "SELECT table_name, class, because FROM retention_class ORDER BY table_name"
        ).fetchall()
        return {
            "as of": now,
            "controller": profile.controller.model_dump(),
            "data-protection officer": profile.dpo.model_dump(mode="json"),
            "supervisory authority": profile.supervisor.model_dump(),
            "approver": profile.approver.model_dump(),
            "profile": {"id": profile.id, "confirmed": profile.confirmed, "late": profile.late, "feeds": profile.feeds},
            "domain": ground.domain,
            "staff": [
                {"id": one.id, "organisation": one.organisation, "roles": one.roles,
                 "trained": one.trained_on.isoformat(), "until": one.valid_until.isoformat()}
                for one in staff.members.values()
            ],
            "access by role": {role: rule.model_dump() for role, rule in staff.roles.roles.items()},
            "retention of tables": [{"table": name, "class": kept, "because": why} for name, kept, why in classes],
            "criteria": [msgspec.to_builtins(one) for one in criterion_lines(ground, now)],
            "orders": [msgspec.to_builtins(one) for one in Orders(ground).lines(now)],
            "requests of authorities and units": [
                msgspec.to_builtins(one) for one in letter_lines(ground) if one.partner_kind in _INSIDE
            ],
            "requests and transfers to third countries": [
                msgspec.to_builtins(one) for one in letter_lines(ground) if one.partner_kind not in _INSIDE
            ],
            "partners abroad": [
                one.model_dump(mode="json", exclude={"seals_with", "signs_with"})
                for one in profile.exchange.partners
            ],
            "recipients": sorted(unit.id for unit in ground.routing.units.values()),
            "legal basis": [
                {"rule": rule.rule, "question": rule.question, "work": rule.cites.work, "at": rule.cites.at,
                 "status": rule.status} for rule in ground.law
            ],
        }  # fmt: skip

    def refer(self, items: Iterable[str], entries: Iterable[int], why: str, access: Access, now: datetime) -> Referred:
        """What goes to the supervisory authority (SCR-8): see `referral.refer`. Publish the log before and after."""
        return refer(self._ground, items, entries, why, access, now)

    def number_of(self, reference: str) -> int:
        """The number in the published log of the newest entry with this reference; UsageFault where there is none."""
        return number_of(self._ground, reference)

    def assessment_told(self, access: Access, now: datetime) -> dict[str, list[str]]:
        """What the configuration says for an impact assessment, by code (LOG-9)."""
        return dpo_papers.assessment_told(self._ground, access, now)

    def affected(
        self, access: Access, now: datetime, *, since: datetime, until: datetime, person: str = "",
        everything: bool = False,
    ) -> Affected:  # fmt: skip
        """Whom a breach concerns, from the log (RGT-6)."""
        return dpo_papers.affected(
            self._ground, access, now, since=since, until=until, person=person, everything=everything
        )

    def breach_told(
        self, whom: Affected, now: datetime, *, known_at: datetime, since: datetime, until: datetime, scope: str
    ) -> tuple[dict[str, list[str]], bool]:
        """What log and configuration say for the notification, and whether it is late."""
        return dpo_papers.breach_told(self._ground, whom, now, known_at=known_at, since=since, until=until, scope=scope)

    def note_breach(self, access: Access, whom: Affected, now: datetime) -> None:
        """Document the breach in the log (LED art. 30(5))."""
        dpo_papers.note_breach(self._ground, access, whom, now)

    def _note(self, access: Access, now: datetime) -> None:
        with transaction(self._ground.db):
            write_access(self._ground, access, "oversight", now=now, article="PNR 13(6)", references=())

    def _rows(self) -> Iterator[tuple[int, bytes]]:
        for row, body in self._ground.db.execute("SELECT row, body FROM audit_entry ORDER BY row").fetchall():
            yield row, body.encode()

    def _lines(self) -> Iterator[ReadLine]:
        for row, body in self._rows():
            told = msgspec.json.decode(body)
            yield msgspec.convert(told | {"row": row}, ReadLine)
