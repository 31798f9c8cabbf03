"""The texts of SSR DOCS, DOCO, DOCA and FOID, field by field, with the repair of a slash too many or too few.

Source: AIRIMP field order (FORMATS 4.5). Values are as sent; `VV`, blanks and junk count as not provided.
"""

import re
from typing import NamedTuple

from pnr_pipeline.intake.zone_numbers import without_fillers

DOCUMENT_TYPES = frozenset(("P", "I", "A", "C", "IP", "F", "AC"))
_TYPE_LENGTH_MAX = 3
_SEXES = {"M": "M", "F": "F", "MI": "M", "FI": "F", "U": "U", "UI": "U", "X": "X", "XI": "X"}
_DAY = re.compile(r"\d{2}[A-Z]{3}(?:\d{4}|\d{2})")
_STATE_LENGTH_MAX = 3
_TAIL = re.compile(r"-\d{1,2}[^\W\d_][^/]*(?:/[^/]*)?$")


class Docs(NamedTuple):
    """A travel document and whom it names. `infant` is told by the sex codes MI and FI; dates are as sent."""

    type: str = ""
    issuer: str = ""
    number: str = ""
    nationality: str = ""
    birth: str = ""
    sex: str = ""
    infant: bool = False
    expires: str = ""
    surname: str = ""
    given: str = ""


class Visa(NamedTuple):
    """The visa of an SSR DOCO; `valid_for` is the country it was issued for. `infant` by the closing `I`."""

    number: str
    issued_at: str
    issued: str
    valid_for: str
    infant: bool


class Address(NamedTuple):
    """An SSR DOCA: `kind` R residence, D destination, O another (seen in XML). `infant` by the closing `I`."""

    kind: str
    country: str
    street: str
    town: str
    state: str
    postcode: str
    infant: bool


def read_docs(text: str) -> Docs | None:
    """The fields of a DOCS text, None if it has none.

    The left half (type, issuer, number) is counted from the type, the right half (nationality, birth, sex, expiry,
    names) from the birth date, so one slash too many or too few in either half leaves the other whole.
    """
    if "-" in text:
        text = _TAIL.sub("", text)
    fields = _fields(text)
    if _is_as_written(fields):
        _, kind, issuer, number, nationality, birth, sex, expires, surname, *given = fields
        return Docs(
            kind,
            _country(issuer),
            without_fillers(number),
            _country(nationality),
            birth,
            _SEXES[sex],
            len(sex) == 2,
            expires,
            surname,
            _given(given),
        )
    if not any(fields):
        return None
    kind_at = next((at for at in (1, 0, 2) if at < len(fields) and fields[at] in DOCUMENT_TYPES), None)
    birth_at = _birth_place(fields)
    if birth_at is None:
        if kind_at is None and len(fields) < 9:
            return None  # nothing to count from
        birth_at = (1 if kind_at is None else kind_at) + 4
    if kind_at is None:
        kind_at = birth_at - 4
    between = fields[max(kind_at + 1, 0) : max(birth_at - 1, 0)]
    if len(between) > 2 and not between[0]:
        between = between[1:]  # a slash too many
    issuer, number = (between[0], "".join(between[1:])) if between else ("", "")
    if not number and any(letter.isdecimal() for letter in issuer):
        issuer, number = "", issuer
    sex, infant, expires, names = _right_half(fields[birth_at + 1 :])
    return Docs(
        fields[kind_at] if 0 <= kind_at < len(fields) and len(fields[kind_at]) <= _TYPE_LENGTH_MAX else "",
        _country(issuer),
        without_fillers(number),
        _country(fields[birth_at - 1]) if 0 < birth_at <= len(fields) else "",
        fields[birth_at] if birth_at < len(fields) else "",
        sex,
        infant,
        expires,
        names[0] if names else "",
        _given(names[1:]),
    )


def _is_as_written(fields: list[str]) -> bool:
    """Whether nothing is missing or moved: type, number, birth date, sex, expiry and surname are in their places."""
    return (
        len(fields) > 8
        and fields[1] in DOCUMENT_TYPES
        and fields[6] in _SEXES
        and bool(fields[8] and fields[3])
        and len(fields[2]) <= _STATE_LENGTH_MAX
        and len(fields[4]) <= _STATE_LENGTH_MAX
        and bool(_DAY.fullmatch(fields[5]) and _DAY.fullmatch(fields[7]) and not _DAY.fullmatch(fields[3]))
    )


def _given(names: list[str]) -> str:
    """First and second given name; `H` for the primary holder of a shared passport is none."""
    return " ".join(name for name in names[:2] if name and name != "H")


def _birth_place(fields: list[str]) -> int | None:
    """Where the birth date stands, told by the first date or by the sex behind it; None if neither is there."""
    for at in range(1, min(len(fields), 12)):
        if _DAY.fullmatch(fields[at]):
            return at - 2 if at > 3 and fields[at - 1] in _SEXES and not fields[at - 2] else at
    return next((at - 1 for at in range(4, min(len(fields), 9)) if fields[at] in _SEXES), None)


def _right_half(rest: list[str]) -> tuple[str, bool, str, list[str]]:
    """Sex, infant, expiry and names of what follows the birth date."""
    sex, infant = "", False
    if rest and (rest[0] in _SEXES or not rest[0]):
        sex, infant = _SEXES.get(rest[0], ""), len(rest[0]) == 2
        rest = rest[1:]
    if not sex and rest and rest[0] in _SEXES:  # a slash too many
        sex, infant = _SEXES[rest[0]], len(rest[0]) == 2
        rest = rest[1:]
    expires = ""
    if rest and (not rest[0] or _DAY.fullmatch(rest[0])):
        expires, rest = rest[0], rest[1:]
    if not expires and rest and _DAY.fullmatch(rest[0]):
        expires, rest = rest[0], rest[1:]
    if len(rest) > 2 and not rest[0] and rest[1] and rest[2]:
        rest = rest[1:]
    return sex, infant, expires, rest


def read_visa(text: str) -> Visa | None:
    """The visa of a DOCO text, whichever slash is missing; None for known-traveller and redress numbers."""
    fields = _fields(text)
    kind_at = next((at for at in (1, 2, 0) if at < len(fields) and fields[at] in ("V", "K", "R")), None)
    if kind_at is None or fields[kind_at] != "V":
        return None
    number, issued_at, issued, valid_for, infant = (*fields[kind_at + 1 :], "", "", "", "", "")[:5]
    if not number:
        return None
    return Visa(without_fillers(number), issued_at, issued, _country(valid_for), infant == "I")


_ADDRESS_KINDS = frozenset(("R", "D", "O"))


def read_address(text: str) -> Address | None:
    """The address of a DOCA text, None if it has neither town nor street nor country."""
    fields = _fields(text)
    kind_at = next((at for at in (1, 0, 2) if at < len(fields) and fields[at] in _ADDRESS_KINDS), None)
    if kind_at is None:
        return None
    country, street, town, state, postcode, infant = (*fields[kind_at + 1 :], "", "", "", "", "", "")[:6]
    if not (country or street or town):
        return None
    return Address(fields[kind_at], _country(country), street, town, state, postcode, infant == "I")


_FOID = re.compile(r"[\s/]*(PP|NI|ID)[\s/]*([A-Z0-9][A-Z0-9 ]{3,29})(?![A-Z0-9])")
_FOID_TYPES = {"PP": "P", "NI": "I", "ID": "I"}


def read_identification(text: str) -> tuple[str, str] | None:
    """Type (P, I) and number of a FOID that is an identity document; None for cards, licences and other forms."""
    found = _FOID.match(text.upper())
    return (_FOID_TYPES[found[1]], found[2].replace(" ", "")) if found else None


def _fields(text: str) -> list[str]:
    """The fields of a text without blanks around; '' for `VV`, not provided."""
    fields = [field.strip() for field in text.split("/")]
    return ["" if field == "VV" else field for field in fields] if "VV" in fields else fields


def _country(field: str) -> str:
    """A country as sent; '' where the field holds no letter."""
    return field if field.isalpha() or any(letter.isalpha() for letter in field) else ""
