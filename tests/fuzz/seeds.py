"""Where fuzzing begins: the vectors, read at run time, once as they are and once with planted values.

A planted value stands wherever a name or a number of a traveller may stand; no finding may ever quote it.
"""

import re
from pathlib import Path

import yaml

from pnr_pipeline.intake.csv_columns import template

VECTORS = Path(__file__).parent.parent / "vectors"
LISTS = VECTORS / "lists"
LIST_FILES = {
    "json-lines.jsonl": 0, "national.csv": 1, "ofac-sdn.csv": 2, "ofac-alt.csv": 2, "ofac-advanced.xml": 3,
    "un-consolidated.xml": 4, "eu-financial.xml": 5, "follow-the-money.json": 6, "interpol-notices.json": 7,
}  # fmt: skip
"""Which of the forms of lists each vector has, by its place among them."""
MARKS = ("QZJXVWK", "730461952")
_KEPT = rb"PAXLST|PNRGOV|CUSRES|INVALID|UNAME"
_WORD = re.compile(rb"(?<=[+:/])(?!" + _KEPT + rb")[A-Z]{5,}(?=[+:/' ])")
_NUMBER = re.compile(rb"(?<=[A-Z])\d{6,}(?=[+:/'])")
_SERVICE_TEXT = re.compile(rb"SSR\+[^']*:([^:'+]{5,})[+']")
_TEXTS = (
    b"DOE/JANE MRS 20SEP25",
    b"24A25B",
    b"0774775831901C1",
    b"JANE//EXAMPLE.ORG/EN",
    b"43664000000/DE",
    b"INFTOEBERL/TIM",
)
_TAGS = """
UNA:+.?*' UNB+ UNG+ UNH+ UNT+ UNE+ UNZ+ UNS+ UIB+ BGM+ TDT+ LOC+ DTM+ NAD+ ATT+ MEA+ GEI+ FTX+ COM+ EMP+ NAT+ RFF+ DOC+
CNT+ PDT+ ERP+ ERC+ MSG+ ORG+ TVL+ EQN+ SRC' RCI+ SSR+ DAT+ IFT+ ADD+ EBD+ TIF+ FTI+ REF+ FAR+ TKT+ MON+ PTK+ TXD+ FOP+
TRA+ RPI+ APD+ TRI+ SSD+ TBD+ ABI+ SAC+ LTS+ DOCS: DOCO: DOCA: INFT: SEAT: CTCM: FOID: ?' ?? ?+ + : ' *
"""


def edifact(*kinds: str) -> list[bytes]:
    """Every EDIFACT vector of these types, `PAXLST` for example; all for none."""
    bodies = [path.read_bytes() for path in sorted(VECTORS.rglob("*.edi"))]
    return planted([body for body in bodies if not kinds or any(kind.encode() in body.upper() for kind in kinds)])


def answers() -> list[bytes]:
    """CUSRES as it stands in the vectors, and the answers and requests of the PNRGOV family."""
    head = b"UNB+IATA:1+PIU+QX+260110:0500+1++%s'UNH+1+%s:13:1:IA'MSG+:23+7'"
    ackres = head % (b"ACKRES", b"ACKRES") + b"ERC+118'IFT+4:28+UNKNOWN'UNT+5+1'UNZ+1+1'"
    govreq = (
        head % (b"GOVREQ", b"GOVREQ") + b"ORG+QX:IST'TVL+100126:0705+IST+VIE+QX+1883'RCI+QX:ABCDEF'UNT+6+1'UNZ+1+1'"
    )
    return [*edifact("CUSRES"), *planted([ackres, govreq])]


def tables() -> list[bytes]:
    """The template of the table, its row filled in again with marks, and with another delimiter."""
    header, row = template().encode().splitlines()
    marked = row.replace(b"DEMIRKAN", MARKS[0].encode()).replace(b"12345678", MARKS[1].encode())
    table = b"\r\n".join((header, row, marked, b""))
    return [
        table,
        table.replace(b";", b","),
        table.replace(b";", b"\t"),
        table.replace(b"DEMIRKAN", b'"DEM;\r\nIR""KAN"'),
    ]


def named(pattern: str) -> list[bytes]:
    """Every message among the vectors whose name fits the pattern, `*.xml` for example."""
    paths = [path for path in sorted(VECTORS.rglob(pattern)) if path.parent != LISTS]
    return planted([path.read_bytes() for path in paths])


def lists() -> list[bytes]:
    """Every list among the vectors, and each again with marks, behind a byte that says which reader it is for."""
    readers = [*(LIST_FILES[path.name] for path in sorted(LISTS.iterdir()))] * 2
    bodies = planted([path.read_bytes() for path in sorted(LISTS.iterdir())])
    bodies = [
        re.sub(rb"(?i)kelmendi", MARKS[0].encode(), re.sub(rb"AB1234567", MARKS[1].encode(), one)) for one in bodies
    ]
    return [bytes([reader]) + body for reader, body in zip(readers, bodies, strict=True)]


def service_texts() -> list[bytes]:
    """The texts of all service requests in the vectors, and some more forms."""
    found = [text for body in edifact("PNRGOV") for text in _SERVICE_TEXT.findall(body)]
    return sorted({*found, *_TEXTS})


def zones() -> list[bytes]:
    """The lines of every machine readable zone in the vectors."""
    told = yaml.safe_load((VECTORS / "mrz" / "zones.yaml").read_text("utf-8")).values()
    return ["\n".join(one["lines"]).encode() for one in told]


def planted(bodies: list[bytes]) -> list[bytes]:
    """The bodies, and each again with marks in the place of words and numbers."""
    word, number = (mark.encode() for mark in MARKS)
    return bodies + [_NUMBER.sub(number, _WORD.sub(word, body)) for body in bodies]


def dictionary() -> str:
    """Tags and separators in the form of a libFuzzer dictionary."""
    return "".join(f'"{tag}"\n' for tag in _TAGS.split())
