"""What sealing and the audit log cost a commit: per record, and beside the same commit without them.

    python benchmarks/sealing.py [--flights 20] [--rounds 5]

Bookings of 200 travellers a flight (PNRGOV, invented), then the passenger list of each (PAXLST), are committed into new
stores: as it is, with a seal that only copies, and without audit rows, in turn. CPU time of the process; medians over
the rounds. A record is one of a traveller or a booking, counted once a message that writes it.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from pnr_pipeline.records import Booking, Contact, Document, FlightLeg, Message, Received, Screened, Traveller
from pnr_pipeline.screening import Index, ScreeningRules
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.state import StateFolder

NOW = datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
PARTY, TRAVELLERS = 2, 200


def messages(flights: int) -> Iterator[Message]:
    """For each flight its bookings, then its passenger list."""
    for flight in range(flights):
        departs = datetime(2026, 3, 2, 10)  # noqa: DTZ001  local time without zone, as messages give it
        leg = FlightLeg("QX", f"{100 + flight}", "IST", "SKP", departs, departs + timedelta(hours=1))
        people = [_traveller(flight, place) for place in range(TRAVELLERS)]
        booked = [_replaced(one, booking=place // PARTY) for place, one in enumerate(people)]
        bookings = tuple(
            Booking(
                locator=people[place].locator, carrier="QX", travellers=(place + 1, place + 2),
                contacts=(Contact("phone", f"+90212{flight:04}{place:04}"),),
            )
            for place in range(0, TRAVELLERS, PARTY)
        )  # fmt: skip
        when = datetime(2026, 2, 28, 9)  # noqa: DTZ001  as in the envelope
        yield Message(f"{flight}p:1", "PNRGOV", function="22", prepared_at=when, flights=(leg,),
                      travellers=tuple(booked), bookings=bookings)  # fmt: skip
        yield Message(f"{flight}a:1", "PAXLST", function="745", prepared_at=when + timedelta(minutes=30),
                      flights=(leg,), travellers=tuple(people))  # fmt: skip


def _traveller(flight: int, place: int) -> Traveller:
    letters = "".join(chr(65 + int(digit)) for digit in f"{flight:03}{place:03}")
    document = Document("P", f"U{flight:03}{place:04}", "TUR", "TUR")
    return Traveller(
        place + 1, "passenger", f"SUR{letters}", f"GIV{letters[::-1]}", date_of_birth="1980-01-01", sex="F",
        nationality="TUR", documents=(document,), locator=f"L{flight:02}{place // PARTY:03}",
    )  # fmt: skip


def _replaced(one: Traveller, **changes: Any) -> Traveller:
    import msgspec

    return msgspec.structs.replace(one, **changes)


@contextmanager
def copied_only() -> Iterator[None]:
    """A seal that seals nothing: what is left is the commit itself."""

    def seal(self: Sealer, period: str, part: str, record: str, version: int, clear: bytes) -> bytes:
        return clear

    def opened(self: Sealer, period: str, part: str, record: str, version: int, sealed: bytes) -> bytes:
        return sealed

    with patch.object(Sealer, "seal", seal), patch.object(Sealer, "open", opened):
        yield


@contextmanager
def unaudited() -> Iterator[None]:
    """No audit rows."""
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("pnr_pipeline.stores.sql") and hasattr(module, "write_entry"):
                stack.enter_context(patch.object(module, "write_entry", lambda *given, **named: None))
        yield


def seconds(told: list[Message], index: Index) -> tuple[float, int]:
    """CPU seconds of the commits alone, and records written."""
    profile = load_profile("demo")
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        state = StateFolder(Path(folder) / "state")
        with open_store(state, profile=profile, law=load_law(), routing=load_routing(profile), now=NOW) as store:
            spent = 0.0
            for message in told:
                received = Received("bench", message.message_id, message.message_id.encode(), NOW)
                begun = time.process_time()
                store.commit(received, [Screened(message, (), index.version)], index=index, now=NOW)
                spent += time.process_time() - begun
    return spent, sum(len(message.travellers) + len(message.bookings) for message in told)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--flights", type=int, default=20)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    told = list(messages(chosen.flights))
    index = Index.build([], ScreeningRules.from_texts(rule_texts("screening")))
    ways: dict[str, Callable[[], Any]] = {"as it is": ExitStack, "not sealed": copied_only, "not audited": unaudited}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    seconds(told[:2], index)
    records = 0
    for _ in range(chosen.rounds):
        for way, meanwhile in ways.items():
            with meanwhile():
                cost, records = seconds(told, index)
            spent[way].append(cost)
    print(f"{len(told)} messages, {records} records, {chosen.rounds} rounds")
    for way, costs in spent.items():
        print(f"{way}: {statistics.median(costs) / records * 1e6:.1f} µs a record")
    asis = spent["as it is"]
    sealing = statistics.median(a - b for a, b in zip(asis, spent["not sealed"], strict=True)) / records * 1e6
    slower = statistics.median(a / b - 1 for a, b in zip(asis, spent["not audited"], strict=True))
    print(f"sealing: {sealing:.1f} µs a record; auditing: {slower:+.1%} of an unaudited commit")


if __name__ == "__main__":
    main()
