"""Messages of one invented flight as EDIFACT text, decoded and committed: what the tests of list functions send."""

from datetime import UTC, datetime, timedelta

from store_setup import commit, entry, index_of

from pnr_pipeline.intake import decode
from pnr_pipeline.intake.feed_board import Listed
from pnr_pipeline.records import Message, Received
from pnr_pipeline.stores.rulebooks import load_rulebook
from pnr_pipeline.stores.sql.store import Store

RULEBOOK = load_rulebook()
LISTS = index_of([entry("E1", "DRAGANOV", "ARBEN", born="1961-02-02", document="U0000001")])
START = datetime(2026, 2, 28, 8, 0, tzinfo=UTC)

ARBEN = ("DRAGANOV:ARBEN", "610202", "U0000001", "UPR1")
BOJANA = ("KELMENDI:BOJANA", "880303", "U0000002", "UPR2")
PILOT = ("MARKOVSKI:DARIUSZ", "700404", "U0000003", "UPR3")
Who = tuple[str, str, str, str]


def paxlst(place: int, function: str, *people: Who, role: str = "FL", told: str = "", flight: str = "QX101") -> bytes:
    """A PAXLST prepared `place` hours after the start; `told` its CNT. Who has no name is told by reference alone."""
    at = START + timedelta(hours=place)
    tdt = f"TDT+20+{flight}+++QX'LOC+125+IST'DTM+189:2603021000:201'LOC+87+TIA'DTM+232:2603021040:201'"
    who = "".join(_person(*one, role) for one in people)
    return _sent(
        at, place, f"UNH+1+PAXLST:D:12B:UN:IATA+QX101/260302/1040+01:F'BGM+{function}'{tdt}{who}{told}UNT+9+1'"
    )


def pnrgov(place: int, *people: Who, function: str = "22") -> bytes:
    """A push of one booking."""
    at = START + timedelta(hours=place)
    flight = "TVL+020326:1000:020326:1040+IST+TIA+QX+101"
    names = "".join(
        f"TIF+{surname}+{given}:A:{number}'REF+:{reference}'"
        for number, (name, _, _, reference) in enumerate(people, 1)
        for surname, _, given in [name.partition(":")]
    )
    booking = f"SRC'RCI+QX:KAB123::050126:0718'{names}{flight}:Y'RPI+{len(people)}+HK'" if people else ""
    body = f"UNH+1+PNRGOV:13:1:IA+QX101/020326/1000+01:F'MSG+:{function}'{flight}'EQN+{1 if people else 0}'{booking}"
    return _sent(at, place, f"{body}UNT+9+1'")


def send(store: Store, *bodies: bytes, index=LISTS) -> list[Message]:
    """Each a transmission of its own, decoded and committed in this order."""
    told: list[Message] = []
    for body in bodies:
        at = START + timedelta(hours=24, minutes=len(told))
        messages = decode(body, rulebook=RULEBOOK, now=at)
        commit(store, Received("spool", f"{hash(body)}.edi", body, at), messages, index, at)
        told += messages
    return told


def listed(store: Store) -> dict[str, Listed]:
    """Persons listed and dropped, by source, over all legs."""
    return {source: told for (_, source), told in sorted(store.listed_by_source().items())}


def _person(name: str, born: str, document: str, reference: str, role: str) -> str:
    if not name:
        return f"NAD+{role}'RFF+ABO:{reference}'"
    return (
        f"NAD+{role}+++{name}'ATT+2++M'DTM+329:{born}'NAT+2+TUR'RFF+ABO:{reference}'"
        f"DOC+P:110:111+{document}'DTM+36:310930'LOC+91+TUR'"
    )


def _sent(at: datetime, place: int, message: str) -> bytes:
    return f"UNA:+.? 'UNB+UNOA:4+QXAPIS:ZZ+PIU:ZZ+{at:%y%m%d:%H%M}+{place:09}++APIS'{message}UNZ+1+{place:09}'".encode()
