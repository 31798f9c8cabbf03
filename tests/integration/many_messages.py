"""A program: decodes messages of which no two tell one name, number, place or text, and prints its memory.

python many_messages.py MESSAGES keep|forget   →   {"rss": {"1000": 90000000, …}, "travellers": 30000}

`keep` holds every record, as a leak would.
"""

import json
import sys
from datetime import UTC, datetime

import psutil

from pnr_pipeline.intake import decode
from pnr_pipeline.stores.rulebooks import load_rulebook

NOW = datetime(2026, 1, 10, 6, tzinfo=UTC)
STEP = 500


def word(number: int) -> str:
    """A word of six letters for each number."""
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def passenger_list(number: int) -> str:
    """Two travellers, the second with everything wrong: qualifiers, dates, places, segments that no list has."""
    name, other = word(number), word(number * 7 + 1)
    return (
        f"UNB+UNOA:4+{name}:ZZ+PIU:ZZ+260110:0650+{number}'UNH+{number}+PAXLST:D:12B:UN:IATA'BGM+745'"
        f"TDT+20+TK{number}'LOC+125+IST'DTM+189:2601100705:201'LOC+87+VIE'DTM+232:2601100835:201'"
        f"NAD+FL+++{name}:{other}+STREET {number}+{name}'ATT+2++F'DTM+329:8{number % 10}0{1 + number % 9}11'"
        f"RFF+AVF:{name}'DOC+P:110:111+U{number:08}'DTM+36:310930'LOC+91+TUR'"
        f"NAD+FL+++{other}{number}:{name}'DTM+329:{name}'DTM+36:{other}'LOC+178+{name}'LOC+{other}+{name}'"
        f"NAT+2+{name}'LOC+91+{other}'FTX+BAG+++{name}:{other}'{name[:3]}+{other}'CNT+42:2'UNT+24+{number}'UNZ+1+{number}'"
    )


def bookings(number: int) -> str:
    """One booking, with requests, remarks and a hotel."""
    name, other = word(number * 3 + 2), word(number * 5 + 3)
    return (
        f"UNB+UNOA:4+{name}:ZZ+PIU:ZZ+260110:0650+{number}'UNH+{number}+PNRGOV:13:1:IA'MSG+:22'ORG+TK:IST'"
        f"TVL+100126:0835:100126:0935+IST+VIE+TK+{number % 9999}'EQN+1'SRC'RCI+TK:{name}::100126:0101'"
        f"DAT+700:100126:0930+710:{other}'ORG+TK:{name}+{number:08}:{other}'"
        f"TIF+{name}+{other}:A:1:1'SSR+{other[:4]}:HK:1:TK:::::{name}'TKT+{number:013}:T:1'MON+T:{number}:{name[:3]}'"
        f"FOP+{name[:2]}:3:{number}:{other[:2]}:4{number:015}'IFT+4:28+{name} {other}'"
        f"TVL+{number:06}:0835+{name}+{other}+TK+{number}:{name}'RPI+1+HK'MSG+8'TVL+100126+HOTEL {name}+{other}'"
        f"UNT+19+{number}'UNZ+1+{number}'"
    )


def main(messages: int, keep: bool) -> None:
    process, rulebook, marks, travellers, kept = psutil.Process(), load_rulebook(), {}, 0, []
    for number in range(1, messages + 1):
        body = (passenger_list, bookings)[number % 2](number).encode()
        told = decode(body, rulebook=rulebook, now=NOW)
        travellers += sum(len(one.travellers) for one in told)
        if keep:
            kept.append(told)
        if number % STEP == 0:
            marks[number] = process.memory_info().rss
    print(json.dumps({"rss": marks, "travellers": travellers}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "keep")
