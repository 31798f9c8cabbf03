"""Who holds every copy made before, but not the destroyed keys, reads nobody (RET-1 to RET-3, RET-8)."""

import hmac
import os
import shutil
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from store_setup import NOW, Count, commit, entry, index_of, open_demo, review_codes
from told_flights import RECEIVED, Flight, Truth

from pnr_pipeline.audit import Access
from pnr_pipeline.records import Message, Received
from pnr_pipeline.retention.promotion import Grounds
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.approver_half import from_halves, half_of, signed_card
from pnr_pipeline.stores.root_files import FileKeystore
from pnr_pipeline.stores.seal import PARTS, Part
from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase
from pnr_pipeline.stores.staff_file import exercise_key

PEOPLE = int(os.environ.get("PROOF_RECORDS", "24"))
A_FLIGHT = 200
"""Travellers of one message."""
SIX_MONTHS = datetime(2026, 8, 28, tzinfo=UTC)
KEEPER = Access("retention-1", "b", "case-9")
SURNAME, GIVEN, LOCATOR = "VRNOSUR", "VRNOGIV", "VRN"
"""Begin every value planted: of identity the first two, of the open part the last."""


def letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:07}")


def somebody(number: int) -> Truth:
    """The one of number 0 is on the list, and like nobody else."""
    name = letters(number) if number else "KELMENDIOVSKA"
    born = "1990-01-01" if number else "1961-07-23"
    return Truth(
        number, SURNAME + name, GIVEN + name[::-1], born, "F", f"V{number:08}", "document", LOCATOR + name[-3:]
    )


def filled(root: Path, count: Count) -> None:
    """Flights with everybody on them, a confirmed hit whose record is promoted, a letter that nobody can read."""
    lists = index_of([entry("E1", somebody(0).surname, somebody(0).given, somebody(0).born, somebody(0).document)])
    with open_demo(root, count=count) as store:
        seal_to = X25519PrivateKey.generate().public_key().public_bytes_raw()
        card = signed_card("court-1", exercise_key("court-1"), {"2026-02": seal_to})
        store._ground.state.approver_card.write_bytes(msgspec.json.encode(card))
        for first in range(0, PEOPLE, A_FLIGHT):
            flight = Flight()
            flight.add("PNRGOV", [somebody(number) for number in range(first, min(first + A_FLIGHT, PEOPLE))])
            (told,) = flight.messages
            leg = msgspec.structs.replace(told.flights[0], number=f"{100 + first // A_FLIGHT}")
            message = msgspec.structs.replace(told, message_id=f"{first:064}:1", flights=(leg,))
            commit(store, Received("spool", f"{first}.edi", f"{first}".encode(), RECEIVED), [message], lists)
        letter = Received("spool", "x.edi", f"{SURNAME}LETTER".encode(), NOW)
        commit(store, letter, [Message("bad:1", "UNREADABLE")], lists)
        (line,) = store.hits("new", now=NOW)
        decision = Decision(line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4",
                            "flight-as-means", note=f"{SURNAME} NOTE")  # fmt: skip
        store.decide(decision, review_codes(), case="case-1")
        (record,) = store._ground.db.execute("SELECT record_id FROM hit WHERE hit_id = ?", (line.hit_id,)).fetchone()
        store.retention.promote([record], Grounds("check:2026-17", "verified-check", SIX_MONTHS.date()), KEEPER, NOW)
        shutil.copytree(root, root.with_name("copied"))  # with its write-ahead log, as a thief would


def masked(root: Path, count: Count) -> None:
    count.now = SIX_MONTHS
    with open_demo(root, SIX_MONTHS, count=count):
        return


def keys_left(keys: Path) -> dict[str, bytes]:
    """Every key that can still be had, by name."""
    keystore = FileKeystore(keys)
    return {name: keystore.unwrap(name) for name in keystore.names()}


SEALED_IN: tuple[tuple[str, Part, str, str], ...] = (
    ("body", "identity", "", "SELECT record_id, version, identity FROM record_head JOIN body USING (record_id)"),
    ("push", "push", "", "SELECT leg_id || '/' || message_id, 1, sealed FROM push_body"),
    ("hit", "hits", "", "SELECT hit_id, version, sealed FROM hit"),
    ("hit_version", "hits", "/match", "SELECT hit_id, version, sealed FROM hit_version"),
    ("decision", "hits", "/note", "SELECT hit_id, version, sealed FROM decision"),
    ("dead_letter", "dead", "", "SELECT dead_id, 1, sealed FROM dead_letter"),
)
"""Table, part, what follows the id in the name that the key is derived by, and the cells: id, version, bytes."""


def read_with(copied: Path, keys: dict[str, bytes]) -> dict[str, int]:
    """How many sealed cells of the copy of a database somebody opens who has these keys, by table."""
    opened: Counter[str] = Counter()
    db = SqliteDatabase(copied / "pnr.sqlite")
    for table, part, ending, query in SEALED_IN:
        for one, version, sealed in db.execute(query):
            opened[table] += _opens(keys, part, one, ending, version, sealed)
    db.close()
    return dict(+opened)


def _opens(keys: dict[str, bytes], part: Part, one: str, ending: str, version: int, sealed: bytes) -> bool:
    """Whether any key, or any two as halves, opens this cell, whatever period it says it is of."""
    subject = one + ending
    bound = "\0".join((subject, part, str(version), "demo")).encode()
    own = [hmac.digest(key, subject.encode(), "sha256") for key in keys.values()]
    theirs = [half_of(key, one) for key in keys.values()]
    for key in [*own, *(from_halves(half, other) for half in own for other in theirs)]:
        try:
            clear = AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
        except InvalidTag:
            continue
        clear = zlib.decompress(clear) if part in ("push", "dead") else clear
        assert any(value.encode() in clear for value in (SURNAME, LOCATOR))
        return True
    return False


def clear_in(folder: Path, *values: str) -> set[str]:
    """Files of which any byte run is one of these values."""
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(value.encode() in path.read_bytes() for value in values)
    }


@pytest.fixture(scope="module")
def stolen(tmp_path_factory):
    """The state after masking day, and a copy of all of it from before."""
    root, count = tmp_path_factory.mktemp("proof") / "state", Count()
    filled(root, count)
    shutil.copytree(root.with_name("state-keys"), root.with_name("keys-before"))
    masked(root, count)
    return root


def test_while_the_keys_are_there_the_copy_is_read_in_full(stolen):
    """The control: were a key kept aside, this search would find everybody."""
    before = read_with(stolen.with_name("copied"), keys_left(stolen.with_name("keys-before")))
    bookings = len({somebody(number).locator + str(number // A_FLIGHT) for number in range(PEOPLE)})
    assert before == {
        "body": PEOPLE + bookings, "push": -(-PEOPLE // A_FLIGHT), "hit": 1, "hit_version": 1, "decision": 1,
        "dead_letter": 1,
    }  # fmt: skip


@pytest.mark.law("RET-1", "RET-2")
def test_with_every_key_that_is_left_no_identity_of_either_class_opens_in_the_copy(stolen):
    left = keys_left(stolen.with_name("state-keys"))
    assert {f"L/2026-02-28/{part}" for part in ("identity", "hits")} <= left.keys()  # the unit's own half
    assert read_with(stolen.with_name("copied"), left) == {}


@pytest.mark.law("RET-1")
@pytest.mark.parametrize("kept", ["S/2026-02-28/identity", "L/2026-02-28/approver", "S/2026-02-28/push"])
def test_one_key_kept_aside_is_enough_to_be_found(stolen, kept):
    key = keys_left(stolen.with_name("keys-before"))[kept]
    assert read_with(stolen.with_name("copied"), keys_left(stolen.with_name("state-keys")) | {kept: key})


@pytest.mark.law("RET-2")
def test_no_byte_of_any_copy_holds_an_identity_in_clear(stolen):
    assert clear_in(stolen.with_name("copied"), SURNAME, GIVEN) == set()
    assert clear_in(stolen, SURNAME, GIVEN) == set()


@pytest.mark.law("RET-3")
def test_the_swept_database_has_no_open_part_of_class_s_in_any_byte_and_that_of_class_l(stolen):
    gone = [f'"{somebody(number).locator}"' for number in range(1, min(PEOPLE, 20))]
    assert clear_in(stolen.with_name("copied"), *gone)
    assert clear_in(stolen, *gone) == set()
    assert clear_in(stolen, f'"{somebody(0).locator}"') == {"pnr.sqlite"}


def test_deleted_pages_that_are_not_overwritten_would_be_found(tmp_path, monkeypatch):
    """The control: without secure_delete and without the end of the log, bytes of the deleted stay in the files."""
    execute = SqliteDatabase.execute

    def careless(self, sql, values=()):
        if sql == "PRAGMA secure_delete = ON":
            sql = "PRAGMA secure_delete = OFF"
        return execute(self, sql, values)

    monkeypatch.setattr(SqliteDatabase, "execute", careless)
    monkeypatch.setattr(SqliteDatabase, "reclaim", lambda self: None)
    count = Count()
    filled(tmp_path / "state", count)
    masked(tmp_path / "state", count)
    assert clear_in(tmp_path / "state", *(f'"{somebody(number).locator}"' for number in range(1, 20)))


def test_what_is_left_of_the_keys_of_the_day_are_the_halves_that_open_nothing_alone(stolen):
    gone = {name for name in FileKeystore(stolen.with_name("state-keys")).gone() if name.startswith("S/2026-02-28/")}
    assert gone == {f"S/2026-02-28/{part}" for part in PARTS}
