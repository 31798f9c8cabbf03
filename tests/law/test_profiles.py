from pathlib import Path

import pytest

from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import load_profile

EU = rule_texts("profiles")["rules/profiles/eu.yaml"]

WEAKER = [
    ("period_class: S", "period_class: L", ["RET-3"]),
    ("late: screen_and_hold", "late: screen_and_send", ["DIS-3"]),
    ("kind: independent_authority", "kind: unit", ["DIS-3", "DIS-4"]),
    ("depth: every_match", "depth: none", ["SCR-5", "RGT-7"]),
    ("PNRGOV: [law_enforcement]", "PNRGOV: [law_enforcement, border]", ["SCR-1", "SCR-12"]),
    ("PNR-XML: [law_enforcement]", "PNR-XML: [border]", ["SCR-1", "SCR-12"]),
]


@pytest.mark.law("SEC-3")
def test_without_a_name_the_strictest_profile_loads() -> None:
    assert load_profile() == load_profile(None) == load_profile("eu")
    assert list(load_profile().below_floor()) == []
    assert load_profile().home_countries == ()


def test_the_exercise_profile_is_marked_and_no_weaker() -> None:
    demo = load_profile("demo")
    assert (demo.kind, demo.jurisdiction, demo.controller.id) == ("exercise", "eu", "exercise-piu")
    assert set(demo.home_countries) == {"AL", "BA", "XK", "ME", "MK", "RS", "TR", "BG"}
    assert list(demo.below_floor()) == []


@pytest.mark.law("RET-3", "SCR-12")
@pytest.mark.parametrize(("strict", "weak", "requirements"), WEAKER)
def test_an_eu_profile_below_the_floor_is_refused_at_the_weak_field(
    strict: str, weak: str, requirements: list[str]
) -> None:
    assert strict in EU
    text = EU.replace(strict, weak)
    with pytest.raises(RuleFault, match="refused in an EU profile") as fault:
        Profile.from_text(text, "p.yaml")
    assert all(requirement in fault.value.what for requirement in requirements)
    line = 1 + text[: text.index(weak)].count("\n")
    assert fault.value.where.startswith(f"p.yaml:{line}:")


@pytest.mark.parametrize(("strict", "weak", "requirements"), WEAKER)
def test_an_eu_profile_cannot_cite_its_way_below_the_floor(strict: str, weak: str, requirements: list[str]) -> None:
    cited = "".join(f"\n  - {{requirement: {one}, basis: A national act}}" for one in requirements)
    with pytest.raises(RuleFault, match="refused in an EU profile"):
        Profile.from_text(EU.replace(strict, weak) + f"deviations:{cited}\n", "p.yaml")


@pytest.mark.law("RGT-7")
@pytest.mark.parametrize(("strict", "weak", "requirements"), WEAKER)
def test_elsewhere_a_weaker_choice_needs_a_national_basis(strict: str, weak: str, requirements: list[str]) -> None:
    text = EU.replace("jurisdiction: eu", "jurisdiction: other").replace(strict, weak)
    with pytest.raises(RuleFault, match="cites no basis"):
        Profile.from_text(text, "p.yaml")
    cited = "".join(f"\n  - {{requirement: {one}, basis: A national act}}" for one in requirements)
    profile = Profile.from_text(text + f"deviations:{cited}\n", "p.yaml")
    assert [list(deviation[0]) for deviation in profile.below_floor()] == [requirements]


@pytest.mark.law("LOG-7", "RGT-1")
@pytest.mark.parametrize(
    "missing", ["controller:", "dpo:", "approver:", "late:", "period_class:", "supervisor:", "languages:"]
)
def test_a_profile_that_leaves_a_choice_open_is_refused(missing: str) -> None:
    text = "\n".join(line for line in EU.splitlines() if not line.startswith(missing))
    assert text != EU
    with pytest.raises(RuleFault, match=missing[:-1]):
        Profile.from_text(text, "p.yaml")


TEMPLATES = ("al", "am", "az", "ba", "bg", "ge", "md", "me", "mk", "rs", "tr", "ua", "xk")


def test_there_is_a_template_for_each_of_the_first_states_and_each_is_unverified_and_no_weaker() -> None:
    assert {Path(name).stem for name in rule_texts("profiles")} == {"eu", "demo", *TEMPLATES}
    for name in TEMPLATES:
        template = load_profile(name)
        assert (template.kind, template.confirmed, template.home_countries) == ("national", False, (name.upper(),))
        assert template.jurisdiction == ("eu" if name == "bg" else "other")
        assert list(template.below_floor()) == []
        assert not template.deviations
        for told in (template.controller, template.dpo, template.supervisor, template.approver):
            assert told.name == "to be confirmed"


def test_every_profile_that_is_shipped_chooses_the_strict_value_everywhere() -> None:
    for name in ("eu", *TEMPLATES):
        told = load_profile(name)
        assert told.id == name
        assert not told.confirmed
        assert told.controller.id == "to-be-named"
        assert told.dpo.person == ("to-be-named" if name == "eu" else "to-be-confirmed")
        assert told.approver.kind == "independent_authority"
        assert dict(told.feeds) == dict.fromkeys(("PAXLST", "PNRGOV", "PNR-XML", "CSV"), ("law_enforcement",))
        assert (told.period_class, told.late, told.review.depth) == ("S", "screen_and_hold", "every_match")
        assert not told.review.four_eyes_all
        assert told.intra_area.selections == ()


def test_the_area_of_the_union_is_its_27_states() -> None:
    told = load_profile("eu").intra_area.countries
    assert "".join(sorted(told)) == "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK"
    assert set(load_profile("bg").intra_area.countries) == set(told)


def test_the_languages_of_each_template_are_those_of_its_state() -> None:
    told = {name: load_profile(name).languages for name in TEMPLATES}
    two = {"mk": ("mk", "sq"), "xk": ("sq", "sr"), "ba": ("bs", "hr", "sr")}
    one = {"al": "sq", "am": "hy", "az": "az", "bg": "bg", "ge": "ka", "md": "ro", "me": "cnr", "rs": "sr", "tr": "tr",
           "ua": "uk"}  # fmt: skip
    assert told == two | {name: (language,) for name, language in one.items()}
    assert load_profile("eu").languages == load_profile("demo").languages == ("en",)


def test_the_exercise_serves_law_enforcement_alone_and_flights_inside_the_union_too() -> None:
    demo = load_profile("demo")
    assert (demo.id, demo.confirmed, demo.dpo.person, demo.approver.kind) == ("demo", False, "dpo-1", "court")
    assert set(demo.feeds.values()) == {("law_enforcement",)}
    assert len(demo.feeds) == 4
    assert demo.intra_area.countries == ()
    assert not demo.review.four_eyes_all


def test_a_template_tells_what_was_found_of_its_law_and_how_well_it_is_known() -> None:
    told = {name: "".join(one.evidence for one in load_profile(name).known) for name in TEMPLATES}
    assert told == {
        "al": "SSS", "am": "", "az": "", "ba": "TSS", "bg": "M", "ge": "T", "md": "TTS", "me": "S", "mk": "SS",
        "rs": "SS", "tr": "S", "ua": "S", "xk": "S",
    }  # fmt: skip


def test_an_eu_profile_that_names_no_area_is_refused() -> None:
    text = EU[: EU.index("intra_area:")]
    with pytest.raises(RuleFault, match="SCR-11") as fault:
        Profile.from_text(text, "p.yaml")
    assert fault.value.where.startswith("p.yaml:7:")
    assert (
        Profile.from_text(text.replace("jurisdiction: eu", "jurisdiction: other"), "p.yaml").intra_area.countries == ()
    )


@pytest.mark.parametrize("chosen", ["", "threat: true, routes: [SOF-VIE]", "routes: [SOFVIE]", "routes: [sof-vie]"])
def test_a_decision_on_flights_inside_the_union_names_a_threat_or_routes(chosen: str) -> None:
    decision = f"{{basis: A decision, decided_on: 2026-11-01, valid_until: 2027-01-31, {chosen}}}"
    with pytest.raises(RuleFault, match="selections"):
        Profile.from_text(f"{EU}  selections:\n    - {decision}\n", "p.yaml")


def test_no_feed_goes_to_the_border_domain_unless_a_profile_says_so() -> None:
    profile = load_profile()
    assert profile.domains("PAXLST") == profile.domains("PNRGOV") == profile.domains("PNR-XML") == ("law_enforcement",)
    assert profile.domains("CUSRES") == ()


def test_four_eyes_are_asked_for_a_named_list_or_for_all() -> None:
    named = Profile.from_text(EU.replace("four_eyes_all: false", "four_eyes_lists: [wanted]"), "p.yaml")
    assert named.four_eyes("wanted")
    assert not named.four_eyes("other")
    everywhere = Profile.from_text(EU.replace("four_eyes_all: false", "four_eyes_all: true"), "p.yaml")
    assert everywhere.four_eyes("other")


def test_an_unknown_profile_names_those_that_there_are() -> None:
    with pytest.raises(UsageFault, match="demo, eu, ge"):
        load_profile("atlantis")
    with pytest.raises(UsageFault, match="no profile file"):
        load_profile("nowhere.yaml")
