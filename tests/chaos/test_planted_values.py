import json
from pathlib import Path

import pytest
from exercise import contents, publish_lists, scenario, start

PLANTED = ("ZQVORNIK", "XHEVDETIM", "PLNT44719", "447190055", "zqv.xhe@planted.example", "PLANTSTREET")
"""Name, document, telephone, mail, street of a person who does not exist."""

PAXLST = (
    "UNA:+.? 'UNB+UNOA:4+QXCARR+PIU+260108:0900+71'UNG+PAXLST+QXCARR+PIU+260108:0900+1+UN+D:12B'"
    "UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'NAD+MS+++HANDLER'COM+447190055:TE+zqv.xhe@planted.example:EM'"
    "TDT+20+QX71'LOC+125+IST'DTM+189:2601101000:201'LOC+87+SKP'DTM+232:2601101040:201'"
    "NAD+FL+++ZQVORNIK:XHEVDETIM+PLANTSTREET 7+SKOPJE'ATT+2++M'DTM+329:610202'LOC+178+IST'LOC+179+SKP'NAT+2+TUR'"
    "COM+447190055:TE'DOC+P:110:111+PLNT44719'DTM+36:300101'LOC+91+TUR'CNT+42:1'UNT+21+1'UNE+1+1'UNZ+1+71'"
)
PNRGOV = (
    "UNA:+.? 'UNB+IATA:1+QXCARR+PIU+260108:0901+72++PNRGOV'UNH+1+PNRGOV:13:1:IA+QX72'MSG+:22'"
    "ORG+QX+52519950'TVL+100126:1000:100126:1040+IST+SKP+QX+71'EQN+1'SRC'RCI+QX:ZQVK71'"
    "SSR+DOCS:HK:1:QX:::::/P/TUR/PLNT44719/TUR/02FEB61/M/01JAN30/ZQVORNIK/XHEVDETIM'SSR+CTCM:HK:1:QX:::::447190055'"
    "DAT+700:080126:0800'ORI+QX+52519950'TIF+ZQVORNIK+XHEVDETIM:A:1:1'SSR+CTCE:HK:1:QX:::::ZQV.XHE//PLANTED.EXAMPLE'"
    "ADD++700:PLANTSTREET 7:SKOPJE::1000'TVL+100126:1000:100126:1040+IST+SKP+QX+71:Y'RPI+1+HK'UNT+17+1'UNZ+1+72'"
)


def broken(text: str):
    """The message cut short, with a foreign byte, with doubled and missing parts: what carriers send on a bad day."""
    half = len(text) // 2
    yield "cut", text[: half + 40]
    yield "byte", text.replace("ZQVORNIK", "ZQVORNIK\x00\x7f", 1)
    yield "unreleased", text.replace("ZQVORNIK", "ZQVORNIK?", 1)
    yield "no-una", text[9:].replace("'", "\n")
    yield "twice", text + text
    yield "wrong-dates", text.replace("610202", "ZQVORNIK").replace("02FEB61", "ZQVORNIK")
    yield "wrong-code", text.replace("NAT+2+TUR", "NAT+2+ZQVORNIK")
    yield "headless", text[text.index("'TDT") if "'TDT" in text else half :]
    yield "nonsense", f"<xml><name>ZQVORNIK XHEVDETIM</name>{text}"


@pytest.mark.law("ING-2", "LOG-6")
def test_no_value_of_a_traveller_is_in_what_is_told_nor_in_a_clear_byte_of_the_state(tmp_path):
    spool, state = tmp_path / "in", tmp_path / "state"
    spool.mkdir()
    for kind, text in (("paxlst", PAXLST), ("pnrgov", PNRGOV)):
        (spool / f"{kind}.edi").write_bytes(text.encode())
        for name, body in broken(text):
            (spool / f"{kind}-{name}.edi").write_bytes(body.encode())
    publish_lists(scenario(2), state / "lists")
    process = start(spool, state)
    told, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    account = json.loads(told)
    assert sum(account["files"].values()) == len(list(spool.iterdir()))
    assert account["travellers"] > 4
    assert account["poison"] == {}
    assert any("ZQVORNIK" in repr(person) for person in contents(state)["persons"]), "it was to be stored, sealed"
    for place, content in [("stdout", told.encode()), ("stderr", log.encode()), *below(state)]:
        for value in PLANTED:
            assert value.encode() not in content, f"a planted value is in {place}"
            assert value.lower().encode() not in content.lower(), f"a planted value is in {place}"


def below(root: Path):
    return [(path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file()]
