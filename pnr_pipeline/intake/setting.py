"""What a deployment tells intake about itself."""

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """Where a message is received.

    `home_countries` (alpha-2) are those of the receiving State; where none is told, FLT-05 says only what it can."""

    home_countries: frozenset[str] = frozenset()
