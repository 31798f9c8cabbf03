"""True travellers beside the records that were read of them, and each field as both sides tell it."""

from pnr_pipeline.records.countries import alpha3


def pairs(truth, message):
    """Each true traveller who was sent with the record that stands at the same place of its message."""
    sent = [one for one in truth.travellers if "*" not in one.untold]
    if truth.kind == "PAXLST":
        return list(zip(sent, message.travellers, strict=True))
    left = list(message.travellers)
    found = []
    for one in sent:
        record = next(record for record in left if is_of(one, record))
        left.remove(record)
        found.append((one, record))
    return found


def is_of(one, record):
    """By locator, then by the carrier's reference, or by document or name for those who have none."""
    if record.locator != one.locator:
        return False
    if one.reference:
        return record.carrier_reference == one.reference
    return (one.surname, one.given_names) in called(record)


def called(record):
    """All names of a record, in capitals: a list may come in lower case."""
    return {(name.surname.upper(), name.given_names.upper()) for name in record.names}


def papers(one, documents):
    """Documents as both sides can know them: a DOCO tells no expiry of a visa, and a fault may take the issuer."""
    return [
        (
            paper.type,
            paper.number,
            alpha3(paper.issuer) if "issuer" not in one.untold else None,
            paper.expires if paper.type != "V" else None,
        )
        for paper in documents
    ]


FIELDS = {
    "date_of_birth": (lambda one: one.date_of_birth, lambda one, record: record.date_of_birth),
    "sex": (lambda one: one.sex, lambda one, record: record.sex),
    "nationality": (lambda one: alpha3(one.nationality), lambda one, record: record.nationality_alpha3),
    "role": (lambda one: one.role, lambda one, record: record.role),
    "seat": (lambda one: one.seat, lambda one, record: record.seat),
    "locator": (lambda one: one.locator, lambda one, record: record.locator),
    "reference": (lambda one: one.reference or None, lambda one, record: record.carrier_reference),
    "documents": (lambda one: papers(one, one.documents), lambda one, record: papers(one, record.documents)),
}
"""By field: what is true of one, and what its record says."""
