"""PNRGOV EDIFACT, releases 10.1 to 18.1, read by one tolerant grammar: segments in, travellers and bookings out.

Two rules keep a traveller where a segment is missing: a TIF that no open group can hold is a traveller, and a locator
of another booking that begins like one opens a booking without SRC. Each segment is visited once. What Annex I does
not name is counted and gone before any record exists (ING-2, ING-3, ING-4).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pnr_pipeline.intake import pnrgov_booking_groups as booking
from pnr_pipeline.intake import pnrgov_journey_groups as journey
from pnr_pipeline.intake import pnrgov_traveller_groups as traveller
from pnr_pipeline.intake.content import Content, MessageHead
from pnr_pipeline.intake.pnrgov_close import flights_of, mark_no_shows, note_counts
from pnr_pipeline.intake.pnrgov_state import State
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.wire.edifact.segment import Segment

_READERS: Final[dict[str, Callable[[State, Segment], None]]] = {
    "MSG": booking.msg, "EQN": booking.eqn, "SRC": booking.src, "RCI": booking.rci, "DAT": booking.dat,
    "ORG": booking.org, "ADD": booking.add, "EBD": booking.ebd, "IFT": booking.ift, "TKT": booking.tkt,
    "MON": booking.mon, "FOP": booking.fop,
    "TIF": traveller.tif, "FTI": traveller.fti, "REF": traveller.ref, "FAR": traveller.far, "SSR": traveller.ssr,
    "TVL": journey.tvl, "TRA": journey.tra, "RPI": journey.rpi, "TRI": journey.tri, "SSD": journey.ssd,
    "TBD": journey.tbd, "ABI": journey.abi, "SAC": journey.sac, "LTS": journey.lts,
}  # fmt: skip
_PASSED_OVER: Final = frozenset(("UNH", "UNT", "APD", "PTK", "TXD"))
"""The envelope, and what Annex I names but no record has need of: equipment, ticketing limits, taxes."""


def read_pnrgov(segments: Sequence[Segment], head: MessageHead, rulebook: Rulebook, now: datetime) -> Content:
    """Travellers and bookings of one PNRGOV message.

    `segments` are those between UNH and UNT, which may stand among them; `now` (UTC) decides centuries where no flight
    does. Never raises for any segments. Travellers are numbered in the order of their bookings, infants that only a
    request names behind the others of their booking. `flights[0]` is the leg of the header; the leg that most bookings
    travel on follows where the header's is in none of them.

    Raises RuleFault if the rulebook holds no rules of intake.
    """
    state = State(segments, head, rulebook, now)
    readers = {tag: read for tag, read in _READERS.items() if tag in state.draft.rules.segments}
    for state.at, segment in enumerate(segments):
        tag = segment.tag
        read = readers.get(tag)
        if read is not None:
            read(state, segment)
        elif tag not in _PASSED_OVER:
            state.draft.drop(state.draft.rules.counted_as(tag))
    state.end_booking()
    flights = flights_of(state.draft, state.legs, state.bookings)
    state.draft.pools.close(state.travellers)
    mark_no_shows(state.draft, head, state.travellers, state.bookings, state.legs)
    note_counts(state.draft, head, state.bookings_told, len(state.bookings))
    state.draft.close()
    return Content(
        function=state.function,
        flights=flights,
        travellers=tuple(state.travellers),
        bookings=tuple(state.bookings),
        findings=state.draft.findings,
        dropped=state.draft.dropped,
        total=state.bookings_told,
    )
