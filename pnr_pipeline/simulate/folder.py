"""A scenario written to a folder: `messages/`, `lists/` and `truth.jsonl`."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import yaml

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.watchlist import ListEntry, ListRegistration
from pnr_pipeline.simulate.lists import plant, registrations
from pnr_pipeline.simulate.scenario import Scenario, SimulatedFile

PERSON_COLUMNS = {
    "id": "id",
    "surname": "surname",
    "given": "given_names",
    "dob": "date_of_birth",
    "sex": "sex",
    "nationality": "nationality",
    "category": "category",
}
DOCUMENT_COLUMNS = {"id": "id", "number": "number", "type": "type", "issuer": "issuer", "category": "category"}
"""Our columns to those of the files, as the register names them."""


def prepare(folder: Path) -> None:
    """Make the folder; raises UsageFault if something is in it, for nothing is ever mixed or overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageFault(f"{folder} is not empty: name a folder that is new or empty")
    (folder / "messages").mkdir(parents=True, exist_ok=True)


def write_lists(scenario: Scenario, folder: Path) -> None:
    """Each list as a CSV with its register file beside it, ready for `pnr lists build`."""
    lists = folder / "lists"
    lists.mkdir()
    planted = plant(scenario)
    persons, documents = registrations(scenario.day)
    for registration, entries, columns in (
        (persons, planted.persons, PERSON_COLUMNS),
        (documents, planted.documents, DOCUMENT_COLUMNS),
    ):
        (lists / f"{registration.id}.csv").write_text(_csv(entries, columns), "utf-8", newline="")
        (lists / f"{registration.id}.yaml").write_text(_register(registration, columns), "utf-8", newline="")


def write_files(files: Iterable[SimulatedFile], folder: Path) -> Iterator[SimulatedFile]:
    """Write each file and its line of truth, and hand it on."""
    with (folder / "truth.jsonl").open("wb") as truth:
        for file in files:
            (folder / "messages" / file.name).write_bytes(file.body)
            truth.write(to_json(file.truth) + b"\n")
            yield file


def _csv(entries: Iterable[ListEntry], columns: dict[str, str]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(columns.values()), lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        told = _row(entry)
        writer.writerow({theirs: told[ours] for ours, theirs in columns.items()})
    return text.getvalue()


def _row(entry: ListEntry) -> dict[str, str]:
    row = {"id": entry.id, "category": entry.category, "sex": entry.gender or ""}
    row |= {"dob": "".join(entry.dob), "nationality": "".join(entry.nationality)}
    for name in entry.names:
        row |= {"surname": name.surname, "given": name.given}
    for document in entry.documents:
        row |= {"number": document.number, "type": document.type, "issuer": document.issuer}
    return row


def _register(registration: ListRegistration, columns: dict[str, str]) -> str:
    told: dict[str, Any] = msgspec.to_builtins(registration)
    told = {field: value for field, value in told.items() if value is not None}
    told |= {"format": "national-csv", "columns": columns}
    told["offences"] = list(told["offences"])
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)
