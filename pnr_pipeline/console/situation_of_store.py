"""The situation page's content, read from the store; every hit it shows is opened under an access and audited."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pnr_pipeline.audit import Access
from pnr_pipeline.console.situation import FindingLine, FlightLine, HitCard, Situation, UnitQueue, time_left
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records import FlightLeg, Hit, ListRegistration, Traveller
from pnr_pipeline.records.places import airport
from pnr_pipeline.routing.units import Unit
from pnr_pipeline.screening.side_by_side import rows
from pnr_pipeline.stores.delivered import Delivered
from pnr_pipeline.stores.sql.flight_board import FlightLine as BoardLine
from pnr_pipeline.stores.sql.review_desk import HitFile
from pnr_pipeline.stores.sql.store import Store

_SETTLED = {
    "possible": "possible",
    "strengthened": "strengthened by new evidence",
    "excluded": "excluded by new evidence",
    "confirmed_by_document": "same document",
}


def situation(
    store: Store,
    lists: Mapping[str, ListRegistration],
    units: Iterable[Unit],
    rulebook: Rulebook,
    *,
    access: Access,
    now: datetime,
    title: str,
    note: str,
) -> Situation:
    """Everything there is, the most urgent first. Units' private keys must be here: an exercise's page."""
    board = store.flights(now)
    files = [
        store.hit(line.hit_id, access, now)
        for line in store.hits(now=now)
        if line.state != "superseded" and not line.late
    ]
    told = {line.unit for line in store.hits("sent", now=now)}
    queues = [_queue(unit, store.queue(unit.id, access, now)) for unit in units if unit.id in told]
    findings = _findings(store, rulebook)
    waiting = sum(1 for file in files if file.hit.state in ("new", "under_review"))
    figures = (
        ("Flights", f"{len(board):,}"),
        ("Travellers", f"{sum(line.travellers for line in board):,}"),
        ("Hits waiting", f"{waiting:,}"),
        ("Suppressed by memory", f"{sum(1 for file in files if file.hit.state == 'suppressed'):,}"),
        ("Sent to units", f"{sum(len(queue.lines) for queue in queues):,}"),
        ("Findings", f"{sum(line.count for line in findings):,}"),
        ("Dead letters", f"{len(store.dead_letters()):,}"),
    )
    return Situation(
        title=title,
        at=now,
        note=note,
        figures=figures,
        flights=tuple(_flight(line, now) for line in board),
        hits=tuple(_card(file, lists, now) for file in files),
        findings=findings,
        queues=tuple(queues),
    )


def person_line(traveller: Traveller) -> str:
    """`DOE JANE · 1980-01-31 · P U1234567 (TUR)`: what a border officer needs to find the person."""
    documents = ", ".join(f"{one.type} {one.number} ({one.issuer})" for one in traveller.documents)
    name = f"{traveller.surname} {traveller.given_names}".strip()
    return " · ".join(part for part in (name, traveller.date_of_birth, documents) if part)


def decision_line(hit: Hit) -> str:
    """What was decided, by whom and why, and where it went; '' while nothing was."""
    if hit.state not in ("confirmed", "negative", "sent"):
        return ""
    verdict = "Rejected" if hit.state == "negative" else "Confirmed"
    sent = f"; sent to {hit.unit}" if hit.state == "sent" else ""
    offence = f", offence {hit.offence}" if hit.offence else ""
    return f"{verdict} by {hit.reviewer}: {hit.reason}{offence}{sent}"


def _flight(line: BoardLine, now: datetime) -> FlightLine:
    leg = line.flight
    return FlightLine(
        designator=leg.designator,
        origin=leg.origin,
        destination=leg.destination,
        deadline=line.deadline_at,
        deadline_local=_local(leg, line.deadline_at),
        left=time_left(line.deadline_at, now),
        late=line.late,
        travellers=line.travellers,
        with_api=line.with_api,
        with_pnr=line.with_pnr,
        hits=line.hits,
    )


def _local(leg: FlightLeg, deadline: datetime | None) -> str:
    """The deadline on the clock of the airport it belongs to: arrival if it is the arrival's, else departure."""
    if deadline is None:
        return ""
    for code, local in ((leg.destination, leg.arrival_local), (leg.origin, leg.departure_local)):
        place = airport(code)
        if place and local and deadline.astimezone(ZoneInfo(place.tz)).replace(tzinfo=None) == local:
            return f"{local:%d %b %H:%M} {code}"
    return f"{deadline:%d %b %H:%M} UTC"


def _card(file: HitFile, lists: Mapping[str, ListRegistration], now: datetime) -> HitCard:
    hit = file.hit
    registration = lists.get(hit.match.list_id)
    told = " and ".join({"api": "API", "pnr": "PNR"}[source] for source in file.sources)
    scores = " → ".join(f"{match.score:.2g}" for match in file.versions)
    listed = "" if file.listed else ", no longer listed by the carrier"
    return HitCard(
        hit_id=hit.hit_id,
        version=hit.version,
        list_title=registration.title if registration else hit.match.list_id,
        flight=f"{file.flight.designator} {file.flight.origin}–{file.flight.destination}",
        left=time_left(hit.deadline_at, now),
        late=hit.late,
        queue=hit.match.queue,
        settlement=_SETTLED[hit.settlement],
        state=hit.state.replace("_", " "),
        score=hit.match.score,
        person=person_line(file.traveller),
        rows=rows(hit.match),
        decision=decision_line(hit),
        instruction=registration.instruction if registration else "",
        versions=f"told by {told}{listed} · score {scores}",
    )


def _queue(unit: Unit, delivered: Iterable[Delivered]) -> UnitQueue:
    lines = tuple(
        (one.seq, one.event["data"]["leg"], person_line(one.payload.traveller), one.payload.instruction)
        for one in delivered
    )
    return UnitQueue(unit.id, unit.name, lines)


def _findings(store: Store, rulebook: Rulebook) -> tuple[FindingLine, ...]:
    carriers: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for carrier, rule, count in store.finding_counts():
        counts[rule] = counts.get(rule, 0) + count
        carriers.setdefault(rule, set()).add(carrier or "unknown")
    order = sorted(counts, key=lambda rule: ("EWI".index(rulebook[rule].severity), -counts[rule]))
    return tuple(
        FindingLine(
            rule, rulebook[rule].severity, rulebook[rule].what, rulebook[rule].fix, counts[rule],
            tuple(sorted(carriers[rule])),
        )
        for rule in order
    )  # fmt: skip
