import stat
from datetime import UTC, datetime

import pytest

from pnr_pipeline.errors import RuleFault, StoreFault, UsageFault
from pnr_pipeline.records import EntryName, ListEntry, ListRegistration, Traveller
from pnr_pipeline.screening import screen
from pnr_pipeline.stores.list_snapshots import ListShelf

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)


def registration(list_id="wanted", review_by="2027-05-01", owner="Invented police"):
    return ListRegistration(
        id=list_id, title="Invented", owner=owner, legal_basis="Invented act", offences=("4",), kind="persons",
        domain="law_enforcement", quality="fact", update_duty="daily", review_by=review_by,
    )  # fmt: skip


def entry(number, full="Arben Kelmendi", born="1982-11-30"):
    return ListEntry(number, "wanted", (EntryName(full),), (born,))


@pytest.fixture
def shelf(tmp_path):
    return ListShelf(tmp_path / "lists")


def test_what_is_published_is_screened_with(shelf):
    version = shelf.publish(registration(), [entry("e1")], NOW)
    index = shelf.load(NOW)
    assert shelf.versions() == dict(index.list_versions) == {"wanted": version}
    (match,) = screen([Traveller(1, "passenger", "KELMENDI", "ARBEN", date_of_birth="1982-11-30")], index, NOW)
    assert (match.list_version, match.entry_id) == (version, "e1")


def test_a_version_is_a_hash_of_content_whatever_the_order(shelf):
    first = shelf.publish(registration(), [entry("e1"), entry("e2", "Drita Hoxha")], NOW)
    assert shelf.publish(registration(), [entry("e2", "Drita Hoxha"), entry("e1")], NOW) == first
    assert shelf.publish(registration(), [entry("e1")], NOW) != first


def test_an_index_has_another_version_when_a_list_has(shelf):
    shelf.publish(registration(), [entry("e1")], NOW)
    before = shelf.load(NOW).version
    shelf.publish(registration(), [entry("e1"), entry("e2")], NOW)
    assert shelf.load(NOW).version != before


@pytest.mark.law("SCR-3")
def test_a_list_with_an_incomplete_register_entry_is_not_published(shelf):
    with pytest.raises(RuleFault, match="lacks owner"):
        shelf.publish(registration(owner=""), [entry("e1")], NOW)
    assert shelf.versions() == {}


@pytest.mark.law("SCR-3")
def test_a_list_whose_review_is_overdue_neither_publishes_nor_loads(shelf):
    with pytest.raises(RuleFault, match="review"):
        shelf.publish(registration(), [entry("e1")], LATER)
    shelf.publish(registration(), [entry("e1")], NOW)
    with pytest.raises(RuleFault, match=r"review was due by 2027-05-01.*SCR-3"):
        shelf.load(LATER)


def test_an_empty_file_does_not_take_a_list_out_of_force(shelf):
    version = shelf.publish(registration(), [entry("e1")], NOW)
    with pytest.raises(UsageFault, match="retire"):
        shelf.publish(registration(), [], NOW)
    assert shelf.versions() == {"wanted": version}


def test_a_changed_snapshot_is_not_screened_with(shelf):
    version = shelf.publish(registration(), [entry("e1")], NOW)
    path = shelf.root / "wanted" / f"{version}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Arben", b"Arban"))
    with pytest.raises(StoreFault, match="changed after it was published"):
        shelf.load(NOW)


def test_snapshots_are_for_the_owner_alone(shelf):
    shelf.publish(registration(), [entry("e1")], NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in shelf.root.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE((shelf.root / "wanted").stat().st_mode) == 0o700


def test_a_retired_list_finds_nobody_and_keeps_its_snapshots(shelf):
    version = shelf.publish(registration(), [entry("e1")], NOW)
    shelf.retire("wanted", LATER)
    assert shelf.load(NOW).entry("wanted", "e1") is None
    assert shelf.read("wanted", version)[1] == [entry("e1")]
    assert [what for _, what in shelf.journal("wanted")] == [version, "retired"]
    with pytest.raises(UsageFault, match="not active"):
        shelf.retire("wanted", LATER)


def test_the_difference_of_two_versions_tells_ids(shelf):
    old = shelf.publish(registration(), [entry("e1"), entry("e2")], NOW)
    new = shelf.publish(registration(), [entry("e2", born="1982-11-03"), entry("e3")], NOW)
    difference = shelf.difference("wanted", old, new)
    assert (difference.added, difference.removed, difference.changed) == (("e3",), ("e1",), ("e2",))


@pytest.mark.parametrize("list_id", ["../elsewhere", "Wanted", "", "a" * 50])
def test_a_list_id_never_leads_out_of_the_shelf(shelf, list_id):
    with pytest.raises((UsageFault, RuleFault)):
        shelf.publish(registration(list_id), [entry("e1")], NOW)
