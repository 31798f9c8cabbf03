"""Screened messages into the store, a transmission at a time."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pnr_pipeline.telemetry import tallies
from pnr_pipeline.transforms.elements import Done, ScreenedFile
from pnr_pipeline.transforms.poison import ATTEMPTS_MAX, THIRD_ATTEMPT, Poison, poison_finding, spoiled, tried
from pnr_pipeline.transforms.stage import Count, FindWorkplace, Stage
from pnr_pipeline.transforms.workplace import Workplace


def commit_screened(file: ScreenedFile, at: Workplace[Any]) -> Done:
    """All of one transmission in one transaction; what cannot be committed is buried. Raises StoreFault only."""
    outcome = _commit(file, at) if not file.poison else _bury(file, file.poison, at)
    done = _commit_the_others(file, outcome, at) if isinstance(outcome, Poison) else outcome
    tallies.count("pnr_transmissions_total")
    tallies.count("pnr_hits_total", number=done.hits)
    for reason in done.buried:
        tallies.count("pnr_buried_total", reason)
    tallies.took("pnr_commit_seconds", (at.clock() - file.received.received_at).total_seconds())
    return done


def _commit_the_others(file: ScreenedFile, poison: Poison, at: Workplace[Any]) -> Done:
    """The commit without the one message that makes it fail; the whole file is buried where it is not one alone."""
    last = replace(file, received=replace(file.received, attempt=ATTEMPTS_MAX))
    for position, one in enumerate(file.screened if len(file.screened) > 1 else ()):
        emptied = replace(one, message=spoiled(one.message, poison), matches=())
        others = (*file.screened[:position], emptied, *file.screened[position + 1 :])
        outcome = _commit(replace(last, screened=others), at)
        if not isinstance(outcome, Poison):
            return outcome
    return _bury(file, poison.reason, at)


def _commit(file: ScreenedFile, at: Workplace[Any]) -> Done | Poison:
    received = file.received
    return tried(
        received,
        file.digest,
        at,
        "commit",
        lambda: at.store.commit(received, file.screened, index=at.index, now=at.clock()),
    )


def _bury(file: ScreenedFile, why: str, at: Workplace[Any]) -> Done:
    return at.store.bury(file.received, THIRD_ATTEMPT, [poison_finding(why)], at.clock())


def commit_counts(done: Done) -> Iterator[Count]:
    """Transmissions, hits and dead letters that are durable."""
    yield "committed", "transmissions", 1
    yield "committed", "hits", done.hits
    yield "committed", "dead letters", len(done.buried)


class CommitTransmissions(Stage):
    """Screened transmissions in; what became of each out, after it is durable.

    In:   PCollection[ScreenedFile]
    Out:  PCollection[Done]   counts, ids and reason codes only
    """

    def __init__(self, find: FindWorkplace) -> None:
        super().__init__("commit", find, commit_screened, commit_counts, Done)
