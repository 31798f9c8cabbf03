"""Names as API messages write them: parts joined, titles apart, words that are no names (FORMATS 2.4, 2.9, 4.5)."""

import re
from typing import Final, NamedTuple

TITLES: Final = frozenset(
    {"MR", "MRS", "MS", "MISS", "MSTR", "MASTER", "DR", "PROF", "CAPT", "REV", "SIR", "CHD", "INF", "MME", "MLLE"}
)
INFANT_TITLE: Final = "INF"

UNKNOWN: Final = frozenset({"FNU", "LNU"})
"""First name unknown, last name unknown: told by the guide's users, never a name."""

_PLACEHOLDERS: Final = frozenset(
    {"TEST", "TESTER", "TBA", "TBD", "TBN", "XXX", "XX", "GUEST", "PASSENGER", "PAX", "UNKNOWN", "NONAME", "NULL"}
)
_LAST_OF_GLUED: Final = frozenset("RSFrsf\u017f\n")
"""Signs that the pattern can end with, so that most names need not be searched."""
_GLUED_TITLE: Final = re.compile(r"[A-Z]{2,}(?:MRS?|MISS|MSTR|PROF)$", re.IGNORECASE)  # not MS, DR: ADAMS, ALEXANDR


class NameParts(NamedTuple):
    """A name taken apart; `unknown` where FNU or LNU stood in place of a part."""

    surname: str
    given_names: str
    title: str = ""
    unknown: bool = False


def name_of(components: tuple[str, ...]) -> NameParts:
    """Surname, given names and title of a composite C080 of NAD.

    Parts are joined by single blanks. A title counts where it is a component or a word of its own behind other given
    names; glued titles stay, as the name of an API message is that of the document. Nothing is taken off unless two
    letters of given names remain.
    """
    surname = components[0].strip()
    if len(components) == 2 and components[1].isalpha():  # one given name, as most
        given, title = components[1], ""
    else:
        given, title = _without_title(" ".join(components[1:]).split())
    unknown = False
    if len(given) == 3 and given.upper() in UNKNOWN:
        given, unknown = "", True
    if len(surname) == 3 and surname.upper() in UNKNOWN:
        surname, unknown = "", True
    return NameParts(surname, given, title, unknown)


def _without_title(words: list[str]) -> tuple[str, str]:
    """Given names joined, and the title that stood behind them."""
    if len(words) > 1:
        last = words[-1].upper().rstrip(".")
        if last in TITLES and sum(map(len, words[:-1])) >= 2:
            return " ".join(words[:-1]), last
    return " ".join(words), ""


def is_placeholder(name: str) -> bool:
    """Whether nobody is called so: TEST, TBA, GUEST …, or one letter three times and more."""
    return name.upper() in _PLACEHOLDERS or (len(name) > 2 and name[0] == name[1] and name == name[0] * len(name))


def has_glued_title(given_names: str) -> bool:
    """Whether the last given name ends as if a title had been glued to it (`JANEMRS`)."""
    return given_names[-1:] in _LAST_OF_GLUED and _GLUED_TITLE.search(given_names) is not None
