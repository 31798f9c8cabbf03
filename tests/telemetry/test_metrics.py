"""What is served to a monitoring: declared figures with bounded labels, nothing of a traveller, nothing to write."""

import socket
import urllib.error
import urllib.request
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records.message import MessageKind
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.telemetry import tallies
from pnr_pipeline.telemetry.figures import FIGURES, LABELS, OF_THE_PROCESS, SECONDS, SERIES_MAX
from pnr_pipeline.telemetry.metrics import OTHER, Exporter, Sample, serving, text

LABELLED = sorted(name for name, figure in FIGURES.items() if figure.labels and figure.kind == "gauge")


def read(port: int, method: str = "GET") -> str:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return answer.read().decode()


def counts() -> str:
    registry = CollectorRegistry()
    registry.register(Exporter([], counts=True))
    return generate_latest(registry).decode()


def series(body: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def test_a_figure_is_named_by_its_unit_and_kind_and_says_what_it_is():
    for name, figure in FIGURES.items():
        assert name.startswith("pnr_") and name == name.lower(), name
        assert name.endswith("_total") == (figure.kind == "counter"), name
        assert figure.help.endswith(".") and len(figure.help) > 10, name
        assert all(not name.endswith(wrong) for wrong in ("_ms", "_minutes", "_count", "_sum", "_bucket")), name


def test_each_label_has_a_closed_form_in_which_no_name_date_or_document_fits():
    assert {label for figure in FIGURES.values() for label in figure.labels} == LABELS.keys()
    for planted in ("OZTURKOGLU", "ÖZTÜRK", "Ayşe", "U12345678", "P<TURKAYA<<DENIZ", "a@b.example", "+38344123456"):
        for label, form in LABELS.items():
            assert not form.fullmatch(planted), label
    for label in ("kind", "reason", "feed", "duty"):
        assert not any(sign in LABELS[label].pattern for sign in "[.*+"), f"{label} is to be a list of words"


def test_every_kind_of_message_and_every_rule_has_the_form_of_its_label():
    assert all(LABELS["kind"].fullmatch(kind) for kind in get_args(MessageKind))
    rules = [rule.id for rule in load_rulebook()]
    assert len(rules) > 60
    assert all(LABELS["rule"].fullmatch(rule) for rule in rules)


@given(st.sampled_from(LABELLED), st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_a_label_value_without_its_form_is_told_as_other(name, values):
    labels = FIGURES[name].labels
    told = series(text([lambda: [Sample(name, 1, tuple(values[:1]) * len(labels))]]))
    for found, of in told:
        for label, value in of:
            if found == name:
                assert value == OTHER or LABELS[label].fullmatch(value)


def test_series_are_bounded_and_their_sum_is_kept():
    many = [Sample("pnr_list_entries", 1, (f"list-{number}",)) for number in range(3 * SERIES_MAX)]
    told = {key: value for key, value in series(text([lambda: many])).items() if key[0] == "pnr_list_entries"}
    assert len(told) == SERIES_MAX + 1
    assert sum(told.values()) == 3 * SERIES_MAX
    assert told["pnr_list_entries", (("list", OTHER),)] == 2 * SERIES_MAX


def test_a_duration_is_in_every_bucket_from_its_own_on():
    before = series(counts())
    tallies.took("pnr_bundle_seconds", 0.2)
    tallies.took("pnr_bundle_seconds", 1e6)
    after = series(counts())
    for bound in (*map(str, SECONDS), "+Inf"):
        key = ("pnr_bundle_seconds_bucket", (("le", bound),))
        assert after[key] - before.get(key, 0.0) == (float(bound) >= 0.2) + (bound == "+Inf")
    assert after["pnr_bundle_seconds_count", ()] - before.get(("pnr_bundle_seconds_count", ()), 0.0) == 2


def test_what_was_never_counted_is_told_as_zero_by_whoever_counts_and_not_at_all_by_others():
    assert ("pnr_poison_total", ()) in series(counts())
    assert series(text([])) == {}


def test_the_server_reads_alone_and_listens_on_the_loopback_alone():
    with serving("127.0.0.1", 0, []) as port:
        told = series(read(port))
        assert told["pnr_transmissions_total", ()] >= 0
        assert {name for name, _ in told} >= set(OF_THE_PROCESS)
        for method in ("POST", "PUT", "DELETE"):
            with pytest.raises(urllib.error.HTTPError, match="405"):
                read(port, method)
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))  # would be taken if it listened on every address
    with pytest.raises(urllib.error.URLError):
        read(port)


def test_a_port_that_is_taken_is_told():
    with (
        serving("127.0.0.1", 0, []) as port,
        pytest.raises(UsageFault, match=str(port)),
        serving("127.0.0.1", port, []),
    ):
        pass
