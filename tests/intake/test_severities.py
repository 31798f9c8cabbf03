"""How much each rule and case of validation weighs with a carrier (FORMATS 3; docs/carriers-answers.md)."""

from pnr_pipeline.intake import Rulebook
from pnr_pipeline.stores.rule_files import rule_texts

BOOK = Rulebook.from_texts(rule_texts("validation"))

ERRORS = """
    CSV-02 CSV-06 CSV-06/empty DOB-01 DOB-01/invalid DOC-01 ENV-01 ENV-01/empty ENV-01/no-message ENV-06 ENV-08
    ENV-08/limit ENV-08/unfinished ENV-10 ENV-10/interactive FLT-01 FLT-02 FLT-02/range NAM-01 NAT-01 PNR-01 SEN-01
    XML-01 XML-01/depth XML-01/doctype XML-01/no-booking XML-01/size
"""
"""What the law or the agreement asks for is missing or may not be there: send it, or stop sending it."""

WARNINGS = """
    BAG-01 BAG-01/form CNT-01 CNT-02 CNT-03 CSV-01 CSV-01/quote CSV-01/width CSV-02/twice CSV-04 CSV-04/compact
    CSV-04/day-first CSV-04/no-time CSV-04/zone CSV-05 CSV-05/operator CSV-05/role DOB-02 DOB-03 DOB-03/adult
    DOB-03/child DOB-03/infant DOC-02 DOC-02/length DOC-02/repeated DOC-03 DOC-04 DOC-04/expired DOC-04/far
    DOC-04/invalid DOC-05 DOC-05/unknown DOC-06 DOC-07 DOC-07/differs DOC-07/form DOC-07/format DOC-07/in-number
    DUP-01 DUP-02 ENV-01/no-unb ENV-02 ENV-02/not-a-number ENV-03 ENV-04 ENV-04/no-une ENV-04/no-unz ENV-05
    ENV-05/same-message-reference ENV-07 ENV-09 ENV-10/close-to-known ENV-11/separators-guessed
    ENV-11/typographic-quote ENV-11/una-short FLT-03 FLT-03/long FLT-04 FLT-04/missing FLT-05 FLT-05/domestic
    FLT-05/foreign FLT-06 FLT-06/unexpected FLT-07 FLT-07/closure FLT-07/missing FLT-07/no-closure ITI-01
    ITI-01/header ITI-02 ITI-02/gap NAM-02 NAM-02/letter NAM-02/unknown NAM-03 NAM-03/digit NAM-04 NAM-06
    NAT-01/form NAT-02 PNR-02 PNR-02/no-segment PNR-02/no-traveller PNR-03 PNR-04 PNR-04/fewer PNR-04/more PNR-05
    PNR-05/departed PNR-06 PNR-07/security-code PNR-08 SEA-01 SEA-01/impossible SEX-01 SEX-01/code SYN-01
    SYN-01/bad-tag SYN-01/break-in-segment SYN-01/junk-before-tag SYN-01/lower-case-tag SYN-02 SYN-03 SYN-03/list
    SYN-03/party SYN-03/qualifier SYN-03/time
"""
"""The message was read, but a value of it may be wrong or was left out."""

NOTES = """
    CAT-01 CAT-01/gate-pass CNT-01/flight-total CNT-02/push-total CNT-04 CSV-03 CSV-05/no-role CSV-06/above
    DOB-03/century DOB-04 DOC-08 ENV-05/same-body ENV-07/lower-case ENV-09/part ENV-11 ENV-11/byte-order-mark
    ENV-11/possible-duplicate ENV-11/text-around ENV-11/type-b ENV-11/wrapped FLT-08 FLT-08/no-bookings
    NAM-03/national NAM-05 NAM-07 PNR-06/airline PNR-07 SEX-02 SYN-04 SYN-04/blank SYN-04/carrier
"""
"""Read as it was meant; nothing is asked of the carrier."""


def test_each_rule_and_case_is_an_error_a_warning_or_a_note():
    told = {
        severity: {rule.id for rule in BOOK if rule.severity == severity}
        | {f"{rule.id}/{name}" for rule in BOOK for name, case in rule.cases.items() if case.severity == severity}
        for severity in "EWI"
    }
    assert told == {"E": set(ERRORS.split()), "W": set(WARNINGS.split()), "I": set(NOTES.split())}
