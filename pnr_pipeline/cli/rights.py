"""`pnr rights`: a person asks what is kept of them, or wants it rectified, erased or restricted."""

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import err, out, print_json_lines
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
        replies = load_replies()
        replies.letter(language, store.profile, case, "")
        asked = store.rights.answered(access(officer, "dpo", case), at)
        letter = replies.letter(language, store.profile, case, asked.date().isoformat())
        store.log.publish(at)
    file.write_text(letter, "utf-8")
    out.print(f"Letter in {language}: {file}")


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
