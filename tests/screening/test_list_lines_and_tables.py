import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.screening.list_formats.gathering import gathered
from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
from pnr_pipeline.screening.list_formats.national_csv import read_national_csv

PERSONS = {"surname": "pass.lastname", "given": "pass.firstname", "dob": "doc.dob"}
DOCUMENTS = {"number": "doc.number", "type": "doc.type"}


def read_csv(lines, list_id, columns, **form):
    return gathered({"list.csv": read_national_csv(lines, list_id, columns, **form)})


def read_list_lines(lines, list_id):
    return gathered({"list.jsonl": read_json_lines(lines, list_id)})


def test_a_csv_of_persons_is_read_by_its_columns():
    lines = ['"doc.dob","pass.firstname","pass.lastname"\r\n', '"1968-04-12","ARBEN","KELMENDI"\r\n']
    (entry,) = read_csv(lines, "wanted", PERSONS).entries
    assert (entry.names[0].surname, entry.names[0].given, entry.names[0].full) == (
        "KELMENDI",
        "ARBEN",
        "ARBEN KELMENDI",
    )
    assert entry.dob == ("1968-04-12",)


def test_a_csv_of_documents_is_read_by_its_columns():
    (entry,) = read_csv(['"doc.type","doc.number"\n', '"P","228840111"\n'], "stolen", DOCUMENTS).entries
    assert (entry.names, entry.documents[0].type, entry.documents[0].number) == ((), "P", "228840111")


def test_a_row_keeps_its_id_in_every_issue_of_a_list_and_another_row_has_another():
    first = read_csv(["doc.type,doc.number\n", "P,1234567\n", "P,7654321\n"], "stolen", DOCUMENTS).entries
    later = read_csv(["doc.number,doc.type\n", "7654321,P\n", "1234567,P\n"], "stolen", DOCUMENTS).entries
    assert {entry.id for entry in first} == {entry.id for entry in later}
    assert len({entry.id for entry in first}) == 2


def test_semicolons_byte_order_mark_and_national_dates_are_read():
    lines = ["\ufeffname;given;born\n", "Kelmendi;Arben;30.11.1982\n"]
    columns = {"surname": "name", "given": "given", "dob": "born"}
    (entry,) = read_csv(lines, "wanted", columns, delimiter=";", date_order="dmy").entries
    assert entry.dob == ("1982-11-30",)


def test_a_csv_without_a_named_column_is_refused_by_the_column_name():
    with pytest.raises(RuleFault, match=r"pass\.lastname"):
        read_csv(["a,b\n", "1,2\n"], "wanted", PERSONS)


def test_bad_rows_are_told_by_line_and_reason_and_cost_only_themselves():
    lines = [
        "doc.dob,pass.firstname,pass.lastname\n",
        "1982-11-30,ARBEN,KELMENDI\n",
        ",,\n",
        "1982-11-30,ARBEN,KELMENDI\n",
        "in spring,DRITA,KELMENDI\n",
    ]
    imported = read_csv(lines, "wanted", PERSONS)
    assert [entry.names[0].given for entry in imported.entries] == ["ARBEN", "DRITA"]
    assert [(one.line, one.lost) for one in imported.findings] == [(3, True), (4, True), (5, False)]
    assert not any("KELMENDI" in one.reason or "spring" in one.reason for one in imported.findings)


def test_json_lines_give_entries_with_all_that_they_tell():
    line = {
        "id": "e1", "list": "other", "names": [{"full": "Арбен Келменди", "surname": "Келменди", "given": "Арбен",
        "kind": "alias", "script": "CYRILLIC"}], "dob": ["1982", "1983-01"], "gender": "M", "nationality": ["XK"],
        "documents": [{"number": "AB1", "country": None, "type": "passport"}], "population": "not kept",
    }  # fmt: skip
    (entry,) = read_list_lines([json.dumps(line)], "wanted").entries
    assert (entry.id, entry.list, entry.dob, entry.nationality) == ("e1", "wanted", ("1982", "1983-01"), ("XK",))
    assert entry.names[0].kind == "alias"
    assert (entry.documents[0].number, entry.documents[0].issuer) == ("AB1", "")


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        '{"names": []}',
        '{"id": "e2", "names": []}',
        '{"id": "e1", "names": [{"full": "SECRETNAME"}]}',
        '{"id": "e3", "names": [{"full": "SECRETNAME"}], "offences": ["theft"]}',
        '{"id": 4, "names": [{"full": "SECRETNAME"}]}',
        "[]",
    ],
)
def test_a_bad_line_is_counted_and_told_without_its_values(bad):
    good = '{"id": "e1", "names": [{"full": "Arben Kelmendi"}]}'
    imported = read_list_lines([good, "", bad, good.replace("e1", "e9")], "wanted")
    assert [entry.id for entry in imported.entries] == ["e1", "e9"]
    assert [one.line for one in imported.findings] == [3]
    assert "SECRETNAME" not in imported.findings[0].reason


def test_one_cell_may_hold_several_aliases_dates_nationalities_and_documents():
    columns = {one: one for one in ("id", "full", "alias", "weak_alias", "dob", "nationality", "number", "issuer")}
    head = ",".join(columns)
    row = 'w7,Arben Kelmendi,"KELMENDI, Ben|Beni Kelmendi",Benko,1982-11-30|1983,XK|AL,AB1|CD2,XK|AL'
    (entry,) = read_csv([head + "\n", row + "\n"], "wanted", columns).entries
    assert [(one.full, one.kind) for one in entry.names] == [
        ("Arben Kelmendi", "primary"), ("Ben KELMENDI", "alias"), ("Beni Kelmendi", "alias"), ("Benko", "weak"),
    ]  # fmt: skip
    assert (entry.dob, entry.nationality) == (("1982-11-30", "1983"), ("XK", "AL"))
    assert [(one.number, one.issuer_alpha3) for one in entry.documents] == [("AB1", "XKX"), ("CD2", "ALB")]


def test_one_type_of_document_goes_for_all_numbers_of_the_cell():
    (entry,) = read_csv(["doc.type,doc.number\n", "P,AB1|CD2\n"], "stolen", DOCUMENTS).entries
    assert [(one.type, one.number) for one in entry.documents] == [("P", "AB1"), ("P", "CD2")]


def test_an_entry_is_valid_from_and_until_the_days_it_tells_and_for_ever_where_the_day_cannot_be_read():
    columns = {one: one for one in ("id", "full", "valid_from", "valid_until")}
    rows = ["w1,A B,01.02.2026,31.12.2026\n", "w2,C D,soon,\n", "w3,E F,02.01.2027,01.01.2027\n"]
    imported = read_csv([",".join(columns) + "\n", *rows], "wanted", columns, date_order="dmy")
    assert [(one.id, one.valid_from, one.valid_until) for one in imported.entries] == [
        ("w1", "2026-02-01", "2026-12-31"), ("w2", None, None),
    ]  # fmt: skip
    assert [(one.line, one.lost) for one in imported.findings] == [(3, False), (4, True)]


@given(st.lists(st.text(max_size=30)))
def test_no_json_lines_are_silently_lost(lines):
    kept = [line for line in lines if line.strip("\ufeff \t\r\n")]
    imported = read_list_lines(lines, "wanted")
    assert len(imported.entries) + sum(one.lost for one in imported.findings) == len(kept)


@given(st.lists(st.text(max_size=30)))
def test_no_text_breaks_the_reading_of_a_csv(lines):
    read_csv(["doc.type,doc.number\n", *lines], "stolen", DOCUMENTS)
