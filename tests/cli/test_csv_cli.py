"""The table of small carriers, from the command line and on the page that explains it."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.intake.csv_columns import BY_NAME, COLUMNS, REQUIRED, template

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "csv"
run = CliRunner().invoke


def test_the_template_goes_to_standard_output_and_its_explanation_does_not():
    result = run(app, ["check", "--template", "csv", "--received", "2026-01-09"])
    assert result.exit_code == 0
    assert result.stdout == template().replace("\r\n", "\n") or result.stdout == template()
    for column in COLUMNS:
        assert re.search(rf"^{column.name} +\S", result.stderr, re.MULTILINE)


def test_the_template_is_sound_as_it_is_printed(tmp_path):
    path = tmp_path / "flight.csv"
    path.write_text(run(app, ["check", "--template", "csv"]).stdout)
    result = run(app, ["check", str(path)])
    assert (result.exit_code, result.stdout) == (0, "1 file, 1 traveller: 0 errors, 0 warnings, 0 notes\n")


def test_a_finding_leads_to_the_line_and_column_of_its_cell_and_shows_no_value():
    result = run(app, ["check", "--format", "json", str(VECTORS / "bad_cells.csv")])
    assert result.exit_code == 1
    lines = (VECTORS / "bad_cells.csv").read_text().splitlines()
    seen = 0
    for found in json.loads(result.stdout):
        if place := re.search(r"row (\d+), column (\w+)$", found["what"]):
            number, name = int(place[1]), place[2]
            assert found["line"] == number
            cell = lines[number - 1].split(";")[[BY_NAME[one].name for one in lines[0].split(";")[:-1]].index(name)]
            assert lines[number - 1][found["column"] - 1 :].startswith(cell)
            seen += 1
    assert seen >= 12
    assert not re.search("Atlantis|diabetic|window please|my booking", result.stdout)


def test_a_declared_alphabet_is_read():
    path = str(VECTORS / "windows_1250.csv")
    told = json.loads(run(app, ["decode", "--charset", "windows-1250", path]).stdout)
    assert [one["surname"] for one in told["travellers"]] == ["DEMIRKAN", "KOVAČ", "MÜLLER"]
    assert "ENV-07" in run(app, ["check", path]).stdout
    assert "ENV-07" not in run(app, ["check", "--charset", "windows-1250", path]).stdout


def test_the_page_for_carriers_says_what_the_columns_are():
    page = (ROOT / "docs" / "carriers-csv.md").read_text("utf-8")
    lines = re.findall(r"^\| `.*\|$", page, re.MULTILINE)
    rows = {row[0].strip("`"): row for line in lines if (row := [cell.strip() for cell in line.split("|")[1:-1]])}
    assert list(rows) == [column.name for column in COLUMNS]
    for column in COLUMNS:
        needed = "yes" if column.name in REQUIRED else ""
        assert rows[column.name][1:] == [needed, column.what, column.example, ", ".join(column.aliases)]
