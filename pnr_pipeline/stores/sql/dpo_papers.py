"""What log and configuration tell for papers of the data-protection officer: assessment, breach (LOG-9, RGT-6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.sql.criteria_desk import criterion_lines
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry

_TOUCHING = frozenset(("consultation", "disclosure", "decision", "combination", "alteration"))
"""Acts by which data of persons may have come to somebody; the program's own collection and screening tell nobody."""


class Affected(msgspec.Struct, frozen=True):
    """Whom a breach concerns, by reference: their records, how many are persons, of which States, whether legible."""

    records: tuple[str, ...]
    persons: int
    states: tuple[str, ...]
    masked: int


def assessment_told(ground: Ground, access: Access, now: datetime) -> dict[str, list[str]]:
    """By code, what the configuration says for an impact assessment; noted in the log first."""
    _note(ground, access, now)
    profile, staff = ground.profile, ground.staff_keys.staff
    classes = ground.db.execute("SELECT class, because, table_name FROM retention_class ORDER BY table_name").fetchall()
    answer, longer = (ground.law.value(rule, now.date()) for rule in
                      ("eu.led.prior_consultation", "eu.led.prior_consultation_more"))  # fmt: skip
    purposes = "eu.api.purposes" if ground.domain == "border" else "eu.pnr.purposes"
    return _who(ground) | {
        "approver": [f"{profile.approver.name} ({profile.approver.kind})"],
        "profile": [f"{profile.id}: {profile.title}; {'confirmed' if profile.confirmed else 'not confirmed'}"],
        "domain": [ground.domain],
        "feeds": [f"{feed}: {', '.join(domains)}" for feed, domains in profile.feeds.items()],
        "kept": [f"{len(classes)} tables, each with a retention class"],
        "lists_and_criteria": [f"criterion {one.id}, {one.state}" for one in criterion_lines(ground, now)] or ["none"],
        "recipients": sorted(unit.id for unit in ground.routing.units.values()),
        "legal_bases": sorted(
            {f"{one.state}: {one.legal_basis}" for told in ground.bases.told.values() for one in told}
        ),
        "purposes": list(ground.law.value(purposes, now.date()).items),
        "retention": [f"{table}: {why}" for kept, why, table in classes if kept in ("record", "ingest")],
        "access": [f"{one.id}: {', '.join(one.roles)}" for one in staff.members.values()] or ["nobody yet"],
        "controls": list(ground.law.value("eu.led.controls", now.date()).items),
        "deviations": [f"{what} ({requirement}): {basis}" for requirement, what, basis in profile.told_deviations()]
        or ["none from the EU text"],
        "notice": [f"languages {', '.join(profile.languages)}; contact {profile.dpo.contact}"],
        "answer_within": [f"{answer.value}, {answer.because}", f"prolonged by {longer.value}, {longer.because}"],
    }  # fmt: skip


def affected(
    ground: Ground, access: Access, now: datetime, *, since: datetime, until: datetime, person: str = "",
    everything: bool = False,
) -> Affected:  # fmt: skip
    """The records that a breach of this window concerns, from the log: whom somebody looked at, or `person` alone did.

    With `everything` all that was kept at its end, as where a database was copied. Each look is noted in the log.
    """
    _note(ground, access, now)
    if everything:
        rows = ground.db.execute("SELECT record_id FROM record_head WHERE received_at <= ?", (utc_text(until),))
        found = {record for (record,) in rows.fetchall()}
    else:
        found = set(_touched(ground, since, until, person))
    asked = to_json(sorted(found)).decode()
    heads = ground.db.execute(
        "SELECT record_id, kind, basis, period, mask_at FROM record_head"
        " WHERE record_id IN (SELECT value FROM json_each(?))",
        (asked,),
    ).fetchall()
    states = {one.state for _, _, basis, _, _ in heads for one in ground.bases.told[basis]}
    gone = dict(
        ground.db.execute(
            "SELECT period, 1 FROM key_period WHERE masked_at IS NOT NULL OR ended_at IS NOT NULL"
        ).fetchall()
    )
    return Affected(
        records=tuple(sorted(found)),
        persons=sum(kind == "traveller" for _, kind, *_ in heads),
        states=tuple(sorted(states)),
        masked=sum(period in gone for *_, period, _ in heads),
    )


def breach_told(
    ground: Ground, whom: Affected, now: datetime, *, known_at: datetime, since: datetime, until: datetime, scope: str
) -> tuple[dict[str, list[str]], bool]:
    """By code, what log and configuration say for the notification; and whether it is late (LED art. 30(1))."""
    rule = ground.law.value("eu.led.breach_supervisor", known_at.date())
    due = rule.period.after(known_at)
    late = now > due
    return _who(ground) | {
        "known_at": [utc_text(known_at)],
        "told_at": [utc_text(now)],
        "due_at": [f"{utc_text(due)}: {rule.because}"],
        "in_time": ["no: reasons are asked" if late else "yes"],
        "window": [f"{utc_text(since)} to {utc_text(until)}"],
        "scope": [scope],
        "categories": ["travellers of flights; names, documents, contacts, payment (Annex I of the PNR Directive)"],
        "persons": [str(whom.persons)],
        "records": [str(len(whom.records))],
        "states_of_persons": list(whom.states) or ["none"],
        "sealed": [f"identities are kept as ciphertext; {whom.masked} of these records have no key any more"],
    }, late  # fmt: skip


def note_breach(ground: Ground, access: Access, whom: Affected, now: datetime) -> None:
    """Document the breach in the log: whom it concerned, by reference (LED art. 30(5))."""
    with transaction(ground.db):
        write_entry(
            ground, "administration", now=now, article="LED 30(5)", case=access.case, actor=access.actor, purpose="dpo",
            references=[f"record:{one}" for one in whom.records],
            counts={"breach.persons": whom.persons, "breach.records": len(whom.records)},
        )  # fmt: skip


def _touched(ground: Ground, since: datetime, until: datetime, person: str) -> Iterator[str]:
    rows = ground.db.execute(
        "SELECT body FROM audit_entry WHERE at >= ? AND at <= ? ORDER BY row", (utc_text(since), utc_text(until))
    ).fetchall()
    hits: set[str] = set()
    for (body,) in rows:
        told = msgspec.json.decode(body)
        if told["act"] in _TOUCHING and told["purpose"] != "dpo" and person in ("", told["actor"]):
            yield from _ids(told["references"], "record:")
            hits |= set(_ids(told["references"], "hit:"))
    named = ground.db.execute(
        "SELECT record_id FROM hit WHERE hit_id IN (SELECT value FROM json_each(?))", (to_json(sorted(hits)).decode(),)
    )
    yield from (record for (record,) in named.fetchall())


def _ids(references: Iterable[str], kind: str) -> Iterator[str]:
    return (one.removeprefix(kind) for one in references if one.startswith(kind))


def _who(ground: Ground) -> dict[str, list[str]]:
    profile = ground.profile
    return {
        "controller": [f"{profile.controller.name}, {profile.controller.contact}"],
        "states": [f"{one.state}: {one.name} ({one.id})" for one in profile.states_served()],
        "officer": [f"{profile.dpo.name}, {profile.dpo.contact}"],
        "supervisor": [f"{profile.supervisor.name}, {profile.supervisor.contact}"],
    }


def _note(ground: Ground, access: Access, now: datetime) -> None:
    with transaction(ground.db):
        write_access(ground, access, "oversight", now=now, article="PNR 6(7)", references=())
