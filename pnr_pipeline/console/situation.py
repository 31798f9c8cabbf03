"""The situation page: flights, hits, feed findings and unit queues as one read-only HTML file.

Self-contained: no script, no request to anywhere, no font from outside; it opens from disk. It holds identities,
so it is written with mode 0600 and its writer audits the reads behind it.
"""

from datetime import datetime

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from pnr_pipeline.screening.side_by_side import Row


class FlightLine(msgspec.Struct, frozen=True):
    """One leg: what is known of it and how long until it lands or leaves (`deadline`, UTC)."""

    designator: str
    origin: str
    destination: str
    deadline: datetime | None
    deadline_local: str
    left: str
    late: bool
    travellers: int
    with_api: int
    with_pnr: int
    hits: int


class HitCard(msgspec.Struct, frozen=True):
    """One hit, both persons side by side; `evidence` in words, strongest first."""

    hit_id: str
    version: int
    list_title: str
    flight: str
    left: str
    late: bool
    queue: str
    settlement: str
    state: str
    score: float
    person: str
    rows: tuple[Row, ...]
    decision: str
    instruction: str
    versions: str


class FindingLine(msgspec.Struct, frozen=True):
    """How often a rule was broken, by whom, and what mends it."""

    rule: str
    severity: str
    what: str
    fix: str
    count: int
    carriers: tuple[str, ...]


class UnitQueue(msgspec.Struct, frozen=True):
    """What lies in one unit's queue, oldest first: (seq, flight, person, what to do)."""

    unit: str
    name: str
    lines: tuple[tuple[int, str, str, str], ...]


class Situation(msgspec.Struct, frozen=True):
    """Everything the page shows; `at` is UTC."""

    title: str
    at: datetime
    note: str
    figures: tuple[tuple[str, str], ...]
    flights: tuple[FlightLine, ...]
    hits: tuple[HitCard, ...]
    findings: tuple[FindingLine, ...]
    queues: tuple[UnitQueue, ...]


def time_left(deadline: datetime | None, now: datetime) -> str:
    """`2 h 05 min`, `17 min`, `late by 3 h 10 min`, or `unknown`; both times aware."""
    if deadline is None:
        return "unknown"
    minutes = int((deadline - now).total_seconds() // 60)
    days, rest = divmod(abs(minutes), 1440)
    hours, mins = divmod(rest, 60)
    words = f"{days} d {hours} h" if days else f"{hours} h {mins:02d} min" if hours else f"{mins} min"
    return f"late by {words}" if now >= deadline else words


def render(situation: Situation) -> str:
    """The page as HTML; every value is escaped."""
    environment = Environment(
        loader=PackageLoader("pnr_pipeline.console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("situation.html.j2").render(s=situation)
