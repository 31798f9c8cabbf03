"""`pnr doctor`: what is installed, reachable, stale or misconfigured, and what to do about it."""

import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer
from rich.table import Table

from pnr_pipeline.cli.desk import folder_of
from pnr_pipeline.cli.diagnosis import Diagnosis, Mark, told
from pnr_pipeline.cli.diagnosis_duties import duties_told
from pnr_pipeline.cli.diagnosis_kafka import kafka_told
from pnr_pipeline.cli.diagnosis_postgres import postgres_told
from pnr_pipeline.cli.terminal import FINDINGS, OK, out
from pnr_pipeline.errors import PnrFault, StoreFault
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.sql.condition import condition
from pnr_pipeline.stores.sql.database import Database
from pnr_pipeline.stores.sql.place import has_store, open_to_look
from pnr_pipeline.stores.sql.sqlite_database import SqliteDatabase
from pnr_pipeline.stores.state import StateFolder

if TYPE_CHECKING:
    from pnr_pipeline.law import Profile
    from pnr_pipeline.law.staff import Staff

app = typer.Typer(rich_markup_mode="rich")

FREE_BYTES_MIN = 1 << 30
ROOT_DAYS_MAX = 365


@app.command()
def doctor(
    state: Annotated[
        Path | None, typer.Option(metavar="DIR", help="State folder [PNR_STATE, else ./pnr-state].", show_default=False)
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME|FILE", help="Profile [eu].")] = None,
    form: Annotated[
        Literal["text", "json", "prometheus"], typer.Option("--format", help="How the report is printed.")
    ] = "text",
) -> None:
    """Look at the installation, the rules, the keys, the database and the lists, and say what to mend.

    Reads only; no passenger data are opened. Example: [bold]pnr doctor --state /var/lib/pnr[/bold]

    With [bold]--format prometheus[/bold] it prints the figures that [bold]pnr run --metrics-port[/bold] serves of the
    store, for a monitoring that reads files where no run is serving.

    Exit codes: 0 all well, 1 something to look at.
    """
    folder = folder_of(state)
    now = datetime.now(UTC)
    if form == "prometheus":
        typer.echo(_figures(folder), nl=False)
        raise typer.Exit(OK)
    found = [
        *_installation(),
        *_rules(profile),
        *_places(folder),
        *_keystore(folder, now),
        *_database(folder, profile, now),
        *_lists(folder, now),
        *kafka_told(folder, profile, now),
    ]
    if form == "json":
        out.print_json(
            data=[
                msgspec.to_builtins({"subject": d.subject, "mark": d.mark, "what": d.what, "remedy": d.remedy})
                for d in found
            ]
        )
    else:
        _print(found)
    raise typer.Exit(OK if all(one.mark == "ok" for one in found) else FINDINGS)


def _figures(folder: StateFolder) -> str:
    from pnr_pipeline.pipelines.measures import StoreFigures
    from pnr_pipeline.pipelines.options import RunOptions
    from pnr_pipeline.telemetry.metrics import text

    store = StoreFigures(RunOptions(state=folder.root, database=folder.address))
    try:
        return text([store])
    finally:
        store.close()


def _print(found: list[Diagnosis]) -> None:
    colours: dict[Mark, str] = {"ok": "green", "warning": "yellow", "fault": "red"}
    table = Table("subject", "", "how it is", "what to do", title="pnr doctor", title_justify="left")
    for one in found:
        table.add_row(one.subject, f"[{colours[one.mark]}]{one.mark}[/]", one.what, one.remedy)
    out.print(table)


def _installation() -> Iterator[Diagnosis]:
    yield Diagnosis("Python", "ok", sys.version.split()[0])
    for package, needed_for in (("apache-beam", "pnr run"), ("rapidfuzz", "screening"), ("cryptography", "sealing")):
        try:
            yield Diagnosis(package, "ok", version(package))
        except PackageNotFoundError:
            remedy = f"needed for {needed_for}: install pnr-pipeline[beam]"
            yield Diagnosis(package, "warning", "not installed", remedy)
    yield Diagnosis("SQLite", "ok", sqlite3.sqlite_version)


def _rules(profile: str | None) -> Iterator[Diagnosis]:
    from pnr_pipeline.stores import rulebooks

    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("law", rulebooks.load_law),
        ("review codes", rulebooks.load_review_codes),
        ("validation rules", rulebooks.load_rulebook),
        ("answers to carriers", rulebooks.load_answer_rules),
        ("attributes of criteria", rulebooks.load_attributes),
    )
    for subject, load in checks:
        yield _loaded(subject, load)
    try:
        chosen = rulebooks.load_profile(profile)
    except PnrFault as fault:
        yield Diagnosis("profile", "fault", str(fault), "name a profile that exists")
        return
    for requirement, what, basis in chosen.told_deviations():
        yield Diagnosis(f"deviation {requirement}", "warning", what, f"rests on {basis}: see that it still holds")
    if chosen.confirmed:
        yield Diagnosis("profile", "ok", chosen.id)
    else:
        remedy = "the data-protection officer confirms the file before live data come in"
        yield Diagnosis("profile", "warning", f"{chosen.id}: not confirmed", remedy)
    yield _site(chosen)
    yield _loaded("routing", lambda: rulebooks.load_routing(chosen))


def _site(profile: "Profile") -> Diagnosis:
    """Whether this machine is of a site of the profile (SCR-9)."""
    if not profile.sites:
        remedy = "name territory and sites in the profile; until then data lie on this machine alone (PNR 6(8))"
        return Diagnosis("sites", "warning", "none named", remedy)
    site = profile.site_of(socket.gethostname()) or profile.site_of(socket.getfqdn())
    if site is None:
        return Diagnosis("sites", "fault", "this host is of none", "add it to `hosts` of its site, or work elsewhere")
    return Diagnosis("sites", "ok", f"{site.id}, {site.country}")


def _loaded(subject: str, load: Callable[[], object]) -> Diagnosis:
    try:
        load()
    except PnrFault as fault:
        return Diagnosis(subject, "fault", str(fault), "mend the file at the place named")
    return Diagnosis(subject, "ok", "read without fault")


def _places(folder: StateFolder) -> Iterator[Diagnosis]:
    if not folder.root.is_dir():
        yield Diagnosis("state folder", "warning", f"{folder.root}: none yet", "pnr run and pnr lists build make it")
        return
    yield _private("state folder", folder.root)
    if folder.keys.is_dir():
        yield _private("keys", folder.keys)
        if folder.root in folder.keys.parents:
            remedy = "move them out and set PNR_KEYS: a copy of the state must be a copy of ciphertext (RET-8)"
            yield Diagnosis("keys", "warning", "they lie inside the state folder", remedy)
    free = shutil.disk_usage(folder.root).free
    if free < FREE_BYTES_MIN:
        yield Diagnosis("disk", "fault", f"{free >> 20} MiB free", "make room: commits stop when the disk is full")
    else:
        yield Diagnosis("disk", "ok", f"{free >> 30} GiB free")


def _keystore(folder: StateFolder, now: datetime) -> Iterator[Diagnosis]:
    """Which keystore, whether it is reached, how long ago keys were wrapped, how its copies are; opens no key."""
    from pnr_pipeline.stores.key_copies import copy_states
    from pnr_pipeline.stores.keystores import keystore_settings

    if not folder.keys.is_dir():
        return
    try:
        kind = keystore_settings(folder).kind
        keystore = open_keystore(folder)
        reached = keystore.wrapping.reached()
    except PnrFault as fault:
        yield Diagnosis("keystore", "fault", str(fault), "nothing can be opened or stored until it is reached")
        return
    remedy = ""
    if kind == "file" and "under a passphrase" not in reached:
        remedy = "who copies the disk has the keys: passphrase = true in settings.toml, then pnr keys rotate-root"
    yield Diagnosis("keystore", "warning" if remedy else "ok", f"{kind}: {reached}", remedy)
    since = keystore.wrapped_since()
    if since is not None:
        days = (now - since).days
        remedy = "" if days <= ROOT_DAYS_MAX else "pnr keys rotate-root, then pnr keys backup"
        yield Diagnosis("root key", "warning" if remedy else "ok", f"oldest wrapping {days} days old", remedy)
    copies = copy_states(keystore)
    for copy in copies:
        of = f"{copy.place}, of {copy.made_at:%Y-%m-%d %H:%M} UTC" if copy.made_at else copy.place
        how = f"{of}: {copy.behind}" if copy.behind else of
        yield Diagnosis(
            "copy of the keys", "fault" if copy.behind else "ok", how, "pnr keys backup" * bool(copy.behind)
        )
    if not copies:
        yield Diagnosis("copies of the keys", "warning", "none", "pnr keys backup --to DIR --to DIR")


def _private(subject: str, path: Path) -> Diagnosis:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Diagnosis(subject, "fault", f"{path}: mode {mode:o}", f"chmod 700 {path}")
    return Diagnosis(subject, "ok", str(path))


def _database(folder: StateFolder, profile: str | None, now: datetime) -> Iterator[Diagnosis]:
    from pnr_pipeline.screening.index import version_of
    from pnr_pipeline.stores.list_snapshots import ListShelf

    try:
        if not has_store(folder):
            return
        db = open_to_look(folder)
    except PnrFault as fault:
        yield Diagnosis("database", "fault", str(fault), "see that it is there and readable, and at its newest schema")
        return
    try:
        yield from _sqlite(db) if isinstance(db, SqliteDatabase) else postgres_told(db)
        yield from duties_told(db, now)
        yield from told(condition(db, version_of(ListShelf(folder.lists).versions()), now), now)
        staff = yield from _staff(db, folder, profile, now)
        yield from _criteria(db, staff, now)
    except StoreFault as fault:
        yield Diagnosis("database", "fault", str(fault), "stop the pipeline and restore a backup")
    finally:
        db.close()


def _sqlite(db: Database) -> Iterator[Diagnosis]:
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    sound = verdict == "ok"
    remedy = "" if sound else "stop the pipeline and restore a backup"
    yield Diagnosis("database", "ok" if sound else "fault", f"quick check: {verdict}", remedy)


def _staff(
    db: Database, folder: StateFolder, profile: str | None, now: datetime
) -> "Generator[Diagnosis, None, Staff]":
    from pnr_pipeline.law.staff import Staff
    from pnr_pipeline.stores.rulebooks import load_profile
    from pnr_pipeline.stores.staff_file import load_roles, load_staff

    (made_for,) = db.execute("SELECT profile FROM deployment").fetchone() or (None,)
    remedy = "pnr staff show; pnr staff add"
    try:
        staff = load_staff(folder, load_profile(profile or made_for))
    except PnrFault as fault:
        yield Diagnosis("staff", "fault", str(fault), remedy)
        return Staff((), load_roles())
    past = sum(member.valid_until < now.date() for member in staff.members.values())
    what = f"{len(staff.members)} people, {past} past their date" if staff.members else "no staff file: nobody may act"
    yield Diagnosis("staff", "warning" if past or not staff.members else "ok", what, remedy if past else "")
    return staff


def _criteria(db: Database, staff: "Staff", now: datetime) -> Iterator[Diagnosis]:
    from pnr_pipeline.stores.rulebooks import load_attributes
    from pnr_pipeline.stores.sql.criteria_in_force import CriteriaInForce
    from pnr_pipeline.stores.staff_file import StaffKeys

    in_force = CriteriaInForce(db, load_attributes, StaffKeys(staff, None))
    judges, refused = in_force.admitted(now)
    for one in refused:
        remedy = "a new version, approved anew; until then it judges nobody"
        yield Diagnosis(f"criterion {one.approval.criterion}", "fault", one.why, remedy)
    for judge in judges:
        criterion = judge.criterion
        due = min(criterion.review_by, criterion.expires)
        what = (
            f"version {criterion.version}, {criterion.mode}, until {criterion.expires}, review by {criterion.review_by}"
        )
        soon = (due - now.date()).days <= 30
        remedy = "review it with the authorities that use it (SCR-4): pnr criteria backtest" if soon else ""
        yield Diagnosis(f"criterion {criterion.id}", "warning" if soon else "ok", what, remedy)


def _lists(folder: StateFolder, now: datetime) -> Iterator[Diagnosis]:
    from pnr_pipeline.stores.list_conditions import ListConditions
    from pnr_pipeline.stores.list_snapshots import ListShelf

    found = ListConditions(ListShelf(folder.lists)).at(now)
    if not found:
        yield Diagnosis("lists", "warning", "none active: nobody can be found", "pnr lists build --help")
    for one in found:
        subject = f"list {one.list_id}"
        if one.fault:
            yield Diagnosis(subject, "fault", one.fault, "build the list again")
            continue
        built = f"version {one.version} of {one.built:%Y-%m-%d %H:%M} UTC"
        what = f"{one.entries} entries, {built}, review due in {one.review_in} days"
        if one.state == "stale":
            remedy = "build it from its owner's newest file: pnr lists build"
            yield Diagnosis(subject, "warning", f"{what}, stale", remedy)
            continue
        remedy = "" if one.review_in > 30 else "have the owner review it (SCR-3): an overdue list stops the run"
        mark: Mark = "ok" if one.review_in > 30 else "warning" if one.review_in >= 0 else "fault"
        yield Diagnosis(subject, mark, what, remedy)
