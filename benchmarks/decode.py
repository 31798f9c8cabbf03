"""How many travellers a CPU-second takes from bytes to finished records with findings.

    python benchmarks/decode.py

Input: the closing lists (PAXLST and PNRGOV) of one simulated flight for 268 travellers and of one for 700, and a PAXLST
of 268 travellers with exactly 16 segments each. Beside them, in the same run, pydifact's bare tokenising of the same
bytes, which makes no records. Then pushes of 1,250, 2,500 and 5,000 bookings, each against the one of half its size.
Figures are medians over rounds in which each has its turn, on one core, in CPU time, garbage collector on.
"""

import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

from pydifact.segmentcollection import RawSegmentCollection

from pnr_pipeline.intake import decode
from pnr_pipeline.records import Message
from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.stores.rulebooks import load_rulebook

TRAVELLERS, LARGE = 268, 700
SIZES = (1_250, 2_500, 5_000)
SRC = b"SRC'"
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
    flight, large = (_closing_lists(travellers) for travellers in (TRAVELLERS, LARGE))
    return [
        ("PAXLST, 16 segments a traveller", paxlst()),
        ("PAXLST, simulated", flight["PAXLST"]),
        ("PNRGOV, simulated", flight["PNRGOV"]),
        ("PAXLST, simulated, large", large["PAXLST"]),
        ("PNRGOV, simulated, large", large["PNRGOV"]),
    ]


def _closing_lists(travellers: int) -> dict[str, bytes]:
    scenario = Scenario(seed=1, flights=1, day=DAY, travellers=travellers)
    return {file.truth.kind: file.body for file in simulate(scenario) if file.truth.push == "closure"}


def pushes_of(sizes: tuple[int, ...]) -> list[bytes]:
    """One push of each number of bookings: the bookings of several flights behind the header of the first."""
    flights = simulate(Scenario(seed=1, flights=sizes[-1] // 300, day=DAY, travellers=900))
    closing = [file.body for file in flights if (file.truth.kind, file.truth.push) == ("PNRGOV", "closure")]
    header = closing[0].partition(SRC)[0]
    bookings = [booking for body in closing for booking in body[: body.rindex(b"UNT+")].split(SRC)[1:]]
    return [header + b"".join(SRC + booking for booking in bookings[:size]) + b"UNT+9+1'UNZ+1+1'" for size in sizes]


def medians(works: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """CPU seconds of each work, median of rounds in which each has its turn, so that all meet the same machine.

    The round before them only warms up.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, taken in zip(works, seconds, strict=True):
            start = time.process_time()
            work()
            taken.append(time.process_time() - start)
    return [statistics.median(taken[1:]) for taken in seconds]


def main() -> None:
    warnings.simplefilter("ignore")  # pydifact says that it validates nothing
    rulebook = load_rulebook()

    def ours(body: bytes) -> list[Message]:
        return decode(body, rulebook=rulebook, now=NOW)

    def peer(text: str) -> list[object]:
        return list(RawSegmentCollection.from_str(text).segments)

    told = inputs()
    seconds = medians([work for _, body in told for work in (partial(ours, body), partial(peer, body.decode()))])
    print(f"{'bytes to records with findings':68}{'a second':>16}{'ms':>8}   pydifact, tokens only")
    for (name, body), mine, theirs in zip(told, seconds[::2], seconds[1::2], strict=True):
        travellers = len(ours(body)[0].travellers)
        print(
            f"{name:32} {travellers:>4} travellers {len(body):>7,} bytes"
            f" {travellers / mine:>14,.0f} {mine * 1000:>7.1f} {travellers / theirs:>23,.0f}"
        )
    print()
    print("PNRGOV, bookings in one push         ms   of the half")
    before = 0.0
    for size, mine in zip(SIZES, medians([partial(ours, body) for body in pushes_of(SIZES)], rounds=3), strict=True):
        print(f"{size:>6,} {mine * 1000:>32,.0f}   {f'{mine / before:.2f}' if before else '':>11}")
        before = mine


if __name__ == "__main__":
    main()
