"""The ten controls of LED art. 29(2), each with the tests that show it (SEC-1)."""

import ast
from datetime import date
from pathlib import Path

import pytest

from pnr_pipeline.stores.rulebooks import load_law

TESTS = Path(__file__).parents[1]
SHOWN_BY = {
    "equipment": ["stores/test_keystore.py::test_no_file_holds_the_key_in_clear_and_none_is_readable_by_others"],
    "media": [
        "stores/test_backups.py::test_no_key_and_no_clear_byte_of_the_database_is_in_the_file",
        "stores/test_copies_without_keys.py::test_no_byte_of_any_copy_holds_an_identity_in_clear",
    ],
    "storage": [
        "stores/test_clear_bytes.py::test_no_planted_value_is_in_a_clear_byte_of_the_state_folder",
        "stores/test_seal.py::test_one_changed_bit_is_found",
    ],
    "user": [
        "law/test_staff.py::test_who_is_not_of_the_staff_is_past_or_has_another_role_does_nothing_sec_4",
        "stores/test_purpose_in_postgres.py::test_a_forged_expired_or_borrowed_token_opens_nothing",
    ],
    "data_access": [
        "stores/test_purpose_in_postgres.py::test_rows_are_seen_with_a_signed_purpose_and_none_without",
        "stores/test_orders.py::test_the_unit_alone_opens_no_masked_record_and_an_order_opens_its_own_alone",
    ],
    "communication": [
        "stores/test_seal.py::test_a_box_opens_for_its_unit_and_its_event_alone",
        "routing/test_routing_table.py::test_no_rule_means_nobody_receives",
    ],
    "input": [
        "stores/test_review_desk.py::test_opening_a_hit_needs_purpose_and_case_and_is_noted_before_anything_is_shown",
        "stores/test_receipts.py::test_the_collection_the_combination_and_the_screening_are_each_an_audit_row",
    ],
    "transport": ["stores/test_backups.py::test_cut_swapped_or_mixed_chunks_are_refused_and_leave_nothing_behind"],
    "recovery": [
        "stores/test_backups.py::test_a_backup_restored_is_the_same_store_with_log_lists_and_rules",
        "chaos/test_killed_at_any_moment.py::test_ten_kills_leave_what_an_undisturbed_run_leaves",
    ],
    "integrity": [
        "stores/test_log_tampering.py::test_every_tampering_is_found",
        "stores/test_list_snapshots.py::test_a_changed_snapshot_is_not_screened_with",
    ],
}


@pytest.mark.law("SEC-1")
def test_each_of_the_ten_controls_is_shown_by_tests_that_there_are() -> None:
    assert set(load_law().value("eu.led.controls", date(2026, 11, 23)).items) == set(SHOWN_BY)
    for tests in SHOWN_BY.values():
        for node in tests:
            file, _, name = node.partition("::")
            body = ast.parse((TESTS / file).read_text("utf-8")).body
            assert name in {one.name for one in body if isinstance(one, ast.FunctionDef)}, node
