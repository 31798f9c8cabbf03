"""Exchange with partners abroad: what may go to whom, under what, what travels along, and who is told."""

import json
from datetime import timedelta

import msgspec
import pytest
from orders_setup import ASKS, Court, ordered
from partners_setup import (
    ASKED,
    COUNTRY,
    EUROPOL,
    ORGANISATION,
    POLICE,
    UNIT,
    WITHOUT_BASIS,
    open_unit,
    reads,
    writes,
)
from store_setup import NOW, commit, entry, index_of, open_demo, review_codes  # noqa: F401  # open_demo: on both databases
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import KeyGone, OrderFault, UsageFault
from pnr_pipeline.law.partners import Exchange
from pnr_pipeline.records.exchange import Notice, Refusal, SentData, SoughtPerson
from pnr_pipeline.retention.order import Subject
from pnr_pipeline.review import Decision
from pnr_pipeline.routing.exchange import Checked
from pnr_pipeline.stores.rulebooks import load_profile
from pnr_pipeline.stores.sql.exchange_sending import Sending, Sent, terms_for

PEOPLE = [Truth(n, f"ZOGRAFI{chr(64 + n)}", "JOVANKA", f"19{70 + n}-0{n}-1{n}", "F", f"U{n:07}", "document",
                "KAB123") for n in range(1, 4)]  # fmt: skip
LISTS = index_of([entry(f"E{n}", one.surname, one.given, one.born) for n, one in enumerate(PEOPLE)])
UNASKED = Access("officer-7", "a", "case-7")
KEEPER = Access("retention-1", "b", "case-9")
DPO = Access("dpo-1", "dpo", "audit-7")
SAYS = {"relevant_and_necessary": "the courier flies on to there"}
ABROAD = {"competent_authority": "by the invented act", "intended_use_ascertained": "by its letter of today"}


@pytest.fixture
def court(tmp_path):
    return Court(tmp_path / "court")


@pytest.fixture
def store(tmp_path, court):
    with open_unit(tmp_path / "state", NOW) as opened:
        court.publish(opened)
        flight = Flight()
        flight.add("PAXLST", PEOPLE)
        commit(opened, received(flight.messages[0]), flight.messages, LISTS)
        yield opened


def confirmed(store, number=0):
    """The ids of a hit that a person confirmed, and of its record."""
    line = store.hits(now=NOW)[number]
    decided = Decision(line.hit_id, line.version, "confirmed", "same-person", "officer-7", NOW, "4", "flight-as-means")
    hit = store.decide(decided, review_codes(), case="case-1").hit
    return hit.hit_id, hit.record_id


def sending(partner, **more):
    return Sending(partner=partner.id, offence=more.pop("offence", "4"), category="suspect", **more)


def asked_by(store, partner, now=NOW, **changes):
    """The id of a request of the partner, taken in."""
    letter = writes(partner, store, "request", msgspec.structs.replace(ASKED, **changes), now)
    return store.exchange.take(letter, ASKS, now).letter_id


def under(order, access=ASKS):
    return Access(access.actor, "b", access.case, order)


def answered(store, court, partner, *, now=NOW, records=(), letters=(), hits=(), **more):
    request = more.pop("request", None) or asked_by(store, partner, now, **more.pop("asked", {}))
    subjects = {"records": records, "letters": letters, "hits": hits}
    order = ordered(store, court, now, act="transfer", recipient=partner.id, **subjects)
    return store.exchange.send(sending(partner, answers=request, **more), under(order), now)


def missing(checked):
    assert isinstance(checked, Checked)
    return [one.item for one in checked.missing]


def entries(store, word="exchange."):
    rows = store._ground.db.execute("SELECT body FROM audit_entry ORDER BY row").fetchall()
    return [told for told in (json.loads(body) for (body,) in rows) if any(word in one for one in told["counts"])]


@pytest.mark.law("DIS-5", "DIS-1", "SEC-5")
def test_a_reviewed_hit_goes_to_another_unit_unasked_with_marks_and_terms(store):
    hit, record = confirmed(store)
    sent = store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    assert isinstance(sent, Sent) and sent.checked.article == "PNR 9(1)"
    data = reads(UNIT, sent.letter)
    (person,) = data.persons
    assert (person.reference, person.person_category) == (record, "suspect")
    assert person.traveller.surname.startswith("ZOGRAFI") and person.traveller.title == ""
    assert [one.fact_or_assessment for one in person.marks] == ["fact", "assessment"]
    assert all((*msgspec.structs.astuple(data.terms),))
    asked = store._ground.law.value("eu.led.marks", NOW.date()).items
    fields = {*msgspec.structs.asdict(person.marks[0]), *msgspec.structs.asdict(person)}
    assert set(asked) <= fields
    for item in store._ground.law.value("eu.pnr.recipient_conditions", NOW.date()).items:
        assert getattr(data.terms, item)


@pytest.mark.law("DIS-5", "SCR-5")
def test_unasked_nothing_goes_that_nobody_reviewed_and_nothing_without_words(store):
    hit = store.hits(now=NOW)[0].hit_id
    checked = store.exchange.send(sending(UNIT, hits=(hit,), offence="27"), UNASKED, NOW)
    assert missing(checked) == ["identified_by_review", "relevant_and_necessary", "for_listed_offence"]
    assert all(one.fix and "art. 9(1)" in one.article for one in checked.missing)
    assert entries(store) == [] and store.exchange.lines() == []


@pytest.mark.law("DIS-5", "DIS-3")
def test_once_the_flight_is_over_review_alone_is_not_enough(store, court):
    hit, _ = confirmed(store)
    late = store.hits(now=NOW)[0].deadline_at + timedelta(hours=1)
    plan = sending(UNIT, hits=(hit,), said=SAYS)
    assert missing(store.exchange.send(plan, UNASKED, late)) == ["approved_order"]
    order = ordered(store, court, late, act="transfer", recipient=UNIT.id, hits=[hit])
    with pytest.raises(UsageFault, match="exactly what it names"):
        store.exchange.send(plan, under(order), late)
    assert isinstance(store.exchange.send(sending(UNIT, said=SAYS), under(order), late), Sent)


@pytest.mark.law("DIS-5")
def test_a_reasoned_request_is_answered_under_an_order_that_names_the_recipient_once(store, court):
    _, record = confirmed(store)
    request = asked_by(store, UNIT)
    assert [one.open for one in store.exchange.lines()] == [True]
    assert missing(store.exchange.send(sending(UNIT, answers=request), ASKS, NOW)) == ["approved_order"]
    other = ordered(store, court, NOW, act="transfer", recipient=COUNTRY.id, records=[record])
    assert missing(store.exchange.send(sending(UNIT, answers=request), under(other), NOW)) == ["approved_order"]
    unmask = ordered(store, court, NOW, act="unmask", records=[record])
    assert missing(store.exchange.send(sending(UNIT, answers=request), under(unmask), NOW)) == ["approved_order"]
    sent = answered(store, court, UNIT, request=request, records=[record])
    data = reads(UNIT, sent.letter)
    assert isinstance(data, SentData) and len(data.persons[0].matches) == 1
    assert (sent.letter.answers, sent.checked.article) == (request, "PNR 9(2)")
    with pytest.raises(UsageFault, match="answered before"):
        store.exchange.send(sending(UNIT, answers=request), ASKS, NOW)
    again = asked_by(store, UNIT, NOW + timedelta(hours=1))
    used = store._ground.db.execute("SELECT order_id FROM exchange_letter WHERE order_id != ''").fetchone()[0]
    with pytest.raises(OrderFault, match="was used"):
        store.exchange.send(sending(UNIT, answers=again), under(used), NOW)


@pytest.mark.law("DIS-5", "DIS-4")
def test_what_is_masked_goes_with_the_approvers_half_alone(store, court):
    from test_orders import masked

    hit, record = confirmed(store)
    masked(store)
    later = NOW + timedelta(days=200)
    assert "approved_order" in missing(store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, later))
    request = asked_by(store, UNIT, later)
    urgent = store.orders.request(
        msgspec.structs.replace(_grounds(UNIT), urgent=True), Access("lead-2", "b", "case-7"), later, records=[record]
    )
    with pytest.raises(KeyGone):
        store.exchange.send(
            sending(UNIT, answers=request), under(urgent.order_id, Access("lead-2", "b", "case-7")), later
        )
    sent = answered(store, court, UNIT, now=later, request=request, records=[record])
    assert reads(UNIT, sent.letter).persons[0].traveller.surname.startswith("ZOGRAFI")


def _grounds(partner):
    from orders_setup import GROUNDS

    return msgspec.structs.replace(GROUNDS, act="transfer", recipient=partner.id)


@pytest.mark.law("DIS-5")
def test_an_authority_asks_directly_in_an_emergency_alone_and_its_unit_has_a_copy(store, court):
    _, record = confirmed(store)
    calm = asked_by(store, POLICE)
    checked = store.exchange.send(sending(POLICE, answers=calm), ASKS, NOW)
    assert missing(checked) == ["emergency", "copy_to_own_unit", "approved_order"]
    sent = answered(store, court, POLICE, records=[record], asked={"emergency": True, "copied_to": UNIT.id})
    assert sent.checked.article == "PNR 9(3)"


@pytest.mark.law("DIS-6")
def test_europol_is_answered_by_its_national_unit_within_its_competence_over_siena(store, court):
    _, record = confirmed(store)
    bare = store.exchange.send(sending(EUROPOL, answers=asked_by(store, EUROPOL), offence="2"), ASKS, NOW)
    assert missing(bare) == [
        "through_national_unit", "strictly_necessary", "within_competence", "approved_order", "europol_dpo_informed",
    ]  # fmt: skip
    sent = answered(
        store, court, EUROPOL, records=[record], said={"strictly_necessary": "no other source names the courier"},
        asked={"through": EUROPOL.through, "dpo_informed": True},
    )  # fmt: skip
    (told,) = [one for one in entries(store) if "exchange.data.sent.europol" in one["counts"]]
    assert told["counts"]["check.over_siena"] == told["counts"]["check.through_national_unit"] == 1
    assert (told["act"], told["recipient"], told["article"]) == ("disclosure", "europol", "PNR 10(1)")
    assert f"letter:{sent.letter.letter_id}" in [one.reference for one in store.inbox(NOW)]


@pytest.mark.law("DIS-7")
def test_a_third_country_gets_data_case_by_case_with_the_whole_list_answered_and_the_officer_told(store, court):
    _, record = confirmed(store)
    bare = store.exchange.send(sending(COUNTRY, answers=asked_by(store, COUNTRY)), ASKS, NOW)
    assert missing(bare) == ["competent_authority", "intended_use_ascertained", "approved_order"]
    sent = answered(store, court, COUNTRY, records=[record], said=ABROAD)
    assert "expressly agreed" in reads(COUNTRY, sent.letter).terms.onward
    codes = {one.item for one in sent.checked.items}
    assert set(store._ground.law.value("eu.pnr.third_countries", NOW.date()).items) <= codes and "adequacy" in codes
    (item,) = [one for one in store.inbox(NOW) if one.kind == "transfer.third_country"]
    assert item.due_at == store._ground.law.value("eu.pnr.third_country_verification", NOW.date()).period.after(NOW)
    (line,) = [one for one in store.exchange.lines() if one.way == "out"]
    assert line.checked["competent_authority"] == "officer" and line.checked["adequacy"] == "program"


@pytest.mark.law("DIS-7")
def test_without_adequacy_or_safeguards_a_derogation_is_named_for_the_case(store, court):
    _, record = confirmed(store)
    summer = NOW + timedelta(days=150)  # the decision on adequacy has ended
    assert "derogation" in missing(
        store.exchange.send(sending(COUNTRY, answers=asked_by(store, COUNTRY, summer)), ASKS, summer)
    )
    request = asked_by(store, WITHOUT_BASIS)
    plan = {"answers": request, "said": ABROAD | {"derogation": "an attack is near"}}
    assert missing(store.exchange.send(sending(WITHOUT_BASIS, **plan, derogation="convenience"), ASKS, NOW)) == [
        "approved_order", "derogation",
    ]  # fmt: skip
    sent = answered(
        store, court, WITHOUT_BASIS, records=[record], request=request, said=plan["said"],
        derogation="immediate_serious_threat",
    )  # fmt: skip
    assert sent.checked.derogation == "immediate_serious_threat"
    assert entries(store)[-1]["counts"]["derogation.immediate_serious_threat"] == 1


@pytest.mark.law("DIS-7")
def test_data_of_another_state_go_on_with_its_agreement_or_against_a_threat_then_it_is_told(store, court):
    letter = from_unit(store)
    plan = {"letters": [letter], "said": ABROAD}
    order = ordered(store, court, NOW, act="transfer", recipient=COUNTRY.id, letters=[letter])
    request = asked_by(store, COUNTRY)
    refused = store.exchange.send(sending(COUNTRY, answers=request, said=ABROAD), under(order), NOW)
    assert missing(refused) == ["originating_state_agreed"]
    agreed = answered(store, court, COUNTRY, request=request, consent="FR-agreed-9", **plan)
    assert agreed.notices == () and reads(COUNTRY, agreed.letter).persons[0].origin == UNIT.id
    half = store.exchange.send(
        sending(COUNTRY, answers=asked_by(store, COUNTRY), said=ABROAD | {"specific_actual_threat": "tonight"}),
        under(order), NOW,
    )  # fmt: skip
    assert missing(half) == ["no_time_to_ask"]
    threat = ABROAD | {"specific_actual_threat": "tonight", "no_time_to_ask": "it lands in an hour"}
    sent = answered(store, court, COUNTRY, letters=[letter], said=threat)
    (notice,) = sent.notices
    assert reads(UNIT, notice).what == "sent_without_consent"
    kinds = [one.kind for one in store.inbox(NOW)]
    assert kinds.count("transfer.without-consent") == 1 and kinds.count("transfer.third_country") == 2


def from_unit(store, references=("ab" * 16,)):
    """The id of results that a partner sent unasked, taken in."""
    flight = Flight()
    flight.add("PAXLST", PEOPLE)
    told = flight.messages[0]
    from pnr_pipeline.records.exchange import Mark, SentPerson

    persons = tuple(
        SentPerson(
            reference=one, traveller=told.travellers[at], flight=told.flights[0], person_category="suspect",
            marks=(Mark("traveller", "fact", "as told", NOW),),
        )
        for at, one in enumerate(references)
    )  # fmt: skip
    data = SentData(case="FR-7", offence="4", persons=persons, terms=terms_for(UNIT, "PNR 9(1)", "an invented unit"))
    return store.exchange.take(writes(UNIT, store, "data", data, NOW), UNASKED, NOW).letter_id


@pytest.mark.law("DIS-5", "DIS-1")
def test_results_that_came_wait_until_they_are_passed_on_and_each_look_is_noted(store):
    letter = from_unit(store)
    opened = store.exchange.show(letter, UNASKED, NOW)
    assert opened.line.open and opened.contents.persons[0].traveller.surname.startswith("ZOGRAFI")
    with pytest.raises(UsageFault, match="SEC-4"):
        store.exchange.show(letter, Access("engineer-1", "a", "case-7"), NOW)
    store.exchange.close(letter, UNASKED, NOW)
    assert not store.exchange.lines()[0].open
    assert store.oversight.reads(DPO, NOW, person="officer-7")[-2].references == (f"letter:{letter}",)


@pytest.mark.law("SEC-3", "DIS-7")
def test_nothing_goes_to_nobody_strangers_organisations_or_past_the_days_of_an_entry(store, tmp_path):
    hit, _ = confirmed(store)
    with pytest.raises(UsageFault, match="no such partner"):
        store.exchange.send(Sending(partner="zz-unit", offence="4", category="suspect", hits=(hit,)), UNASKED, NOW)
    with pytest.raises(UsageFault, match="no article"):
        store.exchange.send(sending(ORGANISATION, hits=(hit,), said=SAYS), UNASKED, NOW)
    with pytest.raises(UsageFault, match="ask first"):
        store.exchange.send(sending(EUROPOL, hits=(hit,), said=SAYS), UNASKED, NOW)
    with pytest.raises(UsageFault, match="nobody is named"):
        store.exchange.send(sending(UNIT, said=SAYS), UNASKED, NOW)
    with pytest.raises(UsageFault, match="holds from"):
        store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW + timedelta(days=400))
    nobody = load_profile("demo").model_copy(update={"exchange": Exchange()})
    with open_unit(tmp_path / "other", NOW, nobody) as lonely, pytest.raises(UsageFault, match="no id"):
        lonely.exchange.card()


@pytest.mark.law("DIS-3")
def test_a_transfer_order_names_a_recipient_of_the_register_and_no_other_order_does(store):
    record = confirmed(store)[1]
    grounds = _grounds(UNIT)
    with pytest.raises(OrderFault, match="one recipient"):
        store.orders.request(msgspec.structs.replace(grounds, recipient=""), ASKS, NOW, records=[record])
    with pytest.raises(OrderFault, match="one recipient"):
        store.orders.request(msgspec.structs.replace(grounds, act="disclose"), ASKS, NOW, records=[record])
    with pytest.raises(UsageFault, match="no such partner"):
        store.orders.request(msgspec.structs.replace(grounds, recipient="zz-unit"), ASKS, NOW, records=[record])
    letter = from_unit(store)
    assert Subject(letter, "S/2026-02-28") in store.orders.request(grounds, ASKS, NOW, letters=[letter]).subjects


@pytest.mark.law("DIS-5")
def test_a_letter_is_taken_in_once_from_its_partner_to_us_unchanged_and_in_time(store):
    body = writes(UNIT, store, "request", ASKED, NOW)
    assert store.exchange.verify(body, NOW)[1] == UNIT
    taken = store.exchange.take(body, ASKS, NOW)
    for look in (lambda: store.exchange.verify(body, NOW), lambda: store.exchange.take(body, ASKS, NOW)):
        with pytest.raises(UsageFault, match="taken in before"):
            look()
    stranger = UNIT.model_copy(update={"id": "zz-unit"})
    cases = {
        "no such partner": writes(stranger, store, "request", ASKED, NOW),
        "did not sign it": writes(COUNTRY, store, "request", ASKED, NOW, sender=UNIT.id),
        "was changed": writes(UNIT, store, "request", ASKED, NOW, sent_at=NOW - timedelta(hours=1)),
        "to somebody else": writes(UNIT, store, "request", ASKED, NOW, recipient="de-piu"),
        "future": writes(UNIT, store, "request", ASKED, NOW + timedelta(hours=1)),
        "older than 90 days": writes(UNIT, store, "request", ASKED, NOW - timedelta(days=58)),
        "no letter": b"\xff{}",
        "at most 16 MiB": bytes((16 << 20) + 1),
        "sealed in it is no refusal": writes(UNIT, store, "refusal", ASKED, NOW),
        "answers no request": writes(UNIT, store, "data", _empty(), NOW, answers=taken.letter_id),
        "names the request": writes(UNIT, store, "refusal", Refusal("nothing_held", "nobody"), NOW),
        "32 hex digits": writes(UNIT, store, "notice",
                                Notice(about="ZOGRAFI", what="data_wrong", references=(), words=""), NOW),
    }  # fmt: skip
    for told, letter in cases.items():
        at = NOW + timedelta(days=40) if told.startswith("older") else NOW
        with pytest.raises(UsageFault, match=told):
            store.exchange.take(letter, ASKS, at)
    assert [one.letter_id for one in store.exchange.lines()] == [taken.letter_id]


def _empty():

    return SentData(case="FR-7", offence="4", persons=(), terms=terms_for(UNIT, "PNR 9(2)", "an invented unit"))


@pytest.mark.law("DIS-5", "DIS-2")
def test_our_own_request_is_whole_waits_and_is_closed_by_its_answer(store):
    letter = store.exchange.request(UNIT.id, ASKED, ASKS, NOW)
    assert reads(UNIT, letter) == ASKED
    assert [one.open for one in store.exchange.lines()] == [True]
    for change in (
        {"reasons": " "},
        {"offence": "27"},
        {"sought": ()},
        {"sought": (SoughtPerson(),)},
        {"first": "2027"},
    ):
        with pytest.raises(UsageFault):
            store.exchange.request(UNIT.id, msgspec.structs.replace(ASKED, **change), ASKS, NOW)
    with pytest.raises(UsageFault, match="purpose b"):
        store.exchange.request(UNIT.id, ASKED, UNASKED, NOW)
    other = writes(COUNTRY, store, "refusal", Refusal("nothing_held", "nobody"), NOW, answers=letter.letter_id)
    with pytest.raises(UsageFault, match="answers no request"):
        store.exchange.take(other, ASKS, NOW)
    store.exchange.take(
        writes(UNIT, store, "refusal", Refusal("nothing_held", "nobody"), NOW, answers=letter.letter_id), ASKS, NOW
    )
    assert [one.open for one in store.exchange.lines()] == [False, False]


@pytest.mark.law("DIS-5")
def test_a_request_that_cannot_be_answered_is_refused_with_the_reason(store):
    request = asked_by(store, UNIT)
    with pytest.raises(UsageFault, match="what would help"):
        store.exchange.refuse(request, Refusal("not_reasoned", " "), ASKS, NOW)
    refusal = Refusal("not_reasoned", "name the facts")
    assert reads(UNIT, store.exchange.refuse(request, refusal, ASKS, NOW)) == refusal
    with pytest.raises(UsageFault, match="answered before"):
        store.exchange.refuse(request, refusal, ASKS, NOW)


@pytest.mark.law("SEC-5", "RGT-4")
def test_who_received_what_was_erased_is_named_and_told(store):
    hit, record = confirmed(store)
    sent = store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    assert store.exchange.show(sent.letter.letter_id, UNASKED, NOW).file
    with pytest.raises(UsageFault, match="nothing in this letter"):
        store.exchange.notify(sent.letter.letter_id, "erase it", UNASKED, NOW)
    assert store.retention.erase(record, "inaccurate", KEEPER, NOW).partners == (UNIT.id,)
    assert store.exchange.lines()[0].wrong == 1
    assert store.exchange.show(sent.letter.letter_id, UNASKED, NOW).file == b""
    notice = reads(UNIT, store.exchange.notify(sent.letter.letter_id, "erase it", UNASKED, NOW))
    assert (notice.about, notice.references) == (sent.letter.letter_id, (record,))
    assert [one.wrong for one in store.exchange.lines() if one.kind == "data"] == [0]


@pytest.mark.law("SEC-5", "ING-8")
def test_what_a_recalled_message_told_abroad_is_named_and_a_record_corrected_by_hand_can_be(store):
    hit, record = confirmed(store)
    sent = store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    with pytest.raises(UsageFault, match="did not tell"):
        store.exchange.notify(sent.letter.letter_id, "rectify it", UNASKED, NOW, records=["cd" * 16])
    assert reads(UNIT, store.exchange.notify(sent.letter.letter_id, "rectify it", UNASKED, NOW, records=[record]))
    (message,) = store._ground.db.execute("SELECT message_id FROM push").fetchone()
    assert store.retention.recall(message, KEEPER, LISTS, NOW).partners == (UNIT.id,)


@pytest.mark.law("SEC-5")
def test_a_partners_notice_is_followed_here_and_by_those_who_had_it_from_us(store, court):
    first, second = "ab" * 16, "cd" * 16
    letter = from_unit(store, (first, second))
    answered(store, court, COUNTRY, letters=[letter], consent="FR-agreed-9", said=ABROAD)
    notice = Notice(about=letter, what="data_wrong", references=(first,), words="another person")
    foreign = store.exchange.take(writes(COUNTRY, store, "notice", notice, NOW), UNASKED, NOW)
    with pytest.raises(UsageFault, match="did not write"):
        store.exchange.follow(foreign.letter_id, UNASKED, NOW)
    taken = store.exchange.take(writes(UNIT, store, "notice", notice, NOW), UNASKED, NOW)
    assert store.exchange.follow(taken.letter_id, UNASKED, NOW) == (COUNTRY.id,)
    assert [one.reference for one in store.exchange.show(letter, UNASKED, NOW).contents.persons] == [second]


@pytest.mark.law("LOG-1", "LOG-6")
def test_documentation_figures_and_log_tell_every_request_and_transfer_and_no_name(store, court):
    hit, record = confirmed(store)
    store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    answered(store, court, COUNTRY, records=[record], said=ABROAD)
    told = store.oversight.documentation(DPO, NOW)
    assert [one["kind"] for one in told["requests of authorities and units"]] == ["data"]
    assert {one["kind"] for one in told["requests and transfers to third countries"]} == {"request", "data"}
    assert len(told["partners abroad"]) == 6
    figures = store.oversight.statistics(NOW.year, DPO, NOW).figures
    told_of = {"exchange, request received, third_country", "exchange, data sent, piu"}
    assert told_of | {"persons whose data were exchanged abroad"} <= figures.keys()
    rows = store._ground.db.execute("SELECT body FROM audit_entry").fetchall()
    rows += store._ground.db.execute("SELECT * FROM exchange_letter").fetchall()
    for secret in ("ZOGRAFI", ASKED.reasons, SAYS["relevant_and_necessary"], ASKED.case):
        assert secret not in repr(rows) + repr(told)


@pytest.mark.law("LOG-2")
def test_each_act_of_an_exchange_is_one_event(store, court):
    hit, record = confirmed(store)
    request = asked_by(store, UNIT)
    store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    answered(store, court, UNIT, request=request, records=[record])
    store.exchange.request(UNIT.id, ASKED, ASKS, NOW)
    acts = [(one["act"], next(iter(one["counts"]))) for one in entries(store)]
    assert len(acts) == 4 and [act for act, _ in acts] == ["collection", "disclosure", "disclosure", "disclosure"]


@pytest.mark.law("RET-3", "RET-7")
def test_what_was_exchanged_ends_with_its_period_and_the_references_stay(store, tmp_path):
    hit, _ = confirmed(store)
    store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
    letter = from_unit(store)
    from pnr_pipeline.stores.sql.period_rows import clear_rows, counted

    store._ground.db.execute("INSERT INTO clearing VALUES ('S/2026-02-28', 'delete', NULL, '{}')")
    clear_rows(store._ground, "S", "S/2026-02-28", "delete")
    counts = counted(store._ground, "S/2026-02-28", "delete")
    assert counts["letters"] == 2
    assert store.exchange.show(letter, UNASKED, NOW).contents is None
    assert len(store.exchange.lines()) == 2


@pytest.mark.law("RGT-4")
def test_a_restricted_record_goes_to_nobody(store):
    hit, record = confirmed(store)
    store._ground.db.execute("INSERT INTO restriction VALUES (?, 'R-1', 'dpo-1', '2026-02-28', 1)", (record,))
    with pytest.raises(UsageFault, match="restricted"):
        store.exchange.send(sending(UNIT, hits=(hit,), said=SAYS), UNASKED, NOW)
