"""Answers to carriers, written once what they answer is durable (ING-7: never before).

An answer is a function of the bytes and of their receipt: after a crash the next run makes the same one. The receipt of
a transmission is written behind the answers to its messages, so that where it stands nothing is left to do.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pnr_pipeline.errors import StoreFault
from pnr_pipeline.intake.answer_files import AnswerFile, acceptance_file, quality_files, receipt_file
from pnr_pipeline.intake.answer_rules import AnswerRules
from pnr_pipeline.intake.answers import Stored, control_reference
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.message import Message
from pnr_pipeline.stores.durable_file import private_folder, publish


class AnswerFolder:
    """The folder where the answers of a run are laid down, one file each; whoever sends them takes them from there.

    An answer that stands there is never written anew: a message that comes again in another file has its answer.
    `decode` is what the run itself decodes with.
    """

    def __init__(
        self,
        folder: Path,
        decode: Callable[[bytes, datetime], Sequence[Message]],
        rulebook: Rulebook,
        rules: AnswerRules,
    ) -> None:
        self._folder, self._decode, self._rulebook, self._rules = folder, decode, rulebook, rules

    def answer(self, body: bytes, stored: Stored) -> None:
        """Write what is missing of the answers to this transmission; StoreFault where the folder is in trouble."""
        last = receipt_file(stored)
        try:
            private_folder(self._folder)
            if (self._folder / last.name).exists():
                return
            for one in (*self._on_messages(body, stored), last):
                publish(self._folder / one.name, one.body)
        except OSError as fault:
            raise StoreFault(f"answers to carriers: {type(fault).__name__}") from None

    def _on_messages(self, body: bytes, stored: Stored) -> Iterator[AnswerFile]:
        if stored.message_ids == (f"{stored.digest}:0",):
            return  # buried whole: it may be what no process survives reading, so it is received and no more is said
        for message in self._decode(body, stored.received_at):
            if message.message_id in stored.message_ids:
                reference = control_reference(message.message_id)
                yield acceptance_file(message, stored, self._rules, reference=reference)
                yield from quality_files(message, stored, self._rulebook)
