"""A booking by name only and the API list of the same flight, for an invented traveller; and a run over them."""

from datetime import UTC, datetime

import msgspec
from store_setup import registration
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.records import Document, EntryName, ListEntry
from pnr_pipeline.stores.list_snapshots import ListShelf

NOW = datetime(2026, 1, 8, 12, tzinfo=UTC)
CLOCK = ("--now", "2026-01-08T12:00:00")


def booking(surname: str = "DRAGANOVIKJ", given: str = "BLAGOJCHE", *, number: str = "1", day: str = "100126") -> bytes:
    segments = (
        f"UNB+IATA:1+TK+XXPNRGOV+260108:0900+{number}++PNRGOV",
        f"UNG+PNRGOV+TK+XXPNRGOV+260108:0900+{number}+IA+13:1",
        f"UNH+1+PNRGOV:13:1:IA+TK1003/{day}/0800+01:F",
        "MSG+:22",
        "ORG+TK:IST",
        f"TVL+{day}:0800:{day}:0840+IST+SKP+TK+1003",
        "EQN+1",
        "SRC",
        f"RCI+TK:Q7RT{number}K::050126:0718",
        "DAT+710:050126:0718",
        f"TIF+{surname}:I+{given}:A:1:1",
        f"TVL+{day}:0800:{day}:0840+IST+SKP+TK+1003:Q",
        "RPI+1+HK",
        "UNT+12+1",
        f"UNE+1+{number}",
        f"UNZ+1+{number}",
    )
    return ("UNA:+.?*'" + "".join(f"{one}'" for one in segments)).encode()


def api_list(
    born: str, document: str, *, surname: str = "DRAGANOVIKJ", given: str = "BLAGOJCHE", sex: str = "M",
    number: str = "1", day: str = "260110", nationality: str = "MKD",
) -> bytes:  # fmt: skip
    document_segments = (f"DOC+P:110:111+{document}", "DTM+36:310930", f"LOC+91+{nationality}") if document else ()
    date_of_birth = (f"DTM+329:{born}",) if born else ()
    segments = (
        f"UNB+UNOA:4+TKAPIS:ZZ+XXPIU:ZZ+260108:1000+{number}++APIS",
        f"UNG+PAXLST+TKAPIS:ZZ+XXPIU:ZZ+260108:1000+{number}+UN+D:12B",
        f"UNH+PAX001+PAXLST:D:12B:UN:IATA+TK1003/{day}+01:F",
        "BGM+745",
        "TDT+20+TK1003",
        "LOC+125+IST",
        f"DTM+189:{day}0800:201",
        "LOC+87+SKP",
        f"DTM+232:{day}0840:201",
        f"NAD+FL+++{surname}:{given}",
        f"ATT+2++{sex}",
        *date_of_birth,
        "LOC+178+IST",
        "LOC+179+SKP",
        f"NAT+2+{nationality}",
        f"RFF+AVF:Q7RT{number}K",
        *document_segments,
        "CNT+42:1",
        f"UNT+{16 + len(date_of_birth) + len(document_segments)}+PAX001",
        f"UNE+1+{number}",
        f"UNZ+1+{number}",
    )
    return ("UNA:+.? '" + "".join(f"{one}'" for one in segments)).encode()


def wanted(**changes) -> ListEntry:
    sought = ListEntry(
        id="E1", list="wanted", names=(EntryName("Blagojche Draganovikj", "Draganovikj", "Blagojche"),),
        dob=("1961-02-02",), nationality=("MK",), documents=(Document("P", "A0099123", "MKD", "MKD"),),
    )  # fmt: skip
    return msgspec.structs.replace(sought, **changes)


def publish(root, *entries: ListEntry) -> None:
    ListShelf(root / "state" / "lists").publish(registration(), entries, NOW)


def run(root, *bodies: bytes) -> None:
    """Each as a file of its own, each in a run of its own: nothing but the store remembers."""
    for body in bodies:
        folder = root / f"in-{len(list(root.glob('in-*')))}"
        folder.mkdir()
        (folder / "message.edi").write_bytes(body)
        told = pnr(root, "run", str(folder))
        assert told.exit_code == 0, told.output


def pnr(root, *words: str):
    result = CliRunner().invoke(app, [*words, "--state", str(root / "state"), "--profile", "demo", *CLOCK])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
