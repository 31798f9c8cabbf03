"""Letters to and from partners abroad as the store keeps them: references for five years, what they say for less.

What came lies sealed under the period of its receipt; what went, as the partner alone can open it, goes with the oldest
record in it, and travellers are never copied here (RET-1, RET-3).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.partners import Partner
from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.exchange import CONTENTS, Contents, ExchangeLetter, ExchangeRequest, LetterKind, SentData
from pnr_pipeline.stores.sql.bases import bases_reached
from pnr_pipeline.stores.sql.database import utc_text, utc_time
from pnr_pipeline.stores.sql.ground import Ground, term, write_entry


class LetterLine(msgspec.Struct, frozen=True):
    """A letter as it is listed; nothing of a person. `checked` says by item who answered it; times are UTC.

    `wrong` are references in it that proved wrong and of which its recipient has not been told.
    """

    letter_id: str
    way: Literal["in", "out"]
    kind: LetterKind
    partner: str
    partner_kind: str
    answers: str
    case: str
    article: str
    order: str
    actor: str
    at: datetime
    open: bool
    persons: int
    checked: dict[str, str]
    wrong: int


class Words(msgspec.Struct, frozen=True):
    """What who sent a letter said, kept sealed with it: by item of the checklist, and the contents but for persons."""

    said: dict[str, str]
    contents: Contents | None = None


_COLUMNS = (
    "letter_id, way, kind, partner, partner_kind, answers, case_ref, article, order_id, actor, at, state, persons,"
    " checked, (SELECT count(*) FROM exchange_subject s WHERE s.letter_id = l.letter_id AND wrong_at IS NOT NULL"
    " AND told_at IS NULL)"
)


def keep_letter(
    ground: Ground, letter: ExchangeLetter, way: Literal["in", "out"], partner: Partner, *, case: str, article: str,
    actor: str, now: datetime, order: str = "", state: Literal["open", "done"] = "done",
    checked: Mapping[str, str] | None = None, persons: int = 0,
) -> None:  # fmt: skip
    """One row of a letter, in the caller's transaction; UsageFault where it was taken in before."""
    if ground.db.execute("SELECT 1 FROM exchange_letter WHERE letter_id = ?", (letter.letter_id,)).fetchone():
        raise UsageFault("this letter was taken in before: nothing is taken twice")
    ground.db.execute(
        "INSERT INTO exchange_letter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (letter.letter_id, way, letter.kind, partner.id, partner.kind, letter.answers, case, article, order, actor,
         utc_text(now), state, to_json(dict(checked or {})).decode(), persons),
    )  # fmt: skip


def keep_received(ground: Ground, letter_id: str, contents: Contents, now: datetime) -> None:
    """What a letter to us says, sealed as the data of a person received now are."""
    period = term(ground, now).period
    sealed = ground.sealer.seal(period, "identity", letter_id, 1, to_json(contents))
    flights = [one.flight for one in contents.persons] if isinstance(contents, SentData) else []
    ground.db.execute(
        "INSERT INTO exchange_body VALUES (?, ?, ?, NULL, ?)", (letter_id, period, sealed, ground.bases.of(flights))
    )


def keep_sent(ground: Ground, letter: ExchangeLetter, words: Words, records: Iterable[str], now: datetime) -> None:
    """The words of who sent, and the letter as its recipient alone can open it: no longer than the oldest record."""
    rows = ground.db.execute(
        "SELECT period, basis FROM record_head JOIN key_period USING (period)"
        " WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY key_period.delete_at",
        (to_json(list(records)).decode(),),
    ).fetchall()
    period = rows[0][0] if rows else term(ground, now).period
    bases = {basis for _, basis in rows}
    basis = bases.pop() if len(bases) == 1 else ground.bases.of(())
    sealed = ground.sealer.seal(period, "orders", letter.letter_id, 1, to_json(words))
    ground.db.execute(
        "INSERT INTO exchange_body VALUES (?, ?, ?, ?, ?)",
        (letter.letter_id, period, sealed, to_json(letter), basis),
    )


def keep_subjects(ground: Ground, letter_id: str, subjects: Iterable[str]) -> None:
    """Of whom a sent letter tells, by reference."""
    ground.db.executemany(
        "INSERT INTO exchange_subject VALUES (?, ?, NULL, NULL) ON CONFLICT DO NOTHING",
        [(letter_id, one) for one in subjects],
    )


def close_letter(ground: Ground, letter_id: str) -> None:
    """Nothing more is to be done about it."""
    ground.db.execute("UPDATE exchange_letter SET state = 'done' WHERE letter_id = ?", (letter_id,))


def letter_lines(ground: Ground, *, letter_id: str = "") -> list[LetterLine]:
    """Every letter, or the one of this id, newest first."""
    rows = ground.db.execute(
        f"SELECT {_COLUMNS} FROM exchange_letter l WHERE letter_id = ? OR ? = '' ORDER BY at DESC, letter_id",  # noqa: S608  # constants
        (letter_id, letter_id),
    ).fetchall()
    return [
        LetterLine(
            letter, way, kind, partner, partner_kind, answers, case, article, order, actor, utc_time(at),
            state == "open", persons, from_json(dict[str, str], checked.encode()), wrong,
        )
        for letter, way, kind, partner, partner_kind, answers, case, article, order, actor, at, state, persons, checked,
            wrong in rows
    ]  # fmt: skip


def must_line(ground: Ground, letter_id: str) -> LetterLine:
    """The letter of this id; UsageFault where there is none."""
    for line in letter_lines(ground, letter_id=letter_id) if letter_id else ():
        return line
    raise UsageFault("no letter of this id: pnr exchange list")


def must_reach_letter(ground: Ground, letter_id: str, person: str) -> None:
    """UsageFault, as where there is no such letter, for who acts for other States than it tells of (PNR art. 4(4))."""
    row = ground.db.execute("SELECT basis FROM exchange_body WHERE letter_id = ?", (letter_id,)).fetchone()
    if row and row[0] not in bases_reached(ground.bases, ground.reach(person)):
        raise UsageFault("no letter of this id in the States that you act for (PNR 4(4), ING-1)")


def open_received(ground: Ground, letter_id: str) -> Contents | None:
    """What a letter to us says; None where there is no such letter or its time is over. Masked, KeyGone as a record."""
    row = ground.db.execute(
        "SELECT kind, period, sealed FROM exchange_body JOIN exchange_letter USING (letter_id)"
        " WHERE letter_id = ? AND way = 'in'",
        (letter_id,),
    ).fetchone()
    if row is None:
        return None
    kind, period, sealed = row
    return from_json(CONTENTS[kind], ground.sealer.open(period, "identity", letter_id, 1, sealed))


def rewrite_received(ground: Ground, letter_id: str, contents: SentData) -> None:
    """What is left of a letter after some of its persons were erased."""
    (period,) = ground.db.execute("SELECT period FROM exchange_body WHERE letter_id = ?", (letter_id,)).fetchone()
    sealed = ground.sealer.seal(period, "identity", letter_id, 1, to_json(contents))
    ground.db.execute("UPDATE exchange_body SET sealed = ? WHERE letter_id = ?", (sealed, letter_id))


def open_sent(ground: Ground, letter_id: str) -> tuple[Words, bytes] | None:
    """The words of who sent a letter, and its file, empty where a record in it was erased; None where it is gone."""
    row = ground.db.execute(
        "SELECT period, sealed, file FROM exchange_body JOIN exchange_letter USING (letter_id)"
        " WHERE letter_id = ? AND way = 'out'",
        (letter_id,),
    ).fetchone()
    if row is None:
        return None
    period, sealed, file = row
    return from_json(Words, ground.sealer.open(period, "orders", letter_id, 1, sealed)), bytes(file or b"")


def mark_wrong(ground: Ground, subjects: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Say of what went that it was wrong, in the caller's transaction; the partners to be told (LED art. 7(3), 16(6)).

    The files in which it stands can no longer be written again.
    """
    of = "subject IN (SELECT value FROM json_each(?))"
    ids = to_json(list(subjects)).decode()
    ground.db.execute(
        f"UPDATE exchange_body SET file = NULL WHERE letter_id IN (SELECT letter_id FROM exchange_subject WHERE {of})",  # noqa: S608  # constants, here and below
        (ids,),
    )
    ground.db.execute(
        f"UPDATE exchange_subject SET wrong_at = ?, told_at = NULL WHERE {of}",  # noqa: S608
        (utc_text(now), ids),
    )
    rows = ground.db.execute(
        f"SELECT DISTINCT partner FROM exchange_letter JOIN exchange_subject USING (letter_id) WHERE {of} ORDER BY 1",  # noqa: S608
        (ids,),
    ).fetchall()
    return tuple(partner for (partner,) in rows)


def take_wrong(ground: Ground, letter_id: str, now: datetime) -> tuple[str, ...]:
    """The references of a sent letter that proved wrong and were not told yet; noted as told now."""
    rows = ground.db.execute(
        "UPDATE exchange_subject SET told_at = ? WHERE letter_id = ? AND wrong_at IS NOT NULL AND told_at IS NULL"
        " RETURNING subject",
        (utc_text(now), letter_id),
    ).fetchall()
    return tuple(sorted(subject for (subject,) in rows))


def post(
    ground: Ground, letter: ExchangeLetter, partner: Partner, access: Access, now: datetime, article: str, *,
    words: Words, order: str = "", state: Literal["open", "done"] = "done", checked: Mapping[str, str] | None = None,
    records: Iterable[str] = (),
) -> None:  # fmt: skip
    """Keep a letter that goes to a partner, with the words of who sends it; `records` are those it tells of."""
    told = tuple(records)
    keep_letter(
        ground, letter, "out", partner, case=access.case, article=article, actor=access.actor, now=now, order=order,
        state=state, checked=checked, persons=len(told),
    )  # fmt: skip
    keep_sent(ground, letter, words, told, now)


def note_posted(
    ground: Ground, letter: ExchangeLetter, partner: Partner, access: Access, now: datetime, article: str, *,
    number: int = 1, references: Iterable[str] = (), more: Mapping[str, int] | None = None,
) -> None:  # fmt: skip
    """The one entry of the log on a letter that goes to a partner."""
    write_entry(
        ground, "disclosure", now=now, article=article, case=access.case, actor=access.actor, purpose=access.purpose,
        recipient=partner.id, references=(f"letter:{letter.letter_id}", *references),
        counts={f"exchange.{letter.kind}.sent.{partner.kind}": number} | dict(more or {}),
    )  # fmt: skip


def open_asked(ground: Ground, letter_id: str, access: Access) -> tuple[LetterLine, ExchangeRequest]:
    """A partner's request that waits for an answer; UsageFault where there is none of this id."""
    line = must_line(ground, letter_id)
    must_reach_letter(ground, letter_id, access.actor)
    if (line.way, line.kind) != ("in", "request"):
        raise UsageFault("no request of a partner has this id: pnr exchange list")
    if not line.open:
        raise UsageFault("this request was answered before: a further answer asks for a further request")
    asked = open_received(ground, letter_id)
    if not isinstance(asked, ExchangeRequest):
        raise UsageFault("the request is past its time: its sender asks anew")
    return line, asked
