"""One JSON form of every record: what is sealed, published and compared."""

from typing import TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")
_decoders: dict[type, msgspec.json.Decoder[object]] = {}


def to_json(record: object) -> bytes:
    """The record as canonical JSON: keys sorted, defaults omitted where the record says so, UTF-8."""
    return _encoder.encode(record)


def from_json(kind: type[T], body: bytes) -> T:
    """The record that `to_json` wrote; raises `msgspec.ValidationError` on anything else."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder.decode(body)  # type: ignore[return-value]  # the decoder was made for this kind
