"""Infants that only the unstructured history names: `LTS+0/O/NM/BELT/ISABELLE MRS(ADT)(INF/SOPHY/20SEP12)`.

The lines are free text and never kept (ING-3, ING-4); this one form is read, and used only where no TIF, INFT or DOCS
names an infant.
"""

import re

from pnr_pipeline.intake.pnrgov_names import split_title
from pnr_pipeline.intake.ssr import Infant, day_in_text, name_in_text
from pnr_pipeline.wire.edifact.segment import Segment

_NAME_LINE = re.compile(r"/([OAC])/NM/([^/(]{1,70})/([^/(]{1,70})\([^()]{1,10}\)\(INF/?([^()]{1,90})\)")
_LINES_MAX = 20


class InfantLines:
    """The infants of one booking's name lines, with the name of their adult."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Infant], int] = {}

    def read(self, segment: Segment) -> None:
        """Take note of a line that adds or (C) cancels a name with an infant."""
        text = segment.get(1)
        if "(INF" not in text or len(self._found) >= _LINES_MAX:
            return
        line = _NAME_LINE.search(text)
        if line is None:
            return
        action, surname, given, told = line.groups()
        birth = day_in_text(told)
        names = [name for part in told.split("/") if (name := name_in_text(part.replace(birth, "") if birth else part))]
        if names:
            infant = Infant(names[0] if len(names) > 1 else surname.strip(), names[-1 if len(names) < 3 else 1], birth)
            self._found[surname.strip(), split_title(given.strip())[0], infant] = 0 if action == "C" else segment.offset

    def infants(self) -> list[tuple[str, str, Infant, int]]:
        """Surname and given names of the adult, the infant, and where the line stands."""
        return [(surname, given, infant, at) for (surname, given, infant), at in self._found.items() if at]
