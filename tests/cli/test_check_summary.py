import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.check import app
from pnr_pipeline.errors import UsageFault

VECTORS = Path(__file__).parent.parent / "vectors"
runner = CliRunner()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.edi").write_bytes((VECTORS / "paxlst" / "plain.edi").read_bytes())
    (tmp_path / "b.edi").write_bytes((VECTORS / "paxlst" / "cut_inside.edi").read_bytes())
    (tmp_path / "c.edi").write_bytes((VECTORS / "pnrgov" / "family-codeshare-history.edi").read_bytes())
    (tmp_path / "d.edi").write_bytes((VECTORS / "paxlst" / "multi.edi").read_bytes())
    (tmp_path / "e.txt").write_bytes(b"Dear colleagues")
    return tmp_path


def test_every_file_of_a_folder_has_a_line_with_what_is_in_it(folder):
    result = runner.invoke(app, ["--summary", "--received", "2026-01-10", "--format", "json", str(folder)])
    told = {Path(line["file"]).name: line for line in json.loads(result.stdout)}
    shape = {
        name: (line["kinds"], line["messages"], line["complete"], line["travellers"], line["bookings"])
        for name, line in told.items()
    }
    assert shape == {
        "a.edi": (["PAXLST"], 1, True, 3, 0),
        "b.edi": (["PAXLST"], 1, False, 2, 0),
        "c.edi": (["PNRGOV"], 1, True, 4, 2),
        "d.edi": (["PAXLST"], 2, True, 6, 0),
        "e.txt": (["UNREADABLE"], 1, False, 0, 0),
    }
    assert (told["b.edi"]["errors"], told["b.edi"]["warnings"], told["b.edi"]["error_rules"]) == (1, 2, ["ENV-08"])
    assert (told["a.edi"]["errors"], told["a.edi"]["warnings"]) == (0, 0)
    assert told["e.txt"]["error_rules"] == ["ENV-01"]
    assert result.exit_code == 1


def test_the_table_as_text_is_aligned_and_summed_and_names_nobody(folder):
    result = runner.invoke(app, ["--summary", "--received", "2026-01-10", str(folder)])
    headings, rule, *lines = result.stdout.splitlines()
    assert headings.split() == ["file", "kind", "messages", "travellers", "bookings", "errors", "warnings", "notes",
                                "error", "rules"]  # fmt: skip
    assert set(rule) == {"-", " "}
    assert lines[-1].split()[:5] == ["5", "files", "6", "15", "2"]
    at = headings.index("travellers") + len("travellers")
    assert [line[:at].split()[-1] for line in lines] == ["3", "2", "4", "6", "0", "15"]
    assert "DEMIRKAN" not in result.output


def test_sound_files_end_with_zero_and_no_file_at_all_is_a_table_too(folder, tmp_path_factory):
    assert runner.invoke(app, ["--summary", "--received", "2026-01-10", str(folder / "a.edi")]).exit_code == 0
    empty = runner.invoke(app, ["--summary", "--received", "2026-01-10", str(tmp_path_factory.mktemp("empty"))])
    assert empty.exit_code == 0
    assert empty.stdout.splitlines()[-1].split() == ["0", "files", "0", "0", "0", "0", "0", "0"]


def test_a_summary_has_no_sarif(folder):
    assert isinstance(
        runner.invoke(app, ["--summary", "--received", "2026-01-10", "--format", "sarif", str(folder)]).exception,
        UsageFault,
    )
