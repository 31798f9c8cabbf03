"""`pnr hits`: the review queue in a terminal: list, look, decide."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import (
    Case,
    Form,
    Now,
    Officer,
    OrderOption,
    ProfileName,
    PurposeOption,
    State,
    access,
    clock,
    folder_of,
    open_desk,
)
from pnr_pipeline.cli.memory import app as memory_app
from pnr_pipeline.cli.terminal import FINDINGS, err, out, print_json_lines
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.stores.sql.review_desk import HitFile, HitLine

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(memory_app, name="memory")

_OPEN = ("new", "under_review")
_FIELDS = ("surname", "given_names", "date_of_birth", "sex", "nationality", "locator", "seat", "role")


@app.callback()
def hits() -> None:
    """Review the hits: a person decides on each before anything is sent (PNR art. 6(5)).

    [bold]Example[/bold]: pnr hits list --as officer-7 --case 2026-114 --purpose a; pnr hits show HIT …;
    pnr hits decide HIT --version 1 --reject --reason other-birth-date --as officer-7
    """


@app.command("list")
def list_hits(
    officer: Officer,
    purpose: PurposeOption,
    case: Case,
    state_of_hit: Annotated[
        str, typer.Option("--only", metavar="STATE", help="open, all, new, under_review, confirmed, negative, sent, "
                          "excluded, suppressed, superseded; sample: exclusions for a second look.")
    ] = "open",
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """The queue by time left: late hits first, then the least time to landing or take-off. No traveller's name.

    It still says that somebody on a flight resembles an entry of a list, so it is asked for with person, purpose and
    case like every read, and noted in the log (SCR-1, LOG-2). A late hit stands in it by its id alone: to be looked at
    it needs an order.

    [bold]Example[/bold]: pnr hits list --only all --as officer-7 --purpose a --case 2026-114
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.hits(now=at, access=access(officer, purpose, case))
        exclusions = store.exclusion_counts()
    if state_of_hit == "sample":
        lines = [line for line in lines if line.sampled]
    elif state_of_hit == "open":
        lines = [line for line in lines if line.state in _OPEN]
    elif state_of_hit != "all":
        lines = [line for line in lines if line.state == state_of_hit]
    if form == "json":
        print_json_lines(lines)
        return
    table = Table(title=f"Hits, {state_of_hit}: {len(lines)}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in ("hit", "v", "time left", "until UTC", "flight", "list, entry", "score", "state"):
        table.add_column(head, no_wrap=head in ("hit", "time left", "score"), overflow="fold")
    for line in lines:
        until = f"{line.deadline_at:%d %b %H:%M}" if line.deadline_at else "not known"
        score = f"{line.score:.2g} {line.queue}"
        flight, _, places = line.leg_key.split("/", 2) if line.leg_key.count("/") > 1 else (line.leg_key, "", "")
        table.add_row(
            line.hit_id[:8], str(line.version), _left(line, at), until, f"{flight} {places}",
            f"{line.list_id} {line.entry_id}", score, _state(line),
        )  # fmt: skip
    out.print(table)
    if state_of_hit == "sample":
        out.print(
            f"Of {exclusions.excluded} hits that evidence excluded, {exclusions.sampled} are in the sample; "
            f"people found {exclusions.right} right and {exclusions.wrong} wrong."
        )


@app.command()
def sample(
    hit: Annotated[str, typer.Argument(metavar="HIT", help="Id of an excluded hit in the sample.")],
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether it was excluded rightly.")],
    officer: Officer,
    note: Annotated[str, typer.Option(help="Free text, sealed with the hit.")] = "",
    case: Annotated[str, typer.Option(metavar="REF", help="Reference of the case; the hit itself if not given.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Judge an exclusion of the sample (pnr hits list --only sample). A wrong one is in the queue again.

    [bold]Example[/bold]: pnr hits sample 3f9a --right --as officer-7
    """
    from pnr_pipeline.stores.sql.exclusion_sample import Judgement

    at = clock(now)
    with open_desk(state, profile, at) as store:
        hit_id = _whole(hit, store.hits(now=at))
        done = store.judge_exclusion(Judgement(hit_id, right, officer, at, case or f"hit:{hit_id}", note))
    out.print(f"{done.hit_id} version {done.version}: {done.state}, judged {done.sample}")


@app.command()
def show(
    hit: Annotated[str, typer.Argument(metavar="HIT", help="Id of the hit, or its first letters.")],
    officer: Officer,
    case: Case,
    purpose: PurposeOption,
    order: OrderOption = "",
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Traveller and list entry side by side, with what differs marked. The log notes who looked, and why, first.

    [bold]Example[/bold]: pnr hits show 3f9a --as officer-7 --purpose a --case 2026-114
    """
    import msgspec

    at = clock(now)
    with open_desk(state, profile, at) as store:
        file = store.hit(_whole(hit, store.hits(now=at)), access(officer, purpose, case, order), at)
    if form == "json":
        typer.echo(msgspec.json.encode(file).decode())
    else:
        _print_file(file, at)


@app.command("replay")
def replay_hit(
    hit: Annotated[str, typer.Argument(metavar="HIT", help="Id of the hit, or its first letters.")],
    officer: Officer,
    case: Case,
    purpose: PurposeOption,
    order: OrderOption = "",
    form: Form = "text",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Compute a hit again from its evidence, the lists of that time and this engine; exit code 1 if it is not the same.

    [bold]Example[/bold]: pnr hits replay 3f9a --as officer-7 --purpose a --case 2026-114
    """
    from pnr_pipeline.cli.hits_replay import replayed, tell
    from pnr_pipeline.stores.list_snapshots import ListShelf

    at = clock(now)
    shelf = ListShelf(folder_of(state).lists)
    with open_desk(state, profile, at) as store:
        file = store.hit(_whole(hit, store.hits(now=at)), access(officer, purpose, case, order), at)
        criterion = store.criterion_text(file.hit.match)
    done = replayed(file, shelf, criterion)
    tell(file, done, form)
    if not done.same:
        raise typer.Exit(FINDINGS)


@app.command()
def decide(
    hit: Annotated[str, typer.Argument(metavar="HIT", help="Id of the hit, or its first letters.")],
    version: Annotated[int, typer.Option(help="The version you saw; a newer one is refused, with what changed.")],
    reason: Annotated[str, typer.Option(metavar="CODE", help="Why: see `pnr hits reasons`.")],
    officer: Officer,
    confirm: Annotated[bool | None, typer.Option("--confirm/--reject", help="The same person, or not.")] = None,
    not_this_person: Annotated[
        bool, typer.Option("--not-this-person", help="Reject, and remember it for this traveller and this entry.")
    ] = False,
    offence: Annotated[str, typer.Option(help="With --confirm: number in Annex II, or terrorism.")] = "",
    air_link: Annotated[str, typer.Option(metavar="CODE", help="With --confirm: its link to air carriage.")] = "",
    second: Annotated[str, typer.Option(metavar="OFFICER", help="Second reviewer, where the list asks one.")] = "",
    approval: Annotated[
        str, typer.Option(metavar="REF", help="Id of the order that approves a late disclosure (DIS-3).")
    ] = "",
    note: Annotated[str, typer.Option(help="Free text, sealed with the hit.")] = "",
    case: Annotated[str, typer.Option(metavar="REF", help="Reference of the case; the hit itself if not given.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Decide on the version you saw. A confirmed hit goes to the unit that the routing rules name, and to no other.

    [bold]Example[/bold]: pnr hits decide 3f9a --version 2 --confirm --reason same-document --offence 4
    --air-link flight-as-means --as officer-7
    """
    if (confirm is None) != not_this_person:
        raise UsageFault("say one of --confirm, --reject and --not-this-person")
    from pnr_pipeline.review import Decision
    from pnr_pipeline.routing import Refused, Routed
    from pnr_pipeline.stores.rulebooks import load_review_codes

    at = clock(now)
    with open_desk(state, profile, at) as store:
        decision = Decision(
            hit_id=_whole(hit, store.hits(now=at)),
            version_seen=version,
            outcome="confirmed" if confirm else "negative",
            reason=reason,
            reviewer=officer,
            at=at,
            offence=offence,
            air_link=air_link,
            second_reviewer=second,
            approval=approval,
            not_this_person=not_this_person,
            note=note,
        )
        done = store.decide(decision, load_review_codes(), case=case or f"hit:{decision.hit_id}")
        store.relay(at)
        store.log.publish(at)
    remembered = ", remembered: pnr hits memory list" if not_this_person else ""
    out.print(f"{done.hit.hit_id} version {done.hit.version}: {done.hit.state}{remembered}")
    if isinstance(done.routed, Routed):
        out.print(
            f"to {done.routed.unit.id} ({done.routed.unit.name}) by rule {done.routed.rule}: {done.routed.because}"
        )
    elif isinstance(done.routed, Refused):
        err.print(f"goes to nobody: {done.routed.because}")


@app.command()
def reasons(form: Form = "text") -> None:
    """The codes that a decision may name: reasons and links to air carriage."""
    from rich.table import Table

    from pnr_pipeline.stores.rulebooks import load_review_codes

    codes = load_review_codes()
    rows: list[tuple[str, str, str]] = [(reason.outcome, reason.code, reason.text) for reason in codes.reasons.values()]
    rows += [("air link", link.code, link.text) for link in codes.air_links.values()]
    if form == "json":
        out.print_json(data=[{"for": kind, "code": code, "text": text} for kind, code, text in rows])
        return
    table = Table("for", "code", "meaning")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _whole(start: str, lines: "list[HitLine]") -> str:
    """The one hit whose id begins like this."""
    found = [line.hit_id for line in lines if line.hit_id.startswith(start)]
    if len(found) != 1:
        raise UsageFault(f"{len(found) or 'no'} hits begin like this: see `pnr hits list --only all`")
    return found[0]


def _state(line: "HitLine") -> str:
    by = line.holder or (f"by memory {line.memory[:8]}" if line.memory else "")
    held = f"{line.state} ({by})" if by else line.state
    return held if line.listed else f"{held}, no longer listed"


def _left(line: "HitLine", at: datetime) -> str:
    if line.deadline_at is None:
        return "LATE ?"
    minutes = int((line.deadline_at - at) / timedelta(minutes=1))
    return f"{minutes // 60}h{minutes % 60:02}" if minutes >= 0 and not line.late else "LATE"


def _print_file(file: "HitFile", at: datetime) -> None:
    from rich.table import Table

    from pnr_pipeline.cli.side_by_side import parts_of_name, side_by_side
    from pnr_pipeline.review import needs_approval

    hit, flight = file.hit, file.flight
    out.print(
        f"Hit {hit.hit_id} version {hit.version} · {hit.state} · {hit.settlement} · told by {', '.join(file.sources)}"
    )
    until = f"{hit.deadline_at:%Y-%m-%d %H:%M} UTC" if hit.deadline_at else "not known"
    arrival = f"lands {flight.arrival_local:%Y-%m-%d %H:%M} local" if flight.arrival_local else "landing not told"
    late = " · LATE: a decision needs an approval (DIS-3)" if needs_approval(hit, at) else ""
    out.print(f"{flight.key} · {arrival} · assessment until {until}{late}")
    if not file.listed:
        out.print("The carrier no longer lists this traveller on the flight.")
    for source, by in file.left.items():
        since = f"{by.received_at:%Y-%m-%d %H:%M} UTC"
        out.print(f"Off the list of {source} since {since}, by {by.function} (message {by.message_id[:8]}).")
    out.print(side_by_side(hit.match, out.width))
    if parts := parts_of_name(hit.match):
        out.print(parts)
    person = Table("traveller", "", title="As API and PNR tell them", title_justify="left")
    for field in _FIELDS:
        if getattr(file.traveller, field):
            person.add_row(field.replace("_", " "), str(getattr(file.traveller, field)))
    for document in file.traveller.documents:
        person.add_row("document", " ".join(filter(None, (document.type, document.number, document.issuer))))
    out.print(person)
    for step, match in zip(file.history, file.versions, strict=True):
        out.print(f"version {step.version}, {step.at:%Y-%m-%d %H:%M} UTC, score {match.score:.2g}: {step.words}")
    if hit.memory:
        out.print(f"Suppressed by memory {hit.memory}: not this person (pnr hits memory list).")
    if hit.ended:
        out.print(f"{hit.ended[0].upper()}{hit.ended[1:]} ({hit.changed_at:%Y-%m-%d %H:%M} UTC).")
    if hit.instruction:
        out.print(f"The list asks: {hit.instruction}")
    if hit.reviewer:
        out.print(f"Decided by {hit.reviewer}: {hit.reason}{f', sent to {hit.unit}' if hit.unit else ''}")
