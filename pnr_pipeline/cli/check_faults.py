"""Where in a segment, or in which segment of a traveller, each rule finds its fault: what `pnr check` underlines."""

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """A component of a segment, both counted from 1; component 0 is the whole element.

    `qualifier` is what stands first in the segment where it is not the one that the finding names.
    """

    segment: str
    element: int
    component: int = 0
    qualifier: str = ""


_LIST_NAME: Final = Fault("NAD", 4)
_NAMES: Final = {"NAD": _LIST_NAME, "TIF": Fault("TIF", 1), "PDT": Fault("PDT", 2)}
_GIVEN: Final = {"NAD": Fault("NAD", 4, 2), "TIF": Fault("TIF", 2, 1), "PDT": _NAMES["PDT"]}
_BORN: Final = Fault("DTM", 1, 2, "329")
_NUMBER: Final = Fault("DOC", 2)
_EXPIRY: Final = Fault("DTM", 1, 2, "36")
_ISSUER: Final = Fault("LOC", 2, 1, "91")
_NATIONALITY: Final = Fault("NAT", 2)
_SEX: Final = Fault("ATT", 3, 0, "2")

FAULTS: Final[dict[str, dict[str, Fault]]] = {
    "ENV-02": {"UNT": Fault("UNT", 1)},
    "ENV-03": {tag: Fault(tag, 2) for tag in ("UNT", "UNE", "UNZ")},
    "ENV-04": {tag: Fault(tag, 1) for tag in ("UNE", "UNZ")},
    "ENV-05": {"UNH": Fault("UNH", 1)},
    "ENV-06": {"UNB": Fault("UNB", 11)},
    "ENV-09": {"UNH": Fault("UNH", 4)},
    "ENV-10": {"UNH": Fault("UNH", 2)},
    "CNT-01": {"CNT": Fault("CNT", 1, 2)},
    "CNT-02": {"EQN": Fault("EQN", 1)},
    "SYN-03": {tag: Fault(tag, 1, 1) for tag in ("BGM", "CNT", "DTM", "EMP", "LOC", "NAD", "NAT", "RFF", "TDT")},
    "SYN-04": {"TDT": Fault("TDT", 5)},
    "FLT-01": {"TDT": Fault("TDT", 2), "TVL": Fault("TVL", 4)},
    "FLT-02": {"TVL": Fault("TVL", 1)},
    "FLT-03": {"TVL": Fault("TVL", 1)},
    "FLT-04": {"TVL": Fault("TVL", 2)},
    "FLT-05": {"LOC": Fault("LOC", 2)},
    "FLT-06": {"TDT": Fault("TDT", 2), "TVL": Fault("TVL", 4)},
    "NAM-01": {"NAD": Fault("NAD", 4, 1), "TIF": Fault("TIF", 1, 1), "PDT": _NAMES["PDT"]},
    **{f"NAM-0{number}": _GIVEN for number in (2, 4)},
    **{f"NAM-0{number}": _NAMES for number in (3, 5, 6, 7)},
    "DUP-01": _NAMES,
    "DOB-01": {"NAD": _BORN, "DTM": _BORN},
    "DOB-02": {"NAD": _BORN},
    "DOB-03": {"NAD": _BORN, "TIF": Fault("TIF", 2, 2)},
    "SEX-01": {"NAD": _SEX, "ATT": _SEX},
    "SEX-02": {"NAD": _SEX, "TIF": Fault("TIF", 2)},
    "NAT-01": {"NAD": _NATIONALITY, "NAT": _NATIONALITY},
    "NAT-02": {"NAD": _NATIONALITY},
    "DOC-02": {"NAD": _NUMBER},
    "DOC-03": {"NAD": _NUMBER},
    "DOC-04": {"NAD": _EXPIRY, "DTM": _EXPIRY},
    "DOC-05": {"NAD": _ISSUER},
    "DOC-06": {"NAD": _NUMBER},
    "DOC-07": {"NAD": _NUMBER},
    "SEA-01": {"NAD": Fault("RFF", 1, 2, "SEA")},
    "BAG-01": {"NAD": Fault("FTX", 4, 0, "BAG")},
    "PNR-04": {"RPI": Fault("RPI", 1)},
    "PNR-06": {"TKT": Fault("TKT", 1, 1)},
}
"""By rule, and by the tag that the finding names."""
