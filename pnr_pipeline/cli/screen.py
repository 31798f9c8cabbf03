"""`pnr screen`: a file of travellers against a file of list entries, outside the pipeline."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pnr_pipeline.cli.terminal import FINDINGS, err, progress
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records import Document, ListRegistration, Match, Traveller

app = typer.Typer(no_args_is_help=True)

_BATCH = 256
"""Travellers screened at once: about one flight."""

_TRIAL = ListRegistration(
    id="trial",
    title="A file given to `pnr screen`",
    owner="whoever runs the command",
    legal_basis="none: a trial, nothing becomes a hit",
    offences=(),
    domain="law_enforcement",
    kind="persons",
    quality="unknown",
    update_duty="none",
    review_by="",
)


class Query(msgspec.Struct, frozen=True):
    """One line of a file of queries: a traveller, with any of the values null."""

    id: str
    surname: str | None = None
    given_names: str | None = None
    dob: str | None = None
    gender: str | None = None
    nationality: str | None = None
    document_number: str | None = None
    document_country: str | None = None

    def traveller(self, ordinal: int) -> Traveller:
        """The traveller this line describes."""
        document = Document(number=self.document_number or "", issuer=self.document_country or "")
        return Traveller(
            ordinal,
            "passenger",
            surname=self.surname or "",
            given_names=self.given_names or "",
            date_of_birth=self.dob,
            sex=self.gender,
            nationality=self.nationality,
            documents=(document,) if self.document_number else (),
        )


@app.command()
def screen(
    list_file: Annotated[
        Path, typer.Option("--list", help="Entries, one JSON object a line; .gz is unpacked.", exists=True)
    ],
    queries: Annotated[Path, typer.Option(help="Travellers, one JSON object a line; .gz is unpacked.", exists=True)],
    out: Annotated[Path, typer.Option(help="Where the results go, one JSON object a query.")],
    top: Annotated[int, typer.Option(min=1, help="At most so many results a query.")] = 10,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add evidence, both side by side in words, and what was in force.")
    ] = False,
) -> None:
    """Screen a file of travellers against a file of list entries: a trial, nothing is stored.

    [bold]pnr screen --list list.jsonl --queries travellers.jsonl --out results.jsonl --explain[/bold]

    A list line has id, list, names [{full, surname, given, kind, script}], dob, gender, nationality, documents; a query
    has id, surname, given_names, dob, gender, nationality, document_number, document_country, any but id may be null.
    A result stands in the alert or the weak queue; what stands in none is not told. The thresholds in force are printed
    on stderr: with a birth date on both sides results from `threshold` on are alerts; those from `weak` on are weak, as
    are all that lack a date on either side, unless birth date, surname or given names are another's.
    """
    from pnr_pipeline.screening import Index, ScreeningRules
    from pnr_pipeline.screening.list_formats.gathering import gathered
    from pnr_pipeline.screening.list_formats.json_lines import read_json_lines
    from pnr_pipeline.screening.match import in_queue, ranked
    from pnr_pipeline.stores.rule_files import rule_texts

    rules = ScreeningRules.from_texts(rule_texts("screening"))
    with _opened(list_file) as lines:
        texts = progress((line.decode("utf-8", "replace") for line in lines), "reading the list")
        imported = gathered({list_file.name: read_json_lines(texts, _TRIAL.id)})
    for finding in imported.findings[:20]:
        err.print(f"{finding.file}:{finding.line} {finding.reason}")
    with err.status("building the index"):
        index = Index.build([(_TRIAL, "trial", imported.entries)], rules)
    err.print(f"{len(index)} entries, {len(imported.findings)} bad lines")
    encode, now = msgspec.json.Encoder().encode, datetime.now(UTC)
    with out.open("wb") as results:
        batch = list(_queries(queries))
        for start in progress(range(0, len(batch), _BATCH), "screening"):
            asked = batch[start : start + _BATCH]
            found = ranked([query.traveller(ordinal) for ordinal, query in enumerate(asked, start + 1)], index, now)
            for query, matches in zip(asked, found, strict=True):
                lines_out: list[dict[str, object]] = [
                    {"id": match.entry_id, "score": match.score, "queue": match.queue}
                    | (_explained(match) if explain else {})
                    for match in [one for one in matches if in_queue(one)][:top]
                ]
                results.write(encode({"id": query.id, "results": lines_out}) + b"\n")
    err.print(f"threshold {rules.weights.alert:.7f}")
    err.print(f"weak {rules.weights.weak:.7f}")
    if imported.findings:
        raise typer.Exit(FINDINGS)


def _opened(path: Path) -> BufferedIOBase:
    """The lines of a file, unpacked where its name ends with .gz."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _explained(match: Match) -> dict[str, object]:
    """The evidence, both persons side by side in words, and all that was in force: enough to compute it again."""
    from pnr_pipeline.screening.side_by_side import rows

    return {
        "explanation": match.evidence,
        "side_by_side": rows(match),
        "compared_name": match.compared_name,
        "name_kind": match.name_kind,
        "in_force": {
            "list": match.list_id, "list_version": match.list_version, "engine": match.engine, "rules": match.rules,
            "index": match.index, "alert": match.thresholds[0], "weak": match.thresholds[1], "prior": match.prior,
        },
    }  # fmt: skip


def _queries(path: Path) -> Iterator[Query]:
    decode = msgspec.json.Decoder(Query).decode
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield decode(line)
                except msgspec.MsgspecError:
                    raise UsageFault(f"{path.name}:{number}: not a query: see `pnr screen --help`") from None
