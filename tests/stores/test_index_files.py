import stat
from datetime import UTC, datetime
from multiprocessing import get_context

import numpy as np
import pytest

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.records import Document, EntryName, ListEntry, ListRegistration, Traveller
from pnr_pipeline.screening import Index, ScreeningRules, screen
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rule_files import rule_texts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WANTED = ListRegistration(
    id="wanted", title="Invented", owner="Invented police", legal_basis="Invented act", offences=("4",), kind="persons",
    domain="law_enforcement", quality="fact", update_duty="daily", review_by="2027-05-01",
)  # fmt: skip
ENTRIES = [
    ListEntry("e1", "wanted", (EntryName("Arben Kelmendi"), EntryName("Арбен Келменди")), ("1982-11-30",)),
    ListEntry("e2", "wanted", (EntryName("Đorđević, Miloš"),), ("1975", "1976-03-09"), "M", ("RS",)),
    ListEntry("d1", "wanted", documents=(Document("P", "X0001234", "TR"),)),
]
TRAVELLERS = [
    Traveller(1, "passenger", "KELMENDY", "ARBEN", date_of_birth="1982-11-30"),
    Traveller(2, "passenger", "DJORDJEVIC", "MILOS", date_of_birth="1976-03-09", sex="M"),
    Traveller(3, "passenger", "SMITH", "JOHN", documents=(Document("P", "x0001234"),)),
]


@pytest.fixture
def shelf(tmp_path):
    shelf = ListShelf(tmp_path / "lists")
    shelf.publish(WANTED, ENTRIES, NOW)
    return shelf


def folders(shelf):
    return {path.name for path in (shelf.root / ".index").iterdir() if path.is_dir()}


def test_a_mapped_index_finds_what_a_built_one_finds(shelf):
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    built = Index.build([(WANTED, shelf.versions()["wanted"], ENTRIES)], rules)
    for index in (shelf.load(NOW), shelf.load(NOW)):
        assert screen(TRAVELLERS, index, NOW) == screen(TRAVELLERS, built, NOW)
        assert [index.entry("wanted", one.id) for one in ENTRIES] == ENTRIES
        assert index.version == built.version


def test_processes_map_one_index_and_build_it_once(shelf):
    index = shelf.load(NOW)
    assert isinstance(index.arrays.words.keys.base, np.memmap)
    built = (shelf.root / ".index" / next(iter(folders(shelf))) / "head.json").stat().st_mtime_ns
    with get_context("spawn").Pool(2) as pool:
        assert pool.map(_found_from, [shelf.root] * 2) == [3, 3]
    assert (shelf.root / ".index" / next(iter(folders(shelf))) / "head.json").stat().st_mtime_ns == built


def _found_from(root):
    return len(screen(TRAVELLERS, ListShelf(root).load(NOW), NOW))


def test_a_new_version_of_a_list_swaps_the_index_under_those_who_use_the_former_one(shelf):
    before = shelf.load(NOW)
    name = folders(shelf)
    shelf.publish(WANTED, ENTRIES[:1], NOW)
    after = shelf.load(NOW)
    assert len(folders(shelf)) == 1
    assert folders(shelf) != name
    assert [len(screen(TRAVELLERS, index, NOW)) for index in (before, after)] == [3, 1]


def test_an_index_that_was_changed_is_not_screened_with(shelf):
    shelf.load(NOW)
    path = next((shelf.root / ".index").glob("*/entries.dates.npy"))
    path.write_bytes(path.read_bytes().replace(np.int32(19821130).tobytes(), np.int32(19821131).tobytes()))
    with pytest.raises(StoreFault, match="changed after it was built"):
        shelf.load(NOW)


def test_an_index_is_for_its_owner_alone(shelf):
    shelf.load(NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (shelf.root / ".index").rglob("*") if path.is_file()}
    assert modes == {0o600}
