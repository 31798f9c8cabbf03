"""What the commands of an exchange share: the officer's words, the checklist as it is told, letters as files."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import typer

from pnr_pipeline.cli.terminal import FINDINGS, err, out
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.audit import Access
    from pnr_pipeline.records.exchange import ExchangeLetter
    from pnr_pipeline.routing.exchange import Checked
    from pnr_pipeline.stores.sql.exchange_sending import Sending
    from pnr_pipeline.stores.sql.store import Store

_SAID_ANEW = "Nothing was sent. Answer the items above with --says ITEM=WORDS, or do what they say."


def plan_of(
    partner: str, offence: str, category: str, says: list[str] | None, consent: str, derogation: str, *,
    answers: str = "", hits: tuple[str, ...] = (),
) -> "Sending":  # fmt: skip
    """What an officer wants to send, from the options; UsageFault for an item that is not theirs to answer."""
    from pnr_pipeline.records.exchange import PersonCategory
    from pnr_pipeline.stores.rulebooks import load_checklist
    from pnr_pipeline.stores.sql.exchange_sending import Sending

    if category not in get_args(PersonCategory):
        raise UsageFault(f"--category is one of {', '.join(get_args(PersonCategory))} (LED art. 6)")
    known = {one.item for one in load_checklist() if one.answered_by == "officer"}
    said: dict[str, str] = {}
    for one in says or ():
        item, _, words = one.partition("=")
        if item not in known or not words.strip():
            raise UsageFault(f"--says ITEM=WORDS; the items that you answer are {', '.join(sorted(known))}")
        said[item] = words.strip()
    return Sending(partner=partner, offence=offence, category=cast(PersonCategory, category), answers=answers,
                   hits=hits, consent=consent, derogation=derogation, said=said)  # fmt: skip


def send_checked(store: "Store", plan: "Sending", who: "Access", at: datetime, file: Path) -> None:
    """Send, and write each letter beside the other; exit code 1 and the checklist where a condition is not met."""
    from pnr_pipeline.routing.exchange import Checked

    done = store.exchange.send(plan, who, at)
    if isinstance(done, Checked):
        _print_checked(done)
        err.print(_SAID_ANEW)
        raise typer.Exit(FINDINGS)
    store.log.publish(at)
    _print_checked(done.checked)
    write_letter(file, done.letter)
    for notice in done.notices:
        write_letter(file.with_name(f"{file.stem}-notice-{notice.recipient}.json"), notice)


def _print_checked(checked: "Checked") -> None:
    for one in checked.items:
        told = f"{one.item}: {one.means}" if one.met else f"{one.item}: {one.means}. {one.fix}"
        out.print(f"{'yes' if one.met else 'NO '}  {told} [{one.answered_by}; {one.article}]", markup=False)


def write_letter(file: Path, letter: "ExchangeLetter") -> None:
    """Write the file and say what becomes of it."""
    from pnr_pipeline.records.codec import to_json

    file.write_bytes(to_json(letter))
    out.print(f"{letter.kind} {letter.letter_id} to {letter.recipient}: {file}. Hand it over by the agreed channel.")


def read_bytes(file: Path) -> bytes:
    """The bytes of a file, no more than a letter may have and one; UsageFault where it cannot be read."""
    from pnr_pipeline.stores.exchange_letters import MOST_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as fault:
        raise UsageFault(f"{file}: {fault.strerror}") from None
