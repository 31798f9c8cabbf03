"""CloudEvents 1.0 on Kafka, in binary mode: attributes as headers, the data as the record's value."""

from collections.abc import Iterable, Mapping

SPEC = "1.0"
_PREFIX = "ce_"

Headers = list[tuple[str, bytes]]


def headers_of(attributes: Mapping[str, str], content_type: str = "application/octet-stream") -> Headers:
    """The headers of an event: its attributes (`id`, `type`, `source`, extensions) and the type of its data."""
    told = {"specversion": SPEC, **attributes}
    return [
        ("content-type", content_type.encode()),
        *((f"{_PREFIX}{name}", text.encode()) for name, text in told.items()),
    ]


def attributes_of(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The attributes that headers tell; bytes that are no UTF-8 are told as `?`."""
    return {
        name.removeprefix(_PREFIX): (value or b"").decode("utf-8", "replace")
        for name, value in headers
        if name.startswith(_PREFIX)
    }
