"""What is passed over unread could not have reached the threshold: all names laid side by side find no more."""

from random import Random

import numpy as np
import pytest
from invented_persons import person, traveller

from pnr_pipeline.screening import kernels
from pnr_pipeline.screening.asking import ask

SURNAMES = [a + b + c for a in ("Ba", "Ke", "Do", "Stra") for b in ("lo", "mi", "ru") for c in ("vic", "ten", "ska")]
GIVEN = ["Milos", "Milan", "Anna Maria", "Annamaria", "Strumenko", "Bradivo"]
BORN = ["1980-03-02", "1980-02-03", "1980-03-12", "1981-03-02", "1990-03-02", "1964-11-30", "1980", "1981", ""]


def invented(number, random):
    surname, given = SURNAMES[int(36 * random.random() ** 2)], GIVEN[int(6 * random.random() ** 2)]
    if random.random() < 0.1:  # of one word, so common that only a near date of birth makes it worth a look
        surname, given = random.choice(GIVEN[-2:]), ""
    dates = tuple({random.choice(BORN) for _ in range(random.choice((1, 1, 1, 2)))} - {""})
    return person(f"e{number:05}", surname, given, dates, gender=random.choice("MF"))


@pytest.mark.parametrize("seed", range(3))
def test_candidates_are_all_whose_words_and_dates_reach_the_threshold(index_of, seed):
    random = Random(seed)
    index = index_of([invented(number, random) for number in range(2000)])
    people = [invented(number, random) for number in range(120)]
    asked = ask(
        [
            traveller(one.names[0].surname, one.names[0].given, one.dob[0] if one.dob else None, sex=one.gender)
            for one in people
        ],
        index.reader,
        index.rules.frequencies,
    ).flat
    arrays, weights = index.arrays, index.weights
    alike = kernels.similar(asked, arrays.words, weights, len(index), index.scratch)
    every = np.arange(len(arrays.names.entries), dtype=np.int32)
    passed_over = 0
    for row in range(len(asked.starts) - 1):
        _, total = kernels.score(asked, row, every, alike, arrays.words, arrays.names, arrays.entries, weights)
        found = kernels.candidates(
            asked, row, alike, arrays.words, arrays.names, arrays.entries, weights, index.scratch, 10_000
        )
        assert set(every[total >= weights.limits[2]].tolist()) <= set(found.tolist())
        passed_over += len(every) - len(found)
    assert passed_over > 0
    assert not index.scratch.found.any()
    assert not index.scratch.score.any()
