"""Flights inside the Union: taken in only by a decision in force, else deleted unread (SCR-11)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from pnr_pipeline.law.profile import IntraArea, Profile, Selection
from pnr_pipeline.law.rules import Law
from pnr_pipeline.records import Domain, FlightLeg
from pnr_pipeline.records.places import airport


def is_taken_in(
    profile: Profile, law: Law, legs: Iterable[FlightLeg], now: datetime, domain: Domain = "law_enforcement"
) -> bool:
    """Whether a message about these legs may be kept at `now` (aware UTC).

    It may where one leg leaves the area, where a place of one is unknown, or where a decision in force selects one.
    Of the border domain no decision selects any: API data are never asked for inside the Union (ING-11).

    Messages without any leg (master crew lists, answers) are no matter of this rule.
    """
    told = list(legs)
    inside = [leg for leg in told if _is_inside(profile.intra_area, leg)]
    if len(inside) < len(told) or not told:
        return True
    return domain == "law_enforcement" and any(_is_selected(profile.intra_area, law, leg, now) for leg in inside)


def _is_inside(area: IntraArea, leg: FlightLeg) -> bool:
    origin, destination = airport(leg.origin), airport(leg.destination)
    if origin is None or destination is None:
        return False
    return origin.country in area.countries and destination.country in area.countries


def _is_selected(area: IntraArea, law: Law, leg: FlightLeg, now: datetime) -> bool:
    ends = {f"{leg.origin}-{leg.destination}", f"{leg.destination}-{leg.origin}"}
    return any(
        in_force(selection, law, now) and (selection.threat or ends & set(selection.routes))
        for selection in area.selections
    )


def in_force(selection: Selection, law: Law, now: datetime) -> bool:
    """Whether a decision holds: from its day to its last one, and no longer than until its review is due."""
    begins = datetime.combine(selection.decided_on, time(), UTC)
    review_due = law.value("eu.pnr.intra_eu_review", selection.decided_on).period.after(begins)
    return begins <= now < review_due and now.date() <= selection.valid_until
