"""One thing that the doctor looked at; and what the condition of the store says to whoever looks after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pnr_pipeline.retention.high_water import LATE as MARK_LATE
from pnr_pipeline.stores.sql.condition import LOG_LAG_MAX, SWEEP_LAG_MAX, Condition

Mark = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: how it is, and what to do where it is not well."""

    subject: str
    mark: Mark
    what: str
    remedy: str = ""


def told(found: Condition, now: datetime) -> Iterator[Diagnosis]:
    """Dead letters, relay, attempts, deletion, clock and the DPO's inbox."""
    yield from _backlog(found)
    yield from _sweeps(found, now)
    remedy = "pnr dpo inbox: urgent orders wait for the approver, releases for the DPO's review (DIS-3, DIS-4)"
    what = f"{found.inbox_waiting} items wait, {found.inbox_overdue} overdue"
    late = found.inbox_overdue > 0
    yield Diagnosis("orders and releases", "fault" if late else "ok", what, remedy if late else "")


def _backlog(found: Condition) -> Iterator[Diagnosis]:
    if found.dead_letters:
        remedy = "pnr dead list: mend the cause and replay them; after 72 hours their key is destroyed"
        what = f"{found.dead_letters} waiting, {found.dead_letters_ending} end within 12 h"
        yield Diagnosis("dead letters", "warning", what, remedy)
    else:
        yield Diagnosis("dead letters", "ok", "none waiting")
    remedy = "pnr run relays them; so does pnr hits decide" if found.unrelayed else ""
    what = f"{found.unrelayed} confirmed hits not yet relayed"
    yield Diagnosis("relay", "warning" if found.unrelayed else "ok", what, remedy)
    late = found.unpublished_age > LOG_LAG_MAX
    remedy = "pnr run and pnr daily publish it (LOG-5)" if late else ""
    yield Diagnosis("audit log", "warning" if late else "ok", f"{found.unpublished} acts not yet in it", remedy)
    if found.begun_again:
        remedy = "a file failed before: start pnr run again, the third attempt isolates it"
        yield Diagnosis("attempts", "warning", f"{found.begun_again} files in a second attempt", remedy)
    if found.behind:
        remedy = "pnr run rescreens them; while none runs nobody is found by the new lists (SCR-1)"
        yield Diagnosis("rescreening", "warning", f"{found.behind} live travellers behind the lists in force", remedy)


def _sweeps(found: Condition, now: datetime) -> Iterator[Diagnosis]:
    """Late, missed and failed sweeps, and a mark that holds them up (RET-8, RET-9)."""
    if found.sweep_fault:
        remedy = "pnr retain sweep once the database and the keystore are well: what it began it goes on with"
        yield Diagnosis("sweep", "fault", f"the last one failed: {found.sweep_fault}", remedy)
    last = f"{now - found.swept:%Y-%m-%dT%H:%M}" if found.swept is not None else "none yet"
    recent = found.swept is not None and found.swept <= SWEEP_LAG_MAX
    if found.due or found.interrupted:
        what = (
            f"{found.due} periods due and not ended, {found.overdue} for more than 24 hours,"
            f" {found.interrupted} interrupted"
        )
        mark: Mark = "fault" if found.overdue or found.interrupted else "warning"
        yield Diagnosis("deletion", mark, what, "pnr retain sweep (RET-8)")
    elif not recent:
        what = f"no sweep for 24 hours: {last if found.swept is None else f'last at {last}'}"
        yield Diagnosis("deletion", "warning", what, "pnr run sweeps hourly; pnr retain sweep")
    else:
        yield Diagnosis("deletion", "ok", f"nothing due, last sweep {last} UTC")
    ahead = found.clock_ahead
    if ahead > MARK_LATE and recent:
        remedy = "look at another clock, then pnr retain clock --confirm (RET-9): until then deletions are held up"
        yield Diagnosis("clock", "fault", f"{ahead} ahead of the time counted by the machine", remedy)
    elif -ahead > timedelta(hours=1):
        yield Diagnosis("clock", "fault", f"{-ahead} behind the time counted by the machine", "set the clock (RET-9)")
