"""The sample of docs/carriers-validator.md is what the program writes."""

import re
from pathlib import Path

from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/carriers-validator.md").read_text("utf-8")


def test_the_sample_on_the_page_is_what_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    body = (ROOT / "tests/vectors/paxlst/plain.edi").read_bytes()
    body = body.replace(b"AYSE:GUL", b"AYSEMRS").replace(b"LOC+91+TUR'", b"").replace(b"LOC+91+IRL'", b"")
    Path("list.edi").write_bytes(body.replace(b"310930", b"250930", 1).replace(b"UNT+51", b"UNT+49"))
    result = CliRunner().invoke(app, ["check", "--received", "2026-01-10", "list.edi"])
    (sample,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert result.stdout == sample
