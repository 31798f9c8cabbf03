"""Parts of one set (UNH S010) that came in one file (FORMATS 1.3)."""

from collections.abc import Sequence

import msgspec

from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.message import Message


def mark_complete_sets(messages: Sequence[Message], rulebook: Rulebook) -> list[Message]:
    """The messages, complete where all parts 1 … n of their set are here and none of them was cut.

    A set is told by sender and common access reference; it ends with the part that says F. A part whose set is not all
    here stays incomplete, with a finding that says so; what it holds is used all the same.
    """
    parts: dict[tuple[str, str, str], list[Message]] = {}
    for message in messages:
        if message.sequence and message.access_reference:
            parts.setdefault((message.kind, message.sender, message.access_reference), []).append(message)
    whole = {key for key, found in parts.items() if _is_whole(found)}
    return [
        _marked(message, (message.kind, message.sender, message.access_reference) in whole, rulebook)
        if _is_part(message)
        else message
        for message in messages
    ]


def _is_part(message: Message) -> bool:
    return message.sequence > 1 or not message.last_of_set


def _is_cut(message: Message) -> bool:
    return any(finding.rule == "ENV-08" for finding in message.findings)


def _is_whole(parts: Sequence[Message]) -> bool:
    """Whether the parts are numbered 1 … n without gap, the last one ends the set, and all were read to their end."""
    ordered = sorted(parts, key=lambda part: part.sequence)
    return (
        [part.sequence for part in ordered] == list(range(1, len(ordered) + 1))
        and len(ordered) > 1
        and ordered[-1].last_of_set
        and not any(map(_is_cut, parts))
    )


def _marked(message: Message, whole: bool, rulebook: Rulebook) -> Message:
    if whole:
        return msgspec.structs.replace(message, complete=True)
    finding = rulebook.finding("ENV-09", case="part", offset=message.offset, segment="UNH")
    return msgspec.structs.replace(message, findings=(*message.findings, finding))
