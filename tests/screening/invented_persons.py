"""Invented list entries and travellers."""

from datetime import UTC, datetime

from pnr_pipeline.records import Document, EntryName, ListEntry, ListRegistration, Traveller

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def register(list_id: str = "wanted", **changes) -> ListRegistration:
    told = {
        "id": list_id,
        "title": "Invented",
        "owner": "Invented police",
        "legal_basis": "Invented act",
        "offences": ("4",),
        "domain": "law_enforcement",
        "kind": "persons",
        "quality": "fact",
        "update_duty": "daily",
        "review_by": "2099-01-01",
    }
    return ListRegistration(**told | changes)


def person(number: str, surname: str, given: str, born: str | tuple[str, ...] = (), **more) -> ListEntry:
    dates = (born,) if isinstance(born, str) else born
    name = EntryName(f"{given} {surname}".strip(), surname, given)
    return ListEntry(number, "wanted", (name, *more.pop("aliases", ())), dates, **more)


def traveller(surname: str, given: str = "", born: str | None = None, number: str = "", **more) -> Traveller:
    documents = (Document("P", number, more.pop("issuer", "")),) if number else ()
    return Traveller(
        more.pop("ordinal", 1), "passenger", surname, given, date_of_birth=born, documents=documents, **more
    )
