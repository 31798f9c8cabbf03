import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pnr_pipeline.pipelines.build import build
from pnr_pipeline.records import Message, Received
from pnr_pipeline.transforms.elements import Decoded
from pnr_pipeline.transforms.stage import StructCoder

here = {}


def find():
    return here["at"]


def run(elements):
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    build(pipeline | beam.Create([0], reshuffle=False) | beam.FlatMap(lambda _: elements), find)
    result = pipeline.run()
    return {
        (one.key.metric.namespace, one.key.metric.name): one.committed for one in result.metrics().query()["counters"]
    }


@pytest.fixture(autouse=True)
def _here(at):
    here["at"] = at
    yield
    here.clear()


def test_the_graph_commits_every_transmission_and_counts(store, received):
    counters = run([received("alpha beta"), received("gamma")])
    assert store.committed == {"alpha.edi": ["alpha", "beta"], "gamma.edi": ["gamma"]}
    assert counters["messages", "PAXLST"] == 3
    assert counters["committed", "transmissions"] == 2


def test_poison_does_not_end_the_run(store, received):
    run([received("bad-decode"), received("gamma")])
    assert store.dead == {"bad-d.edi": "third-attempt"}
    assert store.committed == {"gamma.edi": ["gamma"]}


def test_a_store_in_trouble_asks_for_the_stop_and_nothing_more_is_touched(at, store, received):
    store.broken = True
    run([received("alpha"), received("gamma")])
    assert at.stop.asked
    assert "read-only" in str(at.stop.trouble)
    assert store.committed == {} and store.dead == {}
    assert not store.attempts


def test_fused_stages_encode_nothing(store, received, monkeypatch):
    def refuse(self, value):
        raise AssertionError("an element was encoded between two stages")

    monkeypatch.setattr(StructCoder, "encode", refuse)
    run([received("alpha")])
    assert store.committed == {"alpha.edi": ["alpha"]}


def test_an_element_comes_out_of_its_coder_as_it_went_in(received):
    decoded = Decoded(received("alpha"), "digest", (Message("alpha", "PNRGOV", dropped={"seg:XYZ": 2}),))
    coder = StructCoder(Decoded)
    assert coder.decode(coder.encode(decoded)) == decoded
    assert isinstance(beam.coders.registry.get_coder(Received), StructCoder)
