"""For which State, under whose answer and on which legal basis a row is kept: a number that every row carries (ING-1).

A unit may serve several States (PNR art. 4(4)). A row is of those of them that its flight touches, as carriers transfer
to every State touched (PNR art. 8(1)); of all of them where the flight touches none or its airports are not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law import Law, Profile
from pnr_pipeline.law.staff import Staff
from pnr_pipeline.records import Domain, FlightLeg
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.journey_legs import countries_of
from pnr_pipeline.records.unit_event import AnswersFor
from pnr_pipeline.stores.sql.database import Database

_LEGAL_BASIS: dict[Domain, str] = {"law_enforcement": "eu.pnr.legal_basis", "border": "eu.api.legal_basis"}

EVERY_STATE = "*"
"""What the pipeline's own work reaches, and that of everybody where one State is served."""


@dataclass(frozen=True, slots=True)
class Bases:
    """The numbers of one store: by the States that they are of, and what each says."""

    by_states: dict[frozenset[str], int]
    told: dict[int, tuple[AnswersFor, ...]]
    states: frozenset[str]

    def of(self, flights: Sequence[FlightLeg]) -> int:
        """The basis of rows about these flights; of every State served where none of them is touched."""
        touched = frozenset().union(*(countries_of(one) for one in flights)) & self.states
        return self.by_states.get(touched, self.by_states[self.states])


def keep_bases(db: Database, profile: Profile, law: Law, domain: Domain, today: date) -> Bases:
    """Read the numbers, and give one to each set of States a flight may touch that has none; in a transaction."""
    rule = law.rule(_LEGAL_BASIS[domain])
    law.value(rule.rule, today)
    act = f"{rule.cites.work} {rule.cites.at}"
    served = {
        one.state: AnswersFor(one.state, one.id, one.legal_basis.get(domain, act)) for one in profile.states_served()
    }
    sets = [frozenset(some) for size in (1, 2) for some in combinations(sorted(served), size)]
    wanted = {some: tuple(served[state] for state in sorted(some)) for some in (*sets, frozenset(served))}
    known = dict(db.execute("SELECT told, basis FROM basis").fetchall())
    for answers in wanted.values():
        if (line := _in_one_line(answers)) not in known:
            known[line] = _added(db, line, answers)
    by_states = {some: int(known[_in_one_line(answers)]) for some, answers in wanted.items()}
    told: dict[int, tuple[AnswersFor, ...]] = {}
    rows = db.execute("SELECT basis, state, controller, legal_basis FROM basis_state ORDER BY basis, state").fetchall()
    for basis, *answers_for in rows:
        told[basis] = (*told.get(basis, ()), AnswersFor(*answers_for))
    return Bases(by_states, told, frozenset(served))


def states_reached(staff: Staff, profile: Profile, person: str) -> str:
    """The States whose data a person may see, `ME,RS`; `*` for all, '' for who is of none of several (PNR 4(4))."""
    member = staff.members.get(person)
    if member is None or len(profile.serves) < 2:
        return EVERY_STATE
    return ",".join(sorted(member.states))


def must_reach(db: Database, states: str, *, records: Iterable[str] = (), hits: Iterable[str] = ()) -> None:
    """UsageFault, the same as for one that is not there, where a record or hit is of other States alone."""
    if states == EVERY_STATE:
        return
    reached = set(states.split(","))
    for table, ids in (("record", records), ("hit", hits)):
        asked = to_json(sorted(set(ids))).decode()
        name, key = ("record_head", "record_id") if table == "record" else ("hit", "hit_id")
        of: dict[str, set[str]] = {}
        for one, state in db.execute(
            f"SELECT {key}, basis_state.state FROM {name} JOIN basis_state USING (basis)"  # noqa: S608  # constants
            f" WHERE {key} IN (SELECT value FROM json_each(?))",
            (asked,),
        ).fetchall():
            of.setdefault(one, set()).add(state)
        if any(reached.isdisjoint(found) for found in of.values()):
            raise UsageFault(f"no {table} with one of these ids in the States that you act for (PNR 4(4), ING-1)")


def bases_reached(bases: Bases, states: str) -> frozenset[int]:
    """The numbers of the rows that who acts for these States may see."""
    reached = set(states.split(","))
    return frozenset(
        basis for basis, answers in bases.told.items()
        if states == EVERY_STATE or any(one.state in reached for one in answers)
    )  # fmt: skip


def _in_one_line(answers: Iterable[AnswersFor]) -> str:
    return "; ".join(f"{one.state} {one.controller} {one.legal_basis}" for one in answers)


def _added(db: Database, line: str, answers: Iterable[AnswersFor]) -> int:
    (basis,) = db.execute(
        "INSERT INTO basis SELECT coalesce(max(basis), 0) + 1, ? FROM basis RETURNING basis", (line,)
    ).fetchone()
    db.executemany(
        "INSERT INTO basis_state VALUES (?, ?, ?, ?)",
        [(basis, one.state, one.controller, one.legal_basis) for one in answers],
    )
    return int(basis)
