"""Bytes to messages."""

import hashlib
from collections.abc import Iterator
from typing import Any

from pnr_pipeline.records import Received
from pnr_pipeline.transforms.elements import Decoded
from pnr_pipeline.transforms.poison import Poison, begin, tried
from pnr_pipeline.transforms.stage import Count, FindWorkplace, Stage
from pnr_pipeline.transforms.workplace import Workplace


def decode_received(received: Received, at: Workplace[Any]) -> Decoded:
    """All messages of one transmission, at least one unless it is poison. Raises StoreFault only."""
    digest = hashlib.sha256(received.body).hexdigest()
    begun = begin(received, digest, at)
    if isinstance(begun, Poison):
        return Decoded(received, digest, poison=begun.reason)
    messages = tried(begun, digest, at, "decode", lambda: at.decode(begun.body, begun.received_at))
    if isinstance(messages, Poison):
        return Decoded(begun, digest, poison=messages.reason)
    return Decoded(begun, digest, tuple(messages))


def decode_counts(decoded: Decoded) -> Iterator[Count]:
    """Messages and travellers by kind of message, findings by rule, poison by stage and place."""
    if decoded.poison:
        yield "poison", decoded.poison, 1
    for message in decoded.messages:
        yield "messages", message.kind, 1
        yield "travellers", message.kind, len(message.travellers)
        for finding in message.findings:
            yield "findings", finding.rule, 1


class DecodeMessages(Stage):
    """Transmissions in, their messages out.

    In:   PCollection[Received]   one transmission each, at most 64 MiB
    Out:  PCollection[Decoded]    the same transmission with all its messages
    """

    def __init__(self, find: FindWorkplace) -> None:
        super().__init__("decode", find, decode_received, decode_counts, Decoded)
