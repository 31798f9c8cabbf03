"""The criteria of the demo: the shipped examples, dated to the exercise's day and approved by an invented lead."""

import re
from datetime import date, datetime, timedelta
from pathlib import PurePath

from rich.table import Table

from pnr_pipeline.audit import Access
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder

LEAD, CASE = "exercise-lead", "exercise-1"
LIVE = "baggage-against-stay"
"""The one example that asks officers to look; the others judge in shadow, as a new criterion does."""


def approve_examples(options: RunOptions, now: datetime) -> None:
    """Put every example in force for half a year from the day of `now` (aware UTC), the exercise's present."""
    profile = load_profile(options.profile)
    access = Access(LEAD, "c", CASE)
    with open_store(
        StateFolder(options.state), profile=profile, law=load_law(), routing=load_routing(profile), now=now
    ) as store:
        for file, text in rule_texts("criteria/examples").items():
            name = PurePath(file).name
            store.approve_criterion(_dated(text, name, now.date()), name, access, "for the exercise", now)


def _dated(text: str, name: str, day: date) -> str:
    dates = {"valid_from": day, "expires": day + timedelta(180), "review_by": day + timedelta(90)}
    for field, value in dates.items():
        text = re.sub(rf"(?m)^{field}: .*$", f"{field}: {value}", text)
    return text.replace("mode: shadow", "mode: live") if name == f"{LIVE}.yaml" else text


def show_criteria(store: Store, now: datetime) -> None:
    """What the criteria did: those in shadow are counted and shown to nobody."""
    lines = store.criteria(now)
    table = Table("criterion", "mode", title="Criteria", title_justify="left")
    for head in ("for review", "in shadow"):
        table.add_column(head, justify="right")
    for line in lines:
        table.add_row(line.title, line.state, str(line.hits), str(line.shadow))
    out.print(table)
