"""A copy for the other domain: what a feed sends to both is laid into that domain's own spool (SCR-12; DESIGN 4, 5).

One run works in one domain, with its own store, keys and queues. The run that takes a carrier's files hands on those
that the profile sends to the other domain too, and no others: a file that holds one message more stays here.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pnr_pipeline.law import Profile
from pnr_pipeline.pipelines.spool import Waiting
from pnr_pipeline.records import Domain, Message
from pnr_pipeline.stores.durable_file import publish, trouble_in

Decode = Callable[[bytes, datetime], Sequence[Message]]


class HandingOn:
    """Lays files into `folder`, durably, under the hash of their bytes: handed on twice they are there once."""

    def __init__(
        self, folder: Path, domain: Domain, profile: Profile, decode: Decode, clock: Callable[[], datetime]
    ) -> None:
        self._folder, self._profile, self._decode, self._clock = folder, profile, decode, clock
        self._other: Domain = "border" if domain == "law_enforcement" else "law_enforcement"

    def hand_on(self, file: Waiting, body: bytes) -> None:
        """Copy the file if all its messages are for the other domain too. Raises StoreFault where that fails."""
        told = self._decode(body, self._clock())
        if told and all(self._other in self._profile.domains(message.kind) for message in told):
            with trouble_in("spool of the other domain"):
                publish(self._folder / f"{hashlib.sha256(body).hexdigest()[:32]}{file.path.suffix}", body)
