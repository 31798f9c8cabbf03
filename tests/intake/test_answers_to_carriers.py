import json
import string
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.intake import decode
from pnr_pipeline.intake.answer_edifact import POINTS_MAX_OLD, points_as_sent, write_answer
from pnr_pipeline.intake.answer_files import acceptance_file, quality_files, receipt_file
from pnr_pipeline.intake.answer_rules import AnswerRules
from pnr_pipeline.intake.answers import Stored, acceptance, control_reference, quality
from pnr_pipeline.records import FlightLeg, Message, ReplyTo, Traveller
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_answer_rules, load_rulebook

VECTORS = Path(__file__).parent.parent / "vectors"
NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
STORED = Stored("ab" * 16, "ab" * 32, NOW, ("cd" * 32 + ":1",))
RULEBOOK = load_rulebook()
RULES = load_answer_rules()
DEPARTURE, ARRIVAL = datetime.fromisoformat("2026-01-10T07:05"), datetime.fromisoformat("2026-01-10T08:35")
LEG = FlightLeg("QX", "1883", "IST", "VIE", DEPARTURE, ARRIVAL)


def read(body: bytes) -> Message:
    (message,) = decode(body, rulebook=RULEBOOK, now=NOW)
    return message


def vector(name: str) -> Message:
    return read((VECTORS / name).read_bytes())


def answer(form, message: Message) -> bytes:
    said = acceptance(message, STORED, RULES)
    return write_answer(form, message, said, reference="ANSWER00000001", prepared_at=NOW)


def test_a_good_list_is_accepted_to_its_sender_with_transaction_flight_and_access_reference():
    message = vector("paxlst/plain.edi")
    text = answer("CUSRES", message).decode()
    assert text.startswith("UNA:+.? 'UNB+UNOA:4+XXPIU:ZZ+TKAPIS:ZZ+260110:0600+ANSWER00000001++APIS'")
    assert "UNH+ANSWER00000001+CUSRES:D:12B:UN:IATA+TK1883/260110/0835+01:F'BGM+962'RFF+TN:A1B2C3D4:::1'" in text
    back = read(text.encode())
    assert (back.kind, back.function, back.points, back.findings) == ("CUSRES", "962", (), ())
    assert (back.sender, back.recipient) == (message.recipient, message.sender)
    assert back.flights == message.flights
    assert back.access_reference == message.access_reference
    assert back.reply_to.transaction == message.reply_to.transaction


def test_travellers_with_errors_are_named_by_the_carriers_references_only():
    message = vector("paxlst/quality.edi")
    back = read(answer("CUSRES", message))
    assert back.function == "963"
    third = next(point for point in back.points if point.item == 3)
    assert (third.section, third.segment, third.locator, third.carrier_reference) == ("2", "DTM", "X3", "X301")
    assert third.codes == ("111",)
    assert third.texts == ("DOB-01 THE DATE OF BIRTH IS NO DATE",)


def test_no_answer_names_a_traveller_or_a_document():
    words = " ".join(f"{rule.what} {rule.why} {rule.fix} {rule.source} {rule.example}" for rule in RULEBOOK).upper()
    sought = 0
    for name, form in (
        ("paxlst/quality.edi", "CUSRES"),
        ("paxlst/plain.edi", "CUSRES"),
        ("pnrgov/family-codeshare-history.edi", "ACKRES"),
    ):
        message = vector(name)
        files = (acceptance_file(message, STORED, RULES, reference="R1"), *quality_files(message, STORED, RULEBOOK))
        said = (answer(form, message) + b"".join(file.body for file in (*files, receipt_file(STORED)))).decode().upper()
        for person in message.travellers:
            for value in (person.surname, person.given_names, *(document.number for document in person.documents)):
                if len(value) > 3 and value.upper() not in words:
                    sought += 1
                    assert value.upper() not in said
    assert sought > 20


def test_a_push_is_acknowledged_as_done_or_not_done():
    text = (VECTORS / "pnrgov/family-codeshare-history.edi").read_bytes()
    message = read(text)
    back = read(answer("ACKRES", message))
    assert (back.kind, back.function, back.points, back.findings) == ("ACKRES", "23+3", (), ())
    assert back.flights == message.flights[:1]
    assert back.access_reference == message.access_reference
    late = decode(text, rulebook=RULEBOOK, now=datetime(2026, 11, 1, tzinfo=UTC))[0]
    back = read(answer("ACKRES", late))
    assert back.function == "23+7"
    assert [point.codes for point in back.points] == [("102",)]


def test_errors_of_travellers_leave_a_list_accepted_and_a_cut_rejects_it():
    plain = (VECTORS / "paxlst/plain.edi").read_bytes()
    assert acceptance(read(plain), STORED, RULES).verdict == "accepted"
    nameless = read(plain.replace(b"DTM+329:870214'", b"").replace(b"UNT+26", b"UNT+25"))
    assert acceptance(nameless, STORED, RULES).verdict == "accepted with errors"
    assert acceptance(vector("paxlst/cut_inside.edi"), STORED, RULES).verdict == "rejected"
    assert acceptance(vector("paxlst/unsupported.edi"), STORED, RULES).verdict == "rejected"


def test_the_answer_to_a_test_is_a_test():
    assert read(answer("CUSRES", vector("paxlst/test_indicator.edi"))).test


CODE = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=8)
SEPARATORS = st.sampled_from([":+.? '", ":+.?*'", ':+.? "', ":*.? $", ":+.\\ '", "^|.?*~", ":+.  '"])
FAULTS = st.sampled_from(["FLT-02", "NAM-01", "DOB-01", "NAT-01", "DOC-01", "ENV-08", "NAM-03", "SEN-01"])
STRANGE = st.text(string.ascii_uppercase + string.digits + "'+:?*$ ~^|\\äЖ", max_size=10)


@st.composite
def lists(draw: st.DrawFn, kind: str = "PAXLST") -> Message:
    """A message with any faults at any travellers, any references, any service characters."""
    count = draw(st.integers(0, 6))
    travellers = tuple(
        Traveller(
            ordinal, "passenger", locator=draw(CODE | STRANGE | st.none()), carrier_reference=draw(CODE | STRANGE)
        )
        for ordinal in range(1, count + 1)
    )
    faults = draw(st.lists(st.tuples(FAULTS, st.integers(0, count), st.sampled_from(["", "NAD", "DTM"])), max_size=12))
    version = draw(st.sampled_from([("D", "05B", "UN", "IATA"), ("D", "12B", "UN", "IATA"), ()]))
    return Message(
        "ef" * 32 + ":1",
        kind,
        access_reference=draw(CODE),
        flights=tuple(
            msgspec.structs.replace(LEG, origin=origin, destination=destination)
            for origin, destination in draw(st.sampled_from([[("IST", "VIE")], [("SKP", "OHD"), ("OHD", "VIE")], []]))
        ),
        travellers=travellers,
        findings=tuple(
            RULEBOOK.finding(rule, offset=7, segment=segment, traveller=ordinal or None)
            for rule, ordinal, segment in faults
        ),
        reply_to=ReplyTo(
            syntax=("UNOA", "4"),
            sender=(draw(CODE), "ZZ"),
            recipient=("XXPIU",),
            group=draw(st.sampled_from([(), ("D", "12B")])),
            identifier=(kind, *version) if kind == "PAXLST" else (kind, "13", "1", "IA"),
            separators=draw(SEPARATORS),
            transaction=draw(st.sampled_from([(), ("T1", "2"), ("T1", "")])),
        ),
    )


@given(lists())
def test_every_cusres_reads_back_to_what_it_was_to_say(message):
    said = acceptance(message, STORED, RULES)
    back = read(write_answer("CUSRES", message, said, reference="ANSWER00000001", prepared_at=NOW))
    assert back.kind == "CUSRES"
    assert back.function == ("963" if said.points else "962")
    assert back.points == points_as_sent("CUSRES", said, message)
    assert len(back.points) == len(said.points)
    assert back.flights == message.flights
    assert (back.reply_to.transaction or ("", "")) == (message.reply_to.transaction or ("", ""))
    assert (back.reply_to.sender, back.reply_to.recipient) == (message.reply_to.recipient, message.reply_to.sender)
    assert back.reply_to.separators == message.reply_to.separators
    assert not {finding.rule for finding in back.findings} - {"ENV-11"}  # counts and references are right


@given(lists("PNRGOV"))
def test_every_ackres_reads_back_to_what_it_was_to_say(message):
    said = acceptance(message, STORED, RULES)
    back = read(write_answer("ACKRES", message, said, reference="ANSWER00000001", prepared_at=NOW))
    assert back.function == ("23+7" if said.verdict == "rejected" else "23+3")
    assert back.points == points_as_sent("ACKRES", said, message)
    assert back.flights == message.flights[:1]
    assert not {finding.rule for finding in back.findings} - {"ENV-11"}


def test_before_the_directory_of_2010_a_cusres_holds_99_points():
    travellers = tuple(Traveller(ordinal, "passenger", carrier_reference=f"R{ordinal}") for ordinal in range(1, 151))
    findings = tuple(RULEBOOK.finding("NAT-01", traveller=one.ordinal) for one in travellers)
    for release, points in (("05B", POINTS_MAX_OLD), ("98B", POINTS_MAX_OLD), ("12B", 150)):
        address = ReplyTo(sender=("QX",), recipient=("XXPIU",), identifier=("PAXLST", "D", release, "UN", "IATA"))
        message = Message("x:1", "PAXLST", flights=(LEG,), travellers=travellers, findings=findings, reply_to=address)
        assert len(read(answer("CUSRES", message)).points) == points
        assert quality(message, STORED, RULEBOOK).rules[0].count == 150


def test_an_unknown_carrier_gets_edifact_only_where_its_list_asks_for_it():
    plain = (VECTORS / "paxlst/plain.edi").read_bytes()
    assert RULES.form(read(plain)) is None
    assert RULES.form(read(plain.replace(b"++APIS'", b"++APIS++1'"))) == "CUSRES"
    assert RULES.form(read(plain.replace(b"++APIS'", b"++IAPI'"))) == "CUSRES"
    assert RULES.form(vector("pnrgov/family-codeshare-history.edi")) is None
    assert RULES.form(vector("paxlst/no_unb.edi")) is None


def test_a_carrier_with_an_agreement_gets_what_was_agreed():
    text = (VECTORS / "pnrgov/family-codeshare-history.edi").read_bytes().replace(b"+MS+XXPNRGOV", b"+QXDCS+XXPNRGOV")
    agreed = rules_with("{senders: [QXDCS], ackres: always, cusres: never, tested_on: 2026-02-01}")
    assert agreed.form(read(text)) == "ACKRES"
    asking = (VECTORS / "paxlst/plain.edi").read_bytes().replace(b"TKAPIS:ZZ", b"QXDCS:ZZ")
    assert agreed.form(read(asking.replace(b"++APIS'", b"++APIS++1'"))) is None


def rules_with(carrier: str) -> AnswerRules:
    texts = rule_texts("answers")
    name = "rules/answers/carriers.yaml"
    return AnswerRules.from_texts(texts | {name: texts[name].replace("\ncarriers: []", f"\ncarriers: [{carrier}]")})


@pytest.mark.parametrize(
    ("carrier", "why"),
    [
        ("{senders: [QXDCS], ackres: always}", "tested_on"),
        ("{senders: [QXDCS], cusres_codes: unknown}", "no table unknown"),
        ("{senders: [QXDCS], ackres_codes: batch}", "no table batch for ACKRES"),
        ("{senders: []}", "senders"),
    ],
)
def test_an_agreement_that_does_not_hold_together_is_refused(carrier, why):
    with pytest.raises(RuleFault, match=why):
        rules_with(carrier)


def test_an_answer_is_never_answered():
    for kind in ("CUSRES", "ACKRES", "GOVREQ"):
        message = Message("x:1", kind, reply_to=ReplyTo(sender=("QX",), recipient=("XXPIU",), asked=True))
        assert RULES.form(message) is None


def test_all_codes_speak_of_rules_that_exist():
    told = {rule for table in RULES._tables.values() for rule in table.codes} | RULES.rejecting
    assert all(rule in RULEBOOK for rule in told)
    assert all(RULEBOOK[rule].severity == "E" for rule in told)


def test_the_quality_report_counts_places_and_tells_how_to_mend():
    message = vector("paxlst/quality.edi")
    report = quality(message, STORED, RULEBOOK)
    assert sum(rule.count for rule in report.rules) == len(message.findings) == sum(report.counts.values())
    assert [rule.severity for rule in report.rules] == sorted((rule.severity for rule in report.rules), key="EWI".index)
    as_json, as_text = quality_files(message, STORED, RULEBOOK)
    assert json.loads(as_json.body)["counts"] == report.counts
    text = as_text.body.decode()
    assert "traveller 3 reference X301 locator X3" in text
    assert "    fix:   Send the date of birth as YYMMDD." in text


def test_names_of_answers_are_digest_ordinal_and_level():
    message = vector("paxlst/plain.edi")
    stem = message.message_id.replace(":", "-")
    assert receipt_file(STORED).name == f"{'ab' * 32}.receipt.json"
    assert acceptance_file(message, STORED, RULES, reference="R1").name == f"{stem}.accept.json"
    assert [file.name for file in quality_files(message, STORED, RULEBOOK)] == [
        f"{stem}.quality.json",
        f"{stem}.quality.txt",
    ]


def test_answers_are_made_of_nothing_that_came_after_the_receipt():
    """Not even a time: that of the commit tells how long screening took."""
    assert Stored.__struct_fields__ == ("receipt_id", "digest", "received_at", "message_ids")


def test_control_references_fit_their_element_and_differ():
    references = {control_reference(f"{number}:1") for number in range(1_000)}
    assert len(references) == 1_000
    assert {len(reference) for reference in references} == {14}
