"""The usual traveller of a PAXLST, read by one pattern: segments in the order of the directory, plain codes and dates.

Nine of ten travellers are told so. The pattern takes a third of the time that reading segment by segment does, and
says the same: whatever it does not match, and whatever a rule could have something to say about, is left to
`paxlst_traveller`, which reads any order and all else.
"""

import re
from typing import Final

from pnr_pipeline.intake.bag_tags import bag_tags
from pnr_pipeline.intake.dates import birth_of_day, expiry_of_day
from pnr_pipeline.intake.names import name_of
from pnr_pipeline.intake.paxlst_traveller import Reading, bags_of
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.traveller import Document, Place, Role, Traveller
from pnr_pipeline.wire.edifact.segment import Separators
from pnr_pipeline.wire.edifact.segment_list import SegmentList

_MARKS: Final = Separators()
_DAY: Final = "[0-9]{8}|[0-9]{6}"
_CODE: Final = "[A-Z0-9]++"
_STATE: Final = "[A-Z]{2,3}"
_PLACE: Final = "[A-Z]{3,4}"
_TRAVELLER: Final = re.compile(
    rf"""
    NAD\+[A-Z]{{2,3}}\+\+\+ (?P<surname>[A-Z\ ]++) : (?P<given>[A-Z\ :]++)
    (?: \n ATT\+2\+\+ (?P<sex>[MFXU]) )?+
    (?: \n DTM\+329: (?P<born>{_DAY}) )?+
    (?: \n MEA\+CT\+\+: (?P<pieces>[0-9]{{1,3}}) )?+
    (?: \n MEA\+WT\+\+ (?P<unit>KGM|LBR) : (?P<weight>[0-9]{{1,4}}) )?+
    (?: \n GEI\+4\+ (?P<verified>17[34]) )?+
    (?: \n FTX\+BAG\+\+\+ (?P<tag>{_CODE}) (?: :(?P<tags>[0-9]{{1,2}}) )?+ )?+
    (?: \n LOC\+178\+ (?P<embarkation>{_PLACE}) )?+
    (?: \n LOC\+179\+ (?P<disembarkation>{_PLACE}) )?+
    (?: \n LOC\+174\+ (?P<residence>{_STATE}) )?+
    (?: \n NAT\+2\+ (?P<nationality>[A-Z]{{3}}) )?+
    (?: \n RFF\+AVF: (?P<locator>{_CODE}) )?+
    (?: \n RFF\+ABO: (?P<carrier_reference>{_CODE}) )?+
    (?: \n RFF\+SEA: (?P<seat>{_CODE}) )?+
    (?: \n RFF\+CR: (?P<frequent_flyer>{_CODE}) )?+
    (?: \n DOC\+ (?P<kind>[A-Z]{{1,2}}) :110:111\+ (?P<number>{_CODE})
        (?: \n DTM\+36: (?P<expires>{_DAY}) )?+
        (?: \n LOC\+91\+ (?P<issuer>{_STATE}) )?+
    )?+
    """,
    re.VERBOSE,
)


def is_usual(separators: Separators) -> bool:
    """Whether the marks are those of the pattern."""
    return separators[:2] == _MARKS[:2]


def read_usual(
    role: Role, segments: SegmentList, start: int, stop: int, ordinal: int, reading: Reading
) -> Traveller | None:
    """The traveller whom the NAD at `start` and the segments before `stop` describe; None where a closer look is due.

    `segments` have the usual marks. The record is that of `read_traveller`, which would tell no finding.
    """
    texts = segments.texts
    found = _TRAVELLER.fullmatch("\n".join(texts[start:stop]))
    if found is None:
        return None
    (
        surname, given, sex, birth, pieces, unit, weight, verified, tag, tags, embarkation, disembarkation, residence,
        nationality, locator, carrier_reference, seat, frequent_flyer, kind, number, expiry, issuer,
    ) = found.groups()  # fmt: skip
    name = name_of((surname, *given.split(":")))
    born = birth_of_day(birth, reading.on) if birth else None
    expires = expiry_of_day(expiry, reading.on) if expiry else None
    if name.title or name.unknown or (birth and born is None) or (expiry and expires is None):
        return None
    bags = None
    if tag or pieces or weight:
        bags = bags_of(
            int(pieces) if pieces else None,
            (float(weight), unit) if weight else None,
            bag_tags(tag, tags or "") if tag else (),
        )
    return Traveller(
        ordinal,
        role,
        name.surname,
        name.given_names,
        date_of_birth=born,
        sex=sex,
        nationality=nationality,
        nationality_alpha3=alpha3(nationality) if nationality else None,
        residence=Place(residence, alpha3(residence)) if residence else None,
        documents=(Document(kind, number, issuer or "", alpha3(issuer) if issuer else "", expires),) if kind else (),
        locator=locator,
        carrier_reference=carrier_reference,
        seat=seat,
        embarkation=embarkation or "",
        disembarkation=disembarkation or "",
        bags=bags,
        frequent_flyer=(frequent_flyer,) if frequent_flyer else (),
        verified=verified == "173" if verified else None,
        offset=segments.ends[start] - len(texts[start]),
    )
