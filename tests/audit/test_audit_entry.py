import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.audit import Access, Entry, canonical, leaf_hash
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records.codec import from_json, to_json

AT = datetime(2026, 11, 23, 8, 0, 0, 5, tzinfo=UTC)


def _entry(**changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "at": AT,
        "act": "consultation",
        "purpose": "a",
        "actor": "officer-7",
        "case": "BP-2026-118",
        "article": "PNR 6(2)(a)",
        "references": ("hit:5f0c", "record:9a1b"),
        "counts": {"travellers": 2, "dropped.sensitive": 1},
    }
    return Entry(**{**fields, **changes})


def test_the_canonical_form_is_this_one_for_ever() -> None:
    assert canonical(_entry()) == (
        b'{"act":"consultation","actor":"officer-7","article":"PNR 6(2)(a)","at":"2026-11-23T08:00:00.000005Z",'
        b'"case":"BP-2026-118","counts":{"dropped.sensitive":1,"travellers":2},"purpose":"a","recipient":"",'
        b'"references":["hit:5f0c","record:9a1b"],"v":1}'
    )


def test_the_same_act_has_the_same_bytes_however_it_was_built() -> None:
    berlin = timezone(timedelta(hours=1))
    again = _entry(at=AT.astimezone(berlin), counts={"dropped.sensitive": 1, "travellers": 2})
    assert canonical(again) == canonical(_entry())
    assert canonical(from_json(Entry, to_json(_entry()))) == canonical(_entry())


def test_numbering_an_entry_does_not_change_its_leaf() -> None:
    assert leaf_hash(canonical(_entry(seq=17))) == leaf_hash(canonical(_entry()))


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + timedelta(microseconds=1)}, {"act": "disclosure"}, {"purpose": "b"}, {"actor": "officer-8"},
        {"case": "BP-2026-119"}, {"article": "PNR 6(5)"}, {"references": ("record:9a1b", "hit:5f0c")},
        {"counts": {"travellers": 3}}, {"recipient": "rs-belgrade-airport"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_every_field_is_in_the_bytes(change: dict[str, Any]) -> None:
    assert canonical(_entry(**change)) != canonical(_entry())


@pytest.mark.law("LOG-2", "SCR-1")
@pytest.mark.parametrize("missing", ["at", "act", "purpose", "actor", "case", "article"])
def test_purpose_case_and_the_rest_have_no_default(missing: str) -> None:
    whole = {name: getattr(_entry(), name) for name in ("at", "act", "purpose", "actor", "case", "article")}
    del whole[missing]
    with pytest.raises(TypeError, match=missing):
        Entry(**whole)


@pytest.mark.law("LOG-6")
@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime(2026, 11, 23)},  # noqa: DTZ001  the missing zone is the fault
        {"act": "looking"},
        {"purpose": ""},
        {"purpose": "immigration"},
        {"actor": ""},
        {"actor": "a sentence about somebody"},
        {"case": ""},
        {"case": "BP-118 seen with another"},
        {"case": "NODIGITS"},
        {"article": "because it is allowed"},
        {"references": ("PERSON, INVENTED",)},
        {"references": ("record:PERSON INVENTED",)},
        {"references": ("passport:X1",)},
        {"counts": {"Person Invented": 1}},
        {"recipient": "the unit there"},
    ],
)
def test_there_is_no_field_for_a_sentence_and_the_fault_repeats_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"LOG-2|aware time|form the log allows") as fault:
        _entry(**wrong)
    (value,) = wrong.values()
    if isinstance(value, str) and value:
        assert value not in str(fault.value)


@pytest.mark.law("LOG-6")
@given(st.text(max_size=40))
def test_text_with_a_blank_or_a_foreign_letter_never_becomes_an_entry(text: str) -> None:
    plain = bool(text) and all(one.isascii() and (one.isalnum() or one in "._@:/+-") for one in text)
    for field in ("actor", "recipient"):
        try:
            made = canonical(_entry(**{field: text}))
        except ValueError:
            continue
        assert plain or (field == "recipient" and text == "")
        assert json.loads(made)[field] == text


@pytest.mark.law("SCR-1")
@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""}, {"purpose": "admin"}, {"purpose": "A"}, {"case": ""}, {"case": "curiosity"}, {"case": "a 1"},
        {"actor": ""}, {"actor": "two words"},
    ],
    ids=str,
)  # fmt: skip
def test_a_read_names_person_purpose_and_case_or_does_not_happen(wrong: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"actor": "officer-7", "purpose": "b", "case": "BP-2026-118"}
    assert Access(**whole).purpose == "b"
    with pytest.raises(UsageFault, match=r"SCR-1|LOG-2"):
        Access(**{**whole, **wrong})
    for field in whole:
        with pytest.raises(TypeError):
            Access(**{name: value for name, value in whole.items() if name != field})
