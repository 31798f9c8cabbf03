"""An invented court beside an exercise store: its keys in a folder of its own, its card laid at the unit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec
from store_setup import commit, open_demo
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.retention.order import OrderAnswer, OrderRequest
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.approver_desk import ApproverDesk
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.rulebooks import load_law, load_offences
from pnr_pipeline.stores.sql.orders import Grounds
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.staff_file import exercise_key

GROUNDS = Grounds(
    act="unmask", offence="4", air_link="flight-as-means", facts="an invented witness named the journey",
    scope="the persons of one booking", first="2026-01-01", last="2026-03-31",
)  # fmt: skip
ASKS = Access("officer-7", "b", "case-7")


class Court:
    """`court-1` of the exercise, on another machine: it has no store, and the unit has none of its keys."""

    def __init__(self, folder: Path) -> None:
        self.keystore = FileKeystore(folder)
        self.keystore.wrap("approver/signing", exercise_key("court-1").private_bytes_raw())
        self.answered: set[str] = set()

    def desk(self, approver: str = "court-1") -> ApproverDesk:
        return ApproverDesk(approver, self.keystore, frozenset(self.answered))

    def publish(self, store: Store) -> None:
        card = self.desk().card(date(2025, 10, 1), 24)
        store._ground.state.approver_card.write_bytes(msgspec.json.encode(card))

    def decide(self, request: OrderRequest, store: Store, now, approves: bool = True, **changes) -> OrderAnswer:
        return self.desk(**changes).decide(
            request, approves=approves, why="necessary in this case", staff=store._ground.staff_keys.staff,
            offences=load_offences().codes, law=load_law(), now=now,
        )  # fmt: skip


def ordered(store: Store, court: Court, now, *, act="disclose", access=ASKS, recipient="", **subjects) -> str:
    """The id of an order that was asked for, approved and taken in."""
    request = store.orders.request(
        msgspec.structs.replace(GROUNDS, act=act, recipient=recipient), access, now, **subjects
    )
    store.orders.take(court.decide(request, store, now), now)
    return request.order_id


@contextmanager
def listed(root: Path, court: Court, people: Sequence[Truth], lists: Index) -> Iterator[Store]:
    """A store at which the court is known, with one API list of these people, screened."""
    with open_demo(root) as opened:
        court.publish(opened)
        flight = Flight()
        flight.add("PAXLST", list(people))
        commit(opened, received(flight.messages[0]), flight.messages, lists)
        yield opened
