"""All forms of one word of a name: its spellings, then other words it may stand for.

`NameReader` asks once for each word of a name; what is remembered are single words, and a word alone is nobody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pnr_pipeline.screening.letters import FORMS_MAX, readings, script
from pnr_pipeline.screening.rules import NameForms
from pnr_pipeline.screening.scripts import arabic, latin
from pnr_pipeline.screening.scripts.reading import Respelling

OTHERS_MAX = 4
"""Words that one word may stand for; with them, spellings beyond eight forms are left out."""

_REMEMBERED = 65_536


class Forms(NamedTuple):
    """At most eight different forms in A to Z. The first `spelled` are the word itself, that of documents first; the
    others are other words: the head of its name or another habit of spelling in `name_forms.yaml`,
    without a glued article, out of a zone.
    `in_full` are names that it may be short for."""

    forms: tuple[str, ...]
    spelled: int
    in_full: tuple[str, ...] = ()


class WordForms:
    """Forms of words, by the data of `rules/screening/name_forms.yaml`."""

    def __init__(self, data: NameForms) -> None:
        self._heads = _by_form(data.spellings)
        self._in_full = _by_form(data.short_forms)
        self._habits = [(re.compile(one.where), Respelling(one.letters)) for one in data.habits]
        self._any_habit = re.compile("|".join(f"(?:{one.where})" for one in data.habits) or "(?!)")
        self._vowelled = _by_form({name: map(arabic.plain, words) for name, words in data.vowelled.items()})
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    def _of(self, word: str) -> Forms:
        """The forms of a word of any script; empty where it has no letter."""
        spelled = readings(word)
        if not spelled:
            return Forms((), 0)
        if not word.isascii() and script(word) == "ARABIC" and (known := self._vowelled.get(arabic.plain(word))):
            spelled = tuple(dict.fromkeys((*known, *spelled)))
        first = spelled[0]
        others = [head for form in spelled for head in self._heads.get(form, ())]
        others += latin.hidden(first)
        if self._any_habit.search(first):
            others += [written(first) for where, written in self._habits if where.search(first)]
        new = [form for form in dict.fromkeys(others) if form not in spelled][:OTHERS_MAX] if others else []
        in_full = dict.fromkeys(name for form in spelled for name in self._in_full.get(form, ()))
        spelled = spelled[: FORMS_MAX - len(new)]
        return Forms((*spelled, *new), len(spelled), tuple(in_full)[:OTHERS_MAX])


def _by_form(families: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    heads: dict[str, dict[str, None]] = defaultdict(dict)
    for head, forms in families.items():
        for form in forms:
            heads[form][head] = None
    return {form: tuple(found) for form, found in heads.items()}
