import re

import pytest
from store_setup import open_demo
from typer.testing import CliRunner

from pnr_pipeline.cli.lists import app
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.stores.rule_files import rules_root

EXAMPLE = (rules_root() / "lists" / "example-persons.yaml").read_text("utf-8")
DUE = re.compile(r"review_by: \S+")
HEADER = '"doc.dob","pass.firstname","pass.lastname"\n'


@pytest.fixture
def pnr_lists(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def run(command, *options):
        shelf = () if command == "register" else ("--lists", str(tmp_path / "lists"))
        result = CliRunner().invoke(app, [command, *map(str, options), *shelf])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "example-persons.yaml"
    path.write_text(DUE.sub("review_by: 2099-01-01", EXAMPLE), "utf-8")
    return path


@pytest.fixture
def csv_of(tmp_path):
    def write(*rows):
        path = tmp_path / "wanted.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
        return path

    return write


def test_a_register_file_is_checked_and_shown(pnr_lists, register):
    result = pnr_lists("register", register)
    assert result.exit_code == 0
    assert "Example criminal police directorate" in result.stdout
    assert "not confirmed" in result.stderr


def test_an_incomplete_register_file_says_what_to_add(pnr_lists, tmp_path):
    incomplete = tmp_path / "register.yaml"
    incomplete.write_text(re.sub("legal_basis:.*", "", EXAMPLE), "utf-8")
    with pytest.raises(RuleFault, match="legal_basis: Field required"):
        pnr_lists("register", incomplete)


def test_an_overdue_register_file_is_refused(pnr_lists, csv_of, tmp_path):
    overdue = tmp_path / "register.yaml"
    overdue.write_text(DUE.sub("review_by: 2020-01-01", EXAMPLE), "utf-8")
    with pytest.raises(RuleFault, match="review"):
        pnr_lists("build", "--register", overdue, "--from", csv_of('"1982-11-30","ARBEN","KELMENDI"'))


def test_a_list_is_built_shown_compared_and_retired(pnr_lists, csv_of, register):
    first = csv_of('"1982-11-30","ARBEN","KELMENDI"')
    assert "1 entries, 0 lines left out" in pnr_lists("build", "--register", register, "--from", first).stdout
    second = csv_of('"1982-11-30","ARBEN","KELMENDI"', '"1990-07-04","DRITA","HOXHA"')
    assert "added" in pnr_lists("build", "--register", register, "--from", second).stdout
    assert "example-persons" in pnr_lists("show").stdout
    assert "Example criminal police directorate" in pnr_lists("show", "example-persons").stdout
    assert "added" in pnr_lists("diff", "example-persons").stdout
    assert pnr_lists("retire", "example-persons").exit_code == 0
    assert "example-persons" not in pnr_lists("show").stdout
    assert "retired" in pnr_lists("show", "example-persons").stdout


def test_versions_that_nobody_needs_are_counted_and_then_pruned(pnr_lists, csv_of, register, tmp_path):
    open_demo(tmp_path / "state").close()
    for given in ("ARBEN", "DRITA", "BESIM"):
        pnr_lists("build", "--register", register, "--from", csv_of(f'"1982-11-30","{given}","KELMENDI"'))
    options = ("--state", tmp_path / "state")
    assert "2 versions to delete" in pnr_lists("prune", *options, "--dry-run").stdout
    assert "2 versions deleted" in pnr_lists("prune", *options).stdout
    assert "0 versions deleted" in pnr_lists("prune", *options).stdout


def test_bad_lines_are_told_without_values_and_end_in_findings(pnr_lists, csv_of, register):
    bad = csv_of('"1982-11-30","ARBEN","KELMENDI"', '"1982-11-30","ARBEN","KELMENDI"', '"in spring","DRITA","HOXHA"')
    result = pnr_lists("build", "--register", register, "--from", bad)
    assert result.exit_code == 1
    assert "wanted.csv:3 left out: repeats the id at wanted.csv:2" in result.stderr
    assert "wanted.csv:4 kept: a date cannot be read" in result.stderr
    assert "HOXHA" not in result.output and "KELMENDI" not in result.output


def test_no_name_of_a_listed_person_is_ever_printed(pnr_lists, csv_of, register):
    pnr_lists("build", "--register", register, "--from", csv_of('"1982-11-30","ARBEN","KELMENDI"'))
    for command in (("show",), ("show", "example-persons")):
        assert "KELMENDI" not in pnr_lists(*command).output


def test_a_file_that_is_not_utf_8_is_refused_with_a_way_out(pnr_lists, tmp_path, register):
    latin = tmp_path / "wanted.csv"
    latin.write_bytes(HEADER.encode() + '"1982-11-30","MILOŠ","ĐORĐEVIĆ"\n'.encode("cp1250"))
    with pytest.raises(RuleFault, match="iconv"):
        pnr_lists("build", "--register", register, "--from", latin)


def test_a_list_in_several_files_is_built_by_its_format(pnr_lists, tmp_path):
    register = tmp_path / "sanctions.yaml"
    about = EXAMPLE[: EXAMPLE.index("format:")].replace("id: example-persons", "id: sanctions")
    register.write_text(DUE.sub("review_by: 2099-01-01", about) + "format: ofac-csv\n", "utf-8")
    null = ",-0- " * 7
    sdn, alt = tmp_path / "sdn.csv", tmp_path / "alt.csv"
    sdn.write_text(
        f'9001,"KELMENDI, Arben","individual","PROG"{null},"DOB 10 Dec 1968."\n36,"EXAMPLE",-0- ,-0- {null},-0- \n'
    )
    alt.write_text('9001,12,"aka","KELMENDI, Ben",-0- \n')
    result = pnr_lists("build", "--register", register, "--from", sdn, "--from", alt)
    assert result.exit_code == 0
    assert "1 entries, 0 lines left out, 1 neither person nor document" in result.stdout


def test_a_list_that_lost_many_entries_is_not_put_in_force_unasked(pnr_lists, csv_of, register):
    pnr_lists(
        "build", "--register", register, "--from", csv_of(*(f'"1982-11-30","ARBEN{n}","KELMENDI"' for n in range(10)))
    )
    shrunk = csv_of(*(f'"1982-11-30","ARBEN{n}","KELMENDI"' for n in range(7)))
    with pytest.raises(UsageFault, match=r"3 of 10 entries .* --accept-drop"):
        pnr_lists("build", "--register", register, "--from", shrunk)
    assert " 10 " in pnr_lists("show").stdout
    assert "removed" in pnr_lists("build", "--register", register, "--from", shrunk, "--accept-drop").stdout


def test_a_broken_file_leaves_the_list_in_force(pnr_lists, tmp_path, register):
    union = tmp_path / "union.yaml"
    about = register.read_text("utf-8")
    union.write_text(about[: about.index("format:")] + "format: eu-financial\n", "utf-8")
    name = '<nameAlias wholeName="Arben Kelmendi"/>'
    person = f'<sanctionEntity logicalId="1"><subjectType code="person"/>{name}</sanctionEntity>'
    path = tmp_path / "union.xml"
    path.write_text(f"<export>{person}</export>")
    pnr_lists("build", "--register", union, "--from", path)
    path.write_text(f"<export>{person}")
    with pytest.raises(UsageFault, match="get the file again"):
        pnr_lists("build", "--register", union, "--from", path)
    assert pnr_lists("status").exit_code == 0


def test_a_stale_list_is_told_and_ends_in_findings(pnr_lists, csv_of, register, tmp_path):
    pnr_lists("build", "--register", register, "--from", csv_of('"1982-11-30","ARBEN","KELMENDI"'))
    assert "fresh" in pnr_lists("status").stdout
    journal = tmp_path / "lists" / "example-persons" / "journal"
    version = journal.read_text().split()[1]
    journal.write_text(f"2020-01-01T00:00:00+00:00 {version}\n")
    result = pnr_lists("status")
    assert (result.exit_code, "stale" in result.stdout) == (1, True)
