from io import StringIO

from rich.console import Console

from pnr_pipeline.cli.side_by_side import side_by_side
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


def shown(width=140):
    console = Console(width=width, no_color=True, record=True, file=StringIO())
    console.print(side_by_side(MATCH))
    return console.export_text()


def test_differences_are_marked_without_colour_and_told_in_words():
    text = shown()
    assert "[D]OR[D]EVI[C]" in text
    assert "1975-03-[1]9" in text
    assert "differs in day" in text
    assert "not known" in text


def test_list_version_engine_and_thresholds_in_force_stand_beside_the_score():
    text = shown()
    for told in ("wanted v1", "e1", "0.98", "evidence/1", "alert 0.73", "weak 0.41"):
        assert told in text
