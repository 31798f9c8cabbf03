import shutil
from pathlib import Path

import pytest

import pnr_pipeline.screening
from pnr_pipeline.screening import ENGINE
from pnr_pipeline.screening.engine_version import engine_of


@pytest.fixture
def package(tmp_path):
    return Path(shutil.copytree(Path(pnr_pipeline.screening.__file__).parent, tmp_path / "screening"))


def test_the_same_code_is_the_same_engine_wherever_it_is_installed(package):
    assert engine_of([str(package)], [str(package / "scripts")]) == ENGINE


@pytest.mark.parametrize("source", ["kernels.py", "names.py", "keys.py", "evidence.py", "scripts/arabic.py"])
def test_any_change_of_code_that_decides_is_another_engine(package, source):
    file = package / source
    file.write_text(f"{file.read_text('utf-8')}\n", "utf-8")
    assert engine_of([str(package)], [str(package / "scripts")]) != ENGINE


@pytest.mark.parametrize("source", ["side_by_side.py", "list_formats/ofac_csv.py", "criteria/judging.py"])
def test_what_only_tells_or_reads_lists_is_no_part_of_the_engine(package, source):
    (package / source).write_text("", "utf-8")
    assert engine_of([str(package)], [str(package / "scripts")]) == ENGINE
