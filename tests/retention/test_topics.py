"""Topics: each has a class, none keeps longer than it, no two domains or units share one."""

from datetime import UTC, datetime, timedelta

import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.records import Domain
from pnr_pipeline.retention.topics import TopicFile, Topics
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing, load_topics

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FILE = "rules/topics/topics.yaml"
LAW = load_law()


def topics(text: str | None = None, domain: Domain = "law_enforcement", prefix: str = "pnr") -> Topics:
    text = text or rule_texts("topics")[FILE]
    return Topics.from_text(text, FILE, LAW, NOW, prefix=prefix, domain=domain, units=["aa-one", "aa-two"])


@pytest.mark.law("RET-7")
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("class: ingest\n    hours: 72", "class: ingest\n    hours: 73", "class ingest ends after 3 days"),
        ("class: record\n    hours: 168", "class: record\n    hours: 5000", "class record ends after"),
        ("    class: ingest\n", "", "class: Field required"),
        ("class: ingest", "class: forever", "class: Input should be"),
    ],
)  # fmt: skip
def test_a_topic_without_a_class_or_that_keeps_longer_than_it_may_is_refused(
    before: str, after: str, told: str
) -> None:
    text = rule_texts("topics")[FILE].replace(before, after, 1)
    with pytest.raises(RuleFault, match=told):
        topics(text)


@pytest.mark.law("SCR-12")
def test_the_domains_share_no_topic_and_no_user() -> None:
    here, there = topics(), topics(domain="border")
    assert not {one.name for one in here.all} & {one.name for one in there.all}
    assert not {user for one in here.all for user in one.reads} & {user for one in there.all for user in one.reads}


@pytest.mark.law("RET-5")
def test_in_the_border_domain_nothing_of_a_record_outlives_its_day() -> None:
    kept = {one.topic: one.kept for one in topics(domain="border").all}
    assert kept["hits"] == kept["review"] == timedelta(hours=24)
    assert topics().all[0].kept == timedelta(hours=72)


@pytest.mark.law("SEC-4")
def test_each_unit_reads_its_own_topic_and_nobody_else_reads_it() -> None:
    hits = [one for one in topics().all if one.topic == "hits"]
    assert [(one.name, one.reads) for one in hits] == [
        ("pnr.law-enforcement.hits.aa-one", ("pnr-law-enforcement-unit-aa-one",)),
        ("pnr.law-enforcement.hits.aa-two", ("pnr-law-enforcement-unit-aa-two",)),
    ]
    assert topics().named("hits", "aa-two") == hits[1].name


def test_every_unit_of_the_routing_table_has_a_topic() -> None:
    routing = load_routing(load_profile("demo"))
    named = load_topics(LAW, routing, NOW, prefix="pnr", domain="law_enforcement")
    assert {one.unit for one in named.all if one.unit} == set(routing.units)


@pytest.mark.law("RET-7", "SEC-4")
def test_each_topic_has_its_hours_class_writer_and_reader() -> None:
    told = read_rule(rule_texts("topics")[FILE], FILE, TopicFile).topics
    assert {one.topic: (one.partitions, one.klass, one.hours, one.writes, one.reads, one.each) for one in told} == {
        "receipts": (12, "ingest", 72, ("gateway",), ("pipeline",), None),
        "dead-letters": (1, "ingest", 72, ("pipeline",), ("desk",), None),
        "review": (4, "record", 168, ("pipeline",), ("desk",), None),
        "acknowledgements": (4, "ingest", 72, ("pipeline",), ("gateway",), None),
        "hits": (1, "record", 168, ("pipeline",), ("unit",), "unit"),
    }
