"""What each kind of evidence weighs, in log-odds, as it was fitted (docs/screening-weights.md): seen in matches.

A fit that is written anew changes figures here, and the change says by how much; nothing else may move them.
"""

import pytest
from invented_persons import NOW, person, register, traveller

from pnr_pipeline.records import Document
from pnr_pipeline.screening import Index, screen
from pnr_pipeline.screening.evidence import birth_date, document, nationality, sex
from pnr_pipeline.screening.match import compare

NAMES = [
    ("DRAGANOVIKJ/BLAGOJCHE", "DRAGANOVIKJ/BLAGOJCHE", 5.39),
    ("Драгановиќ/Благојче", "DRAGANOVIC/BLAGOJCE", 5.15),
    ("XHUVANAJ/TRIMOR", "XHUVANAI/TRIMOR", 6.29),
    ("PETIKARSKI/ZVONIMIR", "PETIKARZKI/ZVONIMIR", 4.97),
    ("KALANDAROV/BAHROM", "KALANDAROF/BAHRAM", 2.65),
    ("VARDOSANIDZE/KETEVAN", "VARDOSANIDSE/KETEVAN", 3.12),
    ("VARDOSANIDZE/KETEVAN", "VARTOSANITSE/KETEVAN", -9.6),
    ("مزهرة/قربيص", "MUZHIRA/GARBIS", 4.01),
    ("GOLUBOVSKI/DANIEL", "GOLUBOVSKI/DAN", 1.28),
    ("GOLUBOVSKI/MARCUS", "GOLUBOVSKI/M", 2.15),
    ("GOLUBOVSKI/MARCUS KLEMENTIN", "GOLUBOVSKI/M K", 5.72),
    ("SHEVARDNAKHISHVILI/KONSTANTINELLO", "SHEVARDNAKHISHVILI/KONSTANT", 2.81),
    ("WOJCIECHOWSKI/ALEKSANDRINA", "WOJCIECHOVSKY/ALEKSANDRINE", 4.47),
    ("AL TAWEEL/SAMIRAH", "ALTAWEEL/SAMIRAH", 8.51),
    ("BORISLAVOV/IVAYLO STANIMIR", "BORISLAVOV/IVAYLO", 2.67),
    ("BORISLAVOV/IVAYLO", "BORISLAVOV/IVAYLO STANIMIR", 0.29),
    ("BORISLAVOV/IVAYLO", "KRUMOVGRAD/IVAYLO", -20.29),
    ("BORISLAVOV/IVAYLO", "BORISLAVOV/ZDRAVKO", -15.7),
    ("BORISLAVOV/IVAYLO", "KRUMOVGRAD/ZDRAVKO", -54.72),
    ("BORISLAVOV/IVAYLO STANIMIR", "BORISLAVOV/ZDRAVKO KRUMEN", -26.05),
    ("BORISLAVOV/IVAYLO", "IVAYLO/BORISLAVOV", 3.36),
    ("BORISLAVOV/IVAYLO STANIMIR KOLEV", "BORISLAVOV/IVAYLO STANIMIR KOLEV", 13.49),
    ("HOXHA/ARBEN", "HOXHA/ARBEN", -2.96),
    ("DELACRUZ/MARIBEL ANGELINA", "DE LA CRUZ/MARI BELANGELINA", 4.28),
    ("PETROVSKI/ANASTASIJA ELENORA", "PETROVSKI/ELENORA KARAMFILKA", -4.96),
    ("DRAGANOVIKJ/BLAGOJCHE", "DRAGNOVIKJ/BLAGOICE", 3.05),
    ("KALENDEROGLU/FERIDUN", "KALANDAROGLI/FERIDUN", 2.2),
    ("KONSTANTINOVSKI/FERIDUN", "KOSTANTIRNOVSKI/FERIDUN", 1.46),
    ("GOLUBOVSKI/MARCUS KLEMENTIN ZVONIMIR FERDINAND", "GOLUBOVSKI/M K Z F", 12.86),
    ("GOLUBOVSKI/MARCUS KLEMENTIN ZVONIMIR FERDINAND QUIRINUS XAVERIUS", "GOLUBOVSKI/M K Z F Q X", 20.0),
]
"""Listed and asked, surname/given names; and what the names weigh beside fifty unlike ones: spelled alike, by another
script, by their sound, mistyped once or twice, vowels, short, initials, cut off, merged, swapped, a part more or less,
another surname, other given names, nothing alike, and common in a population."""


@pytest.fixture(scope="module")
def index(rules):
    entries = [person(f"e{at}", *listed.split("/")) for at, (listed, _, _) in enumerate(NAMES)]
    entries += [person(f"x{at}", f"FAMILIA{chr(65 + at % 26)}{chr(65 + at // 26)}", "PERSONA") for at in range(50)]
    return Index.build([(register(), "v1", entries)], rules)


@pytest.mark.law("SCR-4")
def test_each_way_in_which_two_names_meet_weighs_what_it_was_fitted_to(index):
    for at, (listed, asked, weight) in enumerate(NAMES):
        match = compare(traveller(*asked.split("/")), "wanted", f"e{at}", index, NOW)
        assert match.evidence[0].weight == pytest.approx(weight, abs=0.006), (listed, asked)


def test_before_any_evidence_one_in_a_hundred_thousand_is_listed_and_two_thresholds_part_the_queues(index):
    match = compare(traveller("HOXHA", "ARBEN"), "wanted", "e0", index, NOW)
    assert (match.prior, match.thresholds) == (-11.51, (0.0073655, 0.0000734))


@pytest.mark.parametrize(
    ("ours", "theirs", "weight"),
    [
        ("1975-03-09", "1975-03-09", 12.65),
        ("1975-01-01", "1975-01-01", 9.98),
        ("1975-03-09", "1975-09-03", 9.54),
        ("1975-03-09", "1975-03", 5.37),
        ("1975-03-09", "1975", 5.37),
        ("1976-03", "1975", -2.68),
        ("1975-04-09", "1975-03", 4.8),
        ("1976-03-09", "1975-03-09", 4.69),
        ("1975-04-09", "1975-03-09", 2.61),
        ("1975-03-19", "1975-03-09", 4.2),
        ("1951-12-24", "1975-03-09", -9.76),
    ],
)
def test_each_way_in_which_two_birth_dates_meet_weighs_what_it_was_fitted_to(rules, ours, theirs, weight):
    assert birth_date(ours, (theirs,), rules.weights.birth_date).weight == weight


def test_sex_nationality_and_document_weigh_what_they_were_fitted_to(rules):
    weights = rules.weights
    assert [sex("F", one, weights.sex).weight for one in ("F", "M")] == [0.0, -3.44]
    assert [nationality("SRB", (one,), weights.nationality).weight for one in ("SRB", "TUR")] == [0.79, -1.33]
    carried = (Document("P", "B0123456", "SRB"),)
    listed = [Document("P", "B0123456", "SRB"), Document("P", "B0123456", "TUR"), Document("P", "BO123456", "SRB")]
    assert [document(carried, (one,), weights.document).weight for one in listed] == [16.0, 1.0, 8.0]


@pytest.mark.parametrize("given", ["M K Z", "MARC KLEM ZVON"])
def test_who_is_booked_by_initials_or_cut_off_names_is_found_though_the_sex_is_another(rules, given):
    listed = person("e1", "GOLUBOVSKI", "MARCUS KLEMENTIN ZVONIMIR", gender="F")
    index = Index.build([(register(), "v1", [listed])], rules)
    assert [match.entry_id for match in screen([traveller("GOLUBOVSKI", given, sex="M")], index, NOW)] == ["e1"]
