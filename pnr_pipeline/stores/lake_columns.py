"""Which columns of the lake hold what of a record, so that a job opens what it needs and nothing else."""

from typing import Any, Literal

import msgspec

LakePart = Literal["open", "identity"]
OPEN_COLUMNS = ("flight", "journey")
IDENTITY_COLUMNS = ("person", "contact", "payment", "rest")
COLUMNS: dict[LakePart, tuple[str, ...]] = {"open": OPEN_COLUMNS, "identity": IDENTITY_COLUMNS}

_COLUMN_OF = dict.fromkeys(
    ("ordinal", "role", "surname", "given_names", "other_names", "date_of_birth", "sex", "nationality",
     "nationality_alpha3", "residence", "birth_place", "documents"),
    "person",
) | dict.fromkeys(("contacts", "address", "frequent_flyer"), "contact") | {"payments": "payment"}  # fmt: skip
"""By the field of a traveller or a booking; every other one is `rest`."""

_NESTED = frozenset(("api", "pnr", "traveller", "booking"))
"""What holds fields of those: the listings of a person, and what each tells."""


def split(record: bytes) -> dict[str, bytes]:
    """The JSON of a stored record (a person's or a booking's) by column; `joined` puts it together again."""
    columns: dict[str, dict[str, Any]] = {}
    _split(msgspec.json.decode(record), (), columns)
    return {name: msgspec.json.encode(told) for name, told in columns.items()}


def joined(columns: dict[str, bytes]) -> dict[str, Any]:
    """What these columns hold of the record: all of it where they are all there."""
    record: dict[str, Any] = {}
    for told in columns.values():
        _merge(record, msgspec.json.decode(told))
    return record


def _split(told: dict[str, Any], path: tuple[str, ...], columns: dict[str, dict[str, Any]]) -> None:
    for key, value in told.items():
        if key in _NESTED and isinstance(value, dict):
            _split(value, (*path, key), columns)
            continue
        place = columns.setdefault(_COLUMN_OF.get(key, "rest"), {})
        for step in path:
            place = place.setdefault(step, {})
        place[key] = value


def _merge(into: dict[str, Any], told: dict[str, Any]) -> None:
    for key, value in told.items():
        if key in _NESTED and isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value
