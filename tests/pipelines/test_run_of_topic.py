"""`pnr run --source kafka` over a real broker: what is committed, from where it goes on, who takes over."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import TopicPartition
from kafka_server import KafkaServer
from kafka_setup import local, topics_below
from store_setup import open_demo
from test_traced_run import Collector
from typer.testing import CliRunner

from pnr_pipeline.cli import receive, topics
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.run import run_topic
from pnr_pipeline.pipelines.workplaces import close_workplace, workplace_of
from pnr_pipeline.stores.kafka.clients import Kafka
from pnr_pipeline.stores.kafka.receipt_topic import ReceiptReader, ReceiptWriter
from pnr_pipeline.stores.sql.sealed_receipts import SealedReceipt
from pnr_pipeline.stores.state import StateFolder

PAXLST = """UNA:+.? 'UNB+UNOA:4+QXCARR+PNRGOV+260108:0900+{number}'UNG+PAXLST+QXCARR+PNRGOV+260108:0900+1+UN+D:12B'\
UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'TDT+20+QX{number}'LOC+125+IST'DTM+189:2601101000:201'LOC+87+SKP'\
DTM+232:2601101040:201'NAD+FL+++DRAGANOV:ARBEN'ATT+2++M'DTM+329:610202'LOC+178+IST'LOC+179+SKP'NAT+2+TUR'\
DOC+P:110:111+U{number:07}'DTM+36:300101'LOC+91+TUR'CNT+42:1'UNT+18+1'UNE+1+1'UNZ+1+{number}'"""

Way = tuple[RunOptions, Kafka, str]


@pytest.fixture
def way(kafka_server: KafkaServer, tmp_path: Path, request: pytest.FixtureRequest) -> Way:
    """A state folder with topics of its own on the broker."""
    prefix = f"run-{abs(hash(request.node.name)) % 10**8}"
    folder = StateFolder(tmp_path / "state")
    folder.prepare()
    told = f'[kafka]\nservers = "{kafka_server.address()}"\nsecurity = "plain"\nreplicas = 1\nprefix = "{prefix}"\n'
    folder.settings.write_text(told)
    open_demo(folder.root).close()
    asked = ["create", "--state", str(folder.root), "--profile", "demo"]
    assert CliRunner().invoke(topics.app, asked).exit_code == 0
    options = RunOptions(state=folder.root, profile="demo", idle_seconds=1.0)
    return options, Kafka(local(kafka_server, prefix)), topics_below(prefix).named("receipts")


def put(options: RunOptions, folder: Path, numbers: range) -> None:
    """As a gateway does."""
    folder.mkdir()
    for number in numbers:
        (folder / f"{number}.edi").write_text(PAXLST.format(number=number))
    done = CliRunner().invoke(receive.app, [str(folder), "--state", str(options.state), "--take"])
    assert done.exit_code == 0, done.output
    assert list(folder.iterdir()) == []


def run(options: RunOptions, files: int) -> Accounts:
    """Until so many receipts are accounted for."""
    accounts: Accounts

    def told() -> None:
        if accounts.files >= files:
            workplace_of(options).stop.ask()

    accounts = Accounts(told, lines=True)
    try:
        run_topic(options, accounts)
    finally:
        close_workplace(options)
    return accounts


def counts(options: RunOptions) -> list[int]:
    with open_demo(options.state) as store:
        tables = ("record_head", "receipt", "message", "dead_letter", "attempt")
        return [store._ground.db.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables]


def positions(options: RunOptions) -> int:
    with open_demo(options.state) as store:
        return store._ground.db.execute("SELECT coalesce(sum(next), 0) FROM log_position").fetchone()[0]


@pytest.mark.law("ING-2")
def test_receipts_are_committed_once_and_a_replay_from_zero_changes_nothing(way: Way, tmp_path: Path) -> None:
    options, kafka, topic = way
    put(options, tmp_path / "first", range(1, 9))
    assert lies_on(kafka, topic, 8).find(b"DRAGANOV") == lies_on(kafka, topic, 8).find(b"QXCARR") == -1
    assert run(options, 8).states["committed"] == 8
    before = counts(options)
    assert (before[1:], positions(options)) == ([8, 8, 0, 0], 8)

    put(options, tmp_path / "second", range(9, 11))
    accounts = run(options, 2)
    assert (accounts.files, accounts.states["committed"], positions(options)) == (2, 2, 10)

    before = counts(options)
    with open_demo(options.state) as store:
        store._ground.db.execute("DELETE FROM log_position")
    assert run(options, 10).states["done before"] == 10
    assert (counts(options), positions(options)) == (before, 10)


def test_messages_that_are_sent_twice_are_replays(way: Way, tmp_path: Path) -> None:
    options, _, _ = way
    put(options, tmp_path / "one", range(1, 4))
    put(options, tmp_path / "again", range(1, 4))
    accounts = run(options, 6)
    assert (accounts.states["committed"], accounts.states["replayed"]) == (3, 3)
    assert counts(options)[2] == 3


def test_what_cannot_be_opened_is_buried_and_the_next_goes_on(way: Way, tmp_path: Path) -> None:
    options, kafka, topic = way
    writer = ReceiptWriter(kafka, topic, "/a-stranger")
    writer.put(SealedReceipt("no-id", "ingest/2026-01-01T00", b"leg", b"sealed elsewhere"))
    writer.close()
    producer = kafka.producer()
    producer.send(topic, None, b"leg").get(20)  # a record without value or headers
    producer.close()
    put(options, tmp_path / "good", range(1, 3))
    accounts = run(options, 4)
    assert dict(accounts.reasons) == {"unopened": 2}
    assert (accounts.states["committed"], positions(options)) == (2, 4)
    with open_demo(options.state) as store:
        assert [letter.reason for letter in store.dead_letters()] == ["unopened"] * 2


def test_partitions_without_traffic_hold_nobody_up_and_those_of_who_leaves_are_taken_over(
    way: Way, tmp_path: Path
) -> None:
    options, kafka, topic = way
    put(options, tmp_path / "in", range(1, 7))
    with open_demo(options.state) as store:
        first, second = (ReceiptReader(kafka, topic, f"group-of-{topic}", store.log_positions) for _ in range(2))
        mine = until(6, lambda: [*first.poll(0.2)])
        assert len({one.place.log for one in mine}) > 1
        until_shared(first, second)
        for one in mine[:3]:
            store.pass_over(one.place, options.clock())
        first.close()
        open_ones, again = {one.place for one in mine[3:]}, set()
        ends = time.monotonic() + 60
        while not open_ones <= again and time.monotonic() < ends:
            second.begin()
            again |= {one.place for one in second.poll(0.2)}
        second.close()
    assert again == open_ones


def test_what_was_handed_on_and_not_committed_comes_again_in_the_next_bundle(way: Way, tmp_path: Path) -> None:
    options, kafka, topic = way
    put(options, tmp_path / "in", range(1, 6))
    with open_demo(options.state) as store:
        reader = ReceiptReader(kafka, topic, f"group-of-{topic}", store.log_positions)
        first = until(5, lambda: [*reader.poll(0.2)])
        store.pass_over(min((one.place for one in first), key=lambda place: (place.log, place.offset)), options.clock())
        reader.begin()
        again = until(4, lambda: [*reader.poll(0.2)])
        reader.begin()
        cut = next(one for _ in range(100) for one in reader.poll(0.2))  # the rest of the poll is let go of
        reader.begin()
        assert cut.place in {one.place for one in until(4, lambda: [*reader.poll(0.2)])}
        reader.close()
    assert len({one.place for one in first} - {one.place for one in again}) == 1


def lies_on(kafka: Kafka, topic: str, number: int) -> bytes:
    """All bytes of the topic: keys, headers, values."""
    consumer = kafka.consumer()
    consumer.assign([TopicPartition(topic, one) for one in kafka.topic(topic).partitions])
    consumer.seek_to_beginning()
    found = until(number, lambda: [one for batch in consumer.poll(200).values() for one in batch])
    consumer.close()
    return b"".join(bytes(one.key) + bytes(one.value) + repr(one.headers).encode() for one in found)


def until(number: int, poll: Callable[[], list]) -> list:
    found: list = []
    for _ in range(200):
        found += poll()
        if len(found) >= number:
            return found
    raise AssertionError(f"{len(found)} of {number} came")


def until_shared(first: ReceiptReader, second: ReceiptReader) -> None:
    for _ in range(200):
        for one in (first, second):
            list(one.poll(0.1))
        if len(first.waiting()) == len(second.waiting()) == 6:
            return
    raise AssertionError("the group did not share the partitions")


def test_a_trace_that_began_before_the_topic_goes_on_behind_it(way: Way) -> None:
    options, kafka, topic = way
    theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with open_demo(options.state) as store:
        sealed = store.seal_receipt(PAXLST.format(number=1).encode(), "leg", options.clock())
    writer = ReceiptWriter(kafka, topic, "/exercise")
    writer.put(sealed, theirs)
    writer.close()
    collector = Collector()
    run(options.model_copy(update={"traces": collector.address}), 1)
    collector.server.shutdown()
    receive, *stages = sorted(collector.spans(), key=lambda one: one.start_time_unix_nano)
    assert (receive.name, receive.trace_id.hex(), receive.parent_span_id.hex()) == (
        "receive",
        theirs[3:35],
        theirs[36:52],
    )
    assert [one.name for one in stages] == ["decode", "screen", "commit"]
    assert {one.trace_id for one in stages} == {receive.trace_id}
    assert {one.parent_span_id for one in stages} == {receive.span_id}
