"""Every figure that is served to a monitoring: its name, kind, meaning and labels. What is not here is not served.

Labels have closed vocabularies, and a label's value has the form that stands here or is told as `other`: no label
holds what a carrier or traveller chose, and the number of series is bounded by rules, kinds, lists and partitions.
Names follow prometheus.io/docs/practices/naming: base units, `_total` for what only grows.
"""

import re
from typing import Literal, NamedTuple, get_args

from pnr_pipeline.records.message import MessageKind


class Figure(NamedTuple):
    """`kind` as Prometheus knows it; `help` is shown with it."""

    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()


LABELS: dict[str, re.Pattern[str]] = {
    "kind": re.compile("|".join(get_args(MessageKind))),
    "rule": re.compile(r"[A-Z]{3}-[0-9]{2}|POISON"),
    "reason": re.compile(
        "third-attempt|unopened|test|gate-pass|other-mode|unread|unreadable|cusres|ackres|govreq|other"
    ),
    "list": re.compile(r"(criteria:)?[a-z0-9][a-z0-9-]{1,39}"),
    "duty": re.compile("sweep|log|lake|keys|backup"),
    "feed": re.compile(r"folder|kafka"),
    "partition": re.compile(r"[0-9]{1,5}|"),
}
"""The labels there are, and what their values look like."""

SERIES_MAX = 300
"""Of one figure; further label values are told as `other`. The rulebook has fewer rules, no deployment more lists."""

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds of the buckets of every histogram."""

FIGURES: dict[str, Figure] = {
    # what this process did since it began
    "pnr_messages_total": Figure("counter", "Messages decoded.", ("kind",)),
    "pnr_travellers_total": Figure("counter", "Travellers decoded.", ("kind",)),
    "pnr_findings_total": Figure("counter", "Findings about messages.", ("rule",)),
    "pnr_matches_total": Figure("counter", "Matches found by screening, before they are joined to hits.", ("list",)),
    "pnr_transmissions_total": Figure("counter", "Transmissions committed or buried."),
    "pnr_hits_total": Figure("counter", "Hits raised or changed by a commit."),
    "pnr_buried_total": Figure("counter", "Messages put into the dead letters.", ("reason",)),
    "pnr_poison_total": Figure("counter", "Things given up after three attempts."),
    "pnr_bundle_seconds": Figure("histogram", "Time from the first transmission of a bundle to its end."),
    "pnr_commit_seconds": Figure("histogram", "Time from the receipt of a transmission to its commit."),
    "pnr_log_values_dropped_total": Figure("counter", "Values that the log's allow-list did not let out."),
    "pnr_feed_waiting": Figure("gauge", "Transmissions of a feed that wait.", ("feed", "partition")),
    "pnr_feed_lag_seconds": Figure("gauge", "Age of the oldest transmission that waits.", ("feed", "partition")),
    # how the store is: the same from every process
    "pnr_store_up": Figure("gauge", "1 while the store can be read."),
    "pnr_uncommitted": Figure("gauge", "Transmissions begun and not committed."),
    "pnr_uncommitted_age_seconds": Figure("gauge", "Age of the oldest transmission begun and not committed."),
    "pnr_attempts_again": Figure("gauge", "Transmissions in a second attempt or later."),
    "pnr_dead_letters": Figure("gauge", "Dead letters that wait."),
    "pnr_dead_letters_ending": Figure("gauge", "Dead letters whose key ends within 12 hours."),
    "pnr_hits_waiting": Figure("gauge", "Hits that wait for an officer."),
    "pnr_relay_waiting": Figure("gauge", "Confirmed hits not yet in their unit's queue."),
    "pnr_relay_lag_seconds": Figure("gauge", "Age of the oldest confirmed hit not yet in its unit's queue."),
    "pnr_log_waiting": Figure("gauge", "Audit rows not yet in the log."),
    "pnr_log_lag_seconds": Figure("gauge", "Age of the oldest audit row not yet in the log."),
    "pnr_sweep_age_seconds": Figure("gauge", "Time since a sweep came to its end; absent before the first."),
    "pnr_sweep_failed": Figure("gauge", "1 where the last sweep failed."),
    "pnr_sweep_lag_seconds": Figure("gauge", "How long the oldest key period is past its masking or end."),
    "pnr_periods_due": Figure("gauge", "Key periods past their masking or end."),
    "pnr_clock_ahead_seconds": Figure("gauge", "Wall clock against the machine's own count of time."),
    "pnr_rescreen_waiting": Figure("gauge", "Live travellers screened with other lists than those in force."),
    "pnr_rescreen_lag_seconds": Figure("gauge", "Time since the newest list was built, while travellers are behind."),
    "pnr_inbox_waiting": Figure("gauge", "Items for the data-protection officer or the approver."),
    "pnr_inbox_overdue": Figure("gauge", "Items for them past their time."),
    "pnr_list_age_seconds": Figure("gauge", "Time since the list in force was built.", ("list",)),
    "pnr_list_entries": Figure("gauge", "Entries of the list in force.", ("list",)),
    "pnr_list_stale": Figure("gauge", "1 where the owner's duty to update is missed, or it cannot be read.", ("list",)),
    "pnr_list_review_seconds": Figure("gauge", "Time until the review of a list is due.", ("list",)),
    "pnr_duty_late": Figure("gauge", "1 where a daily duty was not done for 26 hours, or failed.", ("duty",)),
    "pnr_duty_age_seconds": Figure("gauge", "Time since a daily duty was done; absent before the first.", ("duty",)),
    "pnr_disk_free_bytes": Figure("gauge", "Free room where the state folder lies."),
}

OF_THE_PROCESS = (
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "process_max_fds",
    "process_start_time_seconds",
)
"""Served beside ours, under the names that every Prometheus client gives them."""
