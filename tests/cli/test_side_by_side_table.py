from io import StringIO
from itertools import pairwise

import msgspec
from rich.console import Console

from pnr_pipeline.cli.side_by_side import parts_of_name, side_by_side
from pnr_pipeline.records import Evidence, Match, NamePair

MATCH = Match(
    traveller=1, list_id="wanted", list_version="v1", entry_id="e1", entry_name="Miloš Đorđević",
    score=0.98, queue="alert",
    evidence=(
        Evidence("name", "DORDEVIC MILOS", "Đorđević Miloš", "transliteration", 14.2, "name: transliterated Đ→D",
                 (NamePair("DORDEVIC", "Đorđević", "transliterated"), NamePair("MILOS", "Miloš", "equal"))),
        Evidence("birth date", "1975-03-09", "1975-03-19", "close", 1.0, "birth date: differs in day"),
        Evidence("sex", "", "M", "unknown", 0.0, "sex: not known"),
    ),
    thresholds=(0.73, 0.41), engine="evidence/1",
)  # fmt: skip


def shown(table=None, width=140):
    console = Console(width=width, no_color=True, record=True, file=StringIO())
    console.print(table or side_by_side(MATCH, width))
    return console.export_text()


def test_differences_are_marked_without_colour_and_told_in_words():
    text = shown()
    name, marks = next((line, below) for line, below in pairwise(text.splitlines()) if "DORDEVIC" in line)
    assert [at - name.index("DORDEVIC") for at, mark in enumerate(marks) if mark == "^"][:3] == [0, 3, 7]
    born, marks = next((line, below) for line, below in pairwise(text.splitlines()) if "1975-03-19" in line)
    assert marks[born.index("1975-03-19") :].rstrip() == " " * 8 + "^"
    assert "differs in day" in text
    assert "not known" in text


def test_list_version_engine_and_thresholds_in_force_stand_beside_the_score():
    text = shown()
    for told in ("wanted v1", "e1", "0.98", "evidence/1", "alert 0.73", "weak 0.41"):
        assert told in text


def test_each_weight_is_told_in_words():
    text = shown(width=220)
    assert "1,500,000 times likelier if the same person" in text
    assert "2.7 times likelier if the same person" in text
    assert "says nothing" in text


def test_eighty_columns_are_enough_and_no_word_is_cut_apart():
    text = shown(width=80)
    assert max(len(line.rstrip()) for line in text.splitlines() if "evidence/1" not in line) <= 80
    words = set(text.split())
    assert {"transliterated", "differs", "times", "likelier"} <= words


def test_each_part_of_the_name_is_told_with_how_it_was_aligned():
    text = shown(parts_of_name(MATCH))
    assert "Đorđević" in text
    assert "transliterated" in text
    assert "equal" in text


def test_marks_stay_below_their_characters_in_long_values():
    long = msgspec.structs.replace(
        MATCH, evidence=(Evidence("name", "A" * 40 + "B", "A" * 40 + "C", "close", 1.0, "name: spelled like"),)
    )
    line, marks = next(
        (line, below) for line, below in pairwise(shown(side_by_side(long)).splitlines()) if "AB" in line
    )
    assert marks.index("^") == line.index("B")
