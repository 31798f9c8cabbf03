"""Messages to matches."""

from collections.abc import Iterator
from typing import Any

from pnr_pipeline.records import Message, Screened
from pnr_pipeline.transforms.elements import Decoded, ScreenedFile
from pnr_pipeline.transforms.poison import POISON, Poison, spoiled, tried
from pnr_pipeline.transforms.stage import Count, FindWorkplace, Stage
from pnr_pipeline.transforms.workplace import Workplace


def screen_decoded(decoded: Decoded, at: Workplace[Any]) -> ScreenedFile:
    """Every message with its matches; one that cannot be screened is marked spoiled, alone. Raises StoreFault only."""
    screened = tuple(_screen_one(decoded, message, at) for message in decoded.messages)
    return ScreenedFile(decoded.received, decoded.digest, screened, decoded.poison)


def _screen_one(decoded: Decoded, message: Message, at: Workplace[Any]) -> Screened:
    matches = tried(
        decoded.received, decoded.digest, at, "screen", lambda: at.screen(message.travellers, at.index, at.clock())
    )
    if isinstance(matches, Poison):
        return Screened(spoiled(message, matches), (), at.index.version)
    return Screened(message, tuple(matches), at.index.version)


def screen_counts(file: ScreenedFile) -> Iterator[Count]:
    """Matches by list, poison by stage and place."""
    for screened in file.screened:
        for finding in screened.message.findings:
            if finding.rule == POISON:
                yield "poison", finding.message, 1
        for match in screened.matches:
            yield "matches", match.list_id, 1


class ScreenTravellers(Stage):
    """Messages in, the same with what screening found.

    In:   PCollection[Decoded]
    Out:  PCollection[ScreenedFile]   with the version of the index screened with
    """

    def __init__(self, find: FindWorkplace) -> None:
        super().__init__("screen", find, screen_decoded, screen_counts, ScreenedFile)
