"""The key period a record is sealed under: destroying one key deletes a whole period (DESIGN 6, RET-8)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pnr_pipeline.law.rules import Law
from pnr_pipeline.retention.moments import KeyClass, deletion


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
    start = received_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if key_class in ("S", "L", "backup"):
        start = start.replace(hour=0)
        name = start.date().isoformat()
    else:
        name = start.isoformat()[:13]
    return KeyPeriod(f"{key_class}/{name}", start, deletion(key_class, start, law).at)
