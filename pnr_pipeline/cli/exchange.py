"""`pnr exchange`: requests, answers and unasked results between units, Europol and third countries."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from pnr_pipeline.cli.desk import (
    Case,
    Form,
    Now,
    Officer,
    OrderOption,
    ProfileName,
    PurposeOption,
    State,
    access,
    clock,
    open_desk,
)
from pnr_pipeline.cli.exchange_letters import plan_of, read_bytes, send_checked, write_letter
from pnr_pipeline.cli.terminal import FINDINGS, out, print_json_lines
from pnr_pipeline.errors import UsageFault

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER", help="Its id: pnr exchange partners.")]
LetterArgument = Annotated[str, typer.Argument(metavar="LETTER", help="Id of the letter: pnr exchange list.")]
LetterFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file that the partner handed over.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The sealed, signed letter, to be handed over.")]
Offence = Annotated[str, typer.Option(help="Number in Annex II, or terrorism.")]
Category = Annotated[
    str, typer.Option(help="What the persons are here: suspect, convicted, victim or other_party (LED art. 6).")
]
Says = Annotated[
    list[str] | None,
    typer.Option("--says", metavar="ITEM=WORDS", help="Your words on an item of the checklist; kept sealed."),
]
Consent = Annotated[
    str, typer.Option(metavar="REF", help="Agreement of the State from which data in it came (PNR art. 11(2)).")
]
Derogation = Annotated[
    str, typer.Option(metavar="CODE", help="Where neither adequacy nor safeguards hold: pnr law explain DIS-7.")
]


@app.callback()
def exchange() -> None:
    """Data to and from units of other States, Europol and third countries (PNR art. 9, 10, 11).

    Partners stand in the profile, which the data-protection officer signs; nobody there, nothing leaves. Each act
    answers the law's conditions one by one; where one is not met nothing is sent, and you are told what to do next.
    The letters are files, sealed to the partner and signed by us; SIENA or another channel carries them, not this
    program.

    [bold]Another unit asks[/bold]: pnr exchange receive letter.json …; pnr exchange list; pnr exchange show LETTER …;
    pnr orders request --act transfer --recipient PARTNER --record RECORD …; pnr exchange answer LETTER --order ORDER …

    [bold]A confirmed hit goes unasked[/bold]: pnr exchange send PARTNER --hit HIT --says relevant_and_necessary="…" …

    [bold]We ask[/bold]: pnr exchange request PARTNER --offence 4 --reasons "…" --flight TK1883/2026-01-10 …
    """


@app.command()
def partners(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Who may receive, on which basis, until when; exit code 1 where an entry has ended.

    [bold]Example[/bold]: pnr exchange partners
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        register = store.profile.exchange
    if form == "json":
        print_json_lines(one.model_dump(mode="json") for one in register.partners)
    else:
        for one in register.partners:
            basis = f", rests on {one.basis.kind} until {one.basis.valid_until}" if one.basis else ""
            if one.kind in ("third_country", "organisation") and not one.basis:
                basis = ", rests on a derogation each time"
            until = f"until {one.valid_until}" if one.is_valid(at.date()) else "NOT VALID today"
            told = f"{one.id}  {one.kind} of {one.state}, {one.legal_basis}{basis}, by {one.channel}, {until}"
            out.print(told, markup=False)
        out.print(f"We are {register.own or 'nobody to others: nothing leaves, nothing is taken in (SEC-3)'}")
    if any(not one.is_valid(at.date()) for one in register.partners):
        raise typer.Exit(FINDINGS)


@app.command()
def card(file: Out, state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Write our public keys, for partners' registers; they compare them with us by another way, say by telephone.

    [bold]Example[/bold]: pnr exchange card --out our-card.json
    """
    import msgspec

    at = clock(now)
    with open_desk(state, profile, at) as store:
        told = store.exchange.card()
    file.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))
    out.print(f"Card of {told.own}: {file}\nseals with {told.seals_with}\nsigns with {told.signs_with}")


@app.command()
def request(
    partner: PartnerArgument,
    offence: Offence,
    reasons: Annotated[str, typer.Option(help="The facts that make it reasonable in this case.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the data.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the data.")],
    officer: Officer,
    case: Case,
    file: Out,
    surname: Annotated[str, typer.Option(help="Of the person sought.")] = "",
    given: Annotated[str, typer.Option(help="Given names.")] = "",
    born: Annotated[str, typer.Option(help="Birth date, ISO.")] = "",
    document: Annotated[str, typer.Option(help="Number of a travel document.")] = "",
    locator: Annotated[str, typer.Option(help="Of the booking.")] = "",
    flight: Annotated[str, typer.Option(help="Number and local day of departure: TK1883/2026-01-10.")] = "",
    air_link: Annotated[str, typer.Option(metavar="CODE", help="Link to air carriage: pnr hits reasons.")] = "",
    threat: Annotated[str, typer.Option(help="A specific, actual threat: data are wanted at other times than "
                                             "carriers push (PNR art. 9(4)).")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Ask a partner, reasoned and in one case; any one element names whom you seek, or several (PNR art. 9(2)).

    [bold]Example[/bold]: pnr exchange request fr-piu --offence 4 --reasons "…" --flight TK1883/2026-01-10
    --from 2026-01-01 --to 2026-01-31 --as officer-7 --case 2026-114 --out request.json
    """
    from pnr_pipeline.records.exchange import ExchangeRequest, SoughtPerson

    asked = ExchangeRequest(
        case=case, offence=offence, reasons=reasons, first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}",
        sought=(SoughtPerson(surname, given, born, document, locator, flight),), air_link=air_link, threat=threat,
    )  # fmt: skip
    at = clock(now)
    with open_desk(state, profile, at) as store:
        letter = store.exchange.request(partner, asked, access(officer, "b", case), at)
        store.log.publish(at)
    write_letter(file, letter)


@app.command()
def verify(file: LetterFile, state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Say who wrote a letter and whether it could be taken in; nothing is kept and nothing of it is shown.

    [bold]Example[/bold]: pnr exchange verify letter.json
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        letter, partner = store.exchange.verify(read_bytes(file), at)
    out.print(f"{letter.kind} of {partner.id}, {letter.sent_at:%Y-%m-%d %H:%M} UTC: signed by it, sealed to us, new")


@app.command()
def receive(
    file: LetterFile,
    officer: Officer,
    case: Case,
    purpose: PurposeOption = "b",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Take a letter in, once: a request, data, a refusal or a notice. Strangers, copies and changed files are refused.

    [bold]Example[/bold]: pnr exchange receive letter.json --as officer-7 --case 2026-114
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        line = store.exchange.take(read_bytes(file), access(officer, purpose, case), at)
        store.log.publish(at)
    then = {
        "request": f"pnr exchange show {line.letter_id}, then answer",
        "notice": f"pnr exchange show {line.letter_id}, then follow",
        "data": f"pnr exchange show {line.letter_id}",
        "refusal": f"pnr exchange show {line.letter_id}",
    }
    out.print(f"{line.kind} {line.letter_id} of {line.partner}: {then[line.kind]}")


@app.command("list")
def list_letters(form: Form = "text", state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """Every request, answer and notice, newest first, nothing of what they say; exit code 1 where a partner must be
    told that something was wrong.

    [bold]Example[/bold]: pnr exchange list --format json
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        lines = store.exchange.lines()
    if form == "json":
        print_json_lines(lines)
    else:
        for line in lines:
            waits = f"  {line.wrong} WRONG, tell them" if line.wrong else "  OPEN" if line.open else ""
            persons = f", persons: {line.persons}" if line.persons else ""
            way = "to" if line.way == "out" else "from"
            told = f"{line.letter_id}  {line.at:%Y-%m-%d %H:%M}  {line.kind} {way} {line.partner}{persons}"
            out.print(f"{told}, {line.article}, case {line.case}, {line.actor}{waits}", markup=False)
    if any(line.wrong for line in lines):
        raise typer.Exit(FINDINGS)


@app.command()
def show(
    letter: LetterArgument,
    officer: Officer,
    case: Case,
    purpose: PurposeOption = "b",
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the file of a letter of ours once more.")
    ] = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """A letter with what it says, as JSON; noted in the log first.

    [bold]Example[/bold]: pnr exchange show LETTER --as officer-7 --case 2026-114
    """
    import msgspec

    at = clock(now)
    with open_desk(state, profile, at) as store:
        opened = store.exchange.show(letter, access(officer, purpose, case), at)
        store.log.publish(at)
    if file:
        if not opened.file:
            raise UsageFault("no file of this letter is kept: it came, its time is over, or what it told is erased")
        file.write_bytes(opened.file)
    told = {"letter": opened.line, "says": opened.contents, "said": opened.said}
    out.print_json(msgspec.json.encode(told).decode())


@app.command()
def answer(
    letter: LetterArgument,
    officer: Officer,
    case: Case,
    file: Out,
    order: OrderOption = "",
    offence: Annotated[str, typer.Option(help="Number in Annex II, or terrorism; the request's if not given.")] = "",
    category: Category = "suspect",
    says: Says = None,
    consent: Consent = "",
    derogation: Derogation = "",
    refuse: Annotated[str, typer.Option(metavar="CODE", help="Refuse instead: not_reasoned, not_specific, not_listed, "
                                                             "not_competent, not_approved or nothing_held.")] = "",
    why: Annotated[str, typer.Option(help="With --refuse: what would help.")] = "",
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Answer a partner's request with what an order of the approver names, or refuse it; exit code 1 and nothing sent
    where a condition is not met.

    [bold]Example[/bold]: pnr orders request --act transfer --recipient fr-piu --record RECORD …, then
    pnr exchange answer LETTER --order ORDER --as officer-7 --case 2026-114 --out answer.json
    """
    from pnr_pipeline.records.exchange import Refusal, RefusalCode

    at, who = clock(now), access(officer, "b", case, order)
    with open_desk(state, profile, at) as store:
        if refuse:
            if refuse not in get_args(RefusalCode):
                raise UsageFault(f"--refuse is one of {', '.join(get_args(RefusalCode))}")
            refused = store.exchange.refuse(letter, Refusal(cast(RefusalCode, refuse), why), who, at)
            store.log.publish(at)
            write_letter(file, refused)
            return
        partner = store.exchange.line(letter).partner
        plan = plan_of(partner, offence, category, says, consent, derogation, answers=letter)
        send_checked(store, plan, who, at, file)


@app.command()
def send(
    partner: PartnerArgument,
    offence: Offence,
    officer: Officer,
    case: Case,
    file: Out,
    hit: Annotated[list[str] | None, typer.Option(metavar="ID", help="A confirmed hit; its person goes along.")] = None,
    order: OrderOption = "",
    category: Category = "suspect",
    says: Says = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """Send reviewed results to another unit unasked (PNR art. 9(1)): confirmed hits while the flight's time has not
    come, afterwards what an order of the approver names. Exit code 1 and nothing sent where a condition is not met.

    [bold]Example[/bold]: pnr exchange send fr-piu --hit HIT --offence 4 --says relevant_and_necessary="flies on to CDG"
    --as officer-7 --case 2026-114 --out results.json
    """
    at = clock(now)
    plan = plan_of(partner, offence, category, says, "", "", hits=tuple(hit or ()))
    with open_desk(state, profile, at) as store:
        send_checked(store, plan, access(officer, "b" if order else "a", case, order), at, file)


@app.command("passed-on")
def passed_on(
    letter: LetterArgument, officer: Officer, case: Case, state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Say that results which came unasked went to the competent authorities here, as our own (PNR art. 9(1)).

    [bold]Example[/bold]: pnr exchange passed-on LETTER --as officer-7 --case 2026-114
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.exchange.close(letter, access(officer, "b", case), at)
        store.log.publish(at)
    out.print(f"{letter}: passed on")


@app.command()
def notify(
    letter: LetterArgument,
    words: Annotated[str, typer.Option(help="What is to be done there: rectify, erase or restrict, and why.")],
    officer: Officer,
    case: Case,
    file: Out,
    record: Annotated[list[str] | None, typer.Option(metavar="ID", help="A record that was corrected since; what was "
                                                     "erased or recalled is known.")] = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Tell who received a letter of ours that something in it was wrong (LED art. 7(3), 16(6)).

    [bold]Example[/bold]: pnr exchange notify LETTER --words "erase: another person" --as officer-7 --case 2026-114
    --out notice.json
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        notice = store.exchange.notify(letter, words, access(officer, "b", case), at, records=record or ())
        store.log.publish(at)
    write_letter(file, notice)


@app.command()
def follow(
    letter: LetterArgument, officer: Officer, case: Case, state: State = None, profile: ProfileName = None,
    now: Now = None,
) -> None:  # fmt: skip
    """Do what a partner's notice asks: erase what it says was wrong, and name the partners who had it from us.

    [bold]Example[/bold]: pnr exchange follow LETTER --as officer-7 --case 2026-114
    """
    at = clock(now)
    with open_desk(state, profile, at) as store:
        told = store.exchange.follow(letter, access(officer, "b", case), at)
        store.log.publish(at)
    out.print(f"{letter}: followed")
    if told:
        out.print(f"They had it from us, tell them (pnr exchange notify): {', '.join(told)}")
