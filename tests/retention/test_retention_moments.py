from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law import Period, Profile
from pnr_pipeline.retention import KeyClass, key_period, moments, period_class
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_profile

LAW = load_law()
EU = load_profile()
RECEIVED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

receipts = st.datetimes(
    datetime(2018, 5, 26),  # noqa: DTZ001  hypothesis wants the bounds without zone
    datetime(2070, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9))]),
)


@pytest.mark.law("RET-2", "RET-3")
def test_an_ordinary_record_is_masked_and_deleted_whole_after_six_months() -> None:
    mask, delete = moments(EU, LAW, RECEIVED)
    assert (mask.what, delete.what) == ("mask", "delete")
    assert mask.at == delete.at == datetime(2027, 5, 23, 8, 30, tzinfo=UTC)
    assert mask.because == "Directive (EU) 2016/681 art. 12(2) (RET-2)"
    assert "C-817/19" in delete.because
    assert "(RET-3)" in delete.because


@pytest.mark.law("RET-1")
def test_a_record_promoted_on_evidence_is_masked_then_and_deleted_after_five_years() -> None:
    mask, delete = moments(EU, LAW, RECEIVED, promoted=True)
    assert mask.at == datetime(2027, 5, 23, 8, 30, tzinfo=UTC)
    assert delete.at == datetime(2031, 11, 23, 8, 30, tzinfo=UTC)
    assert "art. 12(1), (4) (RET-1)" in delete.because


@pytest.mark.law("RET-4")
def test_a_border_record_is_deleted_after_a_day_under_the_directive_in_force() -> None:
    (delete,) = moments(EU, LAW, RECEIVED, "border")
    assert delete.at == RECEIVED + timedelta(hours=24)
    assert delete.because == "Directive 2004/82/EC art. 6(1) (RET-4)"


def test_outside_the_eu_a_profile_with_a_national_basis_keeps_all_for_five_years_but_masks() -> None:
    text = rule_texts("profiles")["rules/profiles/eu.yaml"]
    text = text.replace("jurisdiction: eu", "jurisdiction: other").replace("period_class: S", "period_class: L")
    national = Profile.from_text(text + "deviations: [{requirement: RET-3, basis: A national act}]\n", "n.yaml")
    mask, delete = moments(national, LAW, RECEIVED)
    assert (mask.at.year, delete.at.year) == (2027, 2031)


def test_before_the_law_held_there_is_no_answer() -> None:
    with pytest.raises(RuleFault, match="in force on 2018-05-24"):
        moments(EU, LAW, datetime(2018, 5, 24, 23, 59, tzinfo=UTC))


def test_the_day_of_the_law_is_the_day_in_utc() -> None:
    tirana = timezone(timedelta(hours=2))
    with pytest.raises(RuleFault, match="in force on 2018-05-24"):
        moments(EU, LAW, datetime(2018, 5, 25, 1, 59, tzinfo=tirana))
    assert moments(EU, LAW, datetime(2018, 5, 25, 2, 0, tzinfo=tirana))


@given(receipts, st.booleans())
def test_masking_never_comes_after_deletion_and_both_after_receipt(received_at: datetime, promoted: bool) -> None:
    mask, delete = moments(EU, LAW, received_at, promoted=promoted)
    assert received_at < mask.at <= delete.at
    assert mask.at.tzinfo is UTC
    assert delete.at <= Period.parse("P5Y").after(received_at)


@pytest.mark.law("RET-1")
@given(receipts)
def test_six_months_are_181_to_184_days_and_five_years_1825_to_1827(received_at: datetime) -> None:
    mask, delete = moments(EU, LAW, received_at, promoted=True)
    assert timedelta(days=181) - timedelta(days=3) <= mask.at - received_at <= timedelta(days=184)
    assert timedelta(days=1825) <= delete.at - received_at <= timedelta(days=1827)


@pytest.mark.parametrize(
    ("key_class", "period_id", "hours"),
    [("ingest", "ingest/2026-11-23T08", 72), ("api", "api/2026-11-23T08", 24), ("S", "S/2026-11-23", 181 * 24)],
)
def test_a_key_period_is_named_by_class_and_start_and_ends_counted_from_its_start(
    key_class: KeyClass, period_id: str, hours: int
) -> None:
    period = key_period(key_class, RECEIVED, LAW)
    assert period.id == period_id
    assert period.expires_at - period.starts_at == timedelta(hours=hours)


@given(receipts, st.sampled_from(["S", "L"]))
def test_a_key_goes_no_later_than_the_law_wants_the_records_it_seals_gone(
    received_at: datetime, key_class: KeyClass
) -> None:
    period = key_period(key_class, received_at, LAW)
    *_, delete = moments(EU, LAW, received_at, promoted=key_class == "L")
    assert period.starts_at <= received_at < period.starts_at + timedelta(days=1)
    assert delete.at - timedelta(days=1) < period.expires_at <= delete.at


@pytest.mark.law("RET-4")
@given(receipts)
def test_an_hourly_key_goes_no_later_than_its_hour_allows(received_at: datetime) -> None:
    (delete,) = moments(EU, LAW, received_at, "border")
    assert delete.at - timedelta(hours=1) < key_period("api", received_at, LAW).expires_at <= delete.at
    dead_letter_ends = key_period("ingest", received_at, LAW).expires_at
    assert timedelta(hours=71) < dead_letter_ends - received_at <= timedelta(hours=72)


@pytest.mark.law("RET-3")
def test_only_evidence_promotes() -> None:
    assert period_class(EU) == "S"
    assert period_class(EU, promoted=True) == "L"


@given(receipts, st.sampled_from(["ingest", "api", "S", "L"]))
def test_all_that_one_key_seals_shares_its_start_and_its_end(received_at: datetime, key_class: KeyClass) -> None:
    period = key_period(key_class, received_at, LAW)
    assert key_period(key_class, period.starts_at, LAW) == period
    span = timedelta(days=1) if key_class in ("S", "L") else timedelta(hours=1)
    last = period.starts_at + span - timedelta(microseconds=1)
    assert key_period(key_class, last, LAW) == period
    assert key_period(key_class, last + timedelta(microseconds=1), LAW).id != period.id
