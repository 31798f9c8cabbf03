"""What can be asked of the simulator, and what it answers."""

from datetime import date, datetime

import msgspec

from pnr_pipeline.records.traveller import Document, Role

FLIGHTS_PER_DAY = 400
"""More flights than this spill into the following days, as a State of 20 million travellers a year sees them."""


class Scenario(msgspec.Struct, frozen=True):
    """An invented world in a few numbers: the same scenario gives the same bytes, on every machine.

    `day` is the local day of the first departures. `faults` (0..1) is the share of files that carry one labelled
    carrier fault. `planted` is the number of travellers who stand on one of the invented lists. `travellers` is the
    exact number of passengers with a seat of each flight; None = by the size of the aircraft (70 to 320).
    `interactive` adds one message per traveller at check-in.
    """

    seed: int
    flights: int
    day: date
    faults: float = 0.0
    planted: int = 12
    travellers: int | None = None
    interactive: bool = False


class TrueName(msgspec.Struct, frozen=True, omit_defaults=True):
    """A name in its own letters, as the bearer writes it; `script` is LATIN, CYRILLIC, GREEK …"""

    surname: str
    given_names: str
    script: str


class TrueTraveller(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is true of one person, and what one message tells of them.

    `person` is the same in all messages. `surname` and `given_names` are the wire form of the travel document;
    `booked_surname` and `booked_given_names` that of the booking (TIF) where it differs. `documents` are those that
    the message tells. `untold` names the fields that it does not carry, by its kind or by a fault; `*` is the person
    as a whole. `planted` is `<list>/<entry>` for someone who is sought, `spelling` how the name was varied;
    `decoy_of` is `<list>/<entry>` for someone who only resembles an entry. `accompanied_by` is the person an infant
    travels with. `sensitive` counts the codes and texts that were sent and must not be kept (LED art. 10, PNR
    Directive art. 13(4)).
    """

    person: str
    role: Role
    name: TrueName
    surname: str
    given_names: str
    sex: str
    date_of_birth: str
    nationality: str
    booked_surname: str = ""
    booked_given_names: str = ""
    documents: tuple[Document, ...] = ()
    locator: str = ""
    seat: str = ""
    reference: str = ""
    accompanied_by: str = ""
    planted: str = ""
    spelling: str = ""
    decoy_of: str = ""
    sensitive: dict[str, int] = {}
    untold: tuple[str, ...] = ()


class Truth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of `truth.jsonl`: all that is true of one file.

    `kind` is PAXLST or PNRGOV; `push` is booking, checkin, crew, list, closure or closeout. `leg_key` equals
    `FlightLeg.key`. `changes` says what happened since the push before (`dropped P003`, `added …`, `renamed …`,
    `split …`). `fault` is the label of the carrier fault, '' for none, `removed` what it took away.
    """

    file: str
    kind: str
    push: str
    leg_key: str
    sent_at: datetime
    departure_utc: datetime
    arrival_utc: datetime
    travellers: tuple[TrueTraveller, ...]
    changes: tuple[str, ...] = ()
    fault: str = ""
    removed: str = ""


class SimulatedFile(msgspec.Struct, frozen=True):
    """One transmission of a carrier. `name` holds no personal data and sorts by `sent_at` (aware, UTC)."""

    name: str
    body: bytes
    sent_at: datetime
    truth: Truth
