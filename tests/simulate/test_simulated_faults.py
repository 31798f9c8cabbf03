import pytest

from pnr_pipeline.simulate import Scenario, simulate
from pnr_pipeline.simulate.faults import FAULTS
from tests.simulate.conftest import DAY, tokens

CASES = [(kind, label) for kind, labels in FAULTS.items() for label in labels]


@pytest.fixture(scope="module")
def pairs(faulty_files):
    """Each faulty file beside the same file as it should have been."""
    sound = {file.name: file for file in simulate(Scenario(seed=3, flights=16, day=DAY))}
    found = {}
    for file in faulty_files:
        if not file.name.endswith("_again.edi"):
            found.setdefault((file.truth.kind, file.truth.fault), (file, sound[file.name]))
    return found


def test_at_full_rate_every_file_has_a_fault(faulty_files):
    assert all(file.truth.fault for file in faulty_files)


@pytest.mark.parametrize(("kind", "label"), CASES)
def test_each_label_appears_and_its_file_differs(pairs, kind, label):
    faulty, sound = pairs[kind, label]
    assert (faulty.body == sound.body) is (label == "duplicate")
    assert [one.person for one in faulty.truth.travellers] == [one.person for one in sound.truth.travellers]


@pytest.mark.parametrize(
    ("label", "there", "gone"),
    [
        ("missing_cnt", b"UNT+", b"CNT+"),
        ("first_name_unknown", b":FNU", None),
        ("alpha2_nationality", None, None),
        ("other_separators", b"UNA:*.? $", b"'"),
        ("missing_una", b"UNB+", b"UNA:+"),
        ("bom", b"\xef\xbb\xbfUNA", None),
        ("typographic_quote", "’".encode(), b"'"),
        ("lower_case", b"nad+f", b"NAD+"),
        ("blank_elements", b"LOC+91+'", None),
        ("empty_seat", b"RFF+SEA:'", None),
        ("truncated", b"NAD+", b"UNZ+"),
        ("type_b_wrapped", b"QN SKPPIXS", None),
    ],
)
def test_a_paxlst_fault_looks_like_the_real_one(pairs, label, there, gone):
    faulty, sound = pairs["PAXLST", label]
    if there is not None:
        assert there in faulty.body
        assert label in ("truncated", "missing_cnt", "missing_una") or there not in sound.body
    if gone is not None:
        assert gone not in faulty.body
        assert gone in sound.body


def test_type_b_lines_are_full_but_the_last(pairs):
    faulty, _ = pairs["PAXLST", "type_b_wrapped"]
    lines = faulty.body.split(b"\r\n")[2:-1]
    assert {len(line) for line in lines[:-1]} == {69}


def test_a_duplicate_comes_again_with_the_same_bytes_and_a_later_name(faulty_files):
    by_name = {file.name: file for file in faulty_files}
    again = [file for file in faulty_files if file.name.endswith("_again.edi")]
    assert again
    for file in again:
        before = [one for one in by_name.values() if one.body == file.body and one is not file]
        assert len(before) == 1
        assert before[0].sent_at < file.sent_at


def test_what_a_fault_removed_is_told_of_the_persons_concerned(pairs):
    faulty, _ = pairs["PAXLST", "missing_birth_date"]
    without = [one for one in faulty.truth.travellers if "date_of_birth" in one.untold]
    born = sum(segment[0] == ["DTM"] and segment[1][0] == "329" for segment in tokens(faulty.body))
    assert without
    assert len(faulty.truth.travellers) == born + len(without)
    assert faulty.truth.removed == f"birth dates of {len(without)} travellers"


def test_wrong_counts_change_nothing_else(pairs):
    for kind in FAULTS:
        for label, tag in (("wrong_unt", "UNT"), ("wrong_unz", "UNZ")):
            faulty, sound = pairs[kind, label]
            differing = [
                (one, two) for one, two in zip(tokens(faulty.body), tokens(sound.body), strict=True) if one != two
            ]
            assert [one[0][0] for one, _ in differing] == [tag]


def test_faults_leave_the_people_and_the_times_as_they_are(faulty_files):
    sound = list(simulate(Scenario(seed=3, flights=16, day=DAY)))
    kept = [file for file in faulty_files if not file.name.endswith("_again.edi")]
    assert [file.name for file in kept] == [file.name for file in sound]
