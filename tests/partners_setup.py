"""Invented partners abroad: their keys, the profile that names them, and what they write and read on their own side."""

import base64
from datetime import date, datetime
from hashlib import sha256

import msgspec
from store_setup import placed

from pnr_pipeline.law import Profile
from pnr_pipeline.law.partners import Exchange, Partner, PartnerKind, TransferBasis
from pnr_pipeline.records.exchange import Contents, ExchangeLetter, ExchangeRequest, LetterKind, SoughtPerson
from pnr_pipeline.stores.exchange_letters import ExchangeKeys
from pnr_pipeline.stores.rulebooks import load_law, load_profile, load_routing
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.sql.store import Store
from pnr_pipeline.stores.state import StateFolder

US = "here-piu"
ASKED = ExchangeRequest(
    case="FR-2026-7", offence="4", reasons="an invented courier was named by two invented witnesses",
    first="2026-02-01", last="2026-03-31", sought=(SoughtPerson(surname="ZOGRAFI"),), air_link="flight-as-means",
)  # fmt: skip


def keys_of(partner: str) -> ExchangeKeys:
    return ExchangeKeys(sha256(b"seal " + partner.encode()).digest(), sha256(b"sign " + partner.encode()).digest())


def partner(name: str, kind: PartnerKind, state: str = "FR", **more) -> Partner:
    card = keys_of(name).card(name)
    return Partner(
        id=name, kind=kind, state=state, name=f"Invented {name}", contact=f"{name}@example.org",
        legal_basis="invented for the tests", seals_with=card.seals_with, signs_with=card.signs_with,
        valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31), **more,
    )  # fmt: skip


UNIT = partner("fr-piu", "piu")
POLICE = partner("fr-police", "authority", own_unit="fr-piu")
EUROPOL = partner("europol", "europol", "EU", through="Invented national unit", channel="siena", competence=("4",))
COUNTRY = partner(
    "xx-police", "third_country", "XX",
    basis=TransferBasis(kind="adequacy", reference="an invented decision", valid_until=date(2026, 6, 30)),
)  # fmt: skip
WITHOUT_BASIS = partner("yy-police", "third_country", "YY")
ORGANISATION = partner("invented-centre", "organisation", "ZZ")
PARTNERS = (UNIT, POLICE, EUROPOL, COUNTRY, WITHOUT_BASIS, ORGANISATION)


def profile_with(*partners: Partner) -> Profile:
    exchange = Exchange(own=US, partners=partners or PARTNERS)
    return load_profile("demo").model_copy(update={"exchange": exchange})


def open_unit(root, now: datetime, profile: Profile | None = None) -> Store:
    """A store whose profile names the partners."""
    profile = profile or profile_with()
    return open_store(
        StateFolder(placed(root)), profile=profile, law=load_law(), routing=load_routing(profile), now=now
    )


def writes(
    author: Partner, store: Store, kind: LetterKind, contents: Contents, now: datetime, *, answers: str = "", **changed
) -> bytes:
    """A letter of a partner to the store's unit; `changed` after it was signed."""
    card = store.exchange.card()
    to = partner(US, "piu").model_copy(update={"seals_with": card.seals_with, "signs_with": card.signs_with})
    letter = keys_of(author.id).write(kind, contents, author.id, to, now, answers=answers)
    return msgspec.json.encode(msgspec.structs.replace(letter, **changed))


def reads(recipient: Partner, letter: ExchangeLetter) -> Contents:
    """What the partner finds in a letter to it."""
    assert letter.recipient == recipient.id
    assert len(base64.b64decode(letter.sealed)) > 48
    return keys_of(recipient.id).open(letter)
