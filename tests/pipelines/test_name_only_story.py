"""A name-only PNR and the API list of the same person: the same end, whichever comes first."""

import json

import pytest
from name_only_messages import NOW, api_list, booking, pnr, publish, run, wanted
from store_setup import open_demo

from pnr_pipeline.records import EntryName

READS = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")

SOUGHT = api_list("610202", "A0099123")
NAMESAKE = api_list("880930", "B7700456")
OTHER_PASSPORT = api_list("", "B7700456", sex="F", nationality="TUR")
MILD = api_list("", "", sex="F", nationality="TUR")


def ends(root):
    """What a person sees in the end of the hits that stand: state, settlement, verdicts."""
    with open_demo(root / "state", NOW) as store:
        lines = [line for line in store.hits(now=NOW) if line.state not in ("excluded", "superseded")]
    return [(line.state, line.settlement, line.score, line.known) for line in lines]


def history(root, hit_id: str) -> str:
    who = ("--as", "officer-7", "--purpose", "a", "--case", "case-1")
    return " ".join(pnr(root, "hits", "show", hit_id, *who).stdout.split())


def the_hit(root):
    (line,) = pnr(root, "hits", "list", "--only", "all", "--format", "json", *READS).stdout.splitlines()
    return json.loads(line)


@pytest.mark.parametrize("api", [SOUGHT, NAMESAKE, OTHER_PASSPORT, MILD])
def test_both_orders_of_arrival_come_to_the_same_end(tmp_path, api):
    roots = tmp_path / "pnr-first", tmp_path / "api-first"
    for root, bodies in zip(roots, ((booking(), api), (api, booking())), strict=True):
        root.mkdir()
        publish(root, wanted(gender="M"))
        run(root, *bodies)
    first, second = map(ends, roots)
    assert [one[::2] for one in first] == [one[::2] for one in second]
    assert bool(first) == (api in (SOUGHT, MILD))


def test_another_birth_date_excludes_and_the_history_says_who_brought_what(tmp_path):
    publish(tmp_path, wanted())
    run(tmp_path, booking())
    assert (the_hit(tmp_path)["state"], the_hit(tmp_path)["queue"]) == ("new", "weak")
    run(tmp_path, NAMESAKE)
    hit = the_hit(tmp_path)
    assert (hit["state"], hit["settlement"], hit["version"]) == ("excluded", "excluded", 2)
    told = history(tmp_path, hit["hit_id"])
    assert "raised from PNR by name → possible" in told
    assert "API brought birth date: differs" in told
    assert "→ excluded" in told


def test_the_sought_document_and_birth_date_confirm(tmp_path):
    publish(tmp_path, wanted())
    run(tmp_path, booking(), SOUGHT)
    hit = the_hit(tmp_path)
    assert (hit["state"], hit["settlement"]) == ("new", "confirmed_by_document")
    assert "document: same" in history(tmp_path, hit["hit_id"])


def test_without_a_hard_contradiction_nothing_is_excluded_however_low_the_score(tmp_path):
    publish(tmp_path, wanted(gender="M"))
    run(tmp_path, booking(), MILD)
    hit = the_hit(tmp_path)
    assert (hit["state"], hit["settlement"]) == ("new", "possible")


def test_another_document_and_another_nationality_together_exclude(tmp_path):
    publish(tmp_path, wanted(gender="M"))
    run(tmp_path, booking(), OTHER_PASSPORT)
    assert the_hit(tmp_path)["settlement"] == "excluded"


def test_each_step_is_in_the_log_with_what_it_settled(tmp_path):
    publish(tmp_path, wanted())
    run(tmp_path, booking(), NAMESAKE)
    with open_demo(tmp_path / "state", NOW) as store:
        rows = store._ground.db.execute(
            "SELECT json_extract(body, '$.counts') FROM audit_entry WHERE json_extract(body, '$.act') = 'screening'"
        ).fetchall()
    counts = [json.loads(row) for (row,) in rows]
    assert [one.get("settled.possible", 0) + 10 * one.get("settled.excluded", 0) for one in counts] == [1, 10]


def test_a_run_screens_the_live_travellers_with_a_changed_list_before_it_takes_anything_in(tmp_path):
    publish(tmp_path, wanted(names=(EntryName("Jovanka Zografidi", "Zografidi", "Jovanka"),), documents=()))
    run(tmp_path, booking(), SOUGHT)
    assert pnr(tmp_path, "hits", "list", "--only", "all", "--format", "json", *READS).stdout == ""
    publish(tmp_path, wanted())
    (tmp_path / "empty").mkdir()
    assert pnr(tmp_path, "run", str(tmp_path / "empty")).exit_code == 0
    hit = the_hit(tmp_path)
    assert hit["settlement"] == "confirmed_by_document"
    assert "raised from the list" in history(tmp_path, hit["hit_id"])
    assert pnr(tmp_path, "lists", "rescreen").stdout.startswith("0 live travellers")
