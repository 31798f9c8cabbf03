"""The key period a record is sealed under: destroying one key deletes a whole period (DESIGN 6, RET-8)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pnr_pipeline.law.rules import Law

KeyClass = Literal["ingest", "api", "S", "L"]

_LIFE = {
    "ingest": ("eu.pnr.dead_letters",),
    "api": ("eu.api.delete", "eu.api.delete_regulation"),
    "S": ("eu.pnr.delete", "eu.pnr.delete_without_evidence"),
    "L": ("eu.pnr.delete",),
}


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """One key's time: `id` as `S/2026-11-23` or `ingest/2026-11-23T08`, its start and its end, both UTC.

    The end counts from the start of the period, so nothing sealed in it lives too long.
    """

    id: str
    starts_at: datetime
    expires_at: datetime


def key_period(key_class: KeyClass, received_at: datetime, law: Law) -> KeyPeriod:
    """The period of a record received at `received_at` (aware): hourly for `ingest` and `api`, else daily."""
    utc = received_at.astimezone(UTC)
    if key_class in ("ingest", "api"):
        start = utc.replace(minute=0, second=0, microsecond=0)
        name = start.strftime("%Y-%m-%dT%H")
    else:
        start = utc.replace(hour=0, minute=0, second=0, microsecond=0)
        name = start.date().isoformat()
    answers = (law.in_force(rule, start.date()) for rule in _LIFE[key_class])
    return KeyPeriod(f"{key_class}/{name}", start, min(answer.period.after(start) for answer in answers if answer))
