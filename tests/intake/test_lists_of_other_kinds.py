"""Passenger lists that are not of a flight: gate passes, and lists of ships, trains and coaches."""

from datetime import UTC, datetime

import pytest

from pnr_pipeline.intake import decode
from pnr_pipeline.records import Message
from pnr_pipeline.stores.rulebooks import load_rulebook

RULEBOOK = load_rulebook()
NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)
PERSON = "NAD+FL+++DEMIREL:AYSE'ATT+2++F'DTM+329:870214'NAT+2+TUR'DOC+P:110:111+U1234567'DTM+36:310930'LOC+91+TUR'"


def read(body: str) -> Message:
    text = f"UNA:+.? 'UNB+UNOA:4+QX+PIU+260110:0500+1'UNH+1+PAXLST:D:12B:UN:IATA'{body}UNT+9+1'UNZ+1+1'"
    (message,) = decode(text.encode(), rulebook=RULEBOOK, now=NOW)
    return message


def test_of_a_gate_pass_nobody_is_read_and_the_carrier_is_told_so():
    told = read(
        f"BGM+655'TDT+20+QX101+++QX'LOC+125+IST'DTM+189:2601100705:201'LOC+87+TIA'DTM+232:2601100835:201'{PERSON}"
    )
    assert (told.function, told.travellers, told.dropped) == ("655", (), {"gate-pass": 1})
    assert [finding.rule for finding in told.findings if finding.rule == "CAT-01"] == ["CAT-01"]


@pytest.mark.parametrize(
    ("tdt", "key"),
    [
        ("TDT+20+7+3++QXBUS", "road:QXBUS7/2026-01-10/TRIST-ALTIA"),
        ("TDT+20+421+2++QXR", "rail:QXR421/2026-01-10/TRIST-ALTIA"),
        ("TDT+20+ADR12+1++QXFERRIES+++9A1234:103::BLUE STAR", "sea:QXFERRIESADR12/2026-01-10/TRIST-ALTIA"),
        ("TDT+20++03++QXBUS+++01AB123", "road:01AB123/2026-01-10/TRIST-ALTIA"),
        ("TDT+20+QX101+4++QX", "QX101/2026-01-10/TRIST-ALTIA"),
    ],
    ids=["coach", "train", "ferry", "coach by its plate", "mode 4 is a flight"],
)
def test_the_mode_of_transport_stands_before_the_key_of_the_leg(tdt, key):
    told = read(f"BGM+745'{tdt}'LOC+125+TRIST'DTM+189:2601100705:201'LOC+87+ALTIA'DTM+232:2601101835:201'{PERSON}")
    assert [leg.key for leg in told.flights] == [key]
    assert [traveller.surname for traveller in told.travellers] == ["DEMIREL"]
    assert "FLT-01" not in {finding.rule for finding in told.findings}
