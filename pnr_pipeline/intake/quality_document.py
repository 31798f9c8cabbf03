"""DOC-02, DOC-04 and DOC-05: number, expiry and issuer of each document of a traveller."""

from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.traveller import Traveller


def check_documents(
    traveller: Traveller,
    rulebook: Rulebook,
    today: str,
    in_15_years: str,
    api: bool,
    told: set[tuple[str, int | None]],
    found: list[Finding],
) -> None:
    """Look at each document; `today` is the ISO day of the flight.

    In booking data (not `api`) only what is there is checked: bookings need not carry whole documents.
    """
    for document in traveller.documents:
        broken: list[tuple[str, str]] = []
        number, expires = document.number, document.expires
        if not number:
            broken.append(("DOC-02", ""))
        elif not 5 <= len(number) <= 20:
            broken.append(("DOC-02", "length"))
        elif number == number[0] * len(number):
            broken.append(("DOC-02", "repeated"))
        if expires is None:
            if api and ("DOC-04", traveller.ordinal) not in told:
                broken.append(("DOC-04", ""))
        elif expires < today:
            broken.append(("DOC-04", "expired"))
        elif expires > in_15_years:
            broken.append(("DOC-04", "far"))
        if not document.issuer_alpha3:
            if document.issuer:
                broken.append(("DOC-05", "unknown"))
            elif api:
                broken.append(("DOC-05", ""))
        for rule, case in broken:
            found.append(rulebook.finding(rule, case=case, offset=traveller.offset, traveller=traveller.ordinal))
