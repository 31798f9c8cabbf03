"""A flight leg: one carrier, one number, one take-off, one landing; or a leg of a ship, a train, a coach."""

from datetime import datetime
from typing import Literal

import msgspec

Mode = Literal["", "sea", "rail", "road"]
"""'' is air, which alone the PNR law is about."""


class FlightLeg(msgspec.Struct, frozen=True):
    """One leg as the message tells it.

    Times are local to each airport and carry no zone (API guide, DTM 189 and 232; PNRGOV TVL): `arrival_local` is
    None for open legs. `number` has no leading zeros and keeps its operational suffix. Charter and general
    aviation may have no carrier and number but a `registration`. Places are IATA or ICAO codes as sent; of other
    modes what stands in LOC (UN/LOCODE), `number` is the conveyance reference and `registration` the ship or vehicle.
    """

    carrier: str = ""
    number: str = ""
    origin: str = ""
    destination: str = ""
    departure_local: datetime | None = None
    arrival_local: datetime | None = None
    registration: str = ""
    marketing: str = ""
    """Marketing carrier and number where the message names another one (`DL324`), several with blanks between."""
    mode: Mode = ""

    @property
    def designator(self) -> str:
        """`TK1883`, or the registration of an aircraft that flies without a number."""
        return f"{self.carrier}{self.number}" if self.number else self.registration

    @property
    def key(self) -> str:
        """`TK1883/2026-01-10/IST-VIE`: the same leg has the same key in API and PNR.

        The date is the local date of departure; `-` where it is missing. Other modes stand before it
        (`road:QXBUS/7/2026-01-10/TRIST-ALTIA`), so that nobody meets a flight by chance.
        """
        day = self.departure_local.date().isoformat() if self.departure_local else "-"
        mode = f"{self.mode}:" if self.mode else ""
        return f"{mode}{self.designator or '-'}/{day}/{self.origin or '-'}-{self.destination or '-'}"
