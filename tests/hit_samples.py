"""Invented hits and decisions for the tests of review and routing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pnr_pipeline.records import Evidence, Hit, Match
from pnr_pipeline.review import Decision

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def evidence(field: str, verdict: Any = "same", weight: float = 2.0) -> Evidence:
    return Evidence(field=field, traveller="X1", entry="X1", verdict=verdict, weight=weight, words=f"{field} {verdict}")


def match(**changes: Any) -> Match:
    fields: dict[str, Any] = {
        "traveller": 1,
        "list_id": "wanted-persons",
        "list_version": "v1",
        "entry_id": "E-1",
        "entry_name": "INVENTED PERSON",
        "score": 0.9,
        "queue": "alert",
        "evidence": (evidence("name"), evidence("birth date", "unknown", 0.0)),
        "thresholds": (0.73, 0.41),
        "engine": "test",
        "offences": ("4", "terrorism"),
    }
    return Match(**{**fields, **changes})


def hit(**changes: Any) -> Hit:
    fields: dict[str, Any] = {
        "hit_id": "h1",
        "version": 1,
        "record_id": "r1",
        "leg_key": "JU603/2026-11-23/VIE-BEG",
        "domain": "law_enforcement",
        "match": match(),
        "settlement": "possible",
        "state": "new",
        "raised_at": NOW - timedelta(minutes=5),
        "changed_at": NOW - timedelta(minutes=5),
        "deadline_at": NOW + timedelta(hours=2),
    }
    return Hit(**{**fields, **changes})


def decision(**changes: Any) -> Decision:
    fields: dict[str, Any] = {
        "hit_id": "h1",
        "version_seen": 1,
        "outcome": "confirmed",
        "reason": "same-person",
        "reviewer": "officer-7",
        "at": NOW,
        "offence": "4",
        "air_link": "offence-by-nature",
    }
    return Decision(**{**fields, **changes})


def rejection(**changes: Any) -> Decision:
    return decision(**{"outcome": "negative", "reason": "other-birth-date", "offence": "", "air_link": "", **changes})
