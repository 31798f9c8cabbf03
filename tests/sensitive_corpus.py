"""Every sensitive code and word of the rules, in every place where a carrier can put one (ING-4).

The files are spread over many flights, as a store folds a flight anew with each of its messages.
"""

from collections.abc import Iterator
from pathlib import Path

import yaml

from pnr_pipeline.intake.csv_columns import COLUMNS
from pnr_pipeline.stores.rule_files import rule_texts

CODES = yaml.safe_load(rule_texts("intake")["rules/intake/sensitive-codes.yaml"])
TERMS = yaml.safe_load(rule_texts("intake")["rules/intake/sensitive-terms.yaml"])
DELETED = [(code, row["class"]) for row in CODES["services"] if row["class"] in "RHPXO" for code in row["codes"]]
FARES = [(str(code), row["class"]) for row in CODES["fare_types"] if row["class"] in "RHPXO" for code in row["codes"]]
LANGUAGES = TERMS["languages"]


def planted(word: str) -> tuple[str, str]:
    """What a booking tells before and behind its first leg, with `word` wherever text can stand; two travellers."""
    before = (
        f"IFT+4:28::MS+{word}'IFT+4:28::MS+CTCM 4915112345 {word}'ADD++700:{word} STREET 1:KOELN'IFT+4:15+{word}'"
        + f"TIF+{word} TOURS:G:20'"
        + f"TIF+DOE+JANEMRS:A:1'IFT+4:28+{word}'REF+:{word} WORD'FTI+MS:123456:::{word}'"
        + f"FAR+N+++++{word}'IFT+4:99+A+{word}'"
        + f"SSR+OTHS:HK:1:MS:::::{word}+::1'SSR+CKIN:HK:1:MS:::::{word}'SSR+SPML:HK:1:MS:::::{word}+::1'"
        + f"SSR+MAAS:HK:1:MS:::::{word}+::1'SSR+UMNR:HK:1:MS:::::{word}+::1'SSR+CTCE:HK:1:MS:::::{word}//X.COM+::1'"
        + f"SSR+INFT:HK:1:MS:::::DOE/TIM 20SEP25 {word}+::1'SSR+DOCA:HK:1:MS:::::/R/DEU/{word} 5/KOELN+::1'"
        + f"SSR+RQST:HK:1:MS:::::{word}+12A::1'SSR+FOID:HK:1:MS:::::{word}+::1'SSR+ZZZZ:HK:1:MS:::::{word}'"
        + f"EBD+{word} X:50.00:{word}+1::{word} X+{word}'TKT+{word}:{word}'MON+{word} X:{word}:{word} X'"
        + f"FOP+{word} X::{word}:{word} X:{word}:{word}:{word}:{word}:{word}:{word}:{word}:{word}:{word}'"
        + f"TKT+0775475831909:T:1'FOP+CC::1.00:VI:XXXX1111:0628'IFT+4:43+{word} FUND+{word} HOUSE'ADD++702:{word}'"
    )
    behind = (
        f"SSR+TKNE:HK:1:MS:::CAI:SKP:{word}+::1'SSR+FQTV:HK:1:MS:::CAI:SKP:{word}+::1'IFT+4:28+{word}'"
        + f"RPI+1+{word} X'TRA+{word} X+{word} X'DAT+2:{word}'TRI++{word} X:::1'SSD+{word} X'"
        + f"TBD++{word}+{word}+{word}:{word}+{word}:{word}'EQN+{word}'RCI+{word}:{word} X'"
        + f"MSG+8'TVL+121226:1500:151226+FRA:{word}+FRA:{word}+{word} INN+{word} SUITE:{word}'RCI+{word} 1:{word} INN'"
        + "DAT+3:L FT "
        + word
        + "'ABI+4+05FD28:GS+CAI++MS'DAT+T:090126:1706'SAC+++A'IFT+4:19+"
        + word
        + f"'SAC+{word}++{word}'SSR+OTHS:HK:1:MS:::::{word}'LTS+0/O/RM/{word}'LTS+0/O/SR/SSR OTHS {word}'"
    )
    return before, behind


def coded(code: str) -> tuple[str, str]:
    """The same with a code of a service, where services, fares and histories tell one."""
    before = f"SSR+{code}:HK:2:MS'TIF+DOE+JANEMRS:A:1'SSR+{code}:HK:1:MS:::::BECAUSE OF ASTHMA+::1'FAR+N+++++{code}'"
    behind = (
        f"SSR+{code}:HK:1:MS:::CAI:SKP+::1'ABI+4'SAC+++X'SSR+{code}:HK:2:MS'LTS+0/O/SR/SSR {code}MSHK1'IFT+4:28+{code}'"
    )
    return before, behind


WORDS = sorted(
    {
        f"{word.removesuffix('*').upper()}{'QX' * word.endswith('*')}"
        for by_class in LANGUAGES.values()
        for words in by_class.values()
        for word in words
    }
)
"""Each listed word once; where any ending counts, with one that nobody else has."""
SERVICES = sorted({code for code, _ in DELETED})
PERSON = "DOEZQ"
"""The surname of all travellers; whoever stands first in a message is called `WANTED`, for a list to find."""
WANTED = "HITZQ"
_TOGETHER = 24
_XML = (Path(__file__).parent / "vectors" / "pnr-xml" / "notification.xml").read_text("utf-8")


def corpus() -> Iterator[tuple[str, str]]:
    """Names and texts of files: bookings, lists, tables, XML, tests, and what nobody can read. Names hold words too."""
    for number, words in enumerate(_batches(WORDS), 100):
        pairs = [planted(word) for word in words]
        yield f"w{number}.edi", pnrgov(number, pairs)
        yield f"test {words[0]} {number}.edi", pnrgov(number, pairs[:4], test="1")
        yield f"a{number}.edi", paxlst(number, words)
        yield f"{words[0]} {number}.csv", table(number, words)
        yield f"x{number}.xml", xml(number, words)
        yield f"{words[-1]} {number}.txt", f"SOME LETTER ABOUT {' AND '.join(words)}"
    for number, codes in enumerate(_batches(SERVICES), 200):
        yield f"c{number}.edi", pnrgov(number, [coded(code) for code in codes])
    for number, fares in enumerate(_batches([code for code, _ in FARES]), 300):
        yield f"f{number}.edi", pnrgov(number, [(f"TIF+DOE+JANEMRS:{one}:1'FAR+{one}+1'", "") for one in fares])
    for number, word in enumerate(WORDS[::20], 400):
        yield f"e{number}.edi", in_the_envelope(number, word)


def pnrgov(number: int, bookings: list[tuple[str, str]], test: str = "") -> str:
    """A push on a flight of this number, one booking a pair, each with a locator of its own."""
    leg = f"TVL+100126:2240:110126:0310+CAI+SKP+MS+{number}"
    body = "".join(
        f"SRC'RCI+MS:KX{number}{place:02}::050126:0718'DAT+700:080126:1610'ORG+MS:CAI+51935352+CAI++A+EG:EUR:EN+WS32'"
        f"{before}{leg}:Q'RPI+1+HK'{behind}"
        for place, (before, behind) in enumerate(bookings)
    )
    body = body.replace("TIF+DOE+", f"TIF+{WANTED}+", 1).replace("TIF+DOE+", f"TIF+{PERSON}+")
    return (
        f"UNB+UNOW:4+MS+PIU+260107:0900+{number}++PNRGOV++++{test}'UNH+1+PNRGOV:13:1:IA+X{number}'"
        f"MSG+:22'ORG+MS:CAI'{leg}'EQN+{len(bookings)}'{body}UNT+2+1'UNZ+1+{number}'"
    )


def paxlst(number: int, words: list[str]) -> str:
    """A list with a traveller a word."""
    people = "".join(
        f"NAD+FL+++{PERSON if place else WANTED}:JANE+{word} 5+{word}++1+DEU'ATT+2++F'DTM+329:870214'"
        f"FTX+AAI+++{word}'FTX+{word}'MEA+{word}'GEI+4+{word}'COM+{word}:TE'EMP+1+{word}'NAT+2+DEU'"
        f"LOC+180+DEU:::{word}'RFF+AVF:{word}'RFF+SEA:{word}'RFF+CR:{word}'RFF+AEA:{word}'RFF+ABO:{word}'RFF+YZY:{word}'"
        f"DOC+P+C01X{place:02}T47'LOC+91+DEU'GID+{word}'FTX+AAI+++{word}'"
        for place, word in enumerate(words)
    )
    texts = "".join(f"FTX+AAI+++{word}'" for word in words)
    return (
        f"UNB+UNOW:4+MS+PIU+260107:0900+{number}++APIS'UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'{texts}NAD+MS+++{words[0]}'"
        f"COM+{words[0]}:TE'TDT+20+MS{number}+++MS'LOC+125+CAI:::{words[0]}'DTM+189:2601102240:201'LOC+87+SKP'"
        f"DTM+232:2601110310:201'{people}CNT+42:{len(words)}'UNT+2+1'UNZ+1+{number}'"
    )


def in_the_envelope(number: int, word: str) -> str:
    """A list whose sender writes a word where references and codes of the transmission stand."""
    return (
        f"UNB+UNOW:4+MS:ZZ:{word}+PIU:ZZ:{word}+260107:0900+{word}+{word}+{word}'"
        f"UNG+PAXLST+MS:{word}+PIU+260107:0900+{word}+UN+D:12B+{word}'UNH+{word}+PAXLST:D:12B:UN:IATA+{word}'"
        f"BGM+745+{word}'RFF+TN:{word}:::{word}'TDT+20+MS{number}+++MS:::{word}'LOC+125+CAI'DTM+189:2601102240:201'"
        f"LOC+87+SKP'DTM+232:2601110310:201'NAD+FL+++{PERSON}:JANE+{word}'DTM+329:870214'"
        f"CNT+42:1'UNT+12+{word}'UNE+1+{word}'UNZ+1+{word}'"
    )


def table(number: int, words: list[str]) -> str:
    """A table with a traveller a word, and the word in every column that the flight and the names leave free.

    Three letters are an airport where one is asked for: GAY is Gaya.
    """
    columns = [column.name for column in COLUMNS]
    rows = [
        dict.fromkeys(columns, word)
        | {"flight_no": f"MS{number + 500}", "dep_airport": "CAI", "dep_local": "2026-01-10T22:40"}
        | {"arr_airport": "SKP", "surname": PERSON, "given_names": "JANE", "birth_date": "1987-02-14"}
        | ({"embarkation": "CAI", "disembarkation": "SKP"} if len(word) == 3 else {})
        for word in words
    ]
    return "\r\n".join([";".join([*columns, words[0]]), *(";".join([*row.values(), words[0]]) for row in rows)])


def xml(number: int, words: list[str]) -> str:
    """A notification with a booking a word."""
    head, _, rest = _XML.partition("<PNRs ")
    told, end, tail = rest.partition("</PNRs>")
    opening, start, booking = told.partition("<PNR ")
    bookings = "".join(
        f"{start}{booking}".replace("KXW3J2", f"KY{number}{place:02}").replace("BERISHA", PERSON)
        .replace("NEEDS A WHEELCHAIR", word).replace("WS32", word).replace("E+ARTA@EXAMPLE.COM", f"E+{word}@X.EU")
        .replace('ProgramID="MS"', f'ProgramID="{word}"').replace('Status="HK"', f'Status="{word}"')
        .replace('BirthLocation="PRIZREN"', f'BirthLocation="{word}"').replace("12D", word)
        for place, word in enumerate(words)
    )  # fmt: skip
    whole = f"{head}<PNRs {opening}{bookings}{end}{tail}"
    return (
        whole.replace("0367", f"{number + 600:04}")
        .replace('"367"', f'"{number + 600}"')
        .replace('"T1"', f'"{words[0]}"')
    )


def _batches(told: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(told), _TOGETHER):
        yield told[start : start + _TOGETHER]
