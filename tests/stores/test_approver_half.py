import secrets

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from store_setup import open_demo

from pnr_pipeline.errors import KeyGone, Masked, StoreFault
from pnr_pipeline.stores.approver_half import half_of, open_period_key, read_card, signed_card
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sql.approver_seals import box_of, hold_half
from pnr_pipeline.stores.staff_file import exercise_key

DAY = "L/2026-01-10"
RECORDS = [secrets.token_hex(16) for _ in range(20)]


@pytest.fixture
def approver():
    """The approver's private key of January, and what his card says in public."""
    month = X25519PrivateKey.generate()
    card = signed_card("court-1", exercise_key("court-1"), {"2026-01": month.public_key().public_bytes_raw()})
    return month.private_bytes_raw(), card


@pytest.fixture
def ground(tmp_path, approver):
    with open_demo(tmp_path / "state") as store:
        store._ground.state.approver_card.write_bytes(msgspec.json.encode(approver[1]))
        yield store._ground


def _promoted(ground):
    hold_half(ground, DAY)
    return {record: ground.sealer.seal(DAY, "identity", record, 1, record.encode()) for record in RECORDS}


def test_nothing_is_sealed_for_five_years_before_the_approver_holds_his_half(ground):
    with pytest.raises(StoreFault, match="there is none"):
        ground.sealer.seal(DAY, "identity", RECORDS[0], 1, b"x")
    with pytest.raises(StoreFault, match="published no key for 2026-02"):
        hold_half(ground, "L/2026-02-01")


@pytest.mark.law("DIS-4")
def test_until_masking_the_unit_opens_its_records_and_afterwards_it_cannot_dis_4(ground, tmp_path):
    sealed = _promoted(ground)
    assert ground.sealer.open(DAY, "identity", RECORDS[0], 1, sealed[RECORDS[0]]) == RECORDS[0].encode()
    ground.sealer.destroy([(DAY, "approver")])
    for sealer in (ground.sealer, Sealer(FileKeystore(ground.state.keys), "demo")):
        with pytest.raises(Masked):
            sealer.open(DAY, "identity", RECORDS[0], 1, sealed[RECORDS[0]])
    with pytest.raises(Masked):
        hold_half(ground, DAY)


@pytest.mark.law("DIS-4")
def test_a_released_half_opens_its_record_and_no_other_of_all_dis_4(ground, approver):
    sealed = _promoted(ground)
    key = open_period_key(approver[0], DAY, box_of(ground, DAY))
    ground.sealer.destroy([(DAY, "approver")])
    for released in RECORDS:
        half = half_of(key, released)
        for record in RECORDS:
            sealer = ground.sealer.opened_by({(DAY, record): half})
            if record == released:
                assert sealer.open(DAY, "identity", record, 1, sealed[record]) == record.encode()
            else:
                with pytest.raises(StoreFault):
                    sealer.open(DAY, "identity", record, 1, sealed[record])


def test_the_approver_who_has_every_file_but_not_the_units_keys_opens_nothing(ground, approver, tmp_path):
    sealed = _promoted(ground)
    key = open_period_key(approver[0], DAY, box_of(ground, DAY))
    foreign = FileKeystore(tmp_path / "elsewhere")
    foreign.wrap(f"{DAY}/approver", key)
    with pytest.raises(StoreFault):
        Sealer(foreign, "demo").open(DAY, "identity", RECORDS[0], 1, sealed[RECORDS[0]])


@pytest.mark.law("RET-1")
def test_when_the_unit_destroys_its_own_half_after_five_years_no_release_opens_anything_ret_1(ground, approver):
    sealed = _promoted(ground)
    key = open_period_key(approver[0], DAY, box_of(ground, DAY))
    ground.sealer.destroy([(DAY, "identity")])
    sealer = ground.sealer.opened_by({(DAY, RECORDS[0]): half_of(key, RECORDS[0])})
    with pytest.raises(KeyGone):
        sealer.open(DAY, "identity", RECORDS[0], 1, sealed[RECORDS[0]])


def test_a_box_of_another_day_or_a_changed_card_is_refused(ground, approver):
    _promoted(ground)
    with pytest.raises(StoreFault):
        open_period_key(approver[0], "L/2026-01-11", box_of(ground, DAY))
    other = msgspec.structs.replace(approver[1], seals={"2026-01": secrets.token_hex(32)})
    with pytest.raises(StoreFault, match="changed"):
        read_card(msgspec.json.encode(other))


def test_classes_that_are_not_masked_have_one_side(ground):
    sealed = ground.sealer.seal("S/2026-01-10", "identity", RECORDS[0], 1, b"x")
    assert ground.sealer.open("S/2026-01-10", "identity", RECORDS[0], 1, sealed) == b"x"
    assert ground.sealer.seal(DAY, "open", RECORDS[0], 1, b"x")


def test_a_card_signed_by_another_key_than_that_of_the_staff_file_is_not_sealed_to(ground, approver):
    card = signed_card("court-1", exercise_key("officer-7"), {"2026-01": bytes.fromhex(approver[1].seals["2026-01"])})
    ground.state.approver_card.write_bytes(msgspec.json.encode(card))
    with pytest.raises(StoreFault, match="staff file"):
        hold_half(ground, DAY)
