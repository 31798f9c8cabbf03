"""A referral to the supervisory authority, as the officer makes it and the authority checks it."""

import hashlib
import json

import pytest
from store_setup import ACCESS, NOW, commit, entry, index_of, open_demo
from told_flights import Flight, Truth, received
from typer.testing import CliRunner

from pnr_pipeline.audit import Access
from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import PnrFault, UsageFault

PEOPLE = [Truth(1, "ZOGRAFI", "JOVANKA", "1971-01-11", "F", "U0000001", "document", "KAB123")]
LISTS = index_of([entry("E1", "ZOGRAFI", "JOVANKA", "1971-01-11")])
DPO = Access("dpo-1", "dpo", "audit-7")


@pytest.fixture
def state(tmp_path):
    with open_demo(tmp_path / "state") as store:
        flight = Flight()
        flight.add("PAXLST", PEOPLE)
        commit(store, received(flight.messages[0]), flight.messages, LISTS)
        store.hit(store.hits(now=NOW)[0].hit_id, ACCESS, NOW)
        store.oversight.sample(5, DPO, NOW)
        (item,) = store.inbox(NOW)
        store.settle_item(item.item_id, "unlawful", DPO, NOW, reason="no-case")
        store.log.publish(NOW)
    return tmp_path / "state"


def refer(state, folder, *words):
    ended = CliRunner().invoke(app, [
        "dpo", "referral", "--out", str(folder), "--as", "dpo-1", "--case", "audit-7", "--state", str(state),
        "--profile", "demo", "--now", NOW.isoformat(), *words,
    ])  # fmt: skip
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    assert ended.exit_code == 0, ended.output


def item_of(state):
    with open_demo(state) as store:
        return store.inbox(NOW, done=True)[0].item_id


@pytest.mark.law("SCR-8", "LOG-5")
def test_the_authority_checks_every_event_and_the_letter_with_the_ordinary_verifier_alone(state, tmp_path):
    folder = tmp_path / "referral"
    refer(state, folder, "--item", item_of(state)[:8])
    letter = json.loads((folder / "letter.json").read_bytes())
    (matter,) = letter["matters"]
    assert (matter["mark"], matter["reason"], matter["marked_by"]) == ("unlawful", "no-case", "dpo-1")
    assert matter["article"] == "PNR 6(2)" and "no such case" in matter["says"]
    proofs = sorted(str(one) for one in (folder / "entries").iterdir())
    key = (folder / "log.key").read_text().strip()
    checked = CliRunner().invoke(app, ["audit", "check", *proofs, str(folder / "referral.proof"), "--key", key])
    assert checked.exit_code == 0, checked.output
    looked, marked, sent = (json.loads(line) for line in checked.stdout.splitlines())
    assert (looked["act"], looked["actor"], looked["case"]) == ("consultation", "officer-7", "case-1")
    assert marked["counts"] == {"dpo.sample.unlawful": 1, "dpo.reason.no-case": 1}
    digest = hashlib.sha256((folder / "letter.json").read_bytes()).hexdigest()
    assert (sent["act"], sent["references"], sent["recipient"]) == ("disclosure", [f"referral:{digest}"], "supervisor")
    forged = tmp_path / "forged.proof"
    forged.write_text((folder / "referral.proof").read_text().replace("index ", "index 1"))
    assert isinstance(CliRunner().invoke(app, ["audit", "check", str(forged), "--key", key]).exception, PnrFault)


@pytest.mark.law("SCR-8", "RGT-5")
def test_it_tells_versions_of_lists_software_and_rules_and_nothing_of_the_traveller(state, tmp_path):
    folder = tmp_path / "referral"
    refer(state, folder, "--item", item_of(state))
    letter = json.loads((folder / "letter.json").read_bytes())
    (version,) = letter["hits"]
    assert (version["list"], version["list_version"], version["version"]) == ("wanted", "v1", 1) and version["engine"]
    assert letter["rules"]["rules/law/eu/pnr/mask.yaml"] and letter["authority"]["name"]
    held = "".join(one.read_text() for one in folder.rglob("*") if one.is_file())
    assert not any(value in held for value in ("ZOGRAFI", "JOVANKA", "1971-01-11", "U0000001", "KAB123"))


@pytest.mark.law("SCR-8")
def test_single_events_are_referred_by_number_for_a_reason(state, tmp_path):
    refer(state, tmp_path / "one", "--entry", "0", "--reason", "kept-too-long")
    assert json.loads((tmp_path / "one/letter.json").read_bytes())["entries"] == [0]
    with pytest.raises(UsageFault, match="for a reason"):
        refer(state, tmp_path / "two", "--entry", "0")
    with pytest.raises(UsageFault, match="no entry 900"):
        refer(state, tmp_path / "two", "--entry", "900", "--reason", "kept-too-long")
    with pytest.raises(UsageFault, match="between 1 and"):
        refer(state, tmp_path / "two")
    assert not (tmp_path / "two").exists()


def test_what_was_not_found_unlawful_is_not_referred(state, tmp_path):
    with open_demo(state) as store:
        store.oversight.sample(1, DPO, NOW)
        (item,) = store.inbox(NOW)
        with pytest.raises(UsageFault, match="for which reason"):
            store.settle_item(item.item_id, "unlawful", DPO, NOW, reason="in-order")
    with pytest.raises(UsageFault, match="not found unlawful"):
        refer(state, tmp_path / "two", "--item", item.item_id)
