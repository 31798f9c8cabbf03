"""One flight under several numbers: its messages meet on one leg once any of them tells the pair, in any order."""

import tempfile
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_setup import NOW, commit, dump, entry, index_of, open_demo
from test_commit_order import WANTED
from told_flights import LEG, RECEIVED, START, Flight, Truth, flights, received
from told_lists import ARBEN, BOJANA, listed, paxlst, pnrgov, send

from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.records import Booking, FlightLeg, Message
from pnr_pipeline.records.code_shares import told_pairs
from pnr_pipeline.stores.sql.hits import read_hits

FIRST, SECOND = (msgspec.structs.replace(LEG, carrier=carrier, number="5001") for carrier in ("ZZ", "YY"))
FLOWN = b"TVL+020326:1000:020326:1040+IST+TIA+QX+101"


def legs(store) -> list[str]:
    return [key for (key,) in store._ground.db.execute("SELECT leg_key FROM leg ORDER BY leg_key")]


def sold_as(push: bytes, carrier: bytes, tells: bytes = b"") -> bytes:
    """A push of the flight by a marketing partner, under its number 5001; `tells` stands behind the booked flight."""
    sold = FLOWN.replace(b"+QX+101", b"+" + carrier + b"+5001")
    return push.replace(FLOWN + b":Y'", sold + b":Y'" + tells).replace(FLOWN, sold)


@st.composite
def shared_flights(draw: st.DrawFn) -> Flight:
    """Messages of one flight, each under the number of the carrier that sends it; every pair is told by some."""
    flight = draw(flights())
    people = [Truth(900, "LAST", "ONE", "1970-01-01", "M", "U0000900", "document", "KZZ900")]
    for _ in range(2):
        flight.add("PNRGOV", people, function="141")
    names = [draw(st.sampled_from([LEG, FIRST, SECOND])) for _ in flight.messages]
    tells = dict(enumerate(draw(st.permutations([FIRST, SECOND])), len(names) - 2))
    for place, message in enumerate(flight.messages):
        told = names[place] if message.kind == "PNRGOV" else LEG
        pair = tells.get(place)
        booked = msgspec.structs.replace(LEG, marketing=pair.designator) if pair else told
        flight.messages[place] = msgspec.structs.replace(
            message,
            flights=(told,),
            bookings=tuple(msgspec.structs.replace(one, itinerary=(booked,)) for one in message.bookings),
        )
    return flight


def stored(messages: list[Message]):
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "state") as store:
        for place, message in enumerate(messages):
            commit(store, received(message, place), [message], WANTED)
        hits = [hit for hit in read_hits(store._ground, None) if hit.state != "superseded"]
        assert {hit.leg_key for hit in hits} <= {LEG.key}
        return dump(store)


@settings(max_examples=25)
@given(shared_flights(), st.data())
def test_any_order_of_arrival_gives_one_leg_with_the_same_persons_and_hits(flight, data):
    straight = stored(flight.messages)
    assert [key for key, *_ in straight["legs"]] == [LEG.key]
    assert stored(data.draw(st.permutations(flight.messages))) == straight


@settings(max_examples=15)
@given(shared_flights(), st.data())
def test_it_is_as_if_all_were_told_by_the_own_number_and_the_partners_took_nobody_off(flight, data):
    alone = [
        one if one.flights == (LEG,) else msgspec.structs.replace(one, flights=(LEG,), function="141")
        for one in flight.messages
    ]
    shared, plain = stored(data.draw(st.permutations(flight.messages))), stored(alone)
    assert (shared["persons"], shared["hits"]) == (plain["persons"], plain["hits"])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_pushes_of_two_partners_and_the_list_of_the_operating_carrier_meet(tmp_path, order):
    told = [
        paxlst(0, "745", ARBEN, BOJANA),
        sold_as(pnrgov(1, ARBEN), b"ZZ", b"TRA+QX+101:Y'"),
        sold_as(pnrgov(2, BOJANA, function="141").replace(b"KAB123", b"KCD456"), b"YY", b"TRA+QX+101:Y'"),
    ]
    with open_demo(tmp_path / "state") as store:
        send(store, *(told[place] for place in order))
        assert legs(store) == ["QX101/2026-03-02/IST-TIA"]
        assert listed(store) == {"api": Listed(2, 0), "pnr": Listed(2, 0)}
        ((flight,),) = (store._ground.db.execute("SELECT json_extract(flight, '$.marketing') FROM leg").fetchall(),)
        assert flight == ("YY5001 ZZ5001",)
        assert store._ground.db.execute(
            "SELECT count(*) FROM record_head WHERE kind = 'traveller' AND status = 'live'"
        ).fetchone() == (2,)
        assert {hit.leg_key for hit in read_hits(store._ground, None)} == {"QX101/2026-03-02/IST-TIA"}


def test_a_full_push_of_a_partner_takes_nobody_off_and_that_of_the_operating_carrier_does(tmp_path):
    partner = sold_as(pnrgov(2, BOJANA).replace(b"KAB123", b"KCD456"), b"ZZ", b"TRA+QX+101:Y'")
    with open_demo(tmp_path / "state") as store:
        send(store, pnrgov(1, ARBEN), partner)
        assert listed(store) == {"pnr": Listed(2, 0)}
        send(store, pnrgov(3, ARBEN))
        assert listed(store) == {"pnr": Listed(1, 1)}


def test_the_feed_board_has_one_line_for_the_flight(tmp_path):
    told = [paxlst(0, "745", ARBEN), sold_as(pnrgov(1, ARBEN), b"ZZ", b"TRA+QX+101:Y'")]
    with open_demo(tmp_path / "state") as store:
        send(store, *told)
        messages = [one.message for one in store.feed_messages(date(2026, 3, 2), date(2026, 3, 2))]
        assert {one.flown.designator for one in messages} == {"QX101"}
        assert {one.source: one.partner for one in messages} == {"api": False, "pnr": True}


def test_flights_of_which_nobody_tells_that_they_are_one_stay_apart(tmp_path):
    with open_demo(tmp_path / "state") as store:
        send(store, paxlst(0, "745", ARBEN), sold_as(pnrgov(1, ARBEN), b"ZZ"))
        assert legs(store) == ["QX101/2026-03-02/IST-TIA", "ZZ5001/2026-03-02/IST-TIA"]


def test_a_message_about_another_flight_may_tell_the_pair_and_keeps_every_record_hit_and_decision_in_reach(tmp_path):
    with open_demo(tmp_path / "state") as store:
        send(store, sold_as(pnrgov(1, ARBEN), b"ZZ"), paxlst(0, "745", ARBEN))
        before = {record for (record,) in store._ground.db.execute("SELECT record_id FROM record_head")}
        back = pnrgov(3, BOJANA).replace(FLOWN, FLOWN.replace(b"020326", b"010326").replace(b"+QX+101", b"+QX+7"))
        sold = FLOWN.replace(b"+QX+101", b"+ZZ+5001")
        send(store, back.replace(b"RPI", sold + b":Y'TRA+QX+101:Y'RPI", 1))
        assert legs(store) == ["QX101/2026-03-02/IST-TIA", "QX7/2026-03-01/IST-TIA"]
        after = dict(store._ground.db.execute("SELECT record_id, status FROM record_head"))
        assert before <= after.keys()
        assert sum(status == "live" for record, status in after.items() if record in before) == len(before) - 1
        assert [line.hits for line in store.flights(NOW)] in ([1, 0], [0, 1])


def pairs(*told: FlightLeg) -> list[tuple[str, str]]:
    booking = Booking("KAB123", itinerary=told)
    message = Message("m:1", "PNRGOV", flights=(LEG,), bookings=(booking,), prepared_at=START)
    return [(flown.key, sold.key) for flown, sold in told_pairs(message, {"MK"})]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (msgspec.structs.replace(LEG, marketing="ZZ5001 YY5001"), [(LEG.key, FIRST.key), (LEG.key, SECOND.key)]),
        (msgspec.structs.replace(LEG, marketing="ZZ101"), []),
        (msgspec.structs.replace(LEG, marketing="QX5001"), []),
        (msgspec.structs.replace(LEG, marketing="ZZ"), []),
        (msgspec.structs.replace(LEG, marketing="ZZ5001", departure_local=None), []),
        (msgspec.structs.replace(LEG, marketing="ZZ5001", origin="LHR", destination="JFK"), []),
    ],
    ids=[
        "a flight and its two marketing flights",
        "no pair where one number was told for both",
        "no pair where one carrier was told for both",
        "no pair without a number",
        "no pair without a day",
        "no pair between other States",
    ],
)
def test_a_booking_tells(told, expected):
    assert pairs(told) == expected


def test_a_flight_that_two_carriers_are_told_to_operate_is_one_leg_under_the_first_of_them(tmp_path):
    other = msgspec.structs.replace(LEG, carrier="WW", number="9", marketing="ZZ5001")
    told = [
        Message(
            f"{place:064}:1",
            "PNRGOV",
            function="22",
            prepared_at=START,
            flights=(leg,),
            bookings=(Booking(f"K{place}"),),
        )
        for place, leg in enumerate([msgspec.structs.replace(LEG, marketing="ZZ5001"), other, FIRST])
    ]
    index = index_of([entry("E1", "DRAGANOV", "ARBEN")])
    for place, order in enumerate(([0, 1, 2], [2, 1, 0], [1, 2, 0])):
        with open_demo(tmp_path / str(place)) as store:
            for number in order:
                commit(store, received(told[number], number), [told[number]], index, RECEIVED)
            assert legs(store) == [LEG.key]
