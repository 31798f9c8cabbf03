"""From the database to the lake and back: days that are closed, written, compared, and read for a purpose."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import Masked, StoreFault, UsageFault
from pnr_pipeline.law.staff import May
from pnr_pipeline.stores import lake
from pnr_pipeline.stores.lake import ROWS_AT_ONCE, LakeCells, LakeDay, LakeRow
from pnr_pipeline.stores.lake_columns import COLUMNS, IDENTITY_COLUMNS, OPEN_COLUMNS, LakePart, split
from pnr_pipeline.stores.sql.database import transaction, utc_text
from pnr_pipeline.stores.sql.ground import Ground, write_access, write_entry

_QUIET = timedelta(days=1)
"""After the last flight of a day of receipt: until then closing lists and corrections may come."""
_AT_LEAST = timedelta(days=3)
"""After the day began, where no flight tells its schedule: pushes come up to 48 hours before departure (PNR 8(3))."""
_CLASSES = ("S", "L")


class Closed(msgspec.Struct, frozen=True):
    """A day of receipt in database and lake. `stale` says why it is to be written (again); '' where it is not."""

    period: str
    records: int
    day: LakeDay | None
    stale: str


class DatabaseLake:
    """The lake of one open store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def closed(self, now: datetime) -> list[Closed]:
        """Every day that is closed at `now`, and every one that the lake holds, compared by count and versions."""
        there = {one.period: one for one in lake.days(self._ground.state.lake)}
        counted = {period: (records, versions) for period, records, versions in self._counted()}
        periods = {period for period in counted if period in there or self._is_closed(period, now)} | there.keys()
        return [_compared(period, counted.get(period, (0, 0)), there.get(period)) for period in sorted(periods)]

    def close(self, now: datetime) -> list[LakeDay]:
        """Write each closed day that the lake does not hold as the database does; noted in the log."""
        return [self._write(one.period, now) for one in self.closed(now) if one.stale and one.records]

    def read(
        self, period: str, columns: Iterable[str], access: Access, now: datetime, *, records: Iterable[str] = ()
    ) -> Iterator[LakeCells]:
        """These columns of one day, for an archive job; noted in the log before the first record is given (SCR-1).

        Under purpose b only `records` are opened, each named by the order (DIS-3); under c all of the day.

        Columns are of one part: for purpose c those of the open part alone, as criteria rest on no name (SCR-4). Raises
        UsageFault for purpose a, which is over once a day is closed, and for a day or column that is not there.
        """
        wanted = tuple(columns)
        part: LakePart = "open" if set(wanted) <= set(OPEN_COLUMNS) else "identity"
        if not wanted or not set(wanted) <= set(COLUMNS[part]):
            raise UsageFault(f"columns: {', '.join(OPEN_COLUMNS)}, or {', '.join(IDENTITY_COLUMNS)}; not of both parts")
        if access.purpose == "a":
            raise UsageFault("the assessment of a closed day is over: purpose b on an approved request, or c (DIS-3)")
        if access.purpose == "c" and part != "open":
            raise UsageFault("criteria are made from the open part alone: no names for purpose c (SCR-1, SCR-4)")
        named = frozenset(records)
        if bool(named) != (access.purpose == "b"):
            raise UsageFault("purpose b names the records of its order, purpose c none (DIS-3)")
        day = lake.day(self._ground.state.lake, period)
        if day is None:
            raise UsageFault(f"the lake holds no day {period}: see `pnr lake show`")
        with transaction(self._ground.db):
            may: May = "criteria" if access.purpose == "c" else "request"
            of = (f"key:{period}", *(f"record:{one}" for one in sorted(named)))
            write_access(self._ground, access, may, now=now, article=f"PNR 6(2)({access.purpose})", references=of)
        return lake.read_cells(self._ground.state.lake, self._ground.sealer, day, part, wanted, named or None)

    def check(self, now: datetime, *, values: bool = False) -> list[str]:
        """Where files, manifests and database differ, in words; with `values` each value is opened too, told nobody."""
        found = [f"{one.period}: {one.stale}" for one in self.closed(now) if one.stale]
        for day in lake.days(self._ground.state.lake):
            found += [f"{day.period}: {what}" for what in lake.broken_files(self._ground.state.lake, day)]
            if values:
                found += self._unopened(day)
        return found

    def _unopened(self, day: LakeDay) -> Iterator[str]:
        for part, columns in COLUMNS.items():
            try:
                for _ in lake.read_cells(self._ground.state.lake, self._ground.sealer, day, part, columns):
                    pass
            except Masked:
                continue  # as the law asks: the approver's half is gone, single records open by order
            except (StoreFault, OSError) as fault:
                yield f"{day.period} {part}: {fault}"

    def _write(self, period: str, now: datetime) -> LakeDay:
        (before,) = [one for one in self._counted() if one[0] == period]
        day = lake.write_day(self._ground.state.lake, self._ground.sealer, period, self._rows(period), now)
        if (sum(day.records.values()), day.versions) != before[1:]:
            raise StoreFault(f"{period} changed while it was written: close it again")
        with transaction(self._ground.db):
            write_entry(
                self._ground, "administration", now=now, article="PNR 12(1)", case=f"lake:{utc_text(now)}",
                purpose="admin", references=(f"key:{period}",),
                counts={f"lake.{kind}": number for kind, number in sorted(day.records.items())},
            )  # fmt: skip
        return day

    def _counted(self) -> list[tuple[str, int, int]]:
        rows = self._ground.db.execute(
            "SELECT period, count(*), sum(version) FROM record_head JOIN key_period USING (period)"
            " WHERE ending_at IS NULL GROUP BY period ORDER BY period"
        ).fetchall()
        return [(period, records, versions) for period, records, versions in rows if period.startswith(_PREFIXES)]

    def _is_closed(self, period: str, now: datetime) -> bool:
        (last,) = self._ground.db.execute(
            "SELECT max(assess_until) FROM leg WHERE leg_id IN (SELECT leg_id FROM record_head WHERE period = ?)",
            (period,),
        ).fetchone()
        quiet = last is None or last < utc_text(now - _QUIET)
        start = datetime.fromisoformat(period.partition("/")[2]).replace(tzinfo=UTC)
        return quiet and start + _AT_LEAST <= now

    def _rows(self, period: str) -> Iterator[LakeRow]:
        last = ""
        while True:
            rows = self._ground.db.execute(
                "SELECT h.record_id, h.kind, h.version, l.flight, b.open, b.identity, h.basis FROM record_head h"
                " JOIN body b ON b.record_id = h.record_id AND b.period = h.period JOIN leg l ON l.leg_id = h.leg_id"
                " WHERE h.period = ? AND h.record_id > ? ORDER BY h.record_id LIMIT ?",
                (period, last, ROWS_AT_ONCE),
            ).fetchall()
            if not rows:
                return
            for record_id, kind, version, flight, journey, sealed, basis in rows:
                clear = self._ground.sealer.open(period, "identity", record_id, version, sealed)
                open_part = {"flight": flight.encode(), "journey": journey.encode()}
                yield LakeRow(record_id, kind, version, open_part, split(clear), self._ground.bases.told[basis])
            last = rows[-1][0]


_PREFIXES = tuple(f"{key_class}/" for key_class in _CLASSES)


def _compared(period: str, counted: tuple[int, int], day: LakeDay | None) -> Closed:
    records, versions = counted
    if day is None:
        return Closed(period, records, None, "not in the lake")
    held = sum(day.records.values())
    if held != records:
        return Closed(period, records, day, f"{held} records in the lake, {records} in the database")
    return Closed(period, records, day, "" if day.versions == versions else "records changed since")
