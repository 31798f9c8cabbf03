"""What a unit's queue holds: one CloudEvent a confirmed hit, its payload sealed to the unit."""

from typing import Literal

import msgspec

from pnr_pipeline.records.hit import Match
from pnr_pipeline.records.traveller import Traveller


class AnswersFor(msgspec.Struct, frozen=True):
    """A State whose data a row holds (alpha-2), the authority that it named as controller (id), act and article.

    PNR art. 4: one unit may serve several States, and each names who answers for its data (ING-1).
    """

    state: str
    controller: str
    legal_basis: str


class UnitEventData(msgspec.Struct, frozen=True):
    """The open part: references and grounds, nothing of the traveller.

    `rule` and `because` say which routing rule chose the unit and on what legal basis, `deadline` (UTC) when the
    advance assessment ends. `sealed` is base64 of a `Delivery` that the unit's key alone opens, `kept_for` who
    answers for the data.
    """

    unit: str
    rule: str
    because: str
    hit: str
    version: int
    list: str
    entry: str
    offence: str
    leg: str
    deadline: str | None
    sealed: str
    kept_for: tuple[AnswersFor, ...] = ()


class UnitEvent(msgspec.Struct, frozen=True):
    """A CloudEvent (1.0, JSON). `subject` is the hit, `seq` counts from 1 without gap in each unit's queue.

    `traceparent` is the extension Distributed Tracing of CloudEvents, there while traces are on.
    """

    id: str
    source: str
    time: str
    subject: str
    seq: int
    data: UnitEventData
    specversion: Literal["1.0"] = "1.0"
    type: Literal["pnr.hit.confirmed.v1"] = "pnr.hit.confirmed.v1"
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: str | msgspec.UnsetType = msgspec.UNSET


class SealedUnitEvent(msgspec.Struct, frozen=True):
    """A `UnitEvent` outside the database: a CloudEvent whose data, the whole of it, the unit alone can open."""

    id: str
    source: str
    time: str
    data_base64: str
    specversion: Literal["1.0"] = "1.0"
    type: Literal["pnr.hit.confirmed.v1"] = "pnr.hit.confirmed.v1"
    datacontenttype: Literal["application/octet-stream"] = "application/octet-stream"


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """What only the unit can open: the person, the evidence, what to do, and on which conditions (SEC-5, DIS-1)."""

    traveller: Traveller
    match: Match
    instruction: str
    conditions: str
