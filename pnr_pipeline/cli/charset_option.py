"""The option that declares the alphabet of uploaded tables."""

from typing import Annotated

import typer

from pnr_pipeline.wire.csv_table import Charset

CharsetOption = Annotated[Charset, typer.Option(help="Alphabet of tables (CSV); messages declare their own.")]
