"""BAG-01: bag tags against pieces, and their form."""

import re
from typing import Final

from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.records.traveller import Bags, Traveller

_TAG: Final = re.compile(r"[0-9]{10}|[A-Z0-9]{2,3}[0-9]{6}")


def check_bags(traveller: Traveller, bags: Bags, person: PersonFindings) -> None:
    """A member of a pool has its bags with the head of the pool: only there they are counted."""
    tags = bags.tags
    if bags.pieces is not None and bags.pieces != len(tags) and not bags.pool:
        person.find("BAG-01", traveller)
    for tag in tags:
        if not (len(tag) == 8 and tag[2:].isdecimal()) and not _TAG.fullmatch(tag):  # most are told by their length
            person.find("BAG-01", traveller, "form")
            break
