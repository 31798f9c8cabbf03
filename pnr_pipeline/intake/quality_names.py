"""NAM-05, NAM-07, SYN-02 and SEX-02: names cut, too long or another's, and a sex that the title contradicts."""

from typing import Final

from rapidfuzz.distance import Levenshtein

from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.records.traveller import Traveller

_FIELD: Final = 35
"""Characters of a name component in the guide; the directories allow 70 from D.07A on."""
_COMPONENT: Final = 70
"""Most characters of a component of C080 from D.07A on; surname and up to four for given names."""
_ZONE: Final = 39
"""Characters of the names in the zone of a passport, with the two fillers between surname and given names."""
_FAR: Final = 0.5
"""Share of letters that must be changed to make one name the other, from which on they are two persons'."""
LONG: Final = 35
"""Letters of the whole name below which nothing can have been cut (NAM-05)."""
_SEX_OF_TITLE: Final = {
    "MR": "M", "MSTR": "M", "MASTER": "M", "SIR": "M", "MRS": "F", "MS": "F", "MISS": "F", "MME": "F", "MLLE": "F"
}  # fmt: skip


def check_name_details(traveller: Traveller, api: bool, person: PersonFindings) -> None:
    """Look at a traveller with a title, with several names or with a long one.

    Only a list (`api`) has the fixed fields of a document.
    """
    surname, given = len(traveller.surname), len(traveller.given_names)
    if surname > _COMPONENT or given > 4 * _COMPONENT + 3:
        person.find("SYN-02", traveller)
    if surname == _FIELD or given == _FIELD or (api and given and surname + given == _ZONE - 2):
        person.find("NAM-05", traveller)
    told = _SEX_OF_TITLE.get(traveller.title)
    if told is not None and traveller.sex in ("M", "F") and traveller.sex != told:
        person.find("SEX-02", traveller)
    if traveller.other_names:
        for name in traveller.other_names:
            if name.source.startswith("DOCS") and _far(
                f"{traveller.surname} {traveller.given_names}", f"{name.surname} {name.given_names}"
            ):
                person.find("NAM-07", traveller)
                break


def _far(one: str, other: str) -> bool:
    """Whether two names are far from each other, in whatever order their parts stand; a part of the other is not."""
    mine, theirs = (sorted(name.upper().replace("-", " ").split()) for name in (one, other))
    if set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return False
    return Levenshtein.normalized_distance("".join(mine), "".join(theirs)) > _FAR
