"""Simulated carriers, whose truth is known, through decode and commit: nobody is lost and nobody merged."""

from collections import defaultdict
from datetime import date

import pytest
from store_setup import commit, index_of, open_demo

from pnr_pipeline import intake
from pnr_pipeline.records import Received
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rulebooks import load_rulebook

LISTS = index_of([])


@pytest.mark.parametrize(("seed", "backwards"), [(1, False), (4, True)])
def test_no_record_holds_two_true_persons_and_one_in_a_hundred_at_most_is_in_two(tmp_path, seed, backwards):
    rulebook = load_rulebook()
    files = list(simulate(Scenario(seed=seed, flights=2, day=date(2026, 3, 2), faults=0.0)))
    who = {}
    with open_demo(tmp_path / "state") as store:
        for file in reversed(files) if backwards else files:
            messages = intake.decode(file.body, rulebook=rulebook, now=file.sent_at)
            commit(store, Received("sim", file.name, file.body, file.sent_at), messages, LISTS)
            told = [(message.message_id, one.ordinal) for message in messages for one in message.travellers]
            assert len(told) == len(file.truth.travellers)
            for member, true in zip(told, file.truth.travellers, strict=True):
                who[member] = (file.truth.leg_key, true.person)
        rows = store._ground.db.execute("SELECT record_id, message_id, ordinal FROM listing").fetchall()
    assert len(rows) == len(who)
    persons_of, records_of = defaultdict(set), defaultdict(set)
    for record_id, message_id, ordinal in rows:
        persons_of[record_id].add(who[message_id, ordinal])
        records_of[who[message_id, ordinal]].add(record_id)
    assert [held for held in persons_of.values() if len(held) > 1] == []
    parted = sum(len(held) > 1 for held in records_of.values())
    assert parted <= len(records_of) / 100  # booked under a misspelt name and nothing else to go by
