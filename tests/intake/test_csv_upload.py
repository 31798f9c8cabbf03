"""Tables of small carriers: each file of tests/vectors/csv against expected.yaml, and what holds for any table."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.intake import Rulebook, decode
from pnr_pipeline.intake.csv_columns import BY_NAME, COLUMNS, column_help, template
from pnr_pipeline.records import Message, Traveller
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.wire.mrz import Zone, write

FOLDER = Path(__file__).parent.parent / "vectors" / "csv"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
NOW = datetime(2026, 1, 10, 5, tzinfo=UTC)
RULEBOOK = Rulebook.from_texts(rule_texts("validation") | rule_texts("intake"))


def read(name: str) -> list[Message]:
    charset = "windows-1250" if name.startswith("windows") else "utf-8"
    return decode((FOLDER / name).read_bytes(), rulebook=RULEBOOK, now=NOW, charset=charset)


def read_text(*lines: str, now: datetime = NOW) -> list[Message]:
    return decode("\n".join(lines).encode(), rulebook=RULEBOOK, now=now)


def line(t: Traveller) -> str:
    papers = ",".join(f"{paper.type} {paper.number} {paper.issuer} {paper.expires}" for paper in t.documents)
    others = ",".join(f" also {name.surname}/{name.given_names}" for name in t.other_names)
    values = (t.date_of_birth, t.sex, t.nationality, papers)
    return f"{t.role} {t.surname}/{t.given_names} " + " ".join(value or "-" for value in values) + others


def told(message: Message) -> list[str]:
    lines = []
    for found in message.findings:
        place = re.search(r"(row \d+)(?:, column (\w+))?", found.message)
        where = " ".join(part for part in place.groups() if part) if place else f"at {found.offset}"
        lines.append(f"{found.rule} {found.severity} {where}")
    return lines


def test_every_table_is_expected_and_every_expectation_has_its_table():
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_table_yields_what_it_states(name):
    messages = read(name)
    assert len(messages) == len(EXPECTED[name])
    for message, expected in zip(messages, EXPECTED[name], strict=True):
        assert (message.kind, message.prepared_at) == ("CSV", NOW.replace(tzinfo=None))
        assert [leg.key for leg in message.flights] == expected["legs"]
        assert [line(traveller) for traveller in message.travellers] == expected["people"]
        assert message.complete is expected.get("complete", True)
        assert message.dropped == expected.get("dropped", {})
        assert told(message) == expected.get("findings", [])


@pytest.mark.parametrize("twin", ["bom", "sep_line", "comma", "tab", "lf", "quoted", "windows_1250", "aliases"])
def test_the_form_of_the_table_changes_no_traveller(twin):
    (plain,), (other,) = read("plain.csv"), read(f"{twin}.csv")
    assert other.flights == plain.flights

    def placeless(message):
        return [msgspec.structs.replace(one, offset=0) for one in message.travellers]

    assert placeless(other) == placeless(plain)


def test_line_ends_and_byte_order_mark_make_no_other_message():
    assert len({read(name)[0].message_id for name in ("plain.csv", "bom.csv", "lf.csv")}) == 1
    assert read("comma.csv")[0].message_id != read("plain.csv")[0].message_id


def test_an_alphabet_that_was_not_declared_is_told_and_costs_no_traveller():
    body = (FOLDER / "windows_1250.csv").read_bytes()
    (message,) = decode(body, rulebook=RULEBOOK, now=NOW)
    assert message.findings[0].rule == "ENV-07"
    assert [one.surname for one in message.travellers][::2] == ["DEMIRKAN", "MÜLLER"]


def test_a_finding_points_at_its_cell_and_quotes_nothing():
    body = (FOLDER / "bad_cells.csv").read_bytes()
    (message,) = read("bad_cells.csv")
    at = {
        column: found.offset
        for found in message.findings
        for column in re.findall(r"row 2, column (\w+)", found.message)
    }
    assert body[at["birth_date"] :].startswith(b"31/02/1987;")
    assert body[at["seat"] :].startswith(b"window please;")
    words = {
        "CAPTAIN",
        "31/02",
        "female?",
        "TURK",
        "window",
        "two",
        "my booking",
        "ask me",
        "nobody",
        "Atlantis",
        "lucky",
    }
    assert not [word for word in words for found in message.findings if word in found.message]


def test_no_word_is_kept_where_a_code_belongs_and_no_free_text_at_all():
    kept = msgspec.json.encode(read("bad_cells.csv")).decode()
    for word in ("window", "my booking", "ask me", "nobody", "Atlantis", "diabetic", "surplus", "lucky", "CAPTAIN"):
        assert word not in kept


def test_the_template_is_read_without_any_finding():
    (message,) = decode(template().encode(), rulebook=RULEBOOK, now=NOW)
    assert message.findings == ()
    assert message.dropped == {}
    (traveller,) = message.travellers
    assert (traveller.surname, traveller.locator, traveller.seat) == ("DEMIRKAN", "X7K2PQ", "12A")
    assert traveller.contacts == ("+900000000000", "traveller@example.org")
    assert len(list(column_help())) == len(COLUMNS)


def test_each_name_of_a_column_is_its_own():
    assert len(BY_NAME) == sum(1 + len(column.aliases) for column in COLUMNS)


HEAD = "flight_no;dep_airport;dep_local;arr_airport;arr_local;role;surname;given_names;birth_date;sex;nationality"
FLIGHT = "TK1883;IST;2026-01-10T07:05;VIE;2026-01-10T08:35"


@pytest.mark.parametrize(
    ("written", "iso", "rules"),
    [
        ("1987-02-14", "1987-02-14", []),
        ("1987-02", "1987-02", []),
        ("1987", "1987", []),
        ("14.02.1987", "1987-02-14", ["CSV-04"]),
        ("4. 2. 1987.", "1987-02-04", ["CSV-04"]),
        ("870214", "1987-02-14", ["CSV-04"]),
        ("260214", "1926-02-14", ["CSV-04"]),
        ("14FEB87", "1987-02-14", ["CSV-04"]),
        ("02/03/1987", None, ["DOB-01"]),
        ("1987-02-30", None, ["DOB-01"]),
        ("yesterday", None, ["DOB-01"]),
    ],
)
def test_a_birth_date_is_read_as_iso_and_other_forms_are_told(written, iso, rules):
    (message,) = read_text(HEAD, f"{FLIGHT};PAX;DOE;JANE;{written};F;TUR")
    assert message.travellers[0].date_of_birth == iso
    assert [found.rule for found in message.findings if found.rule in ("CSV-04", "DOB-01")] == rules


@pytest.mark.parametrize(
    ("flight_no", "operator", "designator"),
    [
        ("TK1883", "", "TK1883"),
        ("TK 01883", "TK", "TK1883"),
        ("1883", "TK", "TK1883"),
        ("tk1883a", "TK", "TK1883A"),
        ("4O 12", "", "4O12"),
        ("our flight", "TK", ""),
    ],
)
def test_a_flight_number_is_read_as_carriers_write_it(flight_no, operator, designator):
    (message,) = read_text(f"operator;{HEAD}", f"{operator};{flight_no}{FLIGHT[6:]};PAX;DOE;JANE;1987-02-14;F;TUR")
    assert message.flights[0].designator == designator


def test_an_operator_told_by_name_is_not_kept():
    (message,) = read_text(f"operator;{HEAD}", f"Jane Roe Air;{FLIGHT};PAX;DOE;JANE;1987-02-14;F;TUR")
    assert b"Roe" not in msgspec.json.encode(message)
    assert message.sender == "TK"


def test_rows_of_one_flight_come_together_wherever_they_stand():
    other = "XX12;BEG;2026-01-10T12:00;TIA;2026-01-10T13:05"
    messages = read_text(HEAD, *(f"{leg};PAX;DOE;N{n};1987-02-14;F;TUR" for n, leg in enumerate([FLIGHT, other] * 3)))
    assert [[one.given_names for one in message.travellers] for message in messages] == [
        ["N0", "N2", "N4"],
        ["N1", "N3", "N5"],
    ]


def test_a_message_or_a_note_is_no_table():
    assert decode(b"UNB+UNOA:4+surname;sex;seat", rulebook=RULEBOOK, now=NOW)[0].kind != "CSV"
    assert decode(b"dear all; please see the seat; thanks\n", rulebook=RULEBOOK, now=NOW)[0].kind == "UNREADABLE"


CELLS = st.one_of(
    st.sampled_from(
        ["", "TK1883", "IST", "VIE", "2026-01-10T07:05", "PAX", "CREW", "1987-02-14", "F", "TUR", '"', "A;B"]
    ),
    st.text(max_size=12),
)
HEADERS = st.lists(st.sampled_from([column.name for column in COLUMNS] + ["own column"]), min_size=3, max_size=30)


@given(HEADERS, st.lists(st.lists(CELLS, max_size=34), max_size=8), st.sampled_from([";", ",", "\t"]))
def test_any_cells_yield_messages_and_never_raise(header, rows, separator):
    body = "\n".join(separator.join(row) for row in [header, *rows]).encode("utf-8", "replace")
    messages = decode(body, rulebook=RULEBOOK, now=NOW)
    assert messages
    for message in messages:
        assert [one.ordinal for one in message.travellers] == list(range(1, len(message.travellers) + 1))
        assert all(-1 <= found.offset <= len(body) for found in message.findings)
        msgspec.json.encode(message)


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "windows-1250", "windows-1251", "windows-1254"]))
def test_any_bytes_below_a_header_are_read(body, charset):
    messages = decode(HEAD.encode() + b"\r\n" + body, rulebook=RULEBOOK, now=NOW, charset=charset)
    assert messages
    assert {message.kind for message in messages} == {"CSV"}


@given(st.integers(1, 399))
def test_a_cut_table_keeps_the_rows_before_the_cut(cut):
    body = (FOLDER / "plain.csv").read_bytes()
    messages = decode(body[: 300 + cut], rulebook=RULEBOOK, now=NOW)
    assert messages[0].travellers[0].surname == "DEMIRKAN"


def rows(count: int) -> bytes:
    return "\n".join([HEAD, *(f"{FLIGHT};PAX;DOE;JANE {n};1987-02-14;F;TUR" for n in range(count))]).encode()


def test_a_flight_of_more_rows_than_one_list_may_hold_is_set_aside_whole():
    texts = rule_texts("validation") | rule_texts("intake")
    limits = "rules/intake/limits.yaml"
    small = Rulebook.from_texts(texts | {limits: texts[limits].replace("travellers: 10000", "travellers: 20")})
    assert len(decode(rows(20), rulebook=small, now=NOW)[0].travellers) == 20
    (message,) = decode(rows(22), rulebook=small, now=NOW)
    assert message.travellers == ()
    assert not message.complete
    assert [found.rule for found in message.findings if found.rule.startswith("ENV")] == ["ENV-08"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ;",
        '"";""',
        '"',
        '""',
        '"a',
        'a"b"',
        '"";"',
        ";" * 200,
        "TK1;;;;;;A",
        ";IST;2026-01-10T07:05;;;;B",
        "x" * 20_000,
    ],
)
def test_the_time_grows_with_the_table_whatever_its_rows(line):
    def seconds(count: int) -> float:
        body = "\n".join([HEAD, *[line] * count]).encode()
        start = time.process_time()
        decode(body, rulebook=RULEBOOK, now=NOW)
        return time.process_time() - start

    seconds(10)
    small, large = min(seconds(300) for _ in range(3)), min(seconds(1_200) for _ in range(3))
    assert large < 12 * small + 0.1


def test_a_later_upload_is_newer():
    first, second = (
        read_text(HEAD, f"{FLIGHT};PAX;DOE;JANE;1987-02-14;F;TUR", now=at)[0] for at in (NOW, NOW + timedelta(hours=1))
    )
    assert first.message_id == second.message_id
    assert first.order < second.order


@pytest.mark.parametrize(
    ("surname", "given", "zone", "other"),
    [
        ("Müller", "Jörg", ("MUELLER", "JOERG"), False),
        ("Müller", "Jörg", ("MULLER", "JORG"), False),
        ("Ђорђевић", "Љиљана", ("DORDEVIC", "LJILJANA"), False),
        (
            "Nilavadhanananda",
            "Chayapa Dejthamrong Krasuang",
            ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG"),
            False,
        ),
        ("Müller", "Jörg", ("MILLER", "JOERG"), True),
    ],
)
def test_the_name_of_the_zone_is_kept_beside_the_cells_where_it_is_another(surname, given, zone, other):
    lines = write(
        Zone("TD3", "P", "UTO", *zone, number="X12345678", nationality="UTO", birth="870214", expiry="310930")
    )
    (message,) = read_text(f"{HEAD};mrz", f"{FLIGHT};PAX;{surname};{given};1987-02-14;F;UTO;{'|'.join(lines)}")
    (traveller,) = message.travellers
    assert (traveller.surname, traveller.given_names) == (surname, given)
    assert [(name.surname, name.source) for name in traveller.other_names] == ([(zone[0], "MRZ")] if other else [])
