"""Passenger data for border police: carriers' messages in, reviewed hits out.

The packages are ordered; each imports only those below it (`pyproject.toml`, import-linter):
cli, console | gateway | simulate, pipelines, transforms | stores, routing, retention, review, screening, intake,
wire | records | law | audit, errors.
"""

__version__ = "0.1.0"
