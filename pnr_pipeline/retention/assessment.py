"""Until when a leg may be assessed in advance: purpose (a) ends at the scheduled moment (SCR-1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pnr_pipeline.law import Law, Profile
from pnr_pipeline.records import FlightLeg
from pnr_pipeline.records.places import airport, to_utc

_RULE = "eu.pnr.assessment_ends"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the advance assessment, aware UTC; `moment` says which scheduled time, `because` by which article."""

    at: datetime
    moment: Literal["arrival", "departure"]
    because: str


def assessment_deadline(profile: Profile, leg: FlightLeg, law: Law) -> Deadline | None:
    """Scheduled arrival of an inbound leg, scheduled departure of any other; None where no time can be placed.

    Inbound means that the destination lies in a home country, also when the origin does: then the State of arrival
    assesses. A leg that touches no home country ends with departure, the earlier moment; so does an inbound leg
    whose message tells no arrival. The article is that of the rule in force on the day.
    """
    arrival = to_utc(leg.arrival_local, leg.destination) if leg.arrival_local else None
    departure = to_utc(leg.departure_local, leg.origin) if leg.departure_local else None
    destination = airport(leg.destination)
    inbound = destination is not None and destination.country in profile.home_countries
    if inbound and arrival:
        return Deadline(arrival, "arrival", _because(law, arrival, "scheduled arrival of an inbound flight"))
    if departure:
        told = "scheduled departure, as no arrival is told" if inbound else "scheduled departure"
        return Deadline(departure, "departure", _because(law, departure, told))
    return None


def _because(law: Law, at: datetime, told: str) -> str:
    rule = law.in_force(_RULE, at.date())
    return f"{rule.because}: {told}" if rule else told


def is_late(deadline: Deadline | None, now: datetime) -> bool:
    """Whether purpose (a) is over at `now`; a leg whose scheduled moment is unknown counts as late (DIS-3)."""
    return deadline is None or now >= deadline.at
