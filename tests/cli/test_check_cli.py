import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app, main
from pnr_pipeline.stores.rulebooks import load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors" / "paxlst"
run = CliRunner().invoke


def check(*arguments: str) -> tuple[int, str]:
    result = run(app, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_text_tells_place_severity_rule_what_why_and_how_to_mend():
    code, text = check(str(VECTORS / "quality.edi"))
    assert code == 1
    assert re.search(r"quality\.edi:1:\d+: E NAM-01 the surname is missing \(byte \d+, traveller 6\)\n", text)
    assert "    | NAD+FL+++'\n    |          ^\n" in text
    assert "    why: The traveller cannot be compared with any list by name.\n" in text
    assert "    fix: Send the surname as in the machine readable zone of the document.\n" in text
    assert "    per: WCO/IATA/ICAO API guide, NAD; ICAO Doc 9303-3\n" in text
    assert text.count("    why: The traveller cannot be compared with any list by name.") == 1


def test_line_and_column_lead_to_the_segment_in_the_file():
    path = VECTORS / "text_between.edi"
    lines = path.read_text().splitlines()
    _, text = check("--format", "json", str(path))
    junk = next(found for found in json.loads(text) if found["rule"] == "SYN-01")
    assert lines[junk["line"] - 1][junk["column"] - 1 :].lstrip().startswith("###")


def test_no_value_of_a_traveller_is_shown():
    for form in ("text", "json", "sarif"):
        _, shown = check("--format", form, str(VECTORS / "quality.edi"), str(VECTORS / "titles.edi"))
        for value in ("MARKOV", "PETROVA", "DEMIRKAN", "U12345678", "AB123456", "870214", "871399"):
            assert value not in re.sub(r'"example":.*|"text": ".* Example: .*"', "", shown)


def test_what_is_alike_is_told_once_with_how_many_more(tmp_path):
    path = tmp_path / "many.edi"
    path.write_bytes(
        (VECTORS / "plain.edi")
        .read_bytes()
        .replace(b"LOC+91+TUR'", b"")
        .replace(b"LOC+91+IRL'", b"")
        .replace(b"LOC+91+MKD'", b"")
    )
    _, text = check("--received", "2026-01-10", str(path))
    assert text.count("DOC-05") == 1
    assert "    also: … and 2 more like this, at travellers 2, 3\n" in text
    assert text.splitlines()[-1] == "1 file, 3 travellers: 0 errors, 4 warnings, 0 notes"


def test_lines_keep_to_the_width_of_the_terminal_but_for_places():
    _, text = check(str(VECTORS / "quality.edi"))
    assert max(len(line) for line in text.splitlines() if line.startswith("    ")) <= 80


def test_dates_are_judged_by_the_day_of_receipt(tmp_path):
    plain = str(VECTORS / "plain.edi")
    assert check("--received", "2026-01-10", plain)[0] == 0
    code, text = check("--received", "2026-03-10", plain)
    assert code == 1
    assert "FLT-02 the departure lies more than 5 days back" in text
    assert check("--received", "2026-01-10", "--summary", plain)[0] == 0
    assert check("--received", "2026-03-10", "--summary", plain)[0] == 1


def test_the_profile_tells_which_flights_cross_the_border():
    code, text = check("--received", "2026-01-10", "--profile", "demo", str(VECTORS / "plain.edi"))
    assert code == 0, text
    code, text = check("--received", "2026-01-10", "--profile", "demo", str(VECTORS.parent / "csv" / "plain.csv"))
    assert "FLT-05" not in text


def near_departure(tmp_path: Path) -> Path:
    """The plain vector on a flight of today, so that nothing is wrong with it."""
    from datetime import UTC, datetime

    today = f"{datetime.now(UTC):%y%m%d}"
    path = tmp_path / "today.edi"
    path.write_bytes((VECTORS / "plain.edi").read_bytes().replace(b":260110", f":{today}".encode()))
    return path


def test_a_good_message_ends_with_0(tmp_path):
    code, text = check(str(near_departure(tmp_path)))
    assert (code, text) == (0, "1 file, 3 travellers: 0 errors, 0 warnings, 0 notes\n")


def test_notes_alone_do_not_count(tmp_path):
    path = near_departure(tmp_path)
    path.write_bytes(b"as agreed: " + path.read_bytes())
    code, text = check(str(path))
    assert code == 0
    assert "I ENV-11 text stands before or after the interchange" in text


def test_json_has_a_list_of_findings():
    code, text = check("--format", "json", str(VECTORS / "bad_unt.edi"))
    assert code == 1
    found = json.loads(text)
    assert found[0].keys() >= {"file", "line", "column", "offset", "rule", "severity", "what", "why", "fix", "source"}


def test_a_rule_can_be_explained():
    code, text = check("--explain", "doc-04")
    assert code == 0
    assert "the document expires before the flight arrives" in text
    assert "example: DTM+36:310930'" in text


@pytest.mark.parametrize("rule", sorted(rule.id for rule in load_rulebook()))
def test_every_rule_explains_itself(rule):
    code, text = check("--explain", rule)
    assert code == 0
    assert text.startswith(f"{rule} (")
    assert all(f"\n{head}" in text for head in ("why: ", "fix: ", "example: ", "source: "))
    assert f"\n{text.splitlines()[0]}\n" in "\n" + check("--explain", "all")[1]


@pytest.mark.parametrize("arguments", [["--explain", "XXX-99"], ["no-such-folder"], ["--format", "json"]])
def test_what_cannot_be_checked_is_wrong_usage(arguments, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["pnr", "check", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert capsys.readouterr().err
