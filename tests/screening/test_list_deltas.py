"""An index built from a former one is the very index that is built from nothing, whatever changed in between."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_persons import NOW, person, register, traveller

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.records import Document, EntryName
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.screening import Index, ScreeningRules, gathering, screen
from pnr_pipeline.screening.index import arrays_by_name
from pnr_pipeline.stores.rule_files import rule_texts

SURNAMES = ["Đorđević", "Kelmendi", "El Sayed", "Öztürk", "Kelmendi-Hoxha", "Петровић", "Li"]
GIVEN = ["Miloš", "Arben", "Anna Maria", "Yusuf", "Misha", "Михаил", ""]
ALIASES = [(), (EntryName("Abu Yusuf", kind="alias"),), (EntryName("Арбен Келменди"), EntryName("Kelmendi, Arben"))]
BORN = [(), ("1982-11-30",), ("1975", "1976-03-09")]
NUMBERS = [(), (Document("P", "X0001234", "TR"),), (Document("P", "X0001234"), Document("V", "OO771"))]


@st.composite
def entries(draw):
    said = st.tuples(*map(st.sampled_from, (SURNAMES, GIVEN, ALIASES, BORN, NUMBERS)))
    told = draw(st.dictionaries(st.sampled_from(["e1", "e2", "e3", "e30", "é"]), said, max_size=5))
    return [
        person(one, surname, given, born, aliases=aliases, documents=documents, gender="MF "[len(born)].strip() or None)
        for one, (surname, given, aliases, born, documents) in told.items()
    ]


@cache
def _rules():
    return ScreeningRules.from_texts(rule_texts("screening"))


SHELVES = st.dictionaries(st.sampled_from(["border", "wanted", "zones"]), entries(), max_size=3)
TRAVELLERS = [
    traveller(surname, given, born, number, ordinal=ordinal)
    for ordinal, (surname, given, born, number) in enumerate(
        [("KELMENDY", "ARBEN", "1982-11-30", ""), ("DJORDJEVIC", "MILOS", "1976-03-09", "X0001234"),
         ("ALSAYED", "ANNAMARIA", "", ""), ("OEZTUERK", "YUSUF", "1975-01-01", "00771"), ("PETROVIC", "M", None, "")],
        1,
    )
]  # fmt: skip


def lists_of(shelf):
    """Each list with its content for a version, entries as the shelf hands them on."""
    for list_id, told in shelf.items():
        lines = [to_json(entry) for entry in sorted(told, key=lambda one: one.id)]
        yield register(list_id), str(lines), iter(lines)


@settings(max_examples=150, deadline=None)
@given(shelves=st.lists(SHELVES, min_size=2, max_size=4))
def test_any_deltas_give_the_arrays_and_answers_of_a_full_build(shelves):
    index, rules = None, _rules()
    for shelf in shelves:
        index = Index.build(list(lists_of(shelf)), rules, index)
        full = Index.build([(register(one), str(told), told) for one, told in shelf.items()], rules)
        told, expected = arrays_by_name(index.arrays), arrays_by_name(full.arrays)
        assert {name: (one.dtype, one.tolist()) for name, one in told.items()} == {
            name: (one.dtype, one.tolist()) for name, one in expected.items()
        }
        assert index.head.sizes == full.head.sizes
        ours, theirs = (screen(TRAVELLERS, one, NOW) for one in (index, full))
        assert [(one.list_id, one.entry_id, one.score, one.evidence) for one in ours] == [
            (one.list_id, one.entry_id, one.score, one.evidence) for one in theirs
        ]


def test_only_new_and_changed_entries_are_read(rules, monkeypatch):
    before = [person(f"e{number}", "Kelmendi", "Arben") for number in range(20)]
    former = Index.build([(register(), "v1", before), (register("zones"), "v1", before)], rules)
    after = [*before[:5], person("e5", "Kelmendi", "Besim"), *before[7:], person("e99", "Hoxha", "Drita")]
    read = []
    names_of = gathering.names_of
    monkeypatch.setattr(gathering, "names_of", lambda entry, reader: read.append(entry.id) or names_of(entry, reader))
    Index.build([(register(), "v2", after), (register("zones"), "v1", before)], rules, former)
    assert read == ["e5", "e99"]


def test_entries_by_line_must_ascend_and_be_unique(rules):
    former = Index.build([(register(), "v1", [person("e1", "Hoxha", "Drita"), person("e2", "Li", "")])], rules)
    for order in (["e2", "e1"], ["e1", "e1"]):
        lines = (to_json(person(one, "Hoxha", "Drita")) for one in order)
        with pytest.raises(RuleFault, match="same id"):
            Index.build([(register(), "v2", lines)], rules, former)


def test_what_was_taken_over_outlives_the_former_index(rules):
    former = Index.build([(register(), "v1", [person("e1", "Hoxha", "Drita", "1980-01-02")])], rules)
    again = Index.build([(register(), "v1", [])], rules, former)
    del former
    assert np.array_equal(again.arrays.entries.dates, [19800102])
    assert len(screen([traveller("HOXHA", "DRITA", "1980-01-02")], again, NOW)) == 1
