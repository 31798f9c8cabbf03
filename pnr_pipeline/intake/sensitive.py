"""Sensitive data (Directive (EU) 2016/681, Art. 13(4)): known by code or word, dropped, counted by class.

Classes: R religion or belief, H health, P political opinion or union membership, X sex life or orientation, O racial
or ethnic origin, A ambiguous (the text beside the code is dropped), N not sensitive (FORMATS 7.3, LAW ING-4).
"""

import re
import unicodedata
from string import ascii_lowercase
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from pnr_pipeline.law.rule_text import RuleModel

SensitiveClass = Literal["R", "H", "P", "X", "O", "A", "N"]
Deleted = Literal["R", "H", "P", "X", "O"]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,5}$")]


class CodesOfClass(RuleModel):
    """Codes of one class, with the place that gives them their meaning."""

    klass: SensitiveClass = Field(alias="class")
    codes: tuple[Code, ...]
    source: str


class UnknownService(RuleModel):
    """The class of a service code that no list names; `.` in the pattern stands for any letter."""

    klass: SensitiveClass = Field(alias="class")
    pattern: Annotated[str, StringConstraints(pattern=r"^[A-Z.]{4}$")]
    source: str


class SensitiveCodesFile(RuleModel):
    """`rules/intake/sensitive-codes.yaml`."""

    rule: Literal["eu.pnr.sensitive-codes"]
    question: str
    source: str
    href: str
    checked_on: str
    services: tuple[CodesOfClass, ...]
    unknown_services: tuple[UnknownService, ...]
    fare_types: tuple[CodesOfClass, ...]


class SensitiveTermsFile(RuleModel):
    """`rules/intake/sensitive-terms.yaml`: words by language and class."""

    rule: Literal["eu.pnr.sensitive-terms"]
    question: str
    source: str
    href: str
    checked_on: str
    languages: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], dict[Deleted, tuple[str, ...]]]


class _Term(NamedTuple):
    """A word or phrase, folded; `open_end` takes any ending of its last word."""

    klass: str
    words: tuple[str, ...]
    open_end: bool

    def stands_at(self, words: list[str], at: int) -> bool:
        """Whether the phrase begins with the word number `at` of a text."""
        *firsts, last = self.words
        found = words[at : at + len(self.words)]
        if len(found) < len(self.words) or found[:-1] != firsts:
            return False
        return found[-1].startswith(last) if self.open_end else found[-1] == last


class Sensitive:
    """Answers which class a code or a text belongs to; built once, shared by all messages."""

    __slots__ = ("_fares", "_initials", "_services", "_terms", "_unknown", "_unknown_in_text")

    def __init__(self, codes: SensitiveCodesFile, terms: SensitiveTermsFile) -> None:
        self._services = {code: row.klass for row in codes.services for code in row.codes}
        self._unknown = tuple((re.compile(row.pattern), row.klass) for row in codes.unknown_services)
        self._unknown_in_text = tuple(
            (re.compile(row.pattern.lower()), row.klass) for row in codes.unknown_services if row.klass not in "AN"
        )
        firsts = {pattern.pattern[0] for pattern, _ in self._unknown_in_text}
        self._initials = frozenset(ascii_lowercase if "." in firsts else firsts)
        self._fares = {code: row.klass for row in codes.fare_types for code in row.codes}
        self._terms: dict[str, list[_Term]] = {}
        for by_class in terms.languages.values():
            for klass, listed in by_class.items():
                for term in listed:
                    self._add(klass, term)
        for code, kind in self._services.items():
            if kind not in "AN":  # a code of these classes is a word like another when it stands in a text
                self._add(kind, code)

    def _add(self, klass: str, term: str) -> None:
        words = tuple(_WORD.findall(fold(term)))
        self._terms.setdefault(words[0][:_KEY_LETTERS], []).append(_Term(klass, words, term.endswith("*")))

    def service(self, code: str) -> SensitiveClass | None:
        """The class of a service code; None for one that nothing here knows."""
        klass = self._services.get(code)
        if klass is None:
            return next((klass for pattern, klass in self._unknown if pattern.fullmatch(code)), None)
        return klass

    def fare_type(self, code: str) -> SensitiveClass | None:
        """The class of a fare or passenger type (FAR, TIF 6353); None for one that is not sensitive."""
        return self._fares.get(code)

    def text(self, text: str) -> str | None:
        """The class of the first listed word or phrase in `text`, or None. Time is linear in the text."""
        words = _WORD.findall(fold(text))
        for at, word in enumerate(words):
            for term in self._terms.get(word[:_KEY_LETTERS], ()):
                if term.stands_at(words, at):
                    return term.klass
            if len(word) == _CODE_LETTERS and word[0] in self._initials:
                for pattern, klass in self._unknown_in_text:
                    if pattern.fullmatch(word):
                        return klass
        return None


_WORD = re.compile(r"[^\W\d_]+")
_KEY_LETTERS = 3
_CODE_LETTERS = 4
_FOLDED = str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o"})


def fold(text: str) -> str:
    """Lower case without accents, in any script, so that `ŞEKER` and `seker` are one word."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter)).translate(_FOLDED)
