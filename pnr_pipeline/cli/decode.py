"""`pnr decode`: carriers' messages as JSON Lines."""

from typing import Annotated, Any

import msgspec
import typer

from pnr_pipeline.cli.charset_option import CharsetOption
from pnr_pipeline.cli.terminal import progress
from pnr_pipeline.records import Message, Traveller

app = typer.Typer(no_args_is_help=True)


@app.command()
def decode(
    files: Annotated[list[str], typer.Argument(help="Message files, folders of them, or - for standard input.")],
    findings: Annotated[bool, typer.Option(help="Add what is wrong with each message.")] = True,
    charset: CharsetOption = "utf-8",
) -> None:
    """Read messages of carriers and print one JSON object a message.

    PAXLST, PNRGOV and CUSRES in EDIFACT, PNRGOV in XML, tables (CSV), in whatever a link left around them. Every file
    gives at least one object; what cannot be read has kind UNREADABLE and findings. Nothing is stored.

    [bold]pnr decode list.edi | jq '.travellers[].surname'[/bold]

    [bold]pnr decode --no-findings inbox/ > messages.jsonl[/bold]
    """
    from pnr_pipeline.cli.message_files import message_files, read_messages
    from pnr_pipeline.stores.rulebooks import load_rulebook

    named = message_files(files)
    for name, _, messages in read_messages(progress(named, "Reading", len(named)), load_rulebook(), charset):
        for message in messages:
            typer.echo(msgspec.json.encode({"file": name, **message_object(message, findings)}).decode())


def message_object(message: Message, findings: bool = True) -> dict[str, Any]:
    """The published JSON form of a message: fixed keys first, then whatever else the record holds."""
    head = {
        "kind": message.kind,
        "version": message.version,
        "sender": message.sender,
        "function": message.function,
        "complete": message.complete,
        "flights": [msgspec.to_builtins(flight) for flight in message.flights],
        "travellers": [_traveller(traveller) for traveller in message.travellers],
        "bookings": [
            {"locator": booking.locator, "created": booking.created, **msgspec.to_builtins(booking)}
            for booking in message.bookings
        ],
    }
    rest = msgspec.to_builtins(message)
    told = [{"message": finding.message, **msgspec.to_builtins(finding)} for finding in message.findings]
    rest["findings"] = told if findings else []
    return head | {key: value for key, value in rest.items() if key not in head}


def _traveller(traveller: Traveller) -> dict[str, Any]:
    """A traveller with the keys that are always there, null where the message does not tell them."""
    fixed = {
        "role": traveller.role,
        "surname": traveller.surname,
        "given_names": traveller.given_names,
        "date_of_birth": traveller.date_of_birth,
        "sex": traveller.sex,
        "nationality": traveller.nationality,
        "nationality_alpha3": traveller.nationality_alpha3,
        "locator": traveller.locator,
        "seat": traveller.seat,
        "documents": [
            {
                "type": document.type,
                "number": document.number,
                "issuer": document.issuer,
                "issuer_alpha3": document.issuer_alpha3,
                "expires": document.expires,
                "issued": document.issued,
            }
            for document in traveller.documents
        ],
    }
    rest = msgspec.to_builtins(traveller)
    return fixed | {key: value for key, value in rest.items() if key not in fixed}
