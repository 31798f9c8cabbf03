import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app

VECTORS = Path(__file__).parent.parent / "vectors" / "paxlst"
KEYS = {"kind", "version", "sender", "function", "complete", "flights", "travellers", "bookings", "findings"}
TRAVELLER_KEYS = {
    "role",
    "surname",
    "given_names",
    "date_of_birth",
    "sex",
    "nationality",
    "locator",
    "seat",
    "documents",
}
run = CliRunner().invoke


def objects(*arguments: str, stdin: bytes | None = None) -> list[dict]:
    result = run(app, ["decode", *arguments], input=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_object_a_message_has_the_published_keys():
    (message,) = objects(str(VECTORS / "plain.edi"))
    assert message.keys() >= KEYS
    assert (message["kind"], message["version"], message["sender"]) == ("PAXLST", "D:12B", "TKAPIS")
    assert message["complete"] is True
    assert message["flights"][0] == {
        "carrier": "TK",
        "number": "1883",
        "origin": "IST",
        "destination": "VIE",
        "departure_local": "2026-01-10T07:05:00",
        "arrival_local": "2026-01-10T08:35:00",
        "registration": "",
        "marketing": "",
        "mode": "",
    }
    for traveller in message["travellers"]:
        assert TRAVELLER_KEYS | {"nationality_alpha3"} <= traveller.keys()
    second = message["travellers"][1]
    assert (second["surname"], second["given_names"], second["seat"]) == ("O'HARNET", "SEAN", "12B")
    assert second["documents"] == [
        {
            "type": "P",
            "number": "LC1234567",
            "issuer": "IRL",
            "issuer_alpha3": "IRL",
            "expires": "2031-09-30",
            "issued": None,
        }
    ]


def test_what_is_not_told_is_null():
    (message,) = objects(str(VECTORS / "blank_elements.edi"))
    (traveller,) = message["travellers"]
    assert [traveller[key] for key in ("date_of_birth", "sex", "nationality", "locator", "seat")] == [None] * 5


def test_findings_have_rule_severity_offset_and_message_and_can_be_left_out():
    (message,) = objects(str(VECTORS / "bad_unt.edi"))
    for finding in message["findings"]:
        assert {"rule", "severity", "offset", "message"} <= finding.keys()
    assert {"ENV-02", "ENV-03"} <= {finding["rule"] for finding in message["findings"]}
    (message,) = objects("--no-findings", str(VECTORS / "bad_unt.edi"))
    assert message["findings"] == []


def test_every_file_of_a_folder_gives_at_least_one_object(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "letter.txt").write_bytes(b"no message")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "list.edi").write_bytes((VECTORS / "multi.edi").read_bytes())
    found = objects(str(tmp_path))
    assert [(Path(message["file"]).name, message["kind"]) for message in found] == [
        ("list.edi", "PAXLST"),
        ("list.edi", "PAXLST"),
        ("empty", "UNREADABLE"),
        ("letter.txt", "UNREADABLE"),
    ]


def test_standard_input_is_a_file_too():
    (message,) = objects("-", stdin=(VECTORS / "cusres.edi").read_bytes())
    assert message["kind"] == "CUSRES"


def test_names_in_their_own_letters_come_out_in_utf8():
    (message,) = objects(str(VECTORS / "cyrillic.edi"))
    assert message["travellers"][2]["surname"] == "МАРКОВСКИ"


def test_a_missing_file_is_wrong_usage(capsys, monkeypatch):
    from pnr_pipeline.cli.main import main

    monkeypatch.setattr("sys.argv", ["pnr", "decode", "no-such-file.edi"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "no-such-file.edi" in capsys.readouterr().err
