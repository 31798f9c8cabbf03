"""Only objective evidence keeps a record beyond six months, masked, and for five years at most (RET-1 to RET-3)."""

import secrets
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from store_setup import ACCESS, NOW, Count, commit, entry, index_of, open_demo, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, StoreFault, UsageFault
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.approver_half import half_of, open_period_key, signed_card
from pnr_pipeline.stores.sql.approver_seals import box_of
from pnr_pipeline.stores.sql.travellers import open_traveller
from pnr_pipeline.stores.staff_file import exercise_key

SIX_MONTHS, FIVE_YEARS = datetime(2026, 8, 28, tzinfo=UTC), datetime(2031, 2, 28, tzinfo=UTC)
KEEPER = Access("retention-1", "b", "case-9")
DAY = "L/2026-02-28"
WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
OTHER = Truth(2, "MARKOVSKI", "GORDANA", "1985-03-03", "F", "U0000002", "document", "KCD456")
LISTS = index_of([entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")])


@pytest.fixture
def month():
    return X25519PrivateKey.generate()


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def store(tmp_path, count, month):
    with open_demo(tmp_path / "state", count=count) as opened:
        card = signed_card("court-1", exercise_key("court-1"), {"2026-02": month.public_key().public_bytes_raw()})
        opened._ground.state.approver_card.write_bytes(msgspec.json.encode(card))
        flight = Flight()
        flight.add("PNRGOV", [WHO, OTHER])
        for message in flight.messages:
            commit(opened, received(message), [message], LISTS)
        yield opened


def confirmed(store) -> str:
    """The one hit, confirmed by a person; its record."""
    (line,) = store.hits("new", now=NOW)
    decision = Decision(
        line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4", "flight-as-means"
    )
    store.decide(decision, review_codes(), case="case-1")
    return line.hit_id


def record_of(store, hit_id) -> str:
    return store._ground.db.execute("SELECT record_id FROM hit WHERE hit_id = ?", (hit_id,)).fetchone()[0]


def grounds(evidence, *, review_by=date(2027, 2, 28)) -> Grounds:
    return Grounds(evidence, "verified-hit", review_by)


def promoted(store) -> tuple[str, str]:
    hit_id = confirmed(store)
    record_id = record_of(store, hit_id)
    assert store.retention.promote([record_id], grounds(f"hit:{hit_id}"), KEEPER, NOW) == 1
    return record_id, hit_id


def sweep_at(store, count, at):
    count.now = at
    return store.retention.sweep(at)


def test_a_promoted_record_and_its_confirmed_hit_are_read_as_before_until_six_months(store, count):
    record_id, hit_id = promoted(store)
    sweep_at(store, count, SIX_MONTHS - timedelta(seconds=1))
    assert open_traveller(store._ground, record_id).person.view.surname == "KELMENDI"
    file = store.hit(hit_id, ACCESS, NOW)
    assert (file.hit.state, len(file.versions)) == ("confirmed", 1)


@pytest.mark.law("RET-2", "RET-3")
def test_at_six_months_the_others_go_whole_and_the_promoted_one_is_masked_by_its_article(store, count):
    record_id, hit_id = promoted(store)
    swept = sweep_at(store, count, SIX_MONTHS)
    assert [(one.period, one.what) for one in swept.ended] == [("S/2026-02-28", "delete"), (DAY, "mask")]
    assert swept.count("records") == 3  # another traveller and two bookings
    heads = store._ground.db.execute("SELECT record_id, open FROM record_head JOIN body USING (record_id)").fetchall()
    assert [one for one, _ in heads] == [record_id]
    assert "KAB123" in heads[0][1]
    for read in (lambda: open_traveller(store._ground, record_id), lambda: store.hit(hit_id, ACCESS, SIX_MONTHS)):
        with pytest.raises(
            Masked, match=r"masked since 2026-08-28 by Directive \(EU\) 2016/681 art. 12\(2\) \(RET-2\)"
        ):
            read()
    assert store.hits(now=SIX_MONTHS) == []


def test_after_masking_the_approvers_half_opens_the_one_record_and_its_hit(store, count, month):
    record_id, hit_id = promoted(store)
    sweep_at(store, count, SIX_MONTHS)
    ground = store._ground
    key = open_period_key(month.private_bytes_raw(), DAY, box_of(ground, DAY))
    halves = {(DAY, one): half_of(key, one) for one in (record_id, hit_id)}
    sealer = ground.sealer.opened_by(halves)
    for part, subject, table, column in (
        ("identity", record_id, "body", "identity"),
        ("hits", hit_id, "hit", "sealed"),
    ):
        key_column = "record_id" if part == "identity" else "hit_id"
        (sealed,) = ground.db.execute(f"SELECT {column} FROM {table} WHERE {key_column} = ?", (subject,)).fetchone()
        version = 1 if part == "identity" else store._ground.db.execute("SELECT version FROM hit").fetchone()[0]
        assert b"KELMENDI" in sealer.open(DAY, part, subject, version, bytes(sealed))


@pytest.mark.law("RET-1")
def test_at_five_years_the_promoted_record_goes_too_and_no_half_opens_a_copy(store, count, month):
    record_id, _ = promoted(store)
    sweep_at(store, count, SIX_MONTHS)
    (sealed,) = store._ground.db.execute("SELECT identity FROM body WHERE record_id = ?", (record_id,)).fetchone()
    key = open_period_key(month.private_bytes_raw(), DAY, box_of(store._ground, DAY))
    (ended,) = sweep_at(store, count, FIVE_YEARS).ended
    assert (ended.what, ended.counts["records"], ended.counts["hits"]) == ("delete", 1, 1)
    for table in ("record_head", "body", "hit", "hit_version", "decision", "promotion", "approver_seal"):
        assert store._ground.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    with pytest.raises(StoreFault):
        store._ground.sealer.opened_by({(DAY, record_id): half_of(key, record_id)}).open(
            DAY, "identity", record_id, 1, bytes(sealed)
        )


@pytest.mark.law("RET-3")
@pytest.mark.parametrize("evidence", ["", "a long story about somebody 1", "rumour"])
def test_without_a_reference_there_is_no_promotion(evidence):
    with pytest.raises(UsageFault, match="RET-3"):
        grounds(evidence)


@pytest.mark.law("RET-3")
def test_a_match_that_nobody_confirmed_or_a_hit_of_another_record_is_no_evidence(store):
    (line,) = store.hits("new", now=NOW)
    record_id = record_of(store, line.hit_id)
    for evidence in (f"hit:{line.hit_id}", f"hit:{secrets.token_hex(16)}"):
        with pytest.raises(UsageFault, match="confirmed"):
            store.retention.promote([record_id], grounds(evidence), KEEPER, NOW)
    assert store._ground.db.execute("SELECT count(*) FROM promotion").fetchone() == (0,)


@pytest.mark.parametrize("review_by", [NOW.date(), date(2031, 3, 1)])
def test_the_review_comes_after_today_and_before_all_keeping_ends(store, review_by):
    record_id = record_of(store, confirmed(store))
    with pytest.raises(UsageFault, match="RET-1"):
        store.retention.promote([record_id], grounds("check:2026-17", review_by=review_by), KEEPER, NOW)


def test_who_decides_on_hits_does_not_decide_what_is_kept(store):
    record_id = record_of(store, confirmed(store))
    with pytest.raises(UsageFault, match="SEC-4"):
        store.retention.promote([record_id], grounds("check:2026-17"), Access("officer-7", "b", "case-9"), NOW)


def test_a_review_that_is_past_is_listed_until_it_is_renewed(store):
    record_id, _ = promoted(store)
    late = NOW + timedelta(days=400)
    (line,) = store.retention.calendar(late).reviews_due
    assert (line.record_id, line.review_by) == (record_id, "2027-02-28")
    store.retention.promote([record_id], grounds("check:2027-3", review_by=date(2028, 1, 1)), KEEPER, late)
    assert store.retention.calendar(late).reviews_due == ()


def test_without_the_approvers_card_nothing_is_kept_beyond_six_months(store):
    record_id = record_of(store, confirmed(store))
    store._ground.state.approver_card.unlink()
    with pytest.raises(StoreFault, match="DIS-4"):
        store.retention.promote([record_id], grounds("check:2026-17"), KEEPER, NOW)
    assert open_traveller(store._ground, record_id).term.period.startswith("S/")
