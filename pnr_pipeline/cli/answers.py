"""What a carrier would be told of a message: `pnr check --answer`."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import typer

from pnr_pipeline.intake import Rulebook
from pnr_pipeline.intake.answer_files import AnswerFile, acceptance_file, quality_files, receipt_file
from pnr_pipeline.intake.answers import Level, Stored, control_reference
from pnr_pipeline.records import Message
from pnr_pipeline.stores.rulebooks import load_answer_rules


def print_answers(
    level: Level, files: Iterable[tuple[str, bytes, list[Message]]], rulebook: Rulebook, at: datetime
) -> None:
    """Print the answers of this level as they would be sent if the files were committed `at`; nothing is kept.

    `files` are names, bytes and messages, as `read_messages` gives them.
    """
    rules = load_answer_rules()
    for _, body, messages in files:
        digest = hashlib.sha256(body).hexdigest()
        stored = Stored(digest[:32], digest, at, tuple(message.message_id for message in messages))
        if level == "receipt":
            _print(receipt_file(stored))
            continue
        for message in messages:
            if level == "accept":
                reference = control_reference(message.message_id)
                _print(acceptance_file(message, stored, rules, reference=reference))
            else:
                _print(quality_files(message, stored, rulebook)[1])


def _print(answer: AnswerFile) -> None:
    typer.echo(answer.body.decode("latin-1" if answer.name.endswith(".edi") else "utf-8").rstrip("\n"))
