"""What travels between the stages: one transmission with all its messages, committed whole."""

import msgspec

from pnr_pipeline.records import Message, Received, Screened


class Decoded(msgspec.Struct, frozen=True):
    """A transmission and its messages. `poison` is the reason to bury it whole, '' while it is sound."""

    received: Received
    digest: str
    messages: tuple[Message, ...] = ()
    poison: str = ""


class ScreenedFile(msgspec.Struct, frozen=True):
    """A transmission and its screened messages. `poison` as in Decoded."""

    received: Received
    digest: str
    screened: tuple[Screened, ...] = ()
    poison: str = ""


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one transmission: counts, ids and reason codes only.

    `replays` are messages that were committed before, `withheld` those of which the profile sends no copy to this
    domain, `buried` the reasons of those in the dead letters.
    """

    source: str
    item: str
    digest: str
    messages: int = 0
    travellers: int = 0
    bookings: int = 0
    hits: int = 0
    replays: int = 0
    withheld: int = 0
    buried: tuple[str, ...] = ()
