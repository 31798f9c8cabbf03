"""The one view of a person that API and PNR tell together: what is screened once both are there."""

import msgspec

from pnr_pipeline.records.traveller import Document, Name, Traveller

_UNTOLD = (None, "", ())


def merged(api: Traveller | None, pnr: Traveller | None) -> Traveller:
    """API first, as it comes from the document, PNR where API is silent; names and documents of both are kept.

    One of the two must be given. Journey fields (seat, bags, tickets) come from the PNR first.
    """
    if api is None or pnr is None:
        only = api or pnr
        assert only is not None
        return only
    if is_nameless(api):
        api = msgspec.structs.replace(api, role=pnr.role, surname=pnr.surname, given_names=pnr.given_names)
    names = tuple(dict.fromkeys((*api.other_names, *_as_other(pnr))))
    return msgspec.structs.replace(
        api,
        role="infant" if "infant" in (api.role, pnr.role) else api.role,
        other_names=tuple(name for name in names if (name.surname, name.given_names) != _own(api)),
        date_of_birth=api.date_of_birth or pnr.date_of_birth,
        sex=api.sex or pnr.sex,
        nationality=api.nationality or pnr.nationality,
        nationality_alpha3=api.nationality_alpha3 or pnr.nationality_alpha3,
        residence=api.residence or pnr.residence,
        birth_place=api.birth_place or pnr.birth_place,
        documents=_documents(api, pnr),
        locator=pnr.locator or api.locator,
        booking=pnr.booking,
        carrier_reference=api.carrier_reference or pnr.carrier_reference,
        seat=pnr.seat or api.seat,
        bags=pnr.bags or api.bags,
        contacts=tuple(dict.fromkeys((*api.contacts, *pnr.contacts))),
        address=api.address or pnr.address,
        frequent_flyer=tuple(dict.fromkeys((*pnr.frequent_flyer, *api.frequent_flyer))),
        tickets=tuple(dict.fromkeys((*pnr.tickets, *api.tickets))),
    )


def filled(newer: Traveller, older: Traveller) -> Traveller:
    """The newer version, with what identifies the person taken from the older where the newer is silent.

    A closing list often names people by reference only: that does not take back their name, birth date or document.
    """
    if is_nameless(newer):
        newer = msgspec.structs.replace(corrected(newer, older), role=older.role)
    return msgspec.structs.replace(
        newer,
        date_of_birth=newer.date_of_birth or older.date_of_birth,
        sex=newer.sex or older.sex,
        nationality=newer.nationality or older.nationality,
        nationality_alpha3=newer.nationality_alpha3 or older.nationality_alpha3,
        residence=newer.residence or older.residence,
        birth_place=newer.birth_place or older.birth_place,
        documents=newer.documents or older.documents,
        locator=newer.locator or older.locator,
        carrier_reference=newer.carrier_reference or older.carrier_reference,
    )


def corrected(newer: Traveller, older: Traveller) -> Traveller:
    """What the newer tells in place of what the older told, field by field; what it does not tell stays."""
    told = msgspec.structs.asdict(newer)
    kept = {field: value for field, value in msgspec.structs.asdict(older).items() if told[field] in _UNTOLD}
    return msgspec.structs.replace(newer, **kept)


def is_nameless(traveller: Traveller) -> bool:
    """Whether the message tells no name: closing lists name people by reference only (FORMATS 2.9)."""
    return not traveller.surname and not traveller.given_names


def _own(traveller: Traveller) -> tuple[str, str]:
    return (traveller.surname, traveller.given_names)


def _as_other(pnr: Traveller) -> tuple[Name, ...]:
    return (Name(pnr.surname, pnr.given_names, "PNR"), *pnr.other_names)


def _documents(api: Traveller, pnr: Traveller) -> tuple[Document, ...]:
    """Documents of both, those of the API first; the same number of the same issuer once."""
    kept: list[Document] = []
    for document in (*api.documents, *pnr.documents):
        if not any(_same_document(document, other) for other in kept):
            kept.append(document)
    return tuple(kept)


def _same_document(one: Document, other: Document) -> bool:
    mine, theirs = one.issuer_alpha3 or one.issuer, other.issuer_alpha3 or other.issuer
    return one.number == other.number and (mine == theirs or not mine or not theirs)
