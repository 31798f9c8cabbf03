"""The case file of an archive search: which records it found, sealed under the keys of the records themselves.

So nothing of it outlives a record: what ends, masks or erases that does the same here (SCR-7, RET-2, RET-3).
"""

from collections.abc import Mapping

import msgspec

from pnr_pipeline.errors import KeyGone
from pnr_pipeline.records import FlightLeg, Match, Traveller
from pnr_pipeline.records.codec import from_json
from pnr_pipeline.retention.archive_scope import is_within
from pnr_pipeline.retention.order import OrderRequest
from pnr_pipeline.stores.seal import Part
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.rights_index import is_masked, kept_periods

MASKED = "masked: needs order"


class ArchiveLine(msgspec.Struct, frozen=True):
    """A record that was found, for which person of the order, received when; nothing of the traveller.

    `says` is the queue and score of the match, or MASKED with by what the index met it.
    """

    record_id: str
    person: str
    received_on: str
    masked: bool
    says: str


class CaseFile(msgspec.Struct, frozen=True):
    """What a search found. `masked_days` were looked in by the approver's answers, `left_out` could not be."""

    order_id: str
    lines: tuple[ArchiveLine, ...]
    masked_days: int
    left_out: int


class OpenedFind(msgspec.Struct, frozen=True):
    """A found record, opened: the traveller, the flight, and for each person sought why it was found."""

    record_id: str
    flight: FlightLeg
    traveller: Traveller
    matches: dict[str, Match]


def keep_finds(ground: Ground, order_id: str, period: str, part: Part, found: Mapping[tuple[str, str], bytes]) -> None:
    """Keep what was found by record and person, in the caller's transaction; in part `orders` what is masked.

    Of a record that was deleted meanwhile nothing is kept.
    """
    ground.db.executemany(
        "INSERT INTO archive_find SELECT ?, record_id, ?, ?, ?, ?, basis FROM record_head WHERE record_id = ?"
        " ON CONFLICT DO NOTHING",
        [
            (order_id, person, period, int(part == "orders"),
             ground.sealer.seal(period, part, _name(order_id, record_id), 1, clear), record_id)
            for (record_id, person), clear in found.items()
        ],
    )  # fmt: skip


def unsealed(ground: Ground, period: str, part: Part, order_id: str, record_id: str, sealed: bytes) -> bytes:
    """What `keep_finds` sealed; KeyGone or Masked as the record itself."""
    return ground.sealer.open(period, part, _name(order_id, record_id), 1, sealed)


def case_file(ground: Ground, request: OrderRequest) -> CaseFile:
    """The file as it is now, by person, day and record."""
    rows = ground.db.execute(
        "SELECT record_id, person, period, masked, sealed FROM archive_find WHERE order_id = ?"
        " ORDER BY person, period, record_id",
        (request.order_id,),
    ).fetchall()
    lines = tuple(_line(ground, request.order_id, *row) for row in rows)
    (looked,) = ground.db.execute(
        "SELECT masked FROM archive_search WHERE order_id = ?", (request.order_id,)
    ).fetchone()
    masked = sum(is_within(one, request.first, request.last) and is_masked(ground, one) for one in kept_periods(ground))
    return CaseFile(request.order_id, lines, looked, max(0, masked - looked))


def _line(
    ground: Ground, order_id: str, record_id: str, person: str, period: str, masked: int, sealed: bytes
) -> ArchiveLine:
    day = period.partition("/")[2]
    if masked:
        by = unsealed(ground, period, "orders", order_id, record_id, sealed).decode()
        return ArchiveLine(record_id, person, day, True, f"{MASKED}; met by {by}")
    try:
        match = from_json(Match, unsealed(ground, period, "hits", order_id, record_id, sealed))
    except KeyGone:  # masked since
        return ArchiveLine(record_id, person, day, True, MASKED)
    return ArchiveLine(record_id, person, day, False, f"{match.queue} {match.score:.2f}")


def _name(order_id: str, record_id: str) -> str:
    return f"{record_id}/archive/{order_id}"
