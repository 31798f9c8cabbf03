"""Baggage pools (TBD C686): who is the head (HP) of a pool, and with whose bags a member's (MP) travel.

A member names its head by ticket number or check-in sequence, or not at all where the booking has one head only. The
head may be in another booking of the same message.
"""

import msgspec

from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.intake.ssr import normal_sequence
from pnr_pipeline.records.traveller import Traveller


class Pools:
    """The pools of one message. Weights and tags stay with the person in whose TBD they stand."""

    __slots__ = ("_heads", "_members")

    def __init__(self) -> None:
        self._heads: dict[str, int] = {}
        self._members: list[tuple[int, str]] = []

    def settle(self, persons: list[Person]) -> None:
        """Join the members of one booking to their heads; its persons have their ordinals."""
        pooled = [(person, person.bags) for person in persons if person.bags is not None and person.bags.pool]
        heads = [person for person, bags in pooled if bags.pool == "HP"]
        for person, bags in pooled:
            if bags.pool == "HP":
                for key in (bags.pool_reference, normal_sequence(person.sequence), *person.tickets):
                    if key:
                        self._heads.setdefault(key, person.ordinal)
                continue
            key = bags.pool_reference
            others = [one for one in persons if one is not person]
            named = [one for one in others if key and (key in one.tickets or key == normal_sequence(one.sequence))]
            if key and not named:
                named = [one for one in heads if one.bags and one.bags.pool_reference == key]
            elif not key:
                named = heads
            if len(named) == 1:
                person.pooled_with = named[0].ordinal
            elif key:
                self._members.append((person.ordinal, key))

    def close(self, travellers: list[Traveller]) -> None:
        """Join those whose head is in another booking."""
        for ordinal, key in self._members:
            head = self._heads.get(key)
            if head is None:
                holders = [one.ordinal for one in travellers if key in one.tickets]
                head = holders[0] if len(holders) == 1 else None
            if head is not None and head != ordinal:
                travellers[ordinal - 1] = msgspec.structs.replace(travellers[ordinal - 1], pooled_with=head)
