"""`pnr fairness`: how well and how evenly screening finds people, on invented labelled travellers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from pnr_pipeline.cli.terminal import err, out, progress

if TYPE_CHECKING:
    from pnr_pipeline.screening.evaluation import Evaluation, Group, Share

app = typer.Typer(no_args_is_help=False)

_BATCH = 256


def evaluated(seed: int, *, entries: int, of_each: int, strangers: int) -> "Evaluation":
    """The engine and rules in force on the labelled set of this seed."""
    from pnr_pipeline.screening import ENGINE, Index, ScreeningRules
    from pnr_pipeline.screening.evaluation import Tally
    from pnr_pipeline.screening.match import ranked
    from pnr_pipeline.simulate.labelled import DAY, REGISTRATION, labelled_set
    from pnr_pipeline.simulate.labelled import strangers as drawn
    from pnr_pipeline.stores.rule_files import rule_texts

    rules = ScreeningRules.from_texts(rule_texts("screening"))
    labelled = labelled_set(seed, entries=entries, of_each=of_each)
    index = Index.build([(REGISTRATION, f"seed-{seed}", labelled.entries)], rules)
    cases, tally = chain(labelled.cases, drawn(seed, strangers)), Tally()
    now = datetime.combine(DAY, datetime.min.time(), UTC)
    for _ in progress(range(0, len(labelled.cases) + strangers, _BATCH), "screening"):
        batch = list(islice(cases, _BATCH))
        for case, matches in zip(batch, ranked([one.traveller for one in batch], index, now), strict=True):
            tally.take(case, matches)
    return tally.evaluation(engine=ENGINE, rules=rules.version, entries=len(index))


@app.command()
def fairness(
    seed: Annotated[int, typer.Option(help="The same seed gives the same persons and figures.")] = 1,
    entries: Annotated[int, typer.Option(min=1000, max=1_000_000, help="Persons on the list, at least.")] = 20_000,
    of_each: Annotated[int, typer.Option(min=1, max=1000, help="Travellers of each population and category.")] = 10,
    strangers: Annotated[
        int, typer.Option(min=1000, max=20_000_000, help="Random travellers who are on no list.")
    ] = 200_000,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="text for reading, json for programs.")] = (
        "text"
    ),
    report: Annotated[
        Path | None, typer.Option(help="Also write the report for the data-protection officer here: one HTML file.")
    ] = None,
) -> None:
    """How well and how evenly screening finds people: recall and false alerts by population, sex, script and trouble.

    [bold]pnr fairness --report fairness.html[/bold]

    All persons are invented, the engine, rules and thresholds those in force. Shares have 95 % intervals (Wilson).
    """
    done = evaluated(seed, entries=entries, of_each=of_each, strangers=strangers)
    if form == "json":
        typer.echo(msgspec.json.encode(done).decode())
    else:
        _tell(done)
    if report:
        from pnr_pipeline.console.fairness import render

        report.write_text(render(done, datetime.now(UTC), seed), "utf-8")
        err.print(f"report in {report}")


def _tell(done: "Evaluation") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    out.print(f"engine {done.engine}, rules {done.rules}: {done.travellers:,} travellers, {done.entries:,} entries")
    out.print(f"F1 {done.f1:.3f}, precision {done.precision:.3f}; recall with birth dates {_told(done.dated_recall)}")
    out.print(f"recall of the worst population over the best: {done.parity:.3f}")
    parts: Sequence[tuple[str, Sequence[Group]]] = (
        ("all", (done.overall,)), ("population", done.populations), ("sex", done.sexes),
    )  # fmt: skip
    for what, groups in parts:
        table = Table(what, "recall", "false alerts", "in the weak queue", box=SIMPLE_HEAD, pad_edge=False)
        for group in groups:
            table.add_row(group.name, _told(group.recall), _per(group.alerts), _told(group.weak))
        out.print(table)
    for what, groups in (("script of the list", done.scripts), ("trouble", done.categories)):
        table = Table(what, "recall", box=SIMPLE_HEAD, pad_edge=False)
        for group in groups:
            table.add_row(group.name.replace("_", " "), _told(group.recall))
        out.print(table)
    table = Table("people like somebody listed", "false alerts", box=SIMPLE_HEAD, pad_edge=False)
    for name, share in done.look_alikes:
        table.add_row(name.replace("_", " "), _told(share))
    out.print(table)
    table = Table("score said", "true at the base rate", "pairs", box=SIMPLE_HEAD, pad_edge=False)
    for one in done.reliability:
        table.add_row(f"{one.said:.2g}", f"{one.true:.2g}", f"{one.pairs:,}")
    out.print(table)


def _told(share: "Share") -> str:
    low, high = share.interval
    return f"{share.value:.2%} ({low:.2%} to {high:.2%}) of {share.of:,}"


def _per(share: "Share") -> str:
    low, high = (1e5 * bound for bound in share.interval)
    return f"{1e5 * share.value:,.0f} ({low:,.0f} to {high:,.0f}) in 100,000"
