"""All files of a scenario in the order in which carriers would send them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random

import msgspec

from pnr_pipeline.simulate.draft import Draft
from pnr_pipeline.simulate.faults import FAULTS, Spoilt, sound
from pnr_pipeline.simulate.flights import Flight
from pnr_pipeline.simulate.lists import plant
from pnr_pipeline.simulate.scenario import Scenario, SimulatedFile, Truth
from pnr_pipeline.simulate.story import Step, first_moment, tell

AGAIN_AFTER = timedelta(minutes=3)


def simulate(scenario: Scenario) -> Iterator[SimulatedFile]:
    """The files of a scenario, rising by `sent_at`; memory is bounded by the flights of three days.

    Raises ValueError for a scenario out of bounds.
    """
    _check(scenario)
    guests = plant(scenario).guests
    faulty = _Faults(scenario)
    order = count()
    waiting: list[tuple[datetime, int, int, _Telling | SimulatedFile]] = [
        (first_moment(scenario, index), next(order), index, _Telling()) for index in range(scenario.flights)
    ]
    heapify(waiting)
    while waiting:
        _, _, index, what = heappop(waiting)
        if isinstance(what, SimulatedFile):
            yield what
            continue
        if what.flight is None:
            what.flight, what.steps = tell(scenario, index, guests.pop(index, []))
            what.steps.reverse()
        step = what.steps.pop()
        made, again = _file(what.flight, step, what.number, faulty)
        what.number += 1
        yield made
        if again:
            heappush(waiting, (again.sent_at, next(order), index, again))
        if what.steps:
            heappush(waiting, (what.steps[-1].sent_at, next(order), index, what))


class _Telling:
    """A flight being told: drawn when its first file is due, gone after its last."""

    def __init__(self) -> None:
        self.flight: Flight | None = None
        self.steps: list[Step] = []
        self.number = 0


class _Faults:
    """Gives a file a fault at the rate of the scenario, each label in turn, in an order that the seed decides."""

    def __init__(self, scenario: Scenario) -> None:
        self._rate = scenario.faults
        self._random = Random(f"{scenario.seed}:faults")
        self._labels = {kind: list(faults) for kind, faults in FAULTS.items()}
        for labels in self._labels.values():
            self._random.shuffle(labels)

    def render(self, step: Step, write: Callable[[], Draft]) -> tuple[str, Spoilt]:
        """The label and the file; a fault that would leave this file as it is waits for the next one."""
        whole = sound(write())
        if self._random.random() >= self._rate:
            return "", whole
        labels = self._labels[step.kind]
        for place, label in enumerate(labels):
            spoilt = FAULTS[step.kind][label](write(), self._random)
            if spoilt.again or spoilt.body != whole.body:
                labels.append(labels.pop(place))
                return label, spoilt
        return "", whole


def _file(flight: Flight, step: Step, number: int, faulty: _Faults) -> tuple[SimulatedFile, SimulatedFile | None]:
    """The file of a step, and the same once more where the carrier repeats itself."""
    label, spoilt = faulty.render(step, lambda: step.write(step.sent_at, f"{flight.index:07d}{number:04d}"))
    name = _name(flight, step, step.sent_at, "")
    truth = Truth(
        file=name,
        kind=step.kind,
        push=step.push,
        leg_key=flight.leg.key,
        sent_at=step.sent_at,
        departure_utc=flight.departure_utc,
        arrival_utc=flight.arrival_utc,
        travellers=spoilt.travellers,
        changes=step.changes,
        fault=label,
        removed=spoilt.removed,
    )
    made = SimulatedFile(name, spoilt.body, step.sent_at, truth)
    if not spoilt.again:
        return made, None
    later = step.sent_at + AGAIN_AFTER
    name = _name(flight, step, later, "_again")
    return made, SimulatedFile(name, spoilt.body, later, msgspec.structs.replace(truth, file=name, sent_at=later))


def _name(flight: Flight, step: Step, sent_at: datetime, suffix: str) -> str:
    leg = f"{flight.carrier}{flight.number}_{flight.origin}-{flight.destination}"
    return f"{sent_at:%Y%m%dT%H%M%SZ}_{leg}_{step.kind.lower()}_{step.push}{suffix}.edi"


def _check(scenario: Scenario) -> None:
    if scenario.flights < 0 or scenario.planted < 0:
        raise ValueError("flights and planted must not be negative")
    if not 0 <= scenario.faults <= 1:
        raise ValueError("faults must be between 0 and 1")
    if scenario.travellers is not None and not 1 <= scenario.travellers <= 900:
        raise ValueError("travellers must be between 1 and 900")
