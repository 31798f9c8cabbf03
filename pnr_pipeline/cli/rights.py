"""`pnr rights`: a person asks what is kept of them, or wants it rectified, erased or restricted."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, State, access, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, err, out, print_json_lines
from pnr_pipeline.errors import UsageFault

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

Surname = Annotated[str, typer.Option(prompt=True, help="As the person writes it, in any letters.")]
Given = Annotated[str, typer.Option(prompt=True, help="Given names.")]
Born = Annotated[str, typer.Option(help="Birth date, ISO.")]
DocumentNumbers = Annotated[list[str] | None, typer.Option("--document", help="Number of a travel document.")]
Record = Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record.")]


@app.callback()
def rights() -> None:
    """Rights of persons (LED art. 12 to 17; GDPR art. 15 in the border domain); the DPO answers.

    [bold]Example[/bold]: pnr rights search --surname … --given … --born 1980-01-31 --as dpo-1 --case R-2026-1;
    pnr rights answer --language sq --as dpo-1 --case R-2026-1 --out letter.txt
    """


@app.command()
def search(
    surname: Surname,
    given: Given,
    officer: Officer,
    case: Case,
    born: Born = "",
    document: DocumentNumbers = None,
    right: Annotated[str, typer.Option(help="access, rectify, complete, erase or restrict.")] = "access",
    request: Annotated[Path | None, typer.Option("--ask-approver", metavar="FILE", help="Write the request for "
                                                 "look-ups in masked periods here.")] = None,
    order: Annotated[str, typer.Option(metavar="ORDER", help="Use the approver's answer to those look-ups.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Find every record of the person, one JSON object a line; masked ones by id alone. The deadline runs from now.

    [bold]Example[/bold]: pnr rights search --surname Ђорђевић --given Јованка --born 1980-01-31 --as dpo-1 --case R-1
    """
    import msgspec

    from pnr_pipeline.stores.sql.rights import Right
    from pnr_pipeline.stores.sql.rights_index import Question

    if right not in get_args(Right):
        raise UsageFault(f"--right is one of {', '.join(get_args(Right))}")
    question = Question(surname, given, born, tuple(document or ()))
    at, who = clock(now), access(officer, "dpo", case)
    with open_desk(state, profile, at) as store:
        due = store.rights.begin(cast(Right, right), who, at)
        if order:
            records, rest = store.rights.search_masked(order, question, who, at), ""
        else:
            found = store.rights.search(question, who, at)
            records, rest = found.records, f", {found.masked_periods} of {found.periods} periods masked"
        if request:
            facts = f"request of a person, case {case}"
            request.write_bytes(msgspec.json.encode(store.rights.ask_approver(question, facts, who, at)))
        store.log.publish(at)
    print_json_lines(records)
    err.print(f"{len(records)} records{rest}; to be answered by {due:%Y-%m-%d}")


@app.command()
def answer(
    language: Annotated[str, typer.Option(help="en, sq, bs, sr-Latn, sr-Cyrl, mk, tr, bg, ro, uk, ka, hy or az.")],
    officer: Officer,
    case: Case,
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the letter is written.")],
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Draft the letter: the same words for every outcome; what may be given stands in the annex (the search's lines).

    [bold]Example[/bold]: pnr rights answer --language sq --as dpo-1 --case R-2026-1 --out letter.txt
    """
    from pnr_pipeline.stores.rulebooks import load_replies

    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(file)
        replies = load_replies()
        replies.letter(language, store.profile, case, "")
        asked = store.rights.answered(access(officer, "dpo", case), at)
        letter = replies.letter(language, store.profile, case, asked.date().isoformat())
        store.log.publish(at)
    file.write_text(letter, "utf-8")
    out.print(f"Letter in {language}: {file}")


Changes = Annotated[
    Path,
    typer.Option(
        "--changes",
        metavar="FILE",
        help="JSON: surname, given_names, date_of_birth, sex, nationality, document_number (instead_of), "
        "document_issuer, document_expires. A file, so that no value stands in the shell's history.",
    ),
]


@app.command()
def rectify(
    record: Record, changes: Changes, officer: Officer, case: Case, state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Put right what is kept of a person, screen it anew, and note who must be told (LED art. 16(1), (5), (6)).

    The change is made in the kept messages, so nothing told before brings the wrong value back; the record is flagged.
    The person gets the letter that everybody gets: pnr rights answer.

    [bold]Example[/bold]: pnr rights rectify RECORD --changes right.json --as dpo-1 --case R-2026-1; pnr rights notices
    """
    _change(record, changes, officer, case, state, profile, now, complete=False)


@app.command()
def complete(
    record: Record, changes: Changes, officer: Officer, case: Case, state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Add what no message told of a person, screen it anew, and note who must be told (LED art. 16(1)).

    [bold]Example[/bold]: pnr rights complete RECORD --changes more.json --as dpo-1 --case R-2026-1
    """
    _change(record, changes, officer, case, state, profile, now, complete=True)


@app.command()
def notices(
    done: Annotated[bool, typer.Option("--all", help="Those that went out, too.")] = False,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Who is to be told of what was changed, one JSON object a line; exit code 1 while anybody waits.

    [bold]Example[/bold]: pnr rights notices
    """
    with open_desk(state, profile, clock(now)) as store:
        found = store.rights.notices(done=done)
    print_json_lines(found)
    if any(one.told_at is None for one in found):
        raise typer.Exit(FINDINGS)


@app.command()
def told(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Id of the notice, or its first letters.")],
    officer: Officer,
    case: Case,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Say that a notice went out; written into the log.

    [bold]Example[/bold]: pnr rights told 5c02 --as dpo-1 --case R-2026-1
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        one = store.rights.note_told(notice, access(officer, "dpo", case), at)
        store.log.publish(at)
    out.print(f"{one.recipient} was told: {one.what}")


def _change(
    record: str, changes: Path, officer: str, case: str, state: Path | None, profile: str | None, now: datetime | None,
    *, complete: bool,
) -> None:  # fmt: skip
    import msgspec

    from pnr_pipeline.stores.list_snapshots import ListShelf
    from pnr_pipeline.stores.sql.rectification import Particulars

    try:
        particulars = msgspec.json.decode(changes.read_bytes(), type=Particulars)
    except (OSError, msgspec.MsgspecError):  # its text may quote a value
        raise UsageFault(f"{changes}: no JSON object of these fields: pnr rights rectify --help") from None
    at, index = clock(now), ListShelf(folder_of(state).lists).load(clock(now))
    with open_desk(state, profile, at) as store:
        act = store.rights.complete if complete else store.rights.rectify
        done = act(record, particulars, access(officer, "dpo", case), index, at)
        store.log.publish(at)
    out.print(f"{', '.join(done.fields)}: {'completed' if complete else 'rectified'} in {done.messages} messages")
    out.print(f"to be told: {', '.join(done.notices)}; pnr rights notices")


@app.command()
def restrict(
    record: Record, officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """Restrict a record: screening and officers leave it alone; tells which units received it and are to be told.

    [bold]Example[/bold]: pnr rights restrict RECORD --as dpo-1 --case R-2026-1
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        told = store.rights.restrict(record, access(officer, "dpo", case), at)
        store.log.publish(at)
    out.print(f"restricted; to be told: {', '.join(told) or 'nobody received it'}, and the carrier that sent it")


@app.command()
def lift(
    record: Record, officer: Officer, case: Case, state: State = None, profile: ProfileName = None, now: Now = None
) -> None:
    """Lift a restriction, after the person was told.

    [bold]Example[/bold]: pnr rights lift RECORD --as dpo-1 --case R-2026-1
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.rights.lift(record, access(officer, "dpo", case), at)
        store.log.publish(at)
    out.print("lifted")
