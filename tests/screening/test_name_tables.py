"""The tables of names mean what the languages mean: what is lost from one is missed here.

The names stand in `tests/vectors/names/` and are read by the engine, be it by a table or by a rule of spelling.
"""

from pathlib import Path

import pytest

from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.screening.name_forms import WordForms
from pnr_pipeline.screening.name_frequencies import NameFrequencies
from pnr_pipeline.screening.names import NameReader
from pnr_pipeline.screening.rules import NameForms, NameWords
from pnr_pipeline.stores.rule_files import rule_texts

VECTORS = Path(__file__).parents[1] / "vectors" / "names"
TEXTS = rule_texts("screening")


@pytest.fixture(scope="module")
def forms_of():
    name = "rules/screening/name_forms.yaml"
    return WordForms(read_rule(TEXTS[name], name, NameForms)).of


@pytest.fixture(scope="module")
def reader():
    words, forms = "rules/screening/name_words.yaml", "rules/screening/name_forms.yaml"
    return NameReader(read_rule(TEXTS[words], words, NameWords), read_rule(TEXTS[forms], forms, NameForms))


def families(file: str) -> dict[str, list[str]]:
    """From the name in full, or as others are read, to its forms; lines that begin with blanks go on."""
    told: dict[str, list[str]] = {}
    head = ""
    for line in (VECTORS / file).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            head, _, line = line.partition(":")
        told.setdefault(head, []).extend(line.split())
    return told


def test_spellings_of_one_name_are_read_as_one_name(forms_of):
    found = families("one_name.txt")
    assert not [(head, one) for head, spelled in found.items() for one in spelled if head not in forms_of(one).forms]


def test_a_short_form_tells_the_name_in_full_that_it_stands_for(forms_of):
    found = families("short_forms.txt")
    assert not [(head, one) for head, short in found.items() for one in short if head not in forms_of(one).in_full]


def test_an_arabic_word_is_read_with_its_vowels_before_anything_else_and_so_it_is_behind_the_article(forms_of):
    found = families("vowelled.txt")
    words = [word for told in found.values() for word in told]
    for head, told in found.items():
        for word in told:
            alike = words.count(word)
            assert head in forms_of(word).forms[:alike], word
            if len(word) > 2 and not word.startswith(("ا", "أل", "إل")):
                assert head in forms_of(f"ال{word}").forms[:alike], word


HABITS = """
    MAERTIN MARTIN, MOELLAR MOLLAR, MUEHLBERG MUHLBERG, MPOUZAN BOUZAN, NTELAN DELAN, GKOUMAN GOUMAN,
    CHATZILAKIS HATZILAKIS, AGGELIDIS ANGELIDIS, MPAMPALIS BAMBALIS, NTANTALIS DANDALIS, XHAFERAJ DZAFERAJ,
    GJOKAJ DJOKAJ, XHEQAJ DZECAJ, XHITHAJ DZITAJ, GJADHAJ DJADAJ, QEMALAJ CEMALAJ, QULUBOV GULUBOV, DZHANADZE JANADZE,
    DJANOV JANOV, DJUKICEV DUKICEV, CAVIDZADE JAVIDZADE, CELILOV JELILOV, CINGOV JINGOV, COSKUNOV JOSKUNOV,
    CUMAYEV JUMAYEV, XOSHIMOV KHOSHIMOV, HAKHENKO GAKHENKO, HASHENKO GASHENKO, HACHENKO GACHENKO, HAZHENKO GAZHENKO,
    SOLOVYOV SOLOVEV, SOLOVIOV SOLOVEV, SOLOVJOV SOLOVEV, SOLOVYOVA SOLOVEVA, SOLOVIOVA SOLOVEVA, SOLOVJOVA SOLOVEVA,
    PETIKYAN BEDIGYAN, KHATIKYAN KHADIGYAN, GHATIKYAN GHADIGYAN, SHATIKYAN SHADIGYAN, CHATIKYAN CHADIGYAN,
    ZHATIKYAN ZHADIGYAN, TSATIKYAN DZADIGYAN, DZATIKYAN TSADIGYAN, BATIKYAN PADIGYAN, DAVIDYAN TAVITYAN,
    GRIGYAN KRIKYAN
"""
"""Invented surnames by the habits of two States: German, Greek, Albanian, Azerbaijani, Ukrainian, Armenian."""


@pytest.mark.parametrize("pair", HABITS.split(","), ids=str.strip)
def test_a_surname_of_one_state_is_read_as_another_state_spells_it(forms_of, pair):
    one, other = pair.split()
    assert other in forms_of(one).forms


BORNE = """
    albanian 1190 1100 820, serbian 1045 3010 2450, bosnian 755 1200 1030, croatian 375 1420 1240,
    macedonian 422 1470 980, bulgarian 2500 3030 1740, romanian 875 2660 2330, greek 462 6130 3860,
    turkish 1233 2230 2040, ukrainian 279 4400 3630, russian 1055 5110 4440, georgian 419 3180 2870,
    armenian 1395 2130 1690, azerbaijani 2770 1400 1050, arabic 1675 3680 1910, iranian 880 2900 2010,
    south_asian 2135 1740 630, chinese 5670 780 740, korean 7785 320 300, vietnamese 8220 2220 3900,
    german 450 1780 1460, italian 335 2030 1520, french 221 1850 1720, iberian 3015 4320 4020,
    british 661 2090 1230, nordic 3360 1360 1150, polish 349 2710 2970, dutch 453 1760 1520, caucasian 1450 1410 1190
"""
"""Of 10,000 people, men, and women of a population: how many bear one of its commonest names. Three quarters of Koreans
share a few surnames, one Croat in thirty; most Greek men have one of a few given names."""


@pytest.mark.law("SCR-4")
def test_the_commonest_names_of_a_population_are_borne_by_the_share_that_is_known_of_it():
    name = "rules/screening/name_frequencies.yaml"
    frequencies = read_rule(TEXTS[name], name, NameFrequencies)
    told = {
        population: " ".join(str(sum(kind.values())) for kind in (names.surnames, names.male, names.female))
        for population, names in frequencies.populations.items()
    }
    assert told == dict(row.strip().split(" ", 1) for row in BORNE.strip().split(","))
    assert frequencies.bearers(["HOXHA"]) == 180  # of a sample of 20,000
    assert not frequencies.confirmed


WORDS = {
    "titles": """
        MR MRS MS MISS MSTR MSTER MASTER MDM MADAM SIR DR PROF PROFESSOR DOCTOR REV CHD INF CAPT MGR JUDR
        MUDR PHDR RNDR PHD MSC BSC GOSPODIN GOSPODJA GOSPOGJA BAY BAYAN HERR FRAU SRA SRTA MME MLLE KYRIOS
        KYRIA ZOTI ZONJA د دكتور الدكتور دکتر المهندس ПРОФ
    """,
    "honorifics": """
        SHEIKH SHAYKH SHEIK CHEIKH SHAIKH HAJJI HAJI HADJI HAJJ HADJ ALHAJI MULLAH MULLA MAULAVI MAWLAWI
        MAULVI MOLAVI MAULANA QARI USTAD AYATOLLAH MUFTI IMAM LADY LORD COL GEN LT MAJ SGT BRIG RT IR HR DON
        DONA PAN PANI BEY BEG AGHA DATO DATUK DAME HON ENG ING
    """,
    "salutations": """
        MR MRS MS MISS MSTR CHD INF DR PROF
    """,
    "glued_titles": """
        MSTR MISS PROF MRS CHD INF SIR MR MS DR
    """,
    "particles": """
        AL EL UL UR UD AD AR AS AT AZ ED EN ES ASH ESH ET EZ EDDINE EDDIN ADDIN UDDIN BIN BEN BINT BINTI
        BENT IBN IBNI OULD WALAD AG AIT ABU ABOU ABO ABI BU BOU UMM OUM ABD OGLU OGLI OGLY OGHLU UGLI UULU
        ULY QIZI KIZI GIZI GYZY KYZY KYZI DE DA DO DOS DAS DEL DELLA DI DU DES LA LE LOS LAS VAN VON VOM DEN
        DER TEN TER ZU ZUM ZUR OF THE AF AV NEE BORN GEB NEA ROZ RODJENA RODENA FORMERLY
    """,
    "generations": """
        JR SR JUN SEN JUNIOR SENIOR II III IV FILHO NETO FILS PERE ML ST
    """,
    "placeholders": """
        FNU LNU XXX XX NONAME NONAMEGIVEN NAMENOTGIVEN UNKNOWN NFN NLN NMN TBA TBD TBN UNNAMED GRP GROUP PAX
        TESTPAX DUMMY
    """,
    "patronymics": """
        OVICH EVICH OVYCH EVYCH OVNA EVNA IVNA ICHNA OVICZ OGLU OGLY OGLI OGHLU UGLI QIZI KIZI GIZI GYZY
        KYZY UULU
    """,
}
"""What stands in name fields and names nobody or little: AIRIMP, Doc 9303, and the usage of the languages."""


def written(name) -> list[str]:
    return [part.written for part in name.parts]


def test_a_title_behind_a_given_name_is_no_part_of_it(reader):
    for word in WORDS["titles"].split():
        assert written(reader.traveller("PETROV", f"IVAN {word}")) == ["PETROV", "IVAN"], word


def test_a_salutation_alone_is_no_given_name(reader):
    for word in WORDS["salutations"].split():
        assert written(reader.traveller("PETROV", word)) == ["PETROV"], word


def test_a_filler_for_a_missing_surname_is_no_name(reader):
    for word in WORDS["placeholders"].split():
        assert written(reader.traveller(word, "IVAN")) == ["IVAN"], word


def test_a_title_glued_to_a_given_name_is_read_without_it_too(reader):
    for word in WORDS["glued_titles"].split():
        assert "ANASTASIJ" in reader.traveller("PETROVA", f"ANASTASIJ{word}").parts[-1].readings, word


@pytest.mark.parametrize(
    ("words", "given", "kind"),
    [
        ("honorifics", "IVAN {}", "honorific"),
        ("particles", "IVAN {}", "particle"),
        ("generations", "IVAN {}", "generation"),
        ("patronymics", "IVAN XANAD{}", "patronymic"),
    ],
)
def test_each_word_that_documents_often_leave_out_is_known_by_its_kind(reader, words, given, kind):
    for word in WORDS[words].split():
        assert reader.traveller("PETROV", given.format(word)).parts[-1].kind == kind, word
