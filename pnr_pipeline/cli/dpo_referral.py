"""`pnr dpo referral`: the bundle that the supervisory authority gets, checked by it without the unit's help."""

from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import out

_READ_ME = """\
Referral to the supervisory authority under art. 6(7) of Directive (EU) 2016/681.

letter.json      who refers what, why, by which article; versions of lists, criteria, rules and software
entries/         one file for each event, its number in the log as name: the entry, its path to the root, the checkpoint
referral.proof   the same for the entry that says that this letter was sent: it names the letter by its SHA-256
checkpoint       the log's signed checkpoint, to which all of them lead
log.key          the log's public key, for convenience: trust the copy that was deposited with you on the first day
criteria/        texts of the criteria that the events rest on, as approved (where there are any)

Check them with any tool for c2sp.org/tlog-proof, or

    pnr audit check entries/* referral.proof --key KEY
    sha256sum letter.json

The events hold ids of staff, cases, orders and records, no value of a traveller.
"""


def referral(
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is not there yet.")],
    officer: Officer,
    case: Case,
    item: Annotated[list[str] | None, typer.Option(metavar="ITEM", help="An item marked unlawful: pnr dpo inbox --all."
                                                  " Its events come along.")] = None,
    entry: Annotated[list[int] | None, typer.Option(metavar="N", help="Number of an event in the log.")] = None,
    reason: Annotated[str, typer.Option(metavar="CODE", help="Why, for --entry: a code of rules/review/marks.yaml.")] =
    "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Refer what was unlawful to the supervisory authority: events with their proofs, marks and reasons, versions.

    Whoever gets the folder checks it with the ordinary verifier and the log's key: pnr audit check. It tells no value
    of a traveller. The log says that it was sent, and which letter.

    [bold]Example[/bold]: pnr dpo review 77b0 --unlawful --reason no-case --as dpo-1 --case audit-7;
    pnr dpo referral --item 77b0 --out referral-7 --as dpo-1 --case audit-7
    """
    from pnr_pipeline.errors import UsageFault
    from pnr_pipeline.stores.log_proofs import LogProofs

    if folder.exists():
        raise UsageFault(f"{folder} is there already")
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(folder)
        store.log.publish(at)
        told = store.oversight.refer(item or (), entry or (), reason, access(officer, "dpo", case), at)
        store.log.publish(at)
        proofs = LogProofs(store.log.tiles, store.log.tiles.key)
        events = {f"{number:09}.proof": proofs.inclusion(number) for number in told.entries}
        sent = proofs.inclusion(store.oversight.number_of(told.reference))
        key = str(store.log.tiles.key)
    files = {f"entries/{name}": proof for name, proof in events.items()}
    files |= {f"criteria/{name}": text for name, text in told.criteria.items()}
    files |= {"letter.json": told.letter.decode(), "referral.proof": sent, "checkpoint": proofs.note}
    for name, text in (files | {"log.key": f"{key}\n", "README.txt": _READ_ME}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    out.print(f"{folder}: {len(events)} events; check them with pnr audit check {folder}/entries/* --key KEY")
