"""What the data-protection officer refers to the supervisory authority: events of the log, marks, versions (PNR 6(7)).

References, codes and versions; no value of a traveller. An authority that needs more asks for it under its own powers
(LED art. 47), and the unit's answer is an act of its own.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_marks
from pnr_pipeline.stores.sql.database import transaction, utc_time
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry

MOST_EVENTS = 1_000
"""Of one referral: more is no chosen event but an export, see `pnr audit export`."""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the inbox: what it is about, what the officer found, which entries of the log tell of it."""

    item: str
    kind: str
    reference: str
    told_at: datetime
    mark: str
    reason: str
    says: str
    article: str
    marked_by: str
    marked_at: datetime | None
    entries: tuple[int, ...]


class HitVersion(msgspec.Struct, frozen=True):
    """By which list or criterion, in which version, and which software, a hit came to be (RGT-5)."""

    hit: str
    version: int
    list: str
    list_version: str
    engine: str


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """The letter: who refers what to whom. `entries` are numbers of the log, each with a proof beside the letter."""

    article: str
    at: datetime
    by: str
    case: str
    officer: dict[str, str]
    authority: dict[str, str]
    controller: dict[str, str]
    matters: tuple[Matter, ...]
    entries: tuple[int, ...]
    hits: tuple[HitVersion, ...]
    criteria: dict[str, str]
    profile: str
    rules: dict[str, str]


class Referred(msgspec.Struct, frozen=True):
    """The letter's bytes, as the log names them by SHA-256, the entries that go with it, and texts of criteria."""

    letter: bytes
    entries: tuple[int, ...]
    criteria: Mapping[str, str]

    @property
    def reference(self) -> str:
        """How the log's entry of the referral names the letter."""
        return f"referral:{hashlib.sha256(self.letter).hexdigest()}"


def refer(
    ground: Ground, items: Iterable[str], entries: Iterable[int], why: str, access: Access, now: datetime
) -> Referred:
    """Gather what these items and numbers of the log stand for and write the referral down; publish before and after.

    `why` is a code of the marks for `entries` that no item tells of. Raises UsageFault where an item or entry is not
    there, or was not found unlawful, and for more than MOST_EVENTS.
    """
    ungrounded = tuple(sorted(set(entries)))
    marks = load_marks().of("unlawful")
    if ungrounded and why not in marks:
        raise UsageFault(f"events are referred for a reason: one of {', '.join(marks)}")
    with transaction(ground.db):
        write_access(ground, access, "oversight", now=now, article="PNR 6(7)", references=())
        matters = [_matter(ground, item) for item in items]
        if ungrounded:
            mark = marks[why]
            matters.append(Matter(
                item="", kind="entries", reference="", told_at=now, mark="unlawful", reason=why, says=mark.text,
                article=mark.article, marked_by=access.actor, marked_at=now, entries=ungrounded,
            ))  # fmt: skip
        numbers = tuple(sorted({one for matter in matters for one in matter.entries}))
        if not numbers or len(numbers) > MOST_EVENTS:
            raise UsageFault(f"a referral holds between 1 and {MOST_EVENTS} events, these are {len(numbers)}")
        hits, criteria = _made_by(ground, _references(ground, numbers))
        profile = ground.profile
        letter = Referral(
            article="PNR 6(7)", at=now, by=access.actor, case=access.case, officer=_told(profile.dpo),
            authority=_told(profile.supervisor), controller=_told(profile.controller), matters=tuple(matters),
            entries=numbers, hits=hits, criteria={name: _digest(text) for name, text in criteria.items()},
            profile=profile.id, rules={name: _digest(text) for name, text in sorted(rule_texts("").items())},
        )  # fmt: skip
        referred = Referred(msgspec.json.format(msgspec.json.encode(letter), indent=1), numbers, criteria)
        write_entry(
            ground, "disclosure", now=now, article="PNR 6(7)", case=access.case, actor=access.actor, purpose="dpo",
            references=(referred.reference,), counts={"referral.entries": len(numbers)}, recipient="supervisor",
        )  # fmt: skip
    return referred


def number_of(ground: Ground, reference: str) -> int:
    """The number in the log of the entry that has this reference; UsageFault while it is not published."""
    numbers = _naming(ground, reference)
    if not numbers:
        raise UsageFault("another process publishes the log: ask again in a second")
    return numbers[-1]


def _matter(ground: Ground, begun: str) -> Matter:
    rows = ground.db.execute(
        "SELECT item_id, kind, reference, at, outcome, done_by, done_at FROM dpo_item WHERE item_id LIKE ?",
        (f"{begun}%",),
    ).fetchall()
    if len(rows) != 1:
        raise UsageFault(f"{len(rows) or 'no'} items begin like this: pnr dpo inbox --all")
    item, kind, reference, at, outcome, by, done_at = rows[0]
    mark, _, reason = outcome.partition(" ")
    if mark != "unlawful":
        raise UsageFault(f"item {item[:8]} was not found unlawful: pnr dpo review")
    told = load_marks().of("unlawful")[reason]
    what, _, row = reference.partition(":")
    entries = _naming(ground, reference)
    if what == "entry":
        found = ground.db.execute("SELECT seq FROM audit_entry WHERE row = ?", (int(row),)).fetchone()
        entries = tuple(sorted({*entries, *(one for one in found or () if one is not None)}))
    return Matter(
        item=item, kind=kind, reference=reference, told_at=utc_time(at), mark=mark, reason=reason, says=told.text,
        article=told.article, marked_by=by, marked_at=utc_time(done_at), entries=entries,
    )  # fmt: skip


def _naming(ground: Ground, reference: str) -> tuple[int, ...]:
    """The numbers of the published entries that have this reference."""
    rows = ground.db.execute(
        "SELECT seq, body FROM audit_entry WHERE seq IS NOT NULL AND body LIKE ? ORDER BY seq", (f'%"{reference}"%',)
    ).fetchall()
    return tuple(seq for seq, body in rows if reference in msgspec.json.decode(body)["references"])


def _references(ground: Ground, numbers: Iterable[int]) -> list[str]:
    told: dict[str, None] = {}
    for number in numbers:
        row = ground.db.execute("SELECT body FROM audit_entry WHERE seq = ?", (number,)).fetchone()
        if row is None:
            raise UsageFault(f"the log holds no entry {number}, or it is pruned (LOG-3)")
        told.update(dict.fromkeys(msgspec.json.decode(row[0])["references"]))
    return list(told)


def _made_by(ground: Ground, references: Iterable[str]) -> tuple[tuple[HitVersion, ...], dict[str, str]]:
    """Versions of the hits that are still kept, and the approved texts of the criteria among them, by file name."""
    versions: list[HitVersion] = []
    criteria: dict[str, str] = {}
    for reference in references:
        kind, _, hit_id = reference.partition(":")
        if kind != "hit":
            continue
        rows = ground.db.execute(
            "SELECT v.version, h.list_id, h.entry_id, v.list_version, v.engine FROM hit_version v"
            " JOIN hit h ON h.hit_id = v.hit_id WHERE v.hit_id = ? ORDER BY v.version",
            (hit_id,),
        ).fetchall()
        for version, list_id, entry_id, list_version, engine in rows:
            versions.append(HitVersion(hit_id, version, list_id, list_version, engine))
            text = ground.db.execute(
                "SELECT text FROM criterion WHERE act = 'approve' AND 'criteria:' || id = ? AND 'v' || version = ?",
                (list_id, entry_id),
            ).fetchone()
            if text:
                criteria[f"{list_id.partition(':')[2]}-{entry_id}.yaml"] = str(text[0])
    return tuple(versions), criteria


def _told(named: object) -> dict[str, str]:
    return {field: str(getattr(named, field)) for field in ("name", "contact")}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
