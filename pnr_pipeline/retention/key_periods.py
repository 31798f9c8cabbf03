"""The key period a record is sealed under: destroying one key deletes a whole period (DESIGN 6, RET-8)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pnr_pipeline.law.rules import Law
from pnr_pipeline.retention.moments import KeyClass, Moment, deletion, earliest

_DAILY = ("S", "L", "backup")


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """One key's time: `id` as `S/2026-11-23` or `ingest/2026-11-23T08`, its start, and what is due when, both UTC.

    Both moments count from the start of the period, so nothing sealed in it lives too long. `masks` only where what it
    seals outlives the masking, which is class L.
    """

    id: str
    key_class: KeyClass
    starts_at: datetime
    deletes: Moment
    masks: Moment | None = None

    @property
    def expires_at(self) -> datetime:
        """When all that it seals must be gone, UTC."""
        return self.deletes.at


def key_period(key_class: KeyClass, received_at: datetime, law: Law) -> KeyPeriod:
    """The period of a record received at `received_at` (aware): hourly for `ingest`, `api` and `absent`, else daily."""
    start = received_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if key_class in _DAILY:
        start = start.replace(hour=0)
        name = start.date().isoformat()
    else:
        name = start.isoformat()[:13]
    masks = earliest("mask", ("eu.pnr.mask",), start, law) if key_class == "L" else None
    return KeyPeriod(f"{key_class}/{name}", key_class, start, deletion(key_class, start, law), masks)


def promoted(period: str) -> str:
    """The period of class L of the same day as one of class S: promotion starts no new clock (RET-3)."""
    return f"L/{period.removeprefix('S/')}"


def start_of(period: str) -> datetime:
    """When the period of this name starts, UTC."""
    return datetime.fromisoformat(period.partition("/")[2]).replace(tzinfo=UTC)
