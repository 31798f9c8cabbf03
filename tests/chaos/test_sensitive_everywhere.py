"""Sensitive data through `pnr run`, in every kind of message and place: afterwards they are nowhere.

Looked through are every column of every table, all sealed parts opened with their keys, the units' queues as the units
read them, answers, account and log, and each byte of the state folder (ING-4, Directive (EU) 2016/681, art. 13(4)).
Only a dead letter holds its own bytes, sealed, until it is replayed or 72 hours have gone (LAW 12.5).
"""

import json
import os
import re
import shutil
from datetime import timedelta

import msgspec
import pytest
from exercise import NOW, confirm_all, start
from sensitive_corpus import FARES, PERSON, SERVICES, WANTED, WORDS, corpus, paxlst
from store_setup import ACCESS, commit, entry, open_demo, registration

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.intake import decode
from pnr_pipeline.records import Received
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql import legs
from pnr_pipeline.stores.sql.hits import read_hits, read_match

BYTES_MIN = 6
"""A shorter word is in any ciphertext sooner or later."""
_LONG = [word.lower() for word in (*WORDS, *SERVICES) if len(word) > 4]
_SHORT = re.compile(
    r"(?<![^\W_])(?:" + "|".join(word.lower() for word in (*WORDS, *SERVICES) if len(word) <= 4) + r")(?![^\W_])"
)
"""Whole words only: `deaf` may be in any number in hexadecimal digits."""
_FARE = re.compile(r'"fare_type":"(?:' + "|".join(code for code, _ in FARES) + ')"')

ENGINEER = Access("engineer-1", "a", "case-1")


def found(told) -> set[tuple[str, str]]:
    """(place, word) of every sensitive word or code in these (place, text)."""
    by_place: dict[str, set[str]] = {}
    for place, text in told:
        by_place.setdefault(place, set()).add(text)
    hits: set[tuple[str, str]] = set()
    for place, texts in by_place.items():
        text = "\n".join(texts)
        small = text.lower()
        words = [word for word in _LONG if word in small] + _SHORT.findall(small) + _FARE.findall(text)
        hits.update((place, word) for word in words)
    return hits


def in_tables(store):
    """Every value of every column that is text; what is sealed is opened elsewhere, and read as bytes in the files."""
    db = store._ground.db
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        rows = db.execute(f"SELECT * FROM {name}")
        columns = [column for column, *_ in rows.description]
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                if not isinstance(value, bytes):
                    yield f"{name}.{column}", re.sub(r'"sealed":"[^"]+"', "", str(value))


def under_seals(store):
    """Every sealed part, opened: identities, pushes, hits with their evidence, files for officers, units' queues."""
    ground = store._ground
    parts = "SELECT record_id, version, period, identity FROM record_head JOIN body USING (record_id, period)"
    for record, version, period, sealed in ground.db.execute(parts).fetchall():
        yield "identity", ground.sealer.open(period, "identity", record, version, sealed).decode()
    for row in ground.db.execute("SELECT leg_id, flight, period, newest FROM leg").fetchall():
        for push, _ in legs.pushes(ground, legs.Leg(*row, floors=None, basis=1)):
            yield "push", to_json(push).decode()
    for hit in read_hits(ground, None):
        yield "hit", to_json(hit).decode()
        yield "file of a hit", repr(store.hit(hit.hit_id, ACCESS, NOW))
    for hit_id, version in ground.db.execute("SELECT hit_id, version FROM hit_version").fetchall():
        yield "evidence", to_json(read_match(ground, hit_id, version)).decode()
    for (unit,) in ground.db.execute("SELECT DISTINCT unit FROM unit_queue").fetchall():
        for delivered in store.queue(unit, ACCESS, NOW):
            yield "queue", repr(delivered)


def in_files(folder):
    """(file, word) of every longer word whose bytes, as they were sent, are in a file."""
    forms = [word.encode() for word in (*WORDS, *SERVICES)]
    files = [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    return {(name, form) for name, held in files for form in forms if len(form) >= BYTES_MIN and form in held}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """State and answers after the corpus, what was printed and logged; every hit confirmed and sent to its unit."""
    root = tmp_path_factory.mktemp("run")
    spool, state, answers = root / "in", root / "state", root / "answers"
    spool.mkdir()
    for age, (name, text) in enumerate(corpus()):
        (spool / name).write_text(text, "utf-8")
        os.utime(spool / name, (1_767_000_000 + age,) * 2)
    ListShelf(state / "lists").publish(registration(), [entry("1", WANTED, "JANE", "1987-02-14")], NOW)
    process = start(spool, state, "--answers", str(answers))
    told, log = process.communicate(timeout=200)
    assert process.returncode == 0, log
    assert confirm_all(state)
    with open_demo(state, NOW) as store:
        assert store.relay(NOW)
    return state, answers, told, log


@pytest.fixture
def copied(ran, tmp_path):
    """The state, to change it."""
    shutil.copytree(ran[0].parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "state"


@pytest.mark.law("ING-4")
def test_no_word_or_code_is_in_any_table_or_under_any_seal(ran):
    with open_demo(ran[0], NOW) as store:
        tables, opened = list(in_tables(store)), list(under_seals(store))
        assert found(tables) == set()
        assert found(opened) == set()
        assert {place for place, _ in opened} == {"identity", "push", "hit", "file of a hit", "evidence", "queue"}
        assert sum(PERSON in text for place, text in opened if place == "identity") > 2 * len(WORDS)


@pytest.mark.law("ING-4")
def test_no_word_or_code_is_in_the_account_the_log_or_an_answer(ran):
    _, answers, told, log = ran
    files = [path for path in answers.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert json.loads(told)["travellers"] > 1000
    said = [(path.name, f"{path.name} {path.read_text()}") for path in files]
    assert found([("account", json.dumps(json.loads(told), ensure_ascii=False)), *said]) == set()
    assert found([("log", json.dumps([json.loads(line) for line in log.splitlines()], ensure_ascii=False))]) == set()


@pytest.mark.law("ING-4")
def test_no_byte_of_the_state_folder_tells_a_word(ran):
    assert in_files(ran[0]) == set()


def test_a_word_in_a_field_that_is_kept_is_found(copied):
    word = max(WORDS, key=len)
    body = paxlst(999, ["X"]).replace(f"{WANTED}:JANE", f"{word}:JANE").encode()
    with open_demo(copied, NOW) as store:
        read = decode(body, rulebook=load_rulebook(store.profile), now=NOW)
        commit(store, Received("test", "1", body, NOW), read, ListShelf(copied / "lists").load(NOW), NOW)
        assert {("identity", word.lower()), ("push", word.lower())} <= found(under_seals(store))
        store._ground.db.execute("UPDATE lease SET holder = ?", (word,))
        store._ground.db.execute("UPDATE audit_entry SET body = ? WHERE row = 1", (word,))
        assert ("audit_entry.body", word.lower()) in found(in_tables(store))
    (copied / "odd").write_bytes(word.encode())
    assert ("odd", word.encode()) in in_files(copied)


def test_a_dead_letter_holds_its_bytes_until_it_is_replayed_or_72_hours_have_gone(copied):
    index = ListShelf(copied / "lists").load(NOW)
    with open_demo(copied, NOW) as store:
        rulebook = load_rulebook(store.profile)
        letters = store.dead_letters()
        assert {letter.reason for letter in letters} == {"test", "unreadable"}
        assert all(letter.expires_at - NOW <= timedelta(hours=72) for letter in letters)
        received = {letter.dead_id: store.replay(letter.dead_id, ENGINEER, NOW) for letter in letters}
        assert all(found([("dead", one.body.decode())]) for one in received.values())
        for letter in letters:
            if letter.reason == "test":
                told = decode(received[letter.dead_id].body, rulebook=rulebook, now=NOW)
                mended = [msgspec.structs.replace(one, test=False) for one in told]
                commit(store, received[letter.dead_id], mended, index, NOW)
        assert found(under_seals(store)) == found(in_tables(store)) == set()
        held = "SELECT reason, sum(length(sealed)) FROM dead_letter GROUP BY reason ORDER BY reason"
        (_, of_tests), (_, of_others) = store._ground.db.execute(held).fetchall()
        assert of_tests == 0
        assert of_others > 0
        store.retention.confirm_clock(Access("retention-1", "a", "outage-1"), NOW + timedelta(hours=72))
        store.retention.sweep(NOW + timedelta(hours=72))
        assert store.dead_letters() == []
        for dead_id in received:
            with pytest.raises(UsageFault):
                store.replay(dead_id, ENGINEER, NOW)
    assert in_files(copied) == set()
