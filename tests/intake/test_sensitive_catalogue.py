"""The catalogue of Annex I is what decides: a line taken out of it takes the data out of the records (ING-2)."""

from datetime import UTC, datetime

import pytest
from pnrgov_texts import HEADER, LEG, PNR, RULES, segments

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake.catalogue import IntakeRules
from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.pnrgov import _READERS, read_pnrgov
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.stores.rule_files import rule_texts

ANNEX = "rules/intake/annex-i.yaml"
TEXT = (
    HEADER
    + PNR
    + "TIF+DOE+JANEMRS:A:1'FTI+MS:8794285757'IFT+4:28::MS+CTCM 4915112345678'"
    + "SSR+DOCS:HK:1:MS:::::/P/MNE/T9821217/MNE/01JAN52/F/06OCT35/DOE/JANE+::1'"
    + LEG
)


def read_with(old: str, new: str) -> Content:
    texts = rule_texts("validation") | rule_texts("intake")
    assert old in texts[ANNEX]
    rulebook = Rulebook.from_texts(texts | {ANNEX: texts[ANNEX].replace(old, new)})
    return read_pnrgov(segments(TEXT), MessageHead(kind="PNRGOV"), rulebook, datetime(2026, 1, 9, tzinfo=UTC))


def test_everything_the_catalogue_names_is_kept():
    content = read_with("segments: [RCI]", "segments: [RCI]")
    (jane,) = content.travellers
    assert (jane.frequent_flyer, len(jane.documents), len(content.bookings[0].contacts)) == (("MS8794285757",), 1, 1)
    assert content.dropped == {}


@pytest.mark.law("ING-2")
def test_a_segment_taken_out_is_counted_and_not_read():
    content = read_with("segments: [FTI]", "segments: []")
    assert content.travellers[0].frequent_flyer == ()
    assert content.dropped == {"seg:other": 1}


@pytest.mark.law("ING-2")
def test_a_service_taken_out_is_counted_and_not_read():
    content = read_with("[DOCS, DOCO, FOID]", "[DOCO, FOID]")
    assert content.travellers[0].documents == ()
    assert content.dropped == {"ssr:DOCS": 1}


@pytest.mark.law("ING-2")
def test_a_subject_of_text_taken_out_is_counted_and_not_read():
    content = read_with('texts: ["28"]', "texts: []")
    assert content.bookings[0].contacts == ()
    assert content.dropped == {"text:IFT": 1}


def test_every_item_of_annex_i_stands_in_the_catalogue_once():
    text = rule_texts("intake")[ANNEX]
    assert [text.count(f"item: {number}\n") + text.count(f"item: {number},") for number in range(1, 20)] == [1] * 19


def test_no_service_of_a_deleted_class_is_in_the_catalogue():
    assert {RULES.intake.sensitive.service(code) for code in RULES.intake.services} <= {"N", "A"}


def test_every_segment_that_has_a_reader_is_named():
    assert set(_READERS) <= RULES.intake.segments


def test_a_count_never_carries_a_tag_that_no_directory_knows():
    assert RULES.intake.counted_as("NAD") == "seg:NAD"
    assert RULES.intake.counted_as("DOE") == "seg:other"


def test_without_its_rules_nothing_is_read_in():
    rulebook = Rulebook.from_texts(rule_texts("validation"))
    with pytest.raises(RuleFault, match="rules/intake/"):
        read_pnrgov([], MessageHead(kind="PNRGOV"), rulebook, datetime(2026, 1, 9, tzinfo=UTC))
    texts = rule_texts("intake")
    with pytest.raises(RuleFault, match="sensitive-terms"):
        IntakeRules.from_texts({name: text for name, text in texts.items() if "terms" not in name})
    with pytest.raises(RuleFault, match=r"annex-i\.yaml:\d+:\d+"):
        IntakeRules.from_texts(texts | {ANNEX: texts[ANNEX].replace("item: 7", "item: 70")})
