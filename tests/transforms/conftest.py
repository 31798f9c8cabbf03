"""A workplace of fakes: what the stages do must not depend on what stands behind the Protocols."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Message, Received
from pnr_pipeline.transforms.elements import Done
from pnr_pipeline.transforms.workplace import Workplace

NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)


class StoreInMemory:
    """Remembers what it is told; `broken` puts it in trouble, `refuses` makes commits of some messages raise."""

    def __init__(self) -> None:
        self.attempts: Counter[tuple[str, str, str]] = Counter()
        self.committed: dict[str, list[str]] = {}
        self.dead: dict[str, str] = {}
        self.broken = False
        self.refuses: Callable[[str], bool] = lambda message_id: False

    def seen(self, source, item, digest):
        return item in self.committed or item in self.dead

    def begin_attempt(self, source, item, digest, now):
        if self.broken:
            raise StoreFault("the database is read-only")
        self.attempts[source, item, digest] += 1
        return self.attempts[source, item, digest]

    def commit(self, received, screened, *, index, now):
        if self.broken:
            raise StoreFault("the database is read-only")
        kept, buried = [], []
        for one in screened:
            if one.message.kind == "UNREADABLE":
                buried.append(one.message.message_id)
            elif self.refuses(one.message.message_id):
                raise ValueError("SECRETNAME")
            else:
                kept.append(one.message.message_id)
        self.committed[received.item] = kept
        self.dead.update(dict.fromkeys(buried, "unreadable"))
        return Done(received.source, received.item, "", len(screened), buried=("unreadable",) * len(buried))

    def bury(self, received, reason, findings, now):
        self.dead[received.item] = reason
        return Done(received.source, received.item, "", 1, buried=(reason,))

    def relay(self, now):
        return 0

    def close(self):
        pass


def decode_words(body: bytes, now: datetime) -> Sequence[Message]:
    """A message for each word; `bad-decode` raises with a value in its text."""
    if b"bad-decode" in body:
        raise ValueError("SECRETNAME")
    return [Message(word, "PAXLST") for word in body.decode().split()]


@pytest.fixture
def store() -> StoreInMemory:
    return StoreInMemory()


@pytest.fixture
def at(store) -> Workplace:
    return Workplace(
        decode=decode_words,
        screen=lambda travellers, index, now: (),
        rehearse=lambda received: True,
        index=SimpleNamespace(version="v1"),
        store=store,
        clock=lambda: NOW,
    )


@pytest.fixture
def received() -> Callable[[str], Received]:
    return lambda text: Received("folder:/in", f"{text[:5]}.edi", text.encode(), NOW)
