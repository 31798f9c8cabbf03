"""Poison: what fails three times goes to the dead letters alone, and its neighbours go on (DESIGN 4).

The attempt is counted in the store before any work, so a process that dies at work has counted too. An exception
is tried again at once, up to the third attempt. A transmission that was in work when two processes died may be
the victim of a power cut or their killer: it is rehearsed in a process of its own first, and buried if that fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from pnr_pipeline.errors import StoreFault, place_of
from pnr_pipeline.records import Finding, Message, Received
from pnr_pipeline.transforms.workplace import Workplace

T = TypeVar("T")

ATTEMPTS_MAX = 3
STARTS_MAX = 2 * ATTEMPTS_MAX
"""A transmission whose rehearsals end well and whose processes die all the same is buried untried from here on."""


@dataclass(frozen=True, slots=True)
class Poison:
    """Why a thing is given up: stage, kind of fault and place in our code; never a value."""

    reason: str


POISON = "POISON"
"""The rule of its finding."""

THIRD_ATTEMPT = "third-attempt"
"""The code under which a transmission is buried whole."""


def begin(received: Received, digest: str, at: Workplace[Any]) -> Received | Poison:
    """Count this start; the transmission with its `attempt`, or Poison where it may not be tried again."""
    attempt = at.store.begin_attempt(received.source, received.item, digest, at.clock())
    if attempt > STARTS_MAX or (attempt >= ATTEMPTS_MAX and not at.rehearse(received)):
        return Poison("the processes at work on it died")
    return msgspec.structs.replace(received, attempt=attempt)


def tried(received: Received, digest: str, at: Workplace[Any], stage: str, work: Callable[[], T]) -> T | Poison:
    """What `work` gives, tried again up to the third attempt of the transmission; StoreFault passes through."""
    attempt = received.attempt
    while True:
        try:
            return work()
        except StoreFault:
            raise
        except Exception as fault:  # noqa: BLE001 what poison raises cannot be known; it is told by type and place
            if attempt >= ATTEMPTS_MAX:
                return Poison(f"{stage}: {place_of(fault)}")
        counted = at.store.begin_attempt(received.source, received.item, digest, at.clock())
        attempt = max(attempt + 1, counted)


def poison_finding(why: str, offset: int = -1) -> Finding:
    """What the dead letter says of its poison."""
    return Finding(POISON, "E", offset, why)


def spoiled(message: Message, poison: Poison) -> Message:
    """The message emptied of all but its identity, and marked unreadable: the commit buries it, and it alone."""
    finding = poison_finding(poison.reason, message.offset)
    return Message(
        message.message_id, "UNREADABLE", message.version, complete=False, findings=(finding,), offset=message.offset
    )
