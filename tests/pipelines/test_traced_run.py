"""Spans of a run, as a collector on the loopback gets them over OTLP/HTTP; off, nothing is sent and little is spent."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from store_setup import entry, open_demo, registration, review_codes
from test_served_figures import PAXLST

from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_files
from pnr_pipeline.pipelines.spool import waiting
from pnr_pipeline.pipelines.workplaces import close_workplace, workplace_of
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.telemetry import log, traces

NOW = RunOptions(now="2026-01-08T10:00:00").clock()  # type: ignore[arg-type]
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]")


class Collector:
    """What a collector was sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collector = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started = Collector()
    yield started
    started.server.shutdown()
    started.server.server_close()


def told(span: Span) -> dict[str, object]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def run(tmp_path: Path, address: str = "", spoil: bool = False) -> Accounts:
    spool, state = tmp_path / "in", tmp_path / "state"
    spool.mkdir(exist_ok=True)
    ListShelf(state / "lists").publish(registration(), [entry("1", "ZQVORNIK", "ARBEN", "1961-02-02")], NOW)
    (spool / "1.edi").write_text(PAXLST)
    (spool / "2.edi").write_text(PAXLST.replace("QX1", "QX2").replace("ZQVORNIK", "HARTMANN"))
    options, accounts = RunOptions(state=state, profile="demo", now=NOW, traces=address), Accounts()
    if spoil:
        workplace_of(options).screen = _raises
    try:
        run_files(options, list(waiting([spool])), accounts)
    finally:
        close_workplace(options)
    return accounts


def _raises(*_: object) -> None:
    raise ValueError("ZQVORNIK")


def test_each_transmission_is_a_trace_from_receipt_to_commit(tmp_path, collector):
    run(tmp_path, collector.address)
    by_trace = defaultdict(list)
    for span in collector.spans():
        by_trace[span.trace_id].append(span)
    assert len(by_trace) == 2
    for spans in by_trace.values():
        assert [one.name for one in sorted(spans, key=lambda one: one.start_time_unix_nano)] == [*traces.STAGES[:4]]
        first = next(one for one in spans if one.name == "receive")
        assert all(one.parent_span_id == (b"" if one is first else first.span_id) for one in spans)
        assert len({told(one)["pnr.digest"] for one in spans}) == 1
        assert all(one.end_time_unix_nano >= one.start_time_unix_nano for one in spans)
    commits = [told(one) for one in collector.spans() if one.name == "commit"]
    assert sum(one["pnr.hits"] for one in commits) == 1
    assert {told(one)["pnr.travellers"] for one in collector.spans() if one.name == "decode"} == {1}


@pytest.mark.parametrize("spoil", [False, True])
def test_no_value_of_a_traveller_nor_name_of_a_file_is_in_what_is_sent(tmp_path, collector, spoil):
    accounts = run(tmp_path, collector.address, spoil)
    assert bool(accounts.reasons) == spoil
    assert collector.spans()
    sent = b"".join(collector.bodies)
    for planted in (b"ZQVORNIK", b"ARBEN", b"U7654321", b"7654321", b"610202", b".edi", b"1961"):
        assert planted not in sent
    kept = {f"pnr.{key}" for key in log.FORMS}
    assert all(told(one).keys() <= kept for one in collector.spans())


def test_a_trace_goes_on_from_the_one_who_handed_over(collector):
    theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with traces.tracing(collector.address):
        with traces.span("receive", theirs) as span:
            assert TRACEPARENT.fullmatch(span.traceparent)
        with traces.span("receive", "ZQVORNIK<1961"):
            pass
        with pytest.raises(ValueError, match="ZQVORNIK"), traces.span("decode", span.traceparent):
            raise ValueError("ZQVORNIK")
    ours, begun, failed = collector.spans()
    assert ours.trace_id.hex() == theirs[3:35] and ours.parent_span_id.hex() == theirs[36:52]
    assert begun.parent_span_id == b""
    assert failed.trace_id == ours.trace_id and failed.status.message.startswith("ValueError at test_traced_run.py:")
    assert b"ZQVORNIK" not in b"".join(collector.bodies)


def test_an_event_in_a_units_queue_carries_the_span_of_its_relay(tmp_path, collector):
    run(tmp_path)
    assert collector.spans() == []
    with open_demo(tmp_path / "state", NOW) as store, traces.tracing(collector.address):
        (line,) = store.hits("new", now=NOW)
        decision = Decision(
            line.hit_id, line.version, "confirmed", "same-person", "officer-1", NOW,
            offence=line.offences[0], air_link="flight-after-the-act",
        )  # fmt: skip
        unit = store.decide(decision, review_codes(), case="exercise-1").hit.unit
        assert store.relay(NOW) == 1
    event = json.loads((tmp_path / "state" / "queues" / f"{unit}.jsonl").read_text())
    (relay,) = collector.spans()
    assert relay.name == "relay"
    assert event["traceparent"][:53] == f"00-{relay.trace_id.hex()}-{relay.span_id.hex()}-"
    assert TRACEPARENT.fullmatch(event["traceparent"])


def test_a_collector_that_is_gone_holds_no_run_up(tmp_path, collector):
    collector.server.shutdown()
    collector.server.server_close()
    begun = time.monotonic()
    assert run(tmp_path, collector.address).messages == 2
    assert time.monotonic() - begun < 60


def test_off_nothing_is_imported_and_a_span_is_one_shared_nothing():
    assert traces.span("decode") is traces.span("commit")
    source = Path(traces.__file__).read_text()
    assert not re.search(r"^(from|import) opentelemetry", source, re.MULTILINE)
