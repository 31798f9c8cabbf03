from datetime import datetime, timedelta

import pytest
from store_setup import NOW, commit, index_of, open_demo

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Booking, Contact, FlightLeg, Message, Payment, Received, Traveller
from pnr_pipeline.stores.sql.hits import read_hits, read_match
from pnr_pipeline.stores.sql.store import Store

LEG = FlightLeg("TK", "1883", "IST", "SJJ", datetime(2026, 3, 1, 9, 0), datetime(2026, 3, 1, 10, 0))  # noqa: DTZ001
LEAD = Access("lead-2", "c", "ex-1")
SHARED = """
id: shared-card
version: 1
title: Bookings that share a card
author: analyst-3
offences: ["2"]
necessity: Exercise of blind equality between bookings of a flight; invented, and in force in this folder alone.
incriminating:
  - {id: card, when: companions.bookings_sharing_payment >= 1, says: Another booking on the flight has the same card.}
  - {id: contact, when: companions.bookings_sharing_contact >= 1, says: Another booking has the same telephone.}
  - {id: payer, when: payment.third_party, says: The holder of the card is nobody in the booking.}
exonerating:
  - {id: party, when: companions.count >= 3, says: Travels with three others or more.}
minimum: 2
valid_from: 2026-02-01
expires: 2026-12-31
review_by: 2026-06-30
mode: live
hits_a_month: 10
"""


@pytest.fixture
def store(tmp_path):
    with open_demo(tmp_path / "state") as store:
        yield store


def booking(locator: str, ordinal: int, phone: str, card: str, holder: str = "", size: int = 1) -> Booking:
    return Booking(
        locator=locator, carrier="TK", created="2026-02-20T08:00:00Z", travellers=(ordinal,), party_size=size,
        itinerary=(LEG,), contacts=(Contact("phone", phone),),
        payments=(Payment("CC", account=f"XXXXXXXXXXXX{card}", expires="1228", holder=holder),),
    )  # fmt: skip


def push(number: int, bookings: list[Booking]) -> Message:
    travellers = tuple(
        Traveller(place, "passenger", f"INVENTED{one.locator}", "ANNA", locator=one.locator, booking=place - 1)
        for place, one in enumerate(bookings, 1)
    )
    return Message(
        f"{number:064x}:0", "PNRGOV", flights=(LEG,), travellers=travellers, bookings=tuple(bookings), function="22",
        prepared_at=datetime(2026, 2, 28, 8, number),  # noqa: DTZ001
    )  # fmt: skip


def told(store: Store, number: int, bookings: list[Booking]) -> None:
    message = push(number, bookings)
    commit(store, Received("spool", f"{number}.edi", message.message_id.encode(), NOW), [message], index_of([]))


def hits(store: Store) -> dict[str, str]:
    return {hit.record_id: hit.state for hit in read_hits(store._ground, None)}


APART = [booking("AAAAAA", 1, "38761000001", "1111"), booking("BBBBBB", 2, "38761000002", "2222")]
JOINED = [booking("AAAAAA", 1, "38761000001", "1111"), booking("BBBBBB", 2, "+387 61 000 001", "1111")]


def test_bookings_with_one_card_and_one_telephone_become_hits_and_neither_stands_in_a_table(store):
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, JOINED)
    assert list(hits(store).values()) == ["new", "new"]
    keys = store._ground.db.execute("SELECT key, booking_key FROM shared_key").fetchall()
    assert len(keys) == 4 and not [key for key, _ in keys if b"1111" in key or b"61000001" in key]


def test_a_hit_of_a_criterion_that_fires_no_more_is_excluded_and_one_that_fires_again_is_new_again(store):
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, JOINED)
    told(store, 2, APART)
    assert set(hits(store).values()) == {"excluded"}
    told(store, 3, JOINED)
    one, other = read_hits(store._ground, None)
    assert {one.state, other.state} == {"new"}
    match = read_match(store._ground, one.hit_id, 1)
    assert match and [term.verdict for term in match.evidence] == ["same", "same", "unknown", "differs"]


def test_a_party_that_exonerates_raises_nobody(store):
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, [booking(one.locator, place, "38761000001", "1111", size=4) for place, one in enumerate(JOINED, 1)])
    assert hits(store) == {}


def test_whose_card_it_is_counts_by_the_answer_alone(store):
    store.approve_criterion(SHARED.replace("minimum: 2", "minimum: 1"), "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, [booking("AAAAAA", 1, "38761000001", "1111", holder="SOMEBODY ELSE"),
                    booking("BBBBBB", 2, "38761000002", "2222", holder="ANNA INVENTEDBBBBBB")])  # fmt: skip
    (hit,) = read_hits(store._ground, None)
    assert "SOMEBODY" not in str(hit.match) and "payment.third_party yes" in str(hit.match)


def test_without_a_criterion_in_force_nothing_is_kept_for_one(store):
    told(store, 1, JOINED)
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    store.retire_criterion("shared-card", LEAD, NOW)
    told(store, 2, JOINED)
    assert store._ground.db.execute("SELECT count(*) FROM shared_key").fetchone() == (0,)
    assert hits(store) == {}


def test_a_new_version_ends_the_open_hits_of_the_former_one_and_judges_with_the_next_message(store):
    store.approve_criterion(SHARED, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, JOINED)
    store.approve_criterion(SHARED.replace("version: 1", "version: 2"), "shared.yaml", LEAD, "asked", NOW)
    assert set(hits(store).values()) == {"superseded"}
    told(store, 2, JOINED)
    open_ones = [hit for hit in read_hits(store._ground, None) if hit.state == "new"]
    assert {hit.match.entry_id for hit in open_ones} == {"v2"} and len(open_ones) == 2


def test_a_criterion_is_in_force_from_its_first_day_to_its_last(store):
    early = SHARED.replace("valid_from: 2026-02-01", "valid_from: 2026-03-01")
    store.approve_criterion(early, "shared.yaml", LEAD, "asked", NOW)
    told(store, 1, JOINED)
    assert hits(store) == {}
    (line,) = store.criteria(NOW)
    assert line.state == "waiting"
    (line,) = store.criteria(NOW + timedelta(days=1))
    assert line.state == "live"
