import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from pnr_pipeline.cli.main import app
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.stores.keystores import open_keystore
from pnr_pipeline.stores.profile_seal import sign_profile, usable_profile
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_law, load_routing
from pnr_pipeline.stores.sql.opening import open_store
from pnr_pipeline.stores.staff_file import StaffKeys, load_staff, make_key, write_staff
from pnr_pipeline.stores.state import StateFolder

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHIPPED = rule_texts("profiles")
pytestmark = pytest.mark.law("SEC-3", "LOG-7")


def _person(folder, person, role):
    key = make_key(open_keystore(folder), person)
    return (
        f"  - {{id: {person}, name: Invented {person}, organisation: unit, roles: [{role}], trained_on: 2026-01-05,"
        f" valid_until: 2026-12-31, key: '{key}'}}\n"
    )


@pytest.fixture
def folder(tmp_path):
    state = StateFolder(tmp_path / "state")
    state.prepare()
    text = 'version: "1"\nstaff:\n' + _person(state, "dpo-1", "dpo") + _person(state, "lead-2", "supervisor")
    write_staff(state, open_keystore(state), text)
    return state


@pytest.fixture
def profile(tmp_path):
    """A deployment's own profile, confirmed and not yet signed."""
    path = tmp_path / "ours.yaml"
    text = SHIPPED["rules/profiles/rs.yaml"].replace("confirmed: false", "confirmed: true")
    path.write_text(text.replace("person: to-be-confirmed", "person: dpo-1"))
    return path


def _key(folder, profile, person="dpo-1"):
    staff = load_staff(folder, usable_profile("demo", folder, TODAY))
    return StaffKeys(staff, open_keystore(folder)).private(person)


def _refused(path, folder, what, field, today=TODAY):
    with pytest.raises(RuleFault, match=what) as fault:
        usable_profile(str(path), folder, today)
    text = path.read_text()
    assert fault.value.where.split(":")[1] == str(1 + text[: text.index(f"{field}:")].count("\n"))


def test_what_is_shipped_for_exercises_and_the_default_serve_unsigned(folder):
    assert usable_profile("demo", folder, TODAY).id == "demo"
    assert usable_profile(None, folder, TODAY).id == "eu"


@pytest.mark.parametrize("name", [name.split("/")[-1][:-5] for name in SHIPPED if name[-8:-5] not in ("/eu", "emo")])
def test_a_template_serves_nobody(folder, name):
    with pytest.raises(RuleFault, match="confirmed: not confirmed"):
        usable_profile(name, folder, TODAY)


def test_a_changed_copy_of_what_is_shipped_is_refused_at_its_kind(folder, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(SHIPPED["rules/profiles/eu.yaml"].replace("home_countries: []", "home_countries: [BG]"))
    _refused(path, folder, "a deployment's own profile is `kind: national`", "kind")


def test_a_confirmed_profile_serves_once_its_officer_signed_it(folder, profile):
    _refused(profile, folder, "not signed by this officer", "dpo")
    sign_profile(profile, "dpo-1", _key(folder, profile))
    assert usable_profile(str(profile), folder, TODAY).id == "rs"


def test_a_line_changed_after_the_signature_voids_it(folder, profile):
    sign_profile(profile, "dpo-1", _key(folder, profile))
    profile.write_text(profile.read_text() + "# a remark more\n")
    _refused(profile, folder, "changed since this officer signed it", "dpo")


def test_the_signature_of_another_and_an_officer_whose_time_is_over_are_refused(folder, profile):
    sign_profile(profile, "dpo-1", _key(folder, profile, "lead-2"))
    _refused(profile, folder, "signed by another", "dpo")
    sign_profile(profile, "dpo-1", _key(folder, profile))
    _refused(profile, folder, "officer now", "dpo", date(2027, 1, 1))
    profile.write_text(profile.read_text().replace("person: dpo-1", "person: lead-2"))
    _refused(profile, folder, "officer now", "dpo")


def test_only_the_officer_named_signs_and_only_what_is_confirmed(folder, profile, tmp_path):
    key = _key(folder, profile)
    with pytest.raises(RuleFault, match="another person signs"):
        sign_profile(profile, "lead-2", key)
    with pytest.raises(UsageFault, match="no file"):
        sign_profile(tmp_path / "none.yaml", "dpo-1", key)
    for name, what in (("demo", "kind: national"), ("al", "confirmed")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(SHIPPED[f"rules/profiles/{name}.yaml"])
        with pytest.raises(RuleFault, match=what):
            sign_profile(path, "dpo-1", key)


def _weaker(profile):
    text = profile.read_text().replace("period_class: S ", "period_class: L ")
    profile.write_text(text + "deviations:\n  - {requirement: RET-3, basis: Invented act 7 of 2026}\n")


@pytest.mark.law("RET-3")
def test_a_deviation_is_logged_once_with_the_citation_kept_beside(folder, profile):
    _weaker(profile)
    sign_profile(profile, "dpo-1", _key(folder, profile))
    chosen = usable_profile(str(profile), folder, TODAY)

    def entries():
        with open_store(folder, profile=chosen, law=load_law(), routing=load_routing(chosen), now=NOW) as store:
            rows = store._ground.db.execute("SELECT body FROM audit_entry").fetchall()
        return [entry for (body,) in rows if (entry := json.loads(body))["counts"].get("deviation:ret-3")]

    for _ in range(2):
        (entry,) = entries()
        assert (entry["act"], entry["references"]) == ("administration", [f"profile:rs@{chosen.digest[:32]}"])
    kept = (folder.profiles / f"{chosen.digest[:32]}.json").read_text()
    assert json.loads(kept)["deviations"] == [{"requirement": "RET-3", "basis": "Invented act 7 of 2026"}]


def test_a_profile_without_deviation_leaves_no_entry(folder, profile):
    sign_profile(profile, "dpo-1", _key(folder, profile))
    chosen = usable_profile(str(profile), folder, TODAY)
    with open_store(folder, profile=chosen, law=load_law(), routing=load_routing(chosen), now=NOW) as store:
        rows = store._ground.db.execute("SELECT body FROM audit_entry").fetchall()
    assert not [body for (body,) in rows if "deviation" in body]
    assert not folder.profiles.exists()


def test_the_command_shows_each_deviation_and_signs(folder, profile):
    _weaker(profile)
    ended = CliRunner().invoke(app, ["law", "sign", str(profile), "--as", "dpo-1", "--state", str(folder.root)])
    assert ended.exit_code == 0, ended.output
    assert "deviates from the EU text (RET-3): everything kept for five years; basis: Invented act 7" in ended.output
    assert usable_profile(str(profile), folder, TODAY).period_class == "L"
