"""A run in this process: pipelines one after the other over the same store, keys and index.

The engine is Beam's in-process FnApiRunner, named explicitly: plain `DirectRunner` would first try to fetch another.
It has no cancel and loses memory with each bundle (docs/why-embedded.md): so the sources end by themselves at the
stop, and a pipeline is drained and the next one built before the loss is felt.
"""

# Beam's classes are annotated in part only
# mypy: disable-error-code="no-untyped-call, attr-defined, type-arg"

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pnr_pipeline.errors import PnrFault, UsageFault, place_of
from pnr_pipeline.intake.answers import Stored
from pnr_pipeline.pipelines.accounts import Accounts
from pnr_pipeline.pipelines.answers import AnswerFolder
from pnr_pipeline.pipelines.beside import signals_ask
from pnr_pipeline.pipelines.build import build
from pnr_pipeline.pipelines.bundles import Follow
from pnr_pipeline.pipelines.folder_source import Intake, ReadFiles
from pnr_pipeline.pipelines.handing_on import HandingOn
from pnr_pipeline.pipelines.log_publishing import publishing_log
from pnr_pipeline.pipelines.measures import measured
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.pipelines.relaying import relaying
from pnr_pipeline.pipelines.spool import Waiting
from pnr_pipeline.pipelines.sweeping import HourlySweep
from pnr_pipeline.pipelines.workplaces import renew_lists, workplace_of
from pnr_pipeline.stores.rulebooks import load_answer_rules, load_profile, load_rulebook
from pnr_pipeline.telemetry import log
from pnr_pipeline.telemetry.traces import tracing
from pnr_pipeline.transforms.elements import Done
from pnr_pipeline.transforms.stop import Stop
from pnr_pipeline.transforms.workplace import Workplace

if TYPE_CHECKING:
    from pnr_pipeline.pipelines.kafka_source import TopicIntake

_intakes: "dict[RunOptions, Intake | TopicIntake]" = {}


def run_files(options: RunOptions, files: Sequence[Waiting], accounts: Accounts) -> None:
    """Take these files through the pipeline, once; they stay where they are.

    Returns early when the stop is asked. Raises StoreFault where a store was in trouble: nothing is lost then, and
    the same call goes on where this one ended.
    """
    with _run(options, accounts, partial(_files, options, accounts)) as intake:
        for start in range(0, len(files), options.files_per_run):
            if intake.at.stop.asked:
                break
            some = files[start : start + options.files_per_run]
            _drained(ReadFiles(some, partial(_files_of, options)), options, accounts)


def run_following(options: RunOptions, folder: Path, accounts: Accounts) -> None:
    """Take every file that comes into the folder, until the stop is asked. Raises as `run_files` does."""
    if not folder.is_dir():
        raise UsageFault(f"{folder}: no such folder; --follow takes one folder")
    _follow(options, accounts, partial(_files, options, accounts, folder=folder, removes=not options.keep))


def run_topic(options: RunOptions, accounts: Accounts) -> None:
    """Take the receipts of Kafka's partitions that are given to this process, until the stop is asked.

    Raises as `run_files` does, UsageFault where the state folder names no Kafka.
    """
    _follow(options, accounts, partial(_topic, options, accounts))


def _follow(options: RunOptions, accounts: Accounts, opened: "Callable[[HouseKeeping], Intake | TopicIntake]") -> None:
    with _run(options, accounts, opened) as intake:
        while not intake.at.stop.asked:
            _drained(Follow(options, partial(_intake_of, options)), options, accounts)


HouseKeeping = Callable[[], None]
"""What is done while nothing is in work."""


def _files(
    options: RunOptions, accounts: Accounts, keep_house: HouseKeeping, *, folder: Path | None = None,
    removes: bool = False,
) -> Intake:  # fmt: skip
    at = workplace_of(options)
    return Intake(
        at,
        options,
        accounts,
        folder=folder,
        removes=removes,
        before_bundle=keep_house,
        answer=_answers(options, at),
        hand_on=_handing_on(options, at),
    )


def _topic(options: RunOptions, accounts: Accounts, keep_house: HouseKeeping) -> "TopicIntake":
    from pnr_pipeline.pipelines.kafka_source import TopicIntake
    from pnr_pipeline.pipelines.kafka_topics import receipts_of

    at = workplace_of(options)
    reader = receipts_of(options, at.store.log_positions)
    return TopicIntake(at, options, accounts, reader, before_bundle=keep_house, answer=_answers(options, at))


@contextmanager
def _run(
    options: RunOptions, accounts: Accounts, opened: "Callable[[HouseKeeping], Intake | TopicIntake]"
) -> "Iterator[Intake | TopicIntake]":
    at = workplace_of(options)
    at.stop = Stop()
    intake = _intakes[options] = opened(partial(_keep_house, options, at, HourlySweep()))
    try:
        with (
            signals_ask(at.stop.ask, once=True),
            tracing(options.traces),
            publishing_log(options, at.stop),
            relaying(options, at.stop),
            measured(options, intake.figures),
        ):
            renew_lists(options, at)
            log.info("run begun")
            yield intake
    finally:
        del _intakes[options]
        intake.close()
    if at.stop.trouble:
        log.error("store in trouble", fault=at.stop.trouble)
        raise at.stop.trouble
    log.info("run ended", files=accounts.files, messages=accounts.messages, hits=accounts.hits)


def _keep_house(options: RunOptions, at: Workplace[Any], sweeping: HourlySweep) -> None:
    """Before a bundle: lists that changed, and what is due for deletion; nothing is in work."""
    sweeping.when_due(at.store, at.clock())
    renew_lists(options, at)


def _answers(options: RunOptions, at: Workplace[Any]) -> Callable[[bytes, Stored], None] | None:
    """What answers a committed transmission; None where no answers are wanted."""
    if options.answers is None:
        return None
    return AnswerFolder(options.answers, at.decode, load_rulebook(), load_answer_rules()).answer


def _handing_on(options: RunOptions, at: Workplace[Any]) -> Callable[[Waiting, bytes], None] | None:
    """What copies files for the other domain; None where none are to be handed on."""
    if options.hand_on is None:
        return None
    if not options.hand_on.is_dir():
        raise UsageFault(f"{options.hand_on}: no such folder; --hand-on takes the spool of the other domain")
    profile = load_profile(options.profile)
    return HandingOn(options.hand_on, options.domain, profile, at.decode, options.clock).hand_on


def _intake_of(options: RunOptions) -> "Intake | TopicIntake":
    return _intakes[options]


def _files_of(options: RunOptions) -> Intake:
    intake = _intakes[options]
    assert isinstance(intake, Intake), "a run of files"
    return intake


def _drained(source: beam.PTransform, options: RunOptions, accounts: Accounts) -> None:
    """One pipeline from its building to its end."""
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
    committed = build(pipeline | "Source" >> source, partial(workplace_of, options))
    _ = committed | "Account" >> beam.Map(_account, options)
    try:
        result = pipeline.run()
    except Exception as fault:  # noqa: BLE001 whatever it is, its text may hold a value: type and place are told
        raise PnrFault(f"a fault of the program itself, nothing is lost: {place_of(fault)}") from None
    for counter in result.metrics().query()["counters"]:
        name = counter.key.metric
        accounts.counters[name.namespace, name.name] += counter.committed
    at = workplace_of(options)
    if not at.stop.trouble:
        at.store.mark_incomplete_sets(at.clock())
        at.store.relay(at.clock())
    log.info("pipeline drained", files=accounts.files, messages=accounts.messages, hits=accounts.hits)


def _account(done: Done, options: RunOptions) -> None:
    _intake_of(options).accounts.done(done)
    log.debug("transmission done", digest=done.digest, messages=done.messages, hits=done.hits, buried=len(done.buried))
