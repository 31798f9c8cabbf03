"""What travels between units, to Europol and to third countries: an open envelope, its contents sealed and signed.

The envelope tells who writes to whom, nothing of a person. Contents are JSON that the recipient's key alone opens:
a request, data, a refusal or a notice, each with the terms on which it may be used (DIS-1, SEC-5). The form is ours,
published as JSON Schema; SIENA or another channel carries the file.
"""

from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.hit import Match
from pnr_pipeline.records.traveller import Traveller

LetterKind = Literal["request", "data", "refusal", "notice"]
PersonCategory = Literal["suspect", "convicted", "victim", "other_party"]
NoticeKind = Literal["data_wrong", "sent_without_consent"]
RefusalCode = Literal["not_reasoned", "not_specific", "not_listed", "not_competent", "not_approved", "nothing_held"]


class ExchangeLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope. `sender` and `recipient` are partner ids, `answers` the id of the letter it answers or ''.

    `letter_id` is 128 random bits in hex, `sent_at` aware UTC. `sealed` is base64 of the contents' box (X25519,
    HKDF-SHA256, AES-256-GCM), bound to sender, recipient and id; `signature` (hex) is Ed25519 over all the rest.
    """

    letter_id: str
    kind: LetterKind
    sender: str
    recipient: str
    sent_at: datetime
    answers: str = ""
    sealed: str
    signature: str = ""
    form: Literal["pnr-exchange-1"] = "pnr-exchange-1"


class SoughtPerson(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a request is about: any one element or several (PNR art. 9(2))."""

    surname: str = ""
    given_names: str = ""
    date_of_birth: str = ""
    document_number: str = ""
    locator: str = ""
    flight: str = ""
    """Carrier and number with the local day of departure: `TK1883/2026-01-10`."""


class ExchangeRequest(msgspec.Struct, frozen=True, kw_only=True, tag_field="letter", tag="request"):
    """A reasoned request in one case. `first` to `last` (ISO days) are the days of the data.

    `threat` names the specific, actual threat where data are wanted at other times than carriers push (PNR art. 9(4)),
    `copied_to` the unit that got a copy of an authority's own request (9(3)), `through` Europol's national unit
    (10(2)), `dpo_informed` whether Europol informed its data-protection officer (10(3)).
    """

    case: str
    offence: str
    reasons: str
    first: str
    last: str
    sought: tuple[SoughtPerson, ...]
    air_link: str = ""
    emergency: bool = False
    copied_to: str = ""
    through: str = ""
    dpo_informed: bool = False
    threat: str = ""


class Mark(msgspec.Struct, frozen=True):
    """What is fact and what assessment, how reliable and of when (LED art. 7; SEC-5)."""

    part: Literal["traveller", "match"]
    fact_or_assessment: Literal["fact", "assessment"]
    reliability: str
    currency: datetime


class SentPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person with flight and results; `reference` names them in every later notice. `person_category`: LED art. 6."""

    reference: str
    traveller: Traveller
    flight: FlightLeg
    matches: tuple[Match, ...] = ()
    person_category: PersonCategory
    marks: tuple[Mark, ...]
    origin: str = ""
    """The partner from which these data came; '' for the sender's own."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The conditions that travel with the data (DIS-1; PNR art. 7(4), 9, 10, 11; LED art. 9(3))."""

    purpose_limits: str
    conditions_of_use: str
    retention: str
    onward: str
    article: str


class SentData(msgspec.Struct, frozen=True, kw_only=True, tag_field="letter", tag="data"):
    """Persons, for one case and offence, on these terms. `consent` is the originating State's agreement, where any."""

    case: str
    offence: str
    persons: tuple[SentPerson, ...]
    terms: Terms
    consent: str = ""


class Refusal(msgspec.Struct, frozen=True, tag_field="letter", tag="refusal"):
    """Why a request is not answered, and in words what would help."""

    code: RefusalCode
    words: str


class Notice(msgspec.Struct, frozen=True, kw_only=True, tag_field="letter", tag="notice"):
    """What a partner must be told of data that were sent: by letter and references, and in words what to do."""

    about: str
    what: NoticeKind
    references: tuple[str, ...]
    words: str


Contents = ExchangeRequest | SentData | Refusal | Notice
CONTENTS: dict[LetterKind, type[ExchangeRequest] | type[SentData] | type[Refusal] | type[Notice]] = {
    "request": ExchangeRequest,
    "data": SentData,
    "refusal": Refusal,
    "notice": Notice,
}
