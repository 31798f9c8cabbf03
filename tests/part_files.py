"""A closing list of invented travellers as files: whole, or in parts of one traveller each."""

SURNAMES = ("DRAGANOVA", "KELMENDI", "OZTURKMEN")
_REFERENCE = "QX101/260110/0940"


def list_file(minute: int, surnames: tuple[str, ...], number: int = 1, last: bool = True) -> bytes:
    """One interchange, prepared at `minute` of ten o'clock on the eighth; `number` and `last` are S010."""
    people = "".join(
        f"NAD+FL+++{surname}:BOJANA'ATT+2++F'DTM+329:90020{place}'LOC+178+IST'LOC+179+SKP'NAT+2+TUR'"
        f"RFF+ABO:{surname}1'DOC+P:110:111+U{surname}'DTM+36:310930'LOC+91+TUR'"
        for place, surname in enumerate(SURNAMES, 1)
        if surname in surnames
    )
    body = (
        f"UNH+1+PAXLST:D:12B:UN:IATA+{_REFERENCE}+{number:02}:{'F' if last else 'C'}'BGM+266+CLOB'"
        "TDT+20+QX101+++QX'LOC+125+IST'DTM+189:2601100800:201'LOC+87+SKP'DTM+232:2601100840:201'"
        f"{people}CNT+42:{len(surnames)}'UNT+{11 * len(surnames) + 9}+1'"
    )
    reference = f"{minute}{number}"
    head = f"UNB+UNOA:4+QXAPIS:ZZ+XXPIU:ZZ+260108:10{minute:02}+{reference}++APIS'"
    return f"{head}{body}UNZ+1+{reference}'".encode()


def part_files(minute: int, surnames: tuple[str, ...]) -> list[bytes]:
    """The same list, each traveller in a part and a file of the own."""
    return [
        list_file(minute, (surname,), number, number == len(surnames)) for number, surname in enumerate(surnames, 1)
    ]
