import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import KeyGone, StoreFault
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sealed_box import UnitKeys, open_box, seal_box

DAY, RECORD = "S/2026-01-10", "0f" * 16


@pytest.fixture(scope="module")
def sealer(tmp_path_factory):
    return Sealer(FileKeystore(tmp_path_factory.mktemp("keys")), "demo")


@given(clear=st.binary(max_size=500))
def test_what_was_sealed_opens_and_never_looks_the_same_twice(sealer, clear):
    sealed = sealer.seal(DAY, "identity", RECORD, 1, clear)
    assert sealer.open(DAY, "identity", RECORD, 1, sealed) == clear
    assert sealer.seal(DAY, "identity", RECORD, 1, clear) != sealed


@given(place=st.integers(0, 200), bit=st.integers(0, 7))
def test_one_changed_bit_is_found(sealer, place, bit):
    sealed = bytearray(sealer.seal(DAY, "identity", RECORD, 1, b"an invented person"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(StoreFault):
        sealer.open(DAY, "identity", RECORD, 1, bytes(sealed))


@pytest.mark.parametrize(
    ("period", "part", "record", "version"),
    [
        ("S/2026-01-11", "identity", RECORD, 1),
        (DAY, "hits", RECORD, 1),
        (DAY, "identity", "0e" * 16, 1),
        (DAY, "identity", RECORD, 2),
    ],
)
def test_a_seal_moved_to_another_period_part_record_or_version_does_not_open(sealer, period, part, record, version):
    sealed = sealer.seal(DAY, "identity", RECORD, 1, b"an invented person")
    with pytest.raises(StoreFault):
        sealer.open(period, part, record, version, sealed)


@pytest.mark.law("SCR-12")
def test_a_seal_moved_to_another_deployment_does_not_open_even_with_its_keys(tmp_path):
    keystore = FileKeystore(tmp_path)
    sealed = Sealer(keystore, "demo").seal(DAY, "identity", RECORD, 1, b"x")
    with pytest.raises(StoreFault):
        Sealer(keystore, "eu").open(DAY, "identity", RECORD, 1, sealed)


@pytest.mark.law("RET-8")
def test_what_a_destroyed_period_sealed_is_gone_and_its_neighbours_are_not(tmp_path):
    sealer = Sealer(FileKeystore(tmp_path), "demo")
    gone = sealer.seal(DAY, "identity", RECORD, 1, b"x")
    stays = sealer.seal(DAY, "hits", RECORD, 1, b"y")
    sealer.destroy([(DAY, "identity")])
    with pytest.raises(KeyGone):
        sealer.open(DAY, "identity", RECORD, 1, gone)
    assert sealer.open(DAY, "hits", RECORD, 1, stays) == b"y"


def test_a_box_opens_for_its_unit_and_its_event_alone(tmp_path):
    keys = UnitKeys(tmp_path)
    box = seal_box(keys.public("mk-skp"), b"for Skopje", b"event-1")
    assert open_box(keys.private("mk-skp"), box, b"event-1") == b"for Skopje"
    keys.public("rs-beg")
    for private, bound in ((keys.private("rs-beg"), b"event-1"), (keys.private("mk-skp"), b"event-2")):
        with pytest.raises(StoreFault):
            open_box(private, box, bound)
    for broken in (b"", box[:20], box[:-1]):
        with pytest.raises(StoreFault):
            open_box(keys.private("mk-skp"), broken, b"event-1")


def test_a_unit_that_laid_its_own_public_key_here_is_sealed_to_with_it(tmp_path):
    elsewhere = UnitKeys(tmp_path / "unit")
    public = elsewhere.public("mk-skp")
    piu = UnitKeys(tmp_path / "piu")
    (tmp_path / "piu").mkdir()
    (tmp_path / "piu" / "mk-skp.pub").write_text(public.hex())
    box = seal_box(piu.public("mk-skp"), b"x", b"")
    assert open_box(elsewhere.private("mk-skp"), box, b"") == b"x"
    with pytest.raises(StoreFault):
        piu.private("mk-skp")
