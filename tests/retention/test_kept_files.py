"""What each kind of file and topic is, so that it ends by the rule of its kind (RET-7)."""

from fnmatch import fnmatchcase

import pytest

from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.retention.file_classes import KeptFiles
from pnr_pipeline.stores.rule_files import rule_texts

KEPT = read_rule(rule_texts("retention")["rules/retention/files.yaml"], "files.yaml", KeptFiles)
FILES = {
    "record": "pnr.sqlite pnr.sqlite-wal queues/bg-burgas.jsonl lake/2026-11-23/open/part-0",
    "list": "lists/wanted/v1.jsonl lists/.index/wanted",
    "log": "lists/wanted/journal log/checkpoint staff.yaml staff.sig profiles/ab12.json "
    "destroyed-keys.jsonl keys/acts.jsonl",
    "backup": "backups/2026-11-23.pnr-backup",
    "working": "pnr.sqlite-shm lists/wanted/active approver.json settings.toml keys/S-2026-11-23.key",
}


@pytest.mark.law("RET-7")
@pytest.mark.parametrize("klass", FILES)
def test_each_file_of_a_deployment_is_of_the_class_by_which_it_ends(klass):
    for path in FILES[klass].split():
        assert next((one.klass for one in KEPT.files if fnmatchcase(path, one.path)), "none") == klass, path


@pytest.mark.law("RET-7")
def test_no_line_names_a_file_that_nobody_writes():
    paths = [path for told in FILES.values() for path in told.split()]
    assert not [one.path for one in KEPT.files if not any(fnmatchcase(path, one.path) for path in paths)]
    assert len(KEPT.files) == len(paths)


@pytest.mark.law("RET-7", "ING-2")
def test_raw_bytes_in_the_spool_end_at_commit():
    assert {one.name: one.klass for one in KEPT.folders} == {"spool": "ingest"}
