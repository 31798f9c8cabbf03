"""One letter for every outcome, in the languages of the region (LED art. 12, 14 to 17; RGT-3)."""

import pytest

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.stores.rulebooks import load_profile, load_replies

REPLIES = load_replies().replies
LANGUAGES = "en sq bs sr-Latn sr-Cyrl mk tr bg ro uk ka hy az"


def test_there_is_a_letter_in_each_language_and_only_the_english_text_is_confirmed():
    assert {one.language: one.status for one in REPLIES} == {
        language: "confirmed" if language == "en" else "to be confirmed" for language in LANGUAGES.split()
    }


@pytest.mark.law("RGT-3", "RGT-4")
@pytest.mark.parametrize("one", REPLIES, ids=lambda one: one.language)
def test_each_letter_tells_date_annex_basis_rights_supervisor_and_officer_in_this_order(one):
    examined, annex, basis, rectified, remedies, officer = one.paragraphs
    assert "{case}" in one.subject
    assert "{asked}" in examined
    assert "{" not in annex + basis + rectified
    assert "2016/681" in basis
    assert "2016/680" in rectified and "16" in rectified
    assert all(article in remedies for article in ("15", "17", "52", "54", "{supervisor}"))
    assert "{dpo}" in officer and officer.endswith("{controller}")


@pytest.mark.law("RGT-3")
@pytest.mark.parametrize("language", LANGUAGES.split())
def test_a_letter_is_whole_once_it_is_written(language):
    letter = load_replies().letter(language, load_profile("demo"), "R-1", "2026-02-28")
    assert "R-1" in letter and "2026-02-28" in letter and "{" not in letter


def test_a_language_without_a_letter_is_refused():
    with pytest.raises(UsageFault, match="language"):
        load_replies().letter("xx", load_profile("demo"), "R-1", "2026-02-28")
