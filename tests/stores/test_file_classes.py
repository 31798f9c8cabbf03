"""Every kind of file that a deployment writes has a retention class (RET-7)."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from store_setup import NOW, commit, entry, index_of, open_demo, registration, review_codes
from told_flights import Flight, Truth, received

from pnr_pipeline.records import Message, Received
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.rule_files import rules_root

WHO = Truth(1, "KELMENDI", "ELIRA", "1990-01-01", "F", "U0000001", "document", "KAB123")
ENTRIES = [entry("E1", "KELMENDI", "ELIRA", "1990-01-01", "U0000001")]
RULES = yaml.safe_load((rules_root() / "retention" / "files.yaml").read_text("utf-8"))
CLASSES = {"record", "ingest", "list", "log", "working", "backup"}


def unclassed(root: Path) -> set[str]:
    """Files below the state folder, and `keys/…` beside it, that no line of the rules names."""
    keys = root.with_name(f"{root.name}-keys")
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    names |= {f"keys/{path.relative_to(keys).as_posix()}" for path in keys.rglob("*") if path.is_file()}
    return {name for name in names if not any(fnmatchcase(name, one["path"]) for one in RULES["files"])}


@pytest.mark.law("RET-7")
def test_every_file_of_a_life_from_commit_to_queue_log_and_sweep_has_a_class(tmp_path):
    root = tmp_path / "state"
    with open_demo(root) as store:
        ListShelf(root / "lists").publish(registration(), ENTRIES, NOW)
        ListShelf(root / "lists").load(NOW)
        flight = Flight()
        flight.add("PNRGOV", [WHO])
        commit(store, received(flight.messages[0]), flight.messages, index_of(ENTRIES))
        commit(store, Received("spool", "x.edi", b"?", NOW), [Message("bad:1", "UNREADABLE")], index_of(ENTRIES))
        (line,) = store.hits("new", now=NOW)
        decision = Decision(
            line.hit_id, line.version, "confirmed", "same-document", "officer-7", NOW, "4", "flight-as-means"
        )
        store.decide(decision, review_codes(), case="case-1")
        store.relay(NOW)
        store.log.publish(NOW)
        store.retention.sweep(NOW)
        assert unclassed(root) == set()
    assert unclassed(root) == set()


def test_a_file_without_a_class_is_found(tmp_path):
    with open_demo(tmp_path / "state"):
        (tmp_path / "state" / "forgotten.csv").touch()
        assert unclassed(tmp_path / "state") == {"forgotten.csv"}


def test_each_line_has_a_class_of_the_list_and_says_why():
    lines = [*RULES["files"], *RULES["folders"]]
    assert {one["class"] for one in lines} <= CLASSES
    assert all(one["because"] for one in lines)
