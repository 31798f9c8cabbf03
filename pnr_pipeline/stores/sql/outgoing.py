"""What the relay hands to a broker: numbered events by stream, from where the broker stands."""

from collections.abc import Mapping
from datetime import datetime

from pnr_pipeline.records.codec import from_json, to_json
from pnr_pipeline.records.notice import NoticeTopic
from pnr_pipeline.records.unit_event import UnitEvent
from pnr_pipeline.stores.delivered import sealed_event
from pnr_pipeline.stores.sql.database import no_locks, transaction
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.lease import LEASE, end_lease, take_lease
from pnr_pipeline.stores.sql.notices import Numbered, Stream, note_told, notices_after, numbers, stream_of

_TASK = "broker"


class Outgoing:
    """The streams of one store. Who publishes them holds the lease `broker`; a second one is fenced by the broker."""

    def __init__(self, ground: Ground, holder: str) -> None:
        self._ground, self._holder = ground, holder
        self._held: datetime | None = None

    def hold(self, now: datetime) -> bool:
        """Take the lease of publishing, or renew it once a third of it is over; False while another holds it."""
        if self._held is None or not self._held <= now < self._held + LEASE / 3:
            with transaction(self._ground.db, no_locks):
                self._held = now if take_lease(self._ground, _TASK, self._holder, now) else None
        return self._held is not None

    def leave(self) -> None:
        """Give the lease back, so that another goes on at once."""
        if self._held is not None:
            self._held = None
            with transaction(self._ground.db, no_locks):
                end_lease(self._ground, _TASK, self._holder)

    def waits(self) -> bool:
        """Whether anything committed has no number yet."""
        return bool(
            self._ground.db.execute(
                "SELECT EXISTS (SELECT 1 FROM notice WHERE seq IS NULL)"
                " OR EXISTS (SELECT 1 FROM outbox WHERE seq IS NULL)"
            ).fetchone()[0]
        )

    def streams(self) -> Mapping[str, Stream]:
        """Every stream that was given a number: topics of notices, and `stream_of` units."""
        return numbers(self._ground)

    def after(self, topic: NoticeTopic | None, unit: str, last: int, most: int) -> list[Numbered]:
        """At most so many events of a topic, or else of a unit, after the number `last`, in order.

        Those of a unit are sealed to it, flight and entry of the list too.
        """
        if topic is not None:
            return notices_after(self._ground, topic, last, most)
        rows = self._ground.db.execute(
            "SELECT seq, unit, line FROM unit_queue WHERE unit = ? AND seq > ? ORDER BY seq LIMIT ?", (unit, last, most)
        )
        public = self._ground.units.public(unit)
        events = [(seq, from_json(UnitEvent, line.encode())) for seq, _, line in rows.fetchall()]
        return [Numbered(seq, unit, to_json(sealed_event(public, event)).decode()) for seq, event in events]

    def told(self, last: Mapping[str, int]) -> None:
        """Note by stream up to which number the broker has it; its notices go."""
        with transaction(self._ground.db, no_locks):
            for stream, number in last.items():
                note_told(self._ground, stream, number)


__all__ = ["Numbered", "Outgoing", "Stream", "stream_of"]
