"""Travellers made ready to be compared with an index: their names taken apart, each distinct word once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pnr_pipeline.records import Traveller
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.screening.evidence import packed_date, sex_number, state_number
from pnr_pipeline.screening.kernels import Asked
from pnr_pipeline.screening.name_frequencies import NameFrequencies
from pnr_pipeline.screening.names import NameReader, PersonName
from pnr_pipeline.screening.vocabulary import spelled, starts_of


class Question(NamedTuple):
    """Names of travellers: row by row whose (place in the batch), the name taken apart, and all of them flat."""

    travellers: tuple[int, ...]
    names: tuple[PersonName, ...]
    flat: Asked


def ask(travellers: Sequence[Traveller], reader: NameReader, background: NameFrequencies) -> Question:
    """Every name of every traveller, the words of the batch only once, with how common they are in the `background`."""
    whose: list[int] = []
    names: list[PersonName] = []
    for place, traveller in enumerate(travellers):
        for surname, given in dict.fromkeys((name.surname, name.given_names) for name in traveller.names):
            name = reader.traveller(surname, given)
            if name.parts:
                whose.append(place)
                names.append(name)
    numbers: dict[tuple[tuple[str, ...], bool], int] = {}
    units = [numbers.setdefault((unit.readings, unit.merged), len(numbers)) for name in names for unit in name.units]
    text, bounds = spelled(spelling for readings, _ in numbers for spelling in readings)
    of_rows = [travellers[place] for place in whose]
    flat = Asked(
        text=text,
        bounds=bounds,
        forms=starts_of(readings for readings, _ in numbers).astype(np.int32),
        loosely=np.array([not merged for _, merged in numbers], dtype=np.uint8),
        common=np.array([background.bearers(readings) for readings, _ in numbers], dtype=np.float32),
        starts=starts_of(name.units for name in names).astype(np.int32),
        units=np.array(units, dtype=np.int32),
        masks=np.array([unit.mask for name in names for unit in name.units], dtype=np.uint16),
        parts=np.array([part_masks(name) for name in names], dtype=np.uint16).reshape(-1, 4),
        dates=np.array([packed_date(one.date_of_birth) for one in of_rows], dtype=np.int32),
        states=np.array([state_number(state_of(one)) for one in of_rows], dtype=np.uint16),
        sexes=np.array([sex_number(one.sex) for one in of_rows], dtype=np.uint8),
    )
    return Question(tuple(whose), tuple(names), flat)


def part_masks(name: PersonName) -> tuple[int, int, int, int]:
    """A bit for each part: of all parts, of those of the surname, of the given names, of particles."""
    surname = given = particles = 0
    for at, part in enumerate(name.parts):
        bit = 1 << at
        if part.field == "surname":
            surname |= bit
        elif part.field == "given":
            given |= bit
        if part.particle:
            particles |= bit
    return (1 << len(name.parts)) - 1, surname, given, particles


def state_of(traveller: Traveller) -> str:
    """The nationality, alpha-3 where it is known so."""
    return traveller.nationality_alpha3 or alpha3(traveller.nationality or "")
