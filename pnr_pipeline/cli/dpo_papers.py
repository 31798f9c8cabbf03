"""`pnr dpo assessment` and `pnr dpo breach`: papers filled from configuration and log."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pnr_pipeline.cli.desk import Case, Now, Officer, ProfileName, State, access, clock, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, err, out
from pnr_pipeline.errors import UsageFault

if TYPE_CHECKING:
    from pnr_pipeline.law.dpo_forms import Paper

Words = Annotated[
    Path | None, typer.Option("--words", metavar="FILE", help="YAML: what people write, by section (risks: …).")
]
Moment = Annotated[datetime, typer.Option(help="UTC where it has no zone.")]


def assessment(
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Markdown; must not be there yet.")],
    officer: Officer,
    case: Case,
    words: Words = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """The impact assessment and the papers of prior consultation (LED art. 27, 28), filled from the configuration.

    Sections that only people can write are taken from --words; exit code 1 while one lacks.

    [bold]Example[/bold]: pnr dpo assessment --out assessment.md --words ours.yaml --as dpo-1 --case start-2026
    """
    from pnr_pipeline.law.dpo_forms import filled
    from pnr_pipeline.stores.rulebooks import load_dpo_form

    at = clock(now)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(file)
        told = store.oversight.assessment_told(access(officer, "dpo", case), at)
    _lay_down(file, filled(load_dpo_form("impact-assessment"), told, _words(words)))


def breach(
    since: Annotated[datetime, typer.Option(help="From when data may have been exposed, UTC.")],
    until: Annotated[datetime, typer.Option(help="Until when, UTC.")],
    known: Annotated[datetime, typer.Option(help="When it became known, UTC: the 72 hours run from here.")],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is not there yet.")],
    officer: Officer,
    case: Case,
    person: Annotated[str, typer.Option(help="Only what this person of the staff did (a stolen login).")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="All that was kept: a copied database.")] = False,
    words: Words = None,
    state: State = None,
    profile: ProfileName = None,
    now: Now = None,
) -> None:
    """A breach: whom it concerns, from the log, and the supervisor's notification (LED art. 30, 31); also as a drill.

    Writes `records.txt`, ids alone, and `notification.md`; the breach is documented in the log. Exit code 1 while a
    section lacks words, or where the 72 hours are over.

    [bold]Example[/bold]: pnr dpo breach --since 2026-11-20 --until 2026-11-22 --known 2026-11-22T08:00
    --person officer-7 --out breach-1 --as dpo-1 --case breach-1
    """
    from pnr_pipeline.law.dpo_forms import filled
    from pnr_pipeline.stores.rulebooks import load_dpo_form

    at, who = clock(now), access(officer, "dpo", case)
    begun, ended, known_at = clock(since), clock(until), clock(known)
    if not begun <= ended or known_at > at:
        raise UsageFault("--since is not after --until, and what is known is not in the future")
    text = _words(words)
    folder.mkdir(parents=True, mode=0o700)
    with open_desk(state, profile, at) as store:
        store.must_export_inside(folder)
        whom = store.oversight.affected(who, at, since=begun, until=ended, person=person, everything=everything)
        scope = "all records kept" if everything else f"acts of {person}" if person else "acts of the whole staff"
        told, late = store.oversight.breach_told(whom, at, known_at=known_at, since=begun, until=ended, scope=scope)
        store.oversight.note_breach(who, whom, at)
        store.log.publish(at)
    (folder / "records.txt").write_text("".join(f"{one}\n" for one in whom.records), "ascii")
    out.print(f"{whom.persons} persons, {len(whom.records)} records: {folder / 'records.txt'}")
    _lay_down(folder / "notification.md", filled(load_dpo_form("breach"), told, text, late=late), late=late)


def _words(path: Path | None) -> dict[str, str]:
    import yaml

    if path is None:
        return {}
    told = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(told, dict):
        raise UsageFault("--words is a YAML file of sections: `risks: …`")
    return {str(section): str(text) for section, text in told.items()}


def _lay_down(path: Path, paper: "Paper", *, late: bool = False) -> None:
    if path.exists():
        raise UsageFault(f"{path} is there already")
    path.write_text(paper.text, "utf-8")
    path.chmod(0o600)
    out.print(f"{path}", markup=False)
    if late:
        err.print("The time of LED art. 30(1) is over: tell it now, with the reasons.")
    if paper.lacking:
        err.print(f"To be written (--words): {', '.join(paper.lacking)}", markup=False)
    if late or paper.lacking:
        raise typer.Exit(FINDINGS)
