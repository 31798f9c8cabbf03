"""DOC-02 to DOC-05 and DOC-07: number, expiry and issuer of each document of a traveller."""

import re
from collections.abc import Mapping

from pnr_pipeline.intake.quality_person import PersonFindings
from pnr_pipeline.records.traveller import Traveller

_NUMBER_LENGTH_MAX = 70  # DOC 1004: an..35 up to D.05B, an..70 later


def check_documents(
    traveller: Traveller,
    today: str,
    in_15_years: str,
    passports: Mapping[str, re.Pattern[str]],
    api: bool,
    person: PersonFindings,
) -> None:
    """Look at each document; `today` is the ISO day of the flight, `passports` the forms of numbers by issuer.

    In booking data (not `api`) only what is there is checked: bookings need not carry whole documents.
    """
    for document in traveller.documents:
        number, expires = document.number, document.expires
        if not number:
            person.find("DOC-02", traveller)
        elif not 5 <= len(number) <= 20:
            person.find("DOC-02", traveller, "length")
            if len(number) > _NUMBER_LENGTH_MAX:
                person.find("SYN-02", traveller)
        elif number == number[0] * len(number):
            person.find("DOC-02", traveller, "repeated")
        elif (
            document.type == "P"
            and (form := passports.get(document.issuer_alpha3)) is not None
            and not form.fullmatch(number)
        ):
            person.find("DOC-03", traveller)
        if expires is None:
            if api:
                person.find_missing("DOC-04", traveller)
        elif expires < today:
            person.find("DOC-04", traveller, "expired")
        elif expires > in_15_years:
            person.find("DOC-04", traveller, "far")
        if not document.issuer_alpha3:
            if document.issuer:
                person.find("DOC-05", traveller, "unknown")
            elif api:
                person.find("DOC-05", traveller)
