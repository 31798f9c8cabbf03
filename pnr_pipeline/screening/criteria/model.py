"""The fact model as the checker and the documentation see it: names, types, allowed values, read from `facts.Facts`."""

import re
from functools import cache
from typing import Any, Literal

import msgspec

from pnr_pipeline.screening.criteria.facts import Facts

Kind = Literal["int", "bool", "text", "texts"]


class Fact(msgspec.Struct, frozen=True):
    """One fact: `journey.stay_hours`. `values` and `form` bound a text; `annex` is its source in Annex I."""

    name: str
    kind: Kind
    words: str
    annex: str
    values: tuple[str, ...] = ()
    form: str = ""

    def allows(self, literal: str) -> bool:
        """Whether the fact can ever have this value."""
        return literal in self.values if self.values else bool(re.fullmatch(self.form, literal))

    @property
    def told_as(self) -> str:
        """Its type in words: `whole number`, `one of cash, card, other` …"""
        words = {"int": "whole number", "bool": "true or false", "text": "text", "texts": "list of texts"}[self.kind]
        return f"one of {', '.join(self.values)}" if self.values else words


@cache
def fact_model() -> dict[str, Fact]:
    """Every fact by name, in the order of the model."""
    schema = msgspec.json.schema(Facts)
    parts: dict[str, Any] = schema["$defs"]
    facts: dict[str, Fact] = {}
    for section, of in parts[Facts.__name__]["properties"].items():
        part = parts[_referred(of)]
        for name, told in part["properties"].items():
            fact = _fact(f"{section}.{name}", told, part["description"])
            facts[fact.name] = fact
    return facts


def _referred(told: dict[str, Any]) -> str:
    reference = told.get("$ref") or next(one["$ref"] for one in told["anyOf"] if "$ref" in one)
    return str(reference).rpartition("/")[2]


def _fact(name: str, told: dict[str, Any], section: str) -> Fact:
    value = next(one for one in told["anyOf"] if one.get("type") != "null" and one.get("enum") != [None])
    values = tuple(one for one in value.get("enum", ()) if one is not None)
    inner = value["items"] if value.get("type") == "array" else value
    kinds: dict[str, Kind] = {"integer": "int", "boolean": "bool", "array": "texts"}
    return Fact(
        name=name,
        kind=kinds.get(value.get("type", ""), "text"),
        words=told["description"],
        annex=section.partition("(")[2].partition(")")[0],
        values=values,
        form=inner.get("pattern", ""),
    )
