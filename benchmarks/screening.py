"""Screening against lists of 10,000, 50,000 and 200,000 invented persons, beside a brute-force peer on the same data.

    python benchmarks/screening.py [--sizes 50000 1000000]

Peer: rapidfuzz's token sort ratio over every name of the list (words sorted beforehand, in batches), times a factor for
the birth date. One traveller in ten is a listed person, with the name as a booking spells it and one slip of typing in
it. Travellers come in flights of 268. Cold: names never seen before; warm: the same travellers again. Rates are
travellers per CPU-second of one process; the arrays are what the workers of a machine share.
"""

import argparse
import time
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import accuracy
import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
from rich.console import Console
from rich.table import Table

from pnr_pipeline.records import EntryName, ListEntry, ListRegistration, Traveller
from pnr_pipeline.screening import Index, ScreeningRules, screen
from pnr_pipeline.screening.index import arrays_by_name
from pnr_pipeline.screening.letters import readings
from pnr_pipeline.stores.rule_files import rule_texts

SIZES = (10_000, 50_000, 200_000)
FLIGHT = 268
TRAVELLERS = 1_000
PLANTED_EVERY = 10
PEER_ALERT = 0.85
BATCH = 50

_STEMS = [
    first + middle + last
    for first, middle, last in product(
        ("Ba", "Đu", "Kra", "Hadži", "Mi", "Sto", "Ve", "Yıl", "Ö", "Geor", "Ka", "Pa", "Zhi", "Gje"),
        ("ra", "lo", "ve", "sku", "mir", "ten", "bu", "rdi", "qa"),
        ("n", "l", "š", "k", "t", "z", "v", "ğ"),
    )
]
_ENDINGS = ("ić", "ov", "ović", "ski", "yan", "oğlu", "aj", "enko", "idze", "opoulos", "ev", "zade", "a", "eanu")
_GIVEN = [
    first + last
    for first, last in product(
        ("Mi", "Ar", "Se", "Iva", "Mehme", "Ele", "Dri", "Ni", "Öz", "Kha", "Ma", "Sto", "Yus", "Ana", "Bo", "Lu"),
        ("loš", "ben", "rgei", "n", "t", "na", "ta", "kola", "gür", "led", "rija", "yan", "uf", "ris", "ka"),
    )
]


def invented_list(size: int, random: Random) -> list[ListEntry]:
    """Persons whose names are as unevenly frequent as real ones."""
    surnames = [stem + ending for stem in _STEMS for ending in _ENDINGS]
    random.shuffle(surnames)
    entries = []
    for number in range(size):
        surname = surnames[int(len(surnames) * random.random() ** 2)]
        given = _GIVEN[int(len(_GIVEN) * random.random() ** 2)]
        dob = (_born(random),) if random.random() > 0.1 else ()
        entries.append(ListEntry(f"e{number}", "bench", (EntryName(f"{given} {surname}", surname, given),), dob))
    return entries


def travellers_for(entries: list[ListEntry], random: Random) -> tuple[list[Traveller], dict[int, str]]:
    """Travellers, and which of them (by ordinal) is which entry."""
    strangers = invented_list(TRAVELLERS, random)
    people, truth = [], {}
    for ordinal, stranger in enumerate(strangers):
        person = stranger
        if ordinal % PLANTED_EVERY == 0:
            person = random.choice(entries)
            truth[ordinal] = person.id
        surname, given = readings(person.names[0].surname)[-1], readings(person.names[0].given)[-1]
        if ordinal in truth:
            at = random.randrange(len(surname))
            surname = surname[:at] + random.choice("AEIKLMNRST") + surname[at + 1 :]
        born = person.dob[0] if person.dob else _born(random)
        people.append(Traveller(ordinal, "passenger", surname, given, date_of_birth=born))
    return people, truth


def _born(random: Random) -> str:
    return (date(1945, 1, 1) + timedelta(days=random.randrange(60 * 365))).isoformat()


def peer_alerts(people: list[Traveller], entries: list[ListEntry]) -> dict[int, set[str]]:
    """Brute force: every traveller against every entry."""
    names = [_sorted(entry.names[0].full) for entry in entries]
    dates = np.array([entry.dob[0] if entry.dob else "" for entry in entries], dtype="U10")
    alerts = {}
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        asked = [_sorted(f"{person.given_names} {person.surname}") for person in batch]
        scores = cdist(asked, names, scorer=fuzz.ratio, score_cutoff=100 * PEER_ALERT, dtype=np.float32)
        for person, score in zip(batch, scores, strict=True):
            near = np.flatnonzero(score)
            factor = np.where(dates[near] == person.date_of_birth, 1.0, np.where(dates[near] == "", 0.9, 0.6))
            hits = near[score[near] * factor >= 100 * PEER_ALERT]
            alerts[person.ordinal] = {entries[at].id for at in hits}
    return alerts


def _sorted(name: str) -> str:
    return " ".join(sorted(readings(word)[-1] for word in name.split()))


def measured(run, people: list[Traveller], truth: dict[int, str]) -> tuple[float, float, float]:
    """Rate, share of the planted found, share of the others with an alert."""
    start = time.process_time()
    alerts = run()
    rate = len(people) / (time.process_time() - start)
    recall = sum(entry in alerts.get(ordinal, ()) for ordinal, entry in truth.items()) / len(truth)
    others = [person.ordinal for person in people if person.ordinal not in truth]
    return rate, recall, sum(bool(alerts.get(ordinal)) for ordinal in others) / len(others)


def main() -> None:
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    registration = ListRegistration(
        "bench", "Invented", "nobody", "none", ("4",), "law_enforcement", "persons", "invented", "none", "2099-01-01"
    )
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().sizes
    table = Table("entries", "engine", "travellers/CPU-s", "ms a flight", "planted found", "others with an alert")
    few = invented_list(20, Random(0))
    screen(travellers_for(few, Random(0))[0], Index.build([(registration, "v1", few)], rules), datetime.now(UTC))
    for size in sizes:
        random = Random(size)  # the same list on each run
        entries = invented_list(size, random)
        people, truth = travellers_for(entries, random)
        start = time.process_time()
        index = Index.build([(registration, "v1", entries)], rules)
        build = time.process_time() - start

        def ours(index=index, people=people):
            alerts: dict[int, set[str]] = {}
            for start in range(0, len(people), FLIGHT):
                for match in screen(people[start : start + FLIGHT], index, datetime.now(UTC)):
                    alerts.setdefault(match.traveller, set()).add(match.entry_id)
            return alerts

        def theirs(people=people, entries=entries):
            return peer_alerts(people, entries)

        size_told = sum(values.nbytes for values in arrays_by_name(index.arrays).values()) / 1e6
        cold = f"ours, cold (index {build:.1f} s, {size_told:,.0f} MB)"
        for engine, run in ((cold, ours), ("ours, warm", ours), ("brute force", theirs)):
            rate, recall, false = measured(run, people, truth)
            table.add_row(
                f"{size:,}", engine, f"{rate:,.0f}", f"{1000 * FLIGHT / rate:,.0f}", f"{recall:.1%}", f"{false:.1%}"
            )
    Console().print(table)
    accuracy.main([])


if __name__ == "__main__":
    main()
