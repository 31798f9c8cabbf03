"""How many travellers a CPU-second takes from bytes to finished records with findings.

    python benchmarks/decode.py

Input: the closing lists (PAXLST and PNRGOV) of one simulated flight of 268 seats, and a PAXLST of 268 travellers with
exactly 16 segments each. Beside them, in the same run, pydifact's bare tokenising of the same bytes, which makes no
records. Figures are the median of the rounds, on one core, in CPU time.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime

from pydifact.segmentcollection import RawSegmentCollection

from pnr_pipeline.intake import decode
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rulebooks import load_rulebook

TRAVELLERS = 268
ROUNDS = 9
DAY = date(2026, 1, 10)
NOW = datetime(2026, 1, 10, 6, 0, tzinfo=UTC)
SURNAMES = ("YILMAZ", "PETROV", "HOXHA", "JOVANOVIC", "DIMITROVA", "KAYA", "NIKOLOVSKI", "KRASNIQI", "MARKOVIC")
GIVEN = ("AYSE:GUL", "IVAN", "ARBEN", "MILICA", "ELENA:MARIA", "MEHMET", "ANA", "DRITON", "LUKA", "STEFAN")
STATES = ("TUR", "BGR", "ALB", "SRB", "MKD", "XKX", "BIH", "MNE", "DEU", "AUT")


def paxlst(travellers: int = TRAVELLERS) -> bytes:
    """A full list: bags, residence, seat, verified document; every name, date, locator and number differs."""
    people = []
    for number in range(travellers):
        state = STATES[number % 10]
        surname = f"{SURNAMES[number * 7 % 9]}{chr(65 + number % 26)}{chr(65 + number // 26)}"
        born = f"{40 + number % 60:02}{1 + number % 12:02}{1 + number % 28:02}"
        people.append(
            f"NAD+FL+++{surname}:{GIVEN[number * 3 % 10]}'ATT+2++{'MF'[number % 2]}'DTM+329:{born}'MEA+CT++:1'"
            f"GEI+4+173'FTX+BAG+++TK{600000 + number}'LOC+178+IST'LOC+179+VIE'LOC+174+{state}'NAT+2+{state}'"
            f"RFF+AVF:X{7000 + number // 2}Q'RFF+ABO:X{70000 + number}'RFF+SEA:{1 + number // 6}{'ABCDEF'[number % 6]}'"
            f"DOC+P:110:111+U{12345678 + number}'DTM+36:3109{1 + number % 28:02}'LOC+91+{state}'"
        )
    body = (
        "UNH+PAX001+PAXLST:D:12B:UN:IATA+TK1883/260110/0835+01:F'BGM+745'RFF+TN:A1B2C3D4:::1'NAD+MS+++TK OPS DESK'"
        "COM+902120000000:TE'TDT+20+TK1883+++TK'LOC+125+IST'DTM+189:2601100705:201'LOC+87+VIE'DTM+232:2601100835:201'"
        + "".join(people)
        + f"CNT+42:{travellers}'UNT+{16 * travellers + 12}+PAX001'"
    )
    return (
        "UNA:+.?*'UNB+UNOA:4+TKAPIS:ZZ+XXPIU:ZZ+260110:0650+000000001++APIS'"
        f"UNG+PAXLST+TKAPIS:ZZ+XXPIU:ZZ+260110:0650+1+UN+D:12B'{body}UNE+1+1'UNZ+1+000000001'"
    ).encode()


def inputs() -> list[tuple[str, bytes]]:
    """Name and bytes of each message."""
    scenario = Scenario(seed=1, flights=1, day=DAY, travellers=TRAVELLERS)
    closing = {file.truth.kind: file.body for file in simulate(scenario) if file.truth.push == "closure"}
    return [
        ("PAXLST, 16 segments a traveller", paxlst()),
        ("PAXLST, simulated", closing["PAXLST"]),
        ("PNRGOV, simulated", closing["PNRGOV"]),
    ]


def rate(work: Callable[[], object], travellers: int, repeats: int) -> float:
    """Travellers per CPU-second, median of the rounds."""
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(repeats):
            work()
        seconds.append((time.process_time() - start) / repeats)
    return travellers / statistics.median(seconds)


def main() -> None:
    warnings.simplefilter("ignore")  # pydifact says that it validates nothing
    rulebook = load_rulebook()
    print("bytes to records with findings, travellers per CPU-second          decode   pydifact, tokens only")
    for name, body in inputs():
        text = body.decode()
        (message,) = decode(body, rulebook=rulebook, now=NOW)
        travellers = len(message.travellers)
        ours = rate(lambda body=body: decode(body, rulebook=rulebook, now=NOW), travellers, 5)  # type: ignore[misc]
        peer = rate(lambda text=text: list(RawSegmentCollection.from_str(text).segments), travellers, 1)  # type: ignore[misc]
        print(f"{name:32} {travellers:>4} travellers {len(body):>7,} bytes {ours:>12,.0f} {peer:>12,.0f}")


if __name__ == "__main__":
    main()
