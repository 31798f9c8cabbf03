from pathlib import Path
from typing import get_args

import pytest

from pnr_pipeline.screening.list_formats.formats import FORMATS
from pnr_pipeline.screening.list_formats.national_csv import Column

PAGE = (Path(__file__).parents[2] / "docs" / "watchlists.md").read_text("utf-8")


@pytest.mark.parametrize("named", [*FORMATS, *get_args(Column)])
def test_every_format_and_column_is_explained_on_the_page_of_lists(named):
    assert f"`{named}`" in PAGE
