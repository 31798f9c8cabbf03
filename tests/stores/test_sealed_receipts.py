"""Receipts that wait outside the database: nothing of them can be read without the key of their hour."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from store_setup import NOW, Count, open_demo

from pnr_pipeline.errors import Damaged, KeyGone
from pnr_pipeline.records import LogPlace

BODY = b"UNA:+.? 'UNB+UNOA:4+QXCARR+PNRGOV+260108:0900+1'NAD+FL+++DRAGANOV:ARBEN'"
LEG = "QX7/2026-01-10/IST-SKP"


@pytest.mark.law("ING-2", "SEC-1")
def test_what_is_sealed_is_opened_again_and_tells_nothing_until_then(tmp_path):
    with open_demo(tmp_path) as store:
        sealed = store.seal_receipt(BODY, LEG, NOW)
        lies_there = sealed.id.encode() + sealed.period.encode() + sealed.leg + sealed.box
        assert not [word for word in (b"DRAGANOV", b"QX7", b"QXCARR", b"SKP") if word in lies_there]
        place = LogPlace("log/identity/0", 0, 0)
        opened = store.open_receipt(sealed, "kafka:log", place)
        assert (opened.body, opened.received_at, opened.item, opened.place) == (BODY, NOW, sealed.id, place)


def test_receipts_of_one_leg_have_one_key_and_those_of_another_leg_another(tmp_path):
    with open_demo(tmp_path) as store:
        one, two, other = (store.seal_receipt(BODY, leg, NOW) for leg in (LEG, LEG, "QX8/2026-01-10/IST-SKP"))
        assert one.leg == two.leg != other.leg
        assert one.id != two.id
        assert one.box != two.box


@pytest.mark.parametrize("change", ["a bit of the box", "the id", "the hour", "no hour at all", "empty"])
def test_what_was_changed_or_moved_is_not_opened(tmp_path, change):
    with open_demo(tmp_path) as store:
        sealed = store.seal_receipt(BODY, LEG, NOW)
        changed = {
            "a bit of the box": replace(sealed, box=sealed.box[:-1] + bytes([sealed.box[-1] ^ 1])),
            "the id": replace(sealed, id="0" * 32),
            "the hour": replace(sealed, period="ingest/2026-02-28T09"),
            "no hour at all": replace(sealed, period="S/2026-02-28"),
            "empty": replace(sealed, box=b""),
        }[change]
        keys = set(store._ground.sealer._keystore.names())
        with pytest.raises(Damaged):
            store.open_receipt(changed, "kafka:log")
        assert set(store._ground.sealer._keystore.names()) == keys


@pytest.mark.law("ING-2", "RET-8")
def test_after_72_hours_its_key_is_destroyed_wherever_the_receipt_lies(tmp_path):
    count = Count()
    with open_demo(tmp_path, count=count) as store:
        sealed = store.seal_receipt(BODY, LEG, NOW)
        for hours, opens in ((71, True), (73, False)):
            count.now = NOW + timedelta(hours=hours)
            store.retention.sweep(count.now)
            if opens:
                assert store.open_receipt(sealed, "kafka:log").body == BODY
        with pytest.raises(KeyGone):
            store.open_receipt(sealed, "kafka:log")
