"""The vocabulary: frozen, typed records that every stage speaks.

Records are `msgspec` structs: as cheap as tuples on the hot path, frozen, with one JSON codec (`codec`)
and JSON Schemas generated from them (`schemas/`). Nothing here reads a clock, a file or a rule.
"""

from pnr_pipeline.records.answer import AnswerPoint, ReplyTo
from pnr_pipeline.records.booking import Booking, Contact, HistoryEntry, Payment, Ticket
from pnr_pipeline.records.finding import Finding, Severity
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.hit import Evidence, Hit, HitState, Match, NamePair, Screened, Verdict
from pnr_pipeline.records.message import LogPlace, Message, MessageKind, Received
from pnr_pipeline.records.traveller import Bags, Document, Name, Place, Role, Traveller
from pnr_pipeline.records.watchlist import Domain, EntryName, ListEntry, ListKind, ListRegistration

__all__ = [
    "AnswerPoint",
    "Bags",
    "Booking",
    "Contact",
    "Document",
    "Domain",
    "EntryName",
    "Evidence",
    "Finding",
    "FlightLeg",
    "HistoryEntry",
    "Hit",
    "HitState",
    "ListEntry",
    "ListKind",
    "ListRegistration",
    "LogPlace",
    "Match",
    "Message",
    "MessageKind",
    "Name",
    "NamePair",
    "Payment",
    "Place",
    "Received",
    "ReplyTo",
    "Role",
    "Screened",
    "Severity",
    "Ticket",
    "Traveller",
    "Verdict",
]
