"""What the demo tells: feeds, hits, decisions, unit queues, and how screening did against the truth."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.panel import Panel
from rich.table import Table

from pnr_pipeline.audit import Access
from pnr_pipeline.cli.demo_criteria import show_criteria
from pnr_pipeline.cli.side_by_side import side_by_side
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.console.situation import render, time_left
from pnr_pipeline.console.situation_of_store import person_line, situation
from pnr_pipeline.errors import ReviewFault
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.workplaces import shelf_of
from pnr_pipeline.records import Hit
from pnr_pipeline.review import Decision, ReviewCodes
from pnr_pipeline.routing import Routed, RoutingTable
from pnr_pipeline.simulate import SimulatedFile
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_review_codes, load_routing, load_rulebook
from pnr_pipeline.stores.sql.hits import CRITERIA
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.review_desk import HitFile
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder

OFFICER, CASE = "exercise-officer", "exercise-1"
SHOWN_MAX = 6


def tell(options: RunOptions, accounts: Accounts, sent: Sequence[SimulatedFile], now: datetime, folder: Path) -> None:
    """Print the story of a run that has just ended, and write the page; `now` is the exercise's present."""
    profile = load_profile(options.profile)
    routing, codes = load_routing(profile), load_review_codes()
    access = Access(OFFICER, "a", CASE)
    with open_store(StateFolder(options.state), profile=profile, law=load_law(), routing=routing, now=now) as store:
        _show_feeds(accounts, store, now)
        show_criteria(store, now)
        files = _show_hits(store, access, now)
        _decide(store, files, codes, now)
        _show_queues(store, routing, access, now)
        _against_truth(store, access, sent, now)
        page = _write_page(store, options, routing, access, now, folder)
    out.print(
        Panel(
            f"Look at it:            {page}\n"
            f"The review queue:      pnr hits list --state {options.state} --profile demo --now {now:%Y-%m-%dT%H:%M}"
            " --as officer-1 --purpose a --case demo-1\n"
            f"A message, decoded:    pnr decode {folder}/messages | head -1\n"
            f"A carrier's faults:    pnr check {folder}/messages\n"
            f"Is all well:           pnr doctor --state {options.state} --profile demo",
            title="Where to go from here",
            title_align="left",
        )
    )


def _show_feeds(accounts: Accounts, store: Store, now: datetime) -> None:
    out.print(
        f"\n[bold]2 · The pipeline.[/bold] {accounts.files} files: {accounts.messages} messages, {accounts.travellers} "
        f"travellers and {accounts.bookings} bookings in them; {accounts.replays} replays, "
        f"{sum(accounts.reasons.values())} dead letters."
    )
    table = Table("flight", "route", "time left", title="Flights", title_justify="left")
    for head in ("travellers", "told by API", "told by PNR", "hits"):
        table.add_column(head, justify="right")
    for line in store.flights(now):
        leg = line.flight
        counts = (line.travellers, line.with_api, line.with_pnr, line.hits)
        table.add_row(
            leg.designator, f"{leg.origin}–{leg.destination}", time_left(line.deadline_at, now), *map(str, counts)
        )
    out.print(table)
    findings = ", ".join(f"{rule} ×{number}" for rule, number in accounts.group("findings"))
    out.print(f"Findings by rule: {findings or 'none'}. [dim]pnr check --explain RULE says why and how to mend.[/dim]")
    for letter in store.dead_letters():
        out.print(f"Dead letter {letter.dead_id[:8]}: {letter.reason}", markup=False)


def _show_hits(store: Store, access: Access, now: datetime) -> list[HitFile]:
    lines = store.hits("new", now=now)
    files = [store.hit(line.hit_id, access, now) for line in lines if not line.late]
    out.print(
        f"\n[bold]3 · The review queue.[/bold] {len(lines)} hits wait for a person; late first, then by time left. "
        f"{len(lines) - len(files)} late ones stay closed: looking at them needs an order of the approver."
    )
    of_criteria = [file for file in files if file.hit.match.list_id.startswith(CRITERIA)]
    of_lists = [file for file in files if file not in of_criteria]
    for file in (of_criteria[:1] + of_lists)[:SHOWN_MAX]:
        out.print(
            f"[bold]{file.flight.designator} {file.flight.origin}–{file.flight.destination}[/bold], "
            f"{time_left(file.hit.deadline_at, now)}; told by {' and '.join(file.sources)}; "
            f"{file.hit.settlement.replace('_', ' ')}"
        )
        out.print(side_by_side(file.hit.match, out.width))
    if len(files) > SHOWN_MAX:
        out.print(f"… and {len(files) - SHOWN_MAX} more, all on the page.")
    return files


def _decide(store: Store, files: Sequence[HitFile], codes: ReviewCodes, now: datetime) -> None:
    out.print(
        "\n[bold]4 · The decisions[/bold] of a scripted officer. In service a person decides, with a reason, on the "
        "version they saw; there is no way around them."
    )
    table = Table("hit", "flight", "decision", "what happened")
    for file in files:
        outcome, happened = _decide_one(store, file.hit, codes, now)
        table.add_row(file.hit.hit_id[:12], file.flight.designator, outcome, happened)
    for line in store.hits("new", now=now):
        if line.late:
            happened = "refused: the flight's time has come, purpose b asks for an order (DIS-3): pnr orders request"
            table.add_row(line.hit_id[:12], line.leg_key.partition("/")[0], "not opened", happened)
    out.print(table)
    out.print(f"Relayed to units: {store.relay(now)}.")


def _decide_one(store: Store, hit: Hit, codes: ReviewCodes, now: datetime) -> tuple[str, str]:
    """What a careful officer does: confirms documents and full agreement, rejects conflict, leaves the rest waiting."""

    verdicts = {evidence.field: evidence.verdict for evidence in hit.match.evidence}
    born = verdicts.get("birth date")
    if hit.match.list_id.startswith(CRITERIA):
        return "left waiting", "a criterion alone founds no suspicion: a person weighs the journey"
    if hit.match.by_document:
        outcome, reason = "confirmed", "same-document"
    elif hit.match.queue == "alert" and born in ("same", "partial"):
        outcome, reason = "confirmed", "same-person-other-spelling"
    elif born == "differs":
        outcome, reason = "negative", "other-birth-date"
    else:
        return "left waiting", "too little evidence yet: the API list may bring a birth date"
    confirmed = outcome == "confirmed"
    decision = Decision(
        hit_id=hit.hit_id,
        version_seen=hit.version,
        outcome="confirmed" if confirmed else "negative",
        reason=reason,
        reviewer=OFFICER,
        at=now,
        offence=hit.match.offences[0] if confirmed else "",
        air_link="flight-after-the-act" if confirmed else "",
    )
    try:
        decided = store.decide(decision, codes, case=CASE)
    except ReviewFault as fault:
        return f"{outcome}: {reason}", f"refused: {fault}"
    if isinstance(decided.routed, Routed):
        return f"{outcome}: {reason}", f"to {decided.routed.unit.name} by rule {decided.routed.rule}"
    return f"{outcome}: {reason}", decided.routed.because if decided.routed else "closed"


def _show_queues(store: Store, routing: RoutingTable, access: Access, now: datetime) -> None:
    out.print("\n[bold]5 · The units' queues[/bold], sealed to each unit and opened here with the exercise's keys.")
    told = {line.unit for line in store.hits("sent", now=now)}
    table = Table("unit", "no.", "flight", "person", "what to do")
    for unit in sorted(told):
        for one in store.queue(unit, access, now):
            table.add_row(
                routing.units[unit].name,
                str(one.seq),
                one.event["data"]["leg"],
                person_line(one.payload.traveller),
                one.payload.instruction,
            )
    out.print(table)


def _against_truth(store: Store, access: Access, sent: Sequence[SimulatedFile], now: datetime) -> None:
    """How screening did: the simulator knows who is who."""

    sought = {(file.truth.leg_key, one.planted) for file in sent for one in file.truth.travellers if one.planted}
    raised = set()
    false = 0
    for line in store.hits(now=now):
        if line.state in ("excluded", "superseded") or line.list_id.startswith(CRITERIA):
            continue
        fact = (line.leg_key, f"{line.list_id}/{line.entry_id}")
        raised.add(fact)
        false += fact not in sought
    people = len({one.person for file in sent for one in file.truth.travellers})
    out.print(
        f"\n[bold]6 · Against the truth.[/bold] {len(sought & raised)} of {len(sought)} sought travellers were raised; "
        f"{false} false hits among {people} people."
    )


def _write_page(
    store: Store, options: RunOptions, routing: RoutingTable, access: Access, now: datetime, folder: Path
) -> Path:
    content = situation(
        store,
        shelf_of(options).load(now).registrations,
        routing.units.values(),
        load_rulebook(),
        access=access,
        now=now,
        title="Situation of the exercise",
        note="Invented flights, invented people, example units.",
    )
    page = folder / "situation.html"
    page.touch(mode=0o600)
    page.write_text(render(content), "utf-8")
    return page
