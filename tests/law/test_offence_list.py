import pytest

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.stores.rulebooks import load_offences


@pytest.mark.law("SCR-2")
def test_the_list_is_annex_ii_and_terrorism_each_once() -> None:
    codes = [offence.code for offence in load_offences().offences]
    assert sorted(codes) == sorted(["terrorism", *map(str, range(1, 27))])


@pytest.mark.law("SCR-2")
def test_the_offences_with_a_direct_air_link_are_those_of_the_judgment() -> None:
    direct = {offence.code for offence in load_offences().offences if offence.air_link == "direct"}
    assert direct == {"2", "4", "5", "11", "23"}


@pytest.mark.law("SCR-2")
def test_the_broad_names_are_marked_as_those_defined_in_law_only() -> None:
    assert {one.code for one in load_offences().offences if one.defined_in_law_only} == {"7", "8", "10", "16"}


@pytest.mark.law("SCR-2")
def test_an_offence_outside_the_list_is_a_fault() -> None:
    with pytest.raises(RuleFault, match="SCR-2"):
        load_offences().offence("27")
    assert load_offences().offence("4").at == "Annex II no 4"
