"""What is read once and kept for the next message: bare days and codes, never a text that may be anybody's."""

import gc
import weakref
from datetime import date

import pytest

from pnr_pipeline.intake.dates import birth_date, dtm_time, expiry_date
from pnr_pipeline.intake.pnrgov_booking import moment
from pnr_pipeline.intake.pnrgov_itinerary import read_leg
from pnr_pipeline.intake.pnrgov_payment import short_code
from pnr_pipeline.records.countries import alpha3
from pnr_pipeline.records.places import airport
from pnr_pipeline.wire.edifact.segment import Segment

ON = date(2026, 1, 10)
READERS = {
    "birth": lambda text: birth_date(text, ON),
    "expiry": lambda text: expiry_date(text, ON),
    "time of a flight": dtm_time,
    "time of a booking": lambda text: moment(text, text),
    "country": alpha3,
    "airport": airport,
    "code of a payment": short_code,
    "place of a leg": lambda text: read_leg(Segment("TVL", ["TVL", ("100126", "0835"), text, text, text, text], 0)),
    "time of a leg": lambda text: read_leg(Segment("TVL", ["TVL", (text, text), "IST", "VIE", "TK", "1883"], 0)),
}


class Sent(str):
    """A text whose end can be seen."""


@pytest.mark.law("ING-2")
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("text", ["EXAMPLE/PERSON", "31JAN1980 EXAMPLE", "EXAMPLEPERSON AT HOTEL", "X" * 70])
def test_no_text_outlives_its_reading(read, text):
    sent = Sent(text)
    end = weakref.ref(sent)
    read(sent)
    del sent
    gc.collect()
    assert end() is None
