import json

from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.stores.queue_files import append_lines

LINES = [json.dumps({"seq": seq, "subject": "x" * (seq * 7 % 50)}) for seq in range(1, 30)]
WHOLE = "".join(f"{line}\n" for line in LINES).encode()


def _after(seq: int) -> list[str]:
    return LINES[seq:]


@given(cut=st.integers(0, len(WHOLE)))
def test_a_file_cut_anywhere_is_continued_from_its_last_whole_line(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("queue") / "mk-skp.jsonl"
    path.write_bytes(WHOLE[:cut])
    assert append_lines(path, _after) == len(LINES) - WHOLE[:cut].count(b"\n")
    assert path.read_bytes() == WHOLE


def test_a_file_longer_than_one_look_back_is_continued(tmp_path):
    path = tmp_path / "mk-skp.jsonl"
    long = [json.dumps({"seq": seq, "data": "y" * 50_000}) for seq in range(1, 6)]
    append_lines(path, lambda after: long[:3])
    path.write_bytes(path.read_bytes() + long[3][:40_000].encode())
    append_lines(path, lambda after: long[after:])
    assert path.read_text().splitlines() == long


def test_nothing_new_changes_nothing_and_a_missing_file_is_made_for_its_owner_alone(tmp_path):
    path = tmp_path / "mk-skp.jsonl"
    assert append_lines(path, _after) == len(LINES)
    assert append_lines(path, _after) == 0
    assert path.read_bytes() == WHOLE
    assert path.stat().st_mode & 0o777 == 0o600
