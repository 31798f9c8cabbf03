"""What the store hands out of a traveller asks first who reads, why, in which case; looked at in the code itself."""

import inspect
import typing

import msgspec
import pytest

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.records import Booking, Hit, Match, Received, Traveller
from pnr_pipeline.records.same_person import Person
from pnr_pipeline.review import Decision
from pnr_pipeline.stores.sql.audit_log import AuditLog
from pnr_pipeline.stores.sql.dead_letters import DeadLetter
from pnr_pipeline.stores.sql.exclusion_sample import Judgement
from pnr_pipeline.stores.sql.orders import Orders
from pnr_pipeline.stores.sql.retention_desk import Retention
from pnr_pipeline.stores.sql.rights import Rights
from pnr_pipeline.stores.sql.store import Store

TELLS_OF_PEOPLE = (Traveller, Person, Booking, Match, Hit, Received, DeadLetter)
SAYS_WHO_AND_WHY = (Access, Decision, Judgement)
"""A decision and a judgement name the person and are written down with their case in the transaction they are."""


BEFORE_ANYBODY_SEES = {"open_receipt"}
"""A carrier's sealed receipt, opened by the pipeline for itself: it is shown to nobody, and its commit is noted."""


def tells_of_people(told: object, seen: frozenset[object] = frozenset()) -> bool:
    """Whether a value of this type may hold something of a traveller."""
    if told in TELLS_OF_PEOPLE:
        return True
    if told in seen or told is None:
        return False
    inner = list(typing.get_args(told))
    if isinstance(told, type) and (issubclass(told, msgspec.Struct) or hasattr(told, "__dataclass_fields__")):
        inner += typing.get_type_hints(told).values()
    return any(tells_of_people(one, seen | {told}) for one in inner)


def without_purpose(offered: type) -> list[str]:
    """The public methods that may return something of a traveller and ask nobody why."""
    found = []
    for name, method in inspect.getmembers(offered, inspect.isfunction):
        if name.startswith("_") or name in BEFORE_ANYBODY_SEES:
            continue
        hints = typing.get_type_hints(method)
        asked = [one for told in hints.items() if told[0] != "return" for one in (told[1], *typing.get_args(told[1]))]
        if tells_of_people(hints.get("return")) and not any(one in SAYS_WHO_AND_WHY for one in asked):
            found.append(name)
    return found


@pytest.mark.law("SCR-1", "LOG-2")
@pytest.mark.parametrize("offered", [Store, Orders, Rights, AuditLog, Retention])
def test_nothing_of_a_traveller_is_returned_without_person_purpose_and_case(offered):
    assert without_purpose(offered) == []


def test_a_read_without_them_is_found():
    class Careless:
        def look(self, hit_id: str) -> dict[str, list[Hit]]: ...

        def count(self) -> int: ...

        def see(self, access: Access) -> Traveller: ...

    assert without_purpose(Careless) == ["look"]


@pytest.mark.law("SCR-1")
@pytest.mark.parametrize("purpose", ["", "d", "admin", "intelligence"])
def test_a_purpose_is_of_the_closed_list_and_has_no_default(purpose):
    with pytest.raises(UsageFault):
        Access("officer-7", purpose, "case-7")
    with pytest.raises(TypeError):
        Access("officer-7")
