"""Opening the store of a state folder: its database, keys, law and rules; what is past its time goes first."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.law import Law, Profile
from pnr_pipeline.records import Domain
from pnr_pipeline.retention import Elapsed
from pnr_pipeline.routing import RoutingTable
from pnr_pipeline.stores.durable_file import trouble_in
from pnr_pipeline.stores.elapsed import elapsed
from pnr_pipeline.stores.kafka.settings import kafka_settings
from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.profile_seal import keep_profile
from pnr_pipeline.stores.rulebooks import load_attributes, load_feed_rules, load_memory_rules, load_sampling
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sealed_box import UnitKeys
from pnr_pipeline.stores.sites import must_be_inside, server_of
from pnr_pipeline.stores.sql.bases import keep_bases, states_reached
from pnr_pipeline.stores.sql.clock_mark import ClockMark
from pnr_pipeline.stores.sql.criteria_in_force import CriteriaInForce
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import Ground, write_entry
from pnr_pipeline.stores.sql.place import has_store, open_database
from pnr_pipeline.stores.sql.restored_mark import refuse_unless_seen_to
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.staff_file import StaffKeys, load_staff
from pnr_pipeline.stores.state import StateFolder


def profile_of(state: StateFolder) -> str:
    """The id of the profile that this state folder was made for; UsageFault where there is no store in it."""
    return made_for(state)[0]


def made_for(state: StateFolder) -> tuple[str, Domain]:
    """Profile and domain that this state folder was made for; UsageFault where there is no store in it."""
    if not has_store(state):
        raise UsageFault(f"no store in {state.root}: `pnr run` makes one, --state or PNR_STATE names another place")
    db = open_database(state, open_keystore(state))
    try:
        row = db.execute("SELECT profile, domain FROM deployment").fetchone()
    finally:
        db.close()
    return (row[0], row[1]) if row else ("", "law_enforcement")


def open_store(
    state: StateFolder,
    *,
    profile: Profile,
    law: Law,
    routing: RoutingTable,
    now: datetime,
    domain: Domain = "law_enforcement",
    keystore: Keystore | None = None,
    count: Callable[[], Elapsed] = elapsed,
    sweeps: bool = True,
) -> Store:
    """The store in `state`, made and brought to the newest schema where needed; what is past its time goes first.

    Each domain has a state folder of its own (SCR-12): one that was made for another domain or profile is refused.
    `keystore` is the one that the settings of the state folder name, if not given; `count` the machine's own count of
    time (RET-9). Without `sweeps` what is due stays, for the commands that show it or sweep themselves.
    """
    with trouble_in("state folder"):
        state.prepare()
        keystore = keystore or open_keystore(state)
    db = open_database(state, keystore)
    for what, host in (("the database", db.server()), ("the state folder", server_of(state.root)),
                       ("the keys", server_of(state.keys))):  # fmt: skip
        must_be_inside(profile, what, host)
    sealer, units = Sealer(keystore, profile.id), UnitKeys(state.keys / "units")
    staff_keys = StaffKeys(load_staff(state, profile), keystore)
    criteria = CriteriaInForce(db, load_attributes, staff_keys)
    sampling, memory_rules, set_wait = load_sampling(), load_memory_rules(), load_feed_rules().set_wait
    with transaction(db):
        db.execute(
            "INSERT INTO deployment (one, profile, domain) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
            (profile.id, domain),
        )
        before = db.execute("SELECT profile, domain FROM deployment").fetchone()
    if before != (profile.id, domain):
        db.close()
        raise StoreFault(f"this state folder was made for profile {before[0]}, domain {before[1]}: use another")
    with transaction(db):
        bases = keep_bases(db, profile, law, domain, now.date())
    db.serve(partial(states_reached, staff_keys.staff, profile))
    ground = Ground(db, state, sealer, units, profile, law, routing, domain, sampling, memory_rules, criteria, set_wait,
                    staff_keys, ClockMark(count), bases, bool(kafka_settings(state).servers))  # fmt: skip
    _note_deviations(ground, now)
    store = Store(ground)
    if sweeps:
        try:
            refuse_unless_seen_to(db, store.retention.sweep(now).held)
        except BaseException:
            store.close()
            raise
    return store


def _note_deviations(ground: Ground, now: datetime) -> None:
    """Log each deviation of a profile from the EU text the first time that it is in force here."""
    profile = ground.profile
    deviations = list(profile.told_deviations())
    (before,) = ground.db.execute("SELECT profile_digest FROM deployment").fetchone()
    if before == profile.digest:
        return
    with transaction(ground.db):
        ground.db.execute("UPDATE deployment SET profile_digest = ?", (profile.digest,))
        if deviations:
            keep_profile(profile, ground.state)
            write_entry(
                ground, "administration", now=now, article="LED 4(4)", case=f"profile:{profile.digest[:32]}",
                purpose="admin", references=(f"profile:{profile.id}@{profile.digest[:32]}",),
                counts={f"deviation:{requirement.lower()}": 1 for requirement, _, _ in deviations},
            )  # fmt: skip
