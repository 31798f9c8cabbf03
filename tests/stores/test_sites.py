"""Data lie on this machine or at the sites that the profile names, inside the permitted territory (SCR-9)."""

from pathlib import Path

import pytest
from store_setup import NOW, law

from pnr_pipeline.cli import doctor
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.stores import sites
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_profile, load_routing
from pnr_pipeline.stores.sites import must_be_inside, must_export_inside, server_of
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.state import StateFolder

MOUNTS = """/dev/sda1 / ext4 rw 0 0
backup1.example.org:/pnr /mnt/backup nfs4 rw 0 0
//files.example.net/share /mnt/share\\040one cifs rw 0 0
someone@far.example.com:/home /mnt/far fuse.sshfs rw 0 0
/dev/sdb1 /mnt/backup/local ext4 rw 0 0
overlay /srv overlay rw 0 0
"""
SITES = "territory: [AL]\nsites: [{id: tirana, country: AL, hosts: [backup1.example.org, DB1.example.org]}]\n"
pytestmark = pytest.mark.law("SCR-9")


def the_profile(told=SITES):
    return Profile.from_text(rule_texts("profiles")["rules/profiles/demo.yaml"] + told, "sites.yaml")


@pytest.mark.parametrize(
    ("path", "server"),
    [
        ("/mnt/backup/day.bin", "backup1.example.org"),
        ("/mnt/share one/a/b", "files.example.net"),
        ("/mnt/far", "far.example.com"),
        ("/mnt/backup/local/x", ""),
        ("/mnt/backups", ""),
        ("/srv/pnr", ""),
        ("/home/x", ""),
    ],
)
def test_a_place_is_at_the_host_that_its_file_system_is_mounted_from(path, server):
    assert server_of(Path(path), MOUNTS) == server


def test_what_is_exported_stays_at_this_machine_or_at_a_site_of_the_profile():
    profile = the_profile()
    must_export_inside(profile, Path("/mnt/backup/x"), MOUNTS)
    must_export_inside(profile, Path("/home/x"), MOUNTS)
    for outside in ("/mnt/share one/x", "/mnt/far/x"):
        with pytest.raises(UsageFault, match="SCR-9"):
            must_export_inside(profile, Path(outside), MOUNTS)


def test_without_sites_nothing_leaves_this_machine():
    profile = load_profile("demo")
    assert profile.sites == () == profile.territory
    for host in ("", "localhost", "127.0.0.1", "::1", "/run/postgresql"):
        must_be_inside(profile, "the database", host)
    with pytest.raises(UsageFault):
        must_be_inside(profile, "the database", "db1.example.org")
    must_be_inside(the_profile(), "the database", "db1.example.org")


def test_a_site_outside_the_territory_is_refused():
    with pytest.raises(RuleFault, match="outside `territory`: tirana"):
        the_profile(SITES.replace("[AL]", "[MK]"))


def test_a_store_whose_folder_lies_elsewhere_is_not_opened(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"far.example.com:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(sites, "_MOUNTS", mounts)
    profile = load_profile("demo")
    with pytest.raises(UsageFault, match="the state folder lies on a host that is of no site"):
        open_store(StateFolder(tmp_path / "state"), profile=profile, law=law(), routing=load_routing(profile), now=NOW)


def test_the_doctor_looks_for_this_machine_among_the_sites(monkeypatch):
    monkeypatch.setattr(doctor.socket, "getfqdn", lambda: "db1.example.org")
    monkeypatch.setattr(doctor.socket, "gethostname", lambda: "db1")
    assert doctor._site(the_profile()).mark == "ok"
    monkeypatch.setattr(doctor.socket, "getfqdn", lambda: "elsewhere.example.org")
    assert doctor._site(the_profile()).mark == "fault"
    assert doctor._site(load_profile("demo")).mark == "warning"


@pytest.mark.law("SCR-10")
def test_every_profile_says_what_the_assessment_never_touches():
    for name, text in rule_texts("profiles").items():
        profile = Profile.from_text(text, name)
        assert "art. 6(9)" in profile.right_of_entry and "right to enter" in profile.right_of_entry
        assert "Borders Code" in profile.right_of_entry


@pytest.mark.law("SCR-10")
def test_a_profile_without_it_is_refused():
    text = rule_texts("profiles")["rules/profiles/eu.yaml"]
    begin, end = text.index("right_of_entry:"), text.index("languages:")
    with pytest.raises(RuleFault, match="right_of_entry"):
        Profile.from_text(text[:begin] + text[end:], "eu.yaml")
