"""Decisions by group of population, counted apart from hits and told into the log once they are many (STA-2, SCR-6).

The log outlives the records, so it may tell nothing of a person: not the sex beside a hit, nor a count of one. What
is counted here refers to nobody; it is told month by month after the month's end, in numbers from which no small group
can be computed, and what stays too small until the year is over is dropped.
"""

from collections import defaultdict
from datetime import datetime

from pnr_pipeline.audit.disclosure_control import held_back
from pnr_pipeline.audit.statistics import POPULATION
from pnr_pipeline.records import Match, Traveller
from pnr_pipeline.screening.criteria.backtest import age_band
from pnr_pipeline.screening.letters import script
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import Ground, write_entry

_OTHER = "not-known"


def smallest_cell(ground: Ground, now: datetime) -> int:
    """Below which number a cell is not told; as long as no rule is in force, nothing is."""
    found = ground.law.in_force("eu.pnr.small_cells", now.date())
    return found.number if found else 1 << 62


def groups_of(match: Match, traveller: Traveller, now: datetime) -> dict[str, str]:
    """The coarse groups of a hit: the traveller's sex and age, the script of the list's name that was compared."""
    sex = {"F": "f", "M": "m"}.get(traveller.sex or "", _OTHER)
    age = age_band(traveller.date_of_birth, now.date()).replace(" ", "-") or _OTHER
    return {"all": "", "sex": sex, "age": age, "script": script(match.compared_name).lower()}


def count_decision(ground: Ground, match: Match, traveller: Traveller, outcome: str, now: datetime) -> None:
    """Count a decision, in its transaction."""
    ground.db.executemany(
        "INSERT INTO population_count VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT (month, list_id, outcome, dimension, grp)"
        " DO UPDATE SET number = population_count.number + 1",
        [
            (f"{now:%Y-%m}", match.list_id, outcome, dimension, group)
            for dimension, group in groups_of(match, traveller, now).items()
        ],
    )


def tell_populations(ground: Ground, now: datetime) -> None:
    """Tell the log of the months that are over, one entry a list and year, and drop what is left of years past.

    For each outcome its sum first, where it is large enough; then the groups of which no small one can be computed
    from that sum and what was told before. The others wait for more.
    """
    this_month, smallest = f"{now:%Y-%m}", smallest_cell(ground, now)
    rows = ground.db.execute(
        "SELECT substr(month, 1, 4), list_id, outcome, dimension, grp, sum(number) FROM population_count"
        " WHERE month < ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        (this_month,),
    ).fetchall()
    if not rows:
        return
    waiting: dict[tuple[str, str], dict[str, dict[str, dict[str, int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    for year, list_id, outcome, dimension, group, number in rows:
        waiting[year, list_id][outcome][dimension][group] = int(number)
    with transaction(ground.db):
        for (year, list_id), outcomes in waiting.items():
            counts: dict[str, int] = {}
            for outcome, dimensions in outcomes.items():
                if sum(dimensions["all"].values()) < smallest:
                    continue
                for dimension, cells in dimensions.items():
                    held = held_back(cells, smallest)
                    for group in cells.keys() - held:
                        counts[f"{POPULATION}{outcome}.{dimension}{'.' * bool(group)}{group}"] = cells[group]
                        ground.db.execute(
                            "DELETE FROM population_count WHERE month < ? AND substr(month, 1, 4) = ? AND list_id = ?"
                            " AND outcome = ? AND dimension = ? AND grp = ?",
                            (this_month, year, list_id, outcome, dimension, group),
                        )
            if counts:
                write_entry(
                    ground, "administration", now=now, article="PNR 20", case=f"statistics:{year}", purpose="admin",
                    references=(f"list:{list_id}",), counts=counts,
                )  # fmt: skip
        ground.db.execute("DELETE FROM population_count WHERE month < ?", (f"{now:%Y}-01",))
