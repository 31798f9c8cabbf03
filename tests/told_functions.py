"""Invented flights whose lists are changed by every function of a message, with who is on which list as known truth."""

from dataclasses import dataclass, field, replace

import msgspec
from hypothesis import strategies as st
from told_flights import GIVEN, SURNAMES, Flight, Truth

from pnr_pipeline.records import Traveller

OFF = ("745+XR", "745+RP", "266+CLNB")
NEWS = ("266+CL", "266+CF")


@dataclass
class Lists(Flight):
    """A flight, and who each source told, and lists when all its messages are there."""

    told: dict[str, set[int]] = field(default_factory=lambda: {"api": set(), "pnr": set()})
    on: dict[str, set[int]] = field(default_factory=lambda: {"api": set(), "pnr": set()})

    def list_api(self, people: list[Truth], function: str, *, in_full: bool = False) -> None:
        """A passenger list; cancellations and lists of those on board name by reference alone whom they can."""
        self.add("PAXLST", people, function=function)
        message = self.messages[-1]
        travellers = message.travellers
        if function in (*OFF, "266+CLOB"):
            travellers = tuple(_by_reference(one) for one in travellers)
        self.messages[-1] = msgspec.structs.replace(message, travellers=travellers, in_full=in_full)
        here = {one.number for one in people}
        self.told["api"] |= here
        if function in OFF:
            self.on["api"] -= here
        else:
            self.on["api"] = here if in_full or function == "266+CLOB" else self.on["api"] | here

    def push(self, people: list[Truth], function: str) -> None:
        """A push of bookings: all of them, or those that changed."""
        self.add("PNRGOV", people, function=function)
        here, locators = {one.number for one in people}, {one.locator for one in people}
        self.told["pnr"] |= here
        stay = set() if function == "22" else {one for one in self.on["pnr"] if LOCATORS[one % 2] not in locators}
        self.on["pnr"] = stay | here

    def cancel(self) -> None:
        """The flight does not take place."""
        self.add("PAXLST", [], function="266+XF")
        self.on = {"api": set(), "pnr": set()}


LOCATORS = ("KAB123", "KCD456")


@st.composite
def lists(draw: st.DrawFn) -> Lists:
    """A leg over four to eight messages of any function."""
    flight = Lists()
    people = [_someone(draw, number) for number in range(1, draw(st.integers(2, 5)) + 1)]
    for _ in range(draw(st.integers(4, 8))):
        people = draw(st.permutations(people))
        some = people[: draw(st.integers(1, len(people)))]
        function = draw(
            st.sampled_from(["22", "141", "745", "745 in full", "266+CLOB", "266+XF", "745+CP", *OFF, *NEWS])
        )
        if function in ("22", "141"):
            flight.push(some, function)
        elif function == "266+XF":
            flight.cancel()
        elif function in NEWS:
            flight.list_api([], function)
        elif function == "745+CP":
            changed = _changed(people[0])
            people = [changed, *people[1:]]
            flight.list_api([changed], function)
        else:
            flight.list_api(some, function.partition(" ")[0], in_full=function.endswith("full"))
    return flight


def _someone(draw: st.DrawFn, number: int) -> Truth:
    letters = "".join(chr(ord("A") + int(digit)) for digit in f"{number:03}")
    return Truth(
        number, f"{draw(st.sampled_from(SURNAMES))}{letters}", draw(st.sampled_from(GIVEN)), f"19{60 + number}-03-04",
        draw(st.sampled_from("MF")), f"U{number:07}", draw(st.sampled_from(["document", "reference"])),
        LOCATORS[number % 2],
    )  # fmt: skip


def _changed(one: Truth) -> Truth:
    """Another name; by reference, which cannot fail, another birth date and document too."""
    changed = replace(one, surname=f"{one.surname}OVA", given="MARRIED")
    return replace(changed, document=f"C{one.document[1:]}", born="1944-05-06") if one.told == "reference" else changed


def _by_reference(traveller: Traveller) -> Traveller:
    if not traveller.carrier_reference:
        return traveller
    return Traveller(traveller.ordinal, "passenger", carrier_reference=traveller.carrier_reference)
