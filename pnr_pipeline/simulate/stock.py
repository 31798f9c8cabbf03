"""What the invented world is made of: names by language, States, places, carriers and routes, from `stock/*.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from pnr_pipeline.simulate.letters import in_native_letters
from pnr_pipeline.wire import letter_tables
from pnr_pipeline.wire.mrz_letters import spell

LANGUAGES = (
    "Albanian", "Serbian", "Macedonian", "Bosnian", "Montenegrin", "Bulgarian", "Turkish", "Greek", "Ukrainian",
    "Georgian", "Armenian", "Azerbaijani", "Arabic", "Romanian", "German", "Italian", "French", "British", "Swedish",
)  # fmt: skip


class Spelt(NamedTuple):
    """One name: in its own letters, as the wire has it (hyphen and apostrophe kept), and spelt otherwise."""

    native: str
    wire: str
    otherwise: tuple[str, ...] = ()


class NameStock:
    """The names of one language. `male`, `female` and `surnames` are spellings for `spelt`."""

    def __init__(self, text: Mapping[str, Any], letters: Mapping[str, Mapping[str, Any]]) -> None:
        self.language: str = text["language"]
        self.script: str = text["script"]
        self.countries: dict[str, int] = text["countries"]
        self.married: tuple[list[str], list[int]] = (list(text["married"]), list(text["married"].values()))
        self.male: list[str] = text["male"].split()
        self.female: list[str] = text["female"].split()
        self.surnames: list[str] = text["surnames"].split()
        self.second_given: float = text.get("second_given", 0.0)
        self.lineage: float = text.get("lineage", 0.0)
        self.patronymic: dict[str, str] = text.get("patronymic", {})
        self._feminine: dict[str, str] = text.get("feminine", {})
        table = letters.get(text.get("letters", ""), {})
        self._native = table.get("native", {})
        self._wire = {**_wire(table.get("wire", letters["latin"]["wire"])), **text.get("latin", {})}
        self._otherwise = {**self._wire, **(table or letters["latin"])["otherwise"]}
        self._wire_from_native = "wire" in table
        self._pairs: bool = text.get("pairs", False)
        self._spelt: dict[str, Spelt] = {}

    def spelt(self, name: str) -> Spelt:
        """The name of the stock in its own letters and in those of the wire."""
        known = self._spelt.get(name)
        if known is None:
            known = self._spelt[name] = self._spell(name)
        return known

    def _spell(self, name: str) -> Spelt:
        name = name.replace("_", " ")
        if self._pairs:
            native, _, latin = name.partition("=")
            wire, *others = latin.upper().split("/")
            return Spelt(native, wire, tuple(others))
        native = in_native_letters(name, self._native) if self._native else name
        source = native if self._wire_from_native else name
        if self._native and not self._wire_from_native:  # the apostrophes of a romanisation are not part of the name
            source = name.replace("'", "")
        wire, other = spell(source, self._wire), spell(source, self._otherwise)
        return Spelt(native, wire, (other,) if other != wire else ())

    def feminine(self, surname: str) -> str:
        """The surname as a woman bears it."""
        for masculine, feminine in self._feminine.items():
            if surname.endswith(masculine):
                return surname.removesuffix(masculine) + feminine
        return surname


class State(NamedTuple):
    """A State's documents and addresses; patterns as explained in `states.yaml`."""

    alpha2: str
    passport: str
    phone: str
    street: str
    towns: list[str]
    card: str = ""


class Route(NamedTuple):
    """Two places, minutes in the air, and who flies there."""

    ends: tuple[str, str]
    minutes: int
    carriers: tuple[str, ...]


class World(NamedTuple):
    """All of `routes.yaml` in the form the simulator uses; `places` gives State and zone."""

    places: Mapping[str, tuple[str, str]]
    carriers: Mapping[str, Mapping[str, str]]
    api_styles: Mapping[str, Mapping[str, Any]]
    pnr_styles: Mapping[str, Mapping[str, Any]]
    aircraft: tuple[tuple[str, int, str], ...]
    routes: tuple[Route, ...]
    diaspora: Mapping[str, list[str]]


def _wire(table: Mapping[str, str] | list[str]) -> Mapping[str, str]:
    """A table of the stock's own, or tables of the product by their names, laid over one another."""
    if isinstance(table, Mapping):
        return table
    named: list[letter_tables.LetterTable] = [getattr(letter_tables, name) for name in table]
    return {letter: latin for one in named for letter, latin in one.first.items()}


@cache
def name_stock(language: str) -> NameStock:
    """The stock of one of LANGUAGES."""
    return NameStock(_text(f"names_{language.lower()}"), _text("letters"))


@cache
def languages_of(state: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The languages whose names citizens of the State bear, with weights; empty for a State without stock."""
    held = [(name, name_stock(name).countries[state]) for name in LANGUAGES if state in name_stock(name).countries]
    return tuple(name for name, _ in held), tuple(weight for _, weight in held)


@cache
def states() -> Mapping[str, State]:
    """States by alpha-3 code."""
    return {code: State(**fields) for code, fields in _text("states").items()}


@cache
def world() -> World:
    """Places, carriers and routes."""
    text = _text("routes")
    return World(
        {code: (state, zone) for code, (state, zone) in text["places"].items()},
        text["carriers"],
        text["api_styles"],
        text["pnr_styles"],
        tuple((kind, seats, letters) for kind, (seats, letters) in text["aircraft"].items()),
        tuple(_route(line) for line in text["routes"]),
        text["diaspora"],
    )


def _route(line: str) -> Route:
    start, end, minutes, *carriers = line.split()
    return Route((start, end), int(minutes), tuple(carriers))


@cache
def _text(name: str) -> dict[str, Any]:
    text = (files("pnr_pipeline.simulate") / "stock" / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both forms are safe loaders
    return loaded


_LOADER: type = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the same result, ten times as fast where libyaml is there
