"""The workplace of this process: rulebook, index, keys and database, opened once whatever pipelines come and go."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from multiprocessing import get_context

from pnr_pipeline import intake, screening
from pnr_pipeline.law import Profile
from pnr_pipeline.pipelines.committed import CommittingStore
from pnr_pipeline.pipelines.options import RunOptions
from pnr_pipeline.records import Message, Received
from pnr_pipeline.screening import Index
from pnr_pipeline.stores.list_changes import ListChanges, edition
from pnr_pipeline.stores.list_snapshots import ListShelf
from pnr_pipeline.stores.profile_seal import usable_profile
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing, load_rulebook
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder
from pnr_pipeline.telemetry import log
from pnr_pipeline.transforms.workplace import Workplace

REHEARSAL_SECONDS = 120.0

_open: dict[RunOptions, Workplace[Index]] = {}


def workplace_of(options: RunOptions) -> Workplace[Index]:
    """The one workplace of these options in this process, opened on first use."""
    found = _open.get(options)
    if found is None:
        found = _open[options] = _opened(options)
    return found


def close_workplace(options: RunOptions) -> None:
    """Close its store; the next `workplace_of` opens it anew."""
    found = _open.pop(options, None)
    if found is not None:
        found.store.close()


def renew_lists(options: RunOptions, at: Workplace[Index]) -> None:
    """Bring the live travellers up to the lists and criteria in force now, wake memories; while nothing is in work."""
    shelf, now = shelf_of(options), options.clock()
    if shelf.versions() != dict(at.index.list_versions):
        at.index = shelf.load(now)
    if at.edition != edition(at.index, now):
        changes, begun = ListChanges(shelf, at.index, now), time.monotonic()
        at.store.rescreen(changes, now)
        at.edition = changes.edition
        log.info("lists renewed", seconds=time.monotonic() - begun)
    else:
        at.store.wake_memories(now)
    at.store.rejudge(now)


def shelf_of(options: RunOptions) -> ListShelf:
    """Where the lists of a run are."""
    return ListShelf(options.lists or StateFolder(options.state).lists, options.domain)


def store_of(options: RunOptions) -> Store:
    """A store of its own for whoever asks: one thread at a time works in each."""
    state = StateFolder(options.state, address=options.database)
    profile = usable_profile(options.profile, state, options.clock().date())
    return open_store(state, profile=profile, law=load_law(), routing=load_routing(profile), now=options.clock(),
                      domain=options.domain)  # fmt: skip


def _opened(options: RunOptions) -> Workplace[Index]:
    state = StateFolder(options.state)
    state.prepare()
    profile = usable_profile(options.profile, state, options.clock().date())
    index = shelf_of(options).load(options.clock())
    store = store_of(options)
    return Workplace(
        decode=_decoder(options, profile),
        screen=screening.screen,
        rehearse=partial(rehearse, options),
        index=index,
        store=CommittingStore(store),
        clock=options.clock,
    )


def _decoder(options: RunOptions, profile: Profile) -> Callable[[bytes, datetime], Sequence[Message]]:
    rulebook = load_rulebook(profile)
    return lambda body, now: intake.decode(body, rulebook=rulebook, now=now, charset=options.charset)


def rehearse(options: RunOptions, received: Received) -> bool:
    """Decode and screen in a process of its own; whether that ended well and in time."""
    rehearsal = get_context("spawn").Process(target=_rehearsal, args=(options, received.body, received.received_at))
    rehearsal.start()
    rehearsal.join(REHEARSAL_SECONDS)
    if rehearsal.is_alive():
        rehearsal.kill()
        rehearsal.join()
    return rehearsal.exitcode == 0


def _rehearsal(options: RunOptions, body: bytes, received_at: datetime) -> None:
    try:
        now = options.clock()
        index = shelf_of(options).load(now)
        for message in _decoder(options, load_profile(options.profile))(body, received_at):
            screening.screen(message.travellers, index, now)
    except Exception:  # noqa: BLE001 its text may hold a value; that it failed is all that is asked
        raise SystemExit(1) from None
