"""Sensitive words as people write them, codes as carriers send them: each is known for what it tells (ING-4).

The phrases stand in `tests/vectors/sensitive/`, not in the rules: a word that is lost from the rules is missed here.
"""

from pathlib import Path

import pytest
import yaml

from pnr_pipeline.intake.sensitive import Sensitive, SensitiveCodesFile, SensitiveTermsFile
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.stores.rule_files import rule_texts

VECTORS = Path(__file__).parent.parent / "vectors" / "sensitive"
PHRASES = yaml.safe_load((VECTORS / "phrases.yaml").read_text("utf-8"))
TEXTS = rule_texts("intake")
TERMS = read_rule(TEXTS["rules/intake/sensitive-terms.yaml"], "sensitive-terms.yaml", SensitiveTermsFile)
CODES = read_rule(TEXTS["rules/intake/sensitive-codes.yaml"], "sensitive-codes.yaml", SensitiveCodesFile)


def knowing_only(language: str) -> Sensitive:
    """What is known of one language, without the words of others and without codes of services."""
    words = TERMS.model_copy(update={"languages": {language: TERMS.languages[language]}})
    return Sensitive(CODES.model_copy(update={"services": (), "unknown_services": ()}), words)


def test_the_phrases_are_of_the_languages_of_the_rules():
    assert set(PHRASES) == set(TERMS.languages)


@pytest.mark.law("ING-4")
@pytest.mark.parametrize("language", PHRASES)
def test_each_phrase_of_a_language_is_known_for_what_it_reveals(language):
    known = knowing_only(language)
    wrong = [
        phrase
        for klass, phrases in PHRASES[language].items()
        for phrase in phrases
        if (known.text(phrase), known.text(phrase.upper())) != (klass, klass)
    ]
    assert not wrong
