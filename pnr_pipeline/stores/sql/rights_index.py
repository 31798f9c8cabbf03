"""The blind index of rights requests: a person found by name and birth date or document, open and masked alike (RGT-2).

A row is an HMAC under the key `rights` of the record's period, 16 bytes of it. In class L the approver's half is in it
too (`approver_half.lookup_of`): once the day is masked a question is answered by him, one by one, on an order.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import msgspec

from pnr_pipeline.errors import Masked
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.screening import ScreeningRules
from pnr_pipeline.screening.names import NameReader
from pnr_pipeline.screening.person_words import asked_words, stored_words
from pnr_pipeline.stores.approver_half import lookup_of
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.sql.ground import Ground

_BYTES = 16
_NOT_TOLD = "-"


class Question(msgspec.Struct, frozen=True):
    """Who asks: as the person writes their own name, birth date (ISO) and documents. No text of it is ever kept."""

    surname: str
    given: str
    born: str = ""
    documents: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """The tokens of a question: of each document, and of each part of the name with the birth date and without one."""

    documents: frozenset[str]
    with_birth: tuple[frozenset[str], ...]
    without: tuple[frozenset[str], ...]

    @property
    def tokens(self) -> list[str]:
        """All of them, sorted."""
        return sorted(self.documents.union(*self.with_birth, *self.without))

    def meets(self, found: set[str]) -> str:
        """By what a record with these tokens is the person: `document`, `name and birth date`, `name`; '' if not.

        Where the record tells no birth date two parts of the name must meet, or the only one there is.
        """
        if self.documents & found:
            return "document"
        if any(part & found for part in self.with_birth):
            return "name and birth date"
        return "name" if sum(bool(part & found) for part in self.without) >= min(2, len(self.without)) > 0 else ""


_Named = tuple[str, str, str]
"""Surname, given names and birth date as one message tells them."""


def tokens_of(person: Person) -> set[str]:
    """What a record is found by: of every name and document that API and PNR tell of the person."""
    names, documents = _told(person)
    return documents.union(*map(_tokens_of_name, names))


def _told(person: Person) -> tuple[set[_Named], set[str]]:
    names: set[_Named] = set()
    documents: set[str] = set()
    for listing in person.listings:
        traveller = listing.traveller
        born = traveller.date_of_birth or _NOT_TOLD
        documents.update(f"document {_number(one.number)}" for one in traveller.documents if one.number)
        names.update((name.surname, name.given_names, born) for name in traveller.names)
    return names, documents


def _tokens_of_name(named: _Named) -> set[str]:
    surname, given, born = named
    return {f"{word} {born}" for word in _stored(surname, given)}


def asked(question: Question) -> Asked:
    """The tokens of a question; a birth date with day and month exchanged is asked for too."""
    parts = asked_words(_reader(), question.surname, question.given)
    births = {question.born, _exchanged(question.born)} - {""}
    return Asked(
        frozenset(f"document {_number(one)}" for one in question.documents),
        tuple(frozenset(f"{word} {born}" for word in words for born in births) for words in parts),
        tuple(frozenset(f"{word} {_NOT_TOLD}" for word in words) for words in parts),
    )


def index_persons(
    ground: Ground, told: Mapping[str, tuple[str, Person]], before: Mapping[str, tuple[str, Person]], basis: int
) -> None:
    """Write the rows of these records, (period, person) by id, in place of those they had `before`."""
    gone: list[tuple[str, bytes, str]] = []
    new: list[tuple[str, bytes, str]] = []
    for record_id, (period, person) in told.items():
        old_period, old = before.get(record_id, (period, None))
        if old_period != period:
            gone += _rows(ground, old_period, record_id, tokens_of(old) if old else ())
            new += _rows(ground, period, record_id, tokens_of(person))
            continue
        lost, gained = difference(old, person)
        gone += _rows(ground, period, record_id, lost)
        new += _rows(ground, period, record_id, gained)
    ground.db.executemany("DELETE FROM rights_key WHERE period = ? AND key = ? AND record_id = ?", gone)
    ground.db.executemany(
        "INSERT INTO rights_key VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", [(*one, basis) for one in new]
    )


def difference(old: Person | None, person: Person) -> tuple[set[str], set[str]]:
    """The tokens that a record loses and gains; names told as before are not read again, which is most of them."""
    if old is None:
        return set(), tokens_of(person)
    (old_names, old_documents), (names, documents) = _told(old), _told(person)
    gained = (documents - old_documents).union(*map(_tokens_of_name, names - old_names))
    if old_names <= names:
        return old_documents - documents, gained
    had, has = tokens_of(old), tokens_of(person)
    return had - has, has - had


def move_rights(ground: Ground, record_id: str, old: str, new: str, identity: bytes) -> None:
    """Index a promoted record under its new period; `identity` is its opened identity part.

    A booking has no rows and is left.
    """
    rows = ground.db.execute("DELETE FROM rights_key WHERE period = ? AND record_id = ?", (old, record_id)).rowcount
    if rows:
        (basis,) = ground.db.execute("SELECT basis FROM record_head WHERE record_id = ?", (record_id,)).fetchone()
        index_persons(ground, {record_id: (new, from_json(Person, identity))}, {}, basis)


def blinded(ground: Ground, period: str, token: str) -> bytes:
    """The unit's side of a row's key: all of it, but in class L."""
    return ground.sealer.record_key(period, "rights", token)


def row_key(period: str, own: bytes, approver: bytes | None) -> bytes:
    """The key of a row from the unit's side and, in class L, the approver's answer to it."""
    return (own if approver is None else approver)[:_BYTES]


def records_under(ground: Ground, period: str, keys: Mapping[bytes, str]) -> dict[str, set[str]]:
    """The tokens that each record of the period meets; `keys` are row keys with their tokens."""
    found: dict[str, set[str]] = {}
    rows = ground.db.execute(
        "SELECT record_id, key FROM rights_key WHERE period = ? AND key IN (SELECT unhex(value) FROM json_each(?))",
        (period, to_json([key.hex() for key in keys]).decode()),
    )
    for record_id, key in rows.fetchall():
        found.setdefault(record_id, set()).add(keys[bytes(key)])
    return found


def kept_periods(ground: Ground) -> list[str]:
    """The periods of all records, in order."""
    rows = ground.db.execute("SELECT DISTINCT period FROM record_head ORDER BY period").fetchall()
    return [period for (period,) in rows]


def is_masked(ground: Ground, period: str) -> bool:
    """Whether only the approver can look in the index of this period."""
    if period.startswith("L/"):
        try:
            ground.sealer.approver_key(period)
        except Masked:
            return True
    return False


def _rows(ground: Ground, period: str, record_id: str, tokens: Iterable[str]) -> Iterator[tuple[str, bytes, str]]:
    for token in tokens:
        own = blinded(ground, period, token)
        approver = lookup_of(ground.sealer.approver_key(period), own) if period.startswith("L/") else None
        yield period, row_key(period, own, approver), record_id


def _number(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def _exchanged(born: str) -> str:
    year, _, rest = born.partition("-")
    month, _, day = rest.partition("-")
    return f"{year}-{day}-{month}" if day and int(day) <= 12 else ""


@cache
def _reader() -> NameReader:
    rules = ScreeningRules.from_texts(rule_texts("screening"))
    return NameReader(rules.words, rules.forms)


def _stored(surname: str, given: str) -> set[str]:
    return stored_words(_reader(), surname, given)
