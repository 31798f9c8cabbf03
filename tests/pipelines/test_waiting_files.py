import os

import pytest

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.pipelines import spool
from pnr_pipeline.pipelines.spool import left_out, waiting


def put(path, body=b"x", age=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def items(*places):
    return [file.item for file in waiting(places)]


def test_files_come_by_age_then_name_from_the_folder_and_all_below(tmp_path):
    put(tmp_path / "b.edi")
    put(tmp_path / "a.edi")
    put(tmp_path / "carrier" / "old.edi", age=60)
    assert items(tmp_path) == ["carrier/old.edi", "a.edi", "b.edi"]


def test_hidden_and_unfinished_files_are_not_yet_there(tmp_path):
    for name in (".a.edi", "b.edi.part", "c.tmp", "d.draft", ".git/e.edi"):
        put(tmp_path / name)
    (tmp_path / "broken-link.edi").symlink_to(tmp_path / "nowhere")
    put(tmp_path / "whole.edi")
    assert items(tmp_path) == ["whole.edi"]
    assert left_out([tmp_path, tmp_path / "whole.edi"]) == 6


def test_a_file_has_the_same_position_however_its_folder_is_named(tmp_path, monkeypatch):
    put(tmp_path / "in" / "a.edi")
    monkeypatch.chdir(tmp_path)
    named = [next(waiting([place])) for place in (tmp_path / "in", tmp_path.joinpath("in").relative_to(tmp_path))]
    assert named[0] == named[1]
    alone = next(waiting([tmp_path / "in" / "a.edi"]))
    assert (alone.source, alone.item) == (named[0].source, named[0].item)


def test_a_place_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(UsageFault, match="no such file or folder"):
        items(tmp_path / "nowhere")


def test_a_file_that_was_replaced_since_it_was_read_is_not_removed(tmp_path):
    path = put(tmp_path / "a.edi", b"first")
    file = next(waiting([tmp_path]))
    assert file.read() == b"first"
    put(tmp_path / "new", b"second", age=-5).replace(path)
    file.remove()
    assert path.read_bytes() == b"second"
    next(waiting([tmp_path])).remove()
    assert not path.exists()


def test_a_file_too_long_for_a_transmission_is_read_one_byte_too_far_and_never_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "TRANSMISSION_BYTES_MAX", 4)
    path = put(tmp_path / "a.edi", b"123456")
    file = next(waiting([tmp_path]))
    assert file.read() == b"12345"
    file.remove()
    assert path.exists()


def test_a_name_that_is_no_utf_8_gives_a_position_that_is(tmp_path):
    put(tmp_path / os.fsdecode(b"caf\xe9.edi"), b"x")
    file = next(waiting([tmp_path]))
    assert file.item == "caf\\xe9.edi"
    assert file.read() == b"x"
