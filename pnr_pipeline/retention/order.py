"""The order without which nothing is searched or disclosed once purpose (a) is over, and nothing is unmasked.

Two signed files travel: the unit's request and the approver's answer, each JSON, Ed25519 over canonical bytes. Here is
what they hold and when they are good (DIS-2, DIS-3, DIS-4; C-817/19 ¶214-226, 240-247); keys and boxes are in `stores`.
"""

import hashlib
from datetime import datetime
from typing import Literal

import msgspec

from pnr_pipeline.audit.signed_form import is_signed, signed_form
from pnr_pipeline.errors import OrderFault, UsageFault
from pnr_pipeline.law.staff import May, Staff
from pnr_pipeline.retention.archive_scope import Search, check_search

_REQUEST = b"pnr-pipeline order request 1\n"
_ANSWER = b"pnr-pipeline order answer 1\n"

OrderAct = Literal["unmask", "disclose", "search", "transfer", "rights"]
"""What is asked for. `search` includes a screening of the archive; `rights` is a person's own request (LED art. 14):
look-ups in the index of masked records, and what is opened for the answer."""


class Subject(msgspec.Struct, frozen=True):
    """One record or hit, and the key period it is sealed under."""

    id: str
    period: str


class LookUp(msgspec.Struct, frozen=True):
    """One question to the index of masked records: keyed by the unit, so that the approver learns no name."""

    period: str
    blinded: str


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit asks the approver, in one case (DIS-2).

    `facts` are the grounds in words, `scope` the persons meant and the days (`first` to `last`) of their data.
    `subjects` are the only ones that an answer can open; a search of the archive has `search` in their place. `boxes`
    hold k_approver of their periods, `request_key` is the X25519 key, of this request alone, that the halves are sealed
    to. `recipient` is the partner abroad of a transfer (PNR art. 9 to 11). Bytes are in hex, times aware UTC.
    """

    order_id: str
    act: OrderAct
    case: str
    offence: str
    air_link: str
    facts: str
    scope: str
    first: str
    last: str
    subjects: tuple[Subject, ...]
    lookups: tuple[LookUp, ...] = ()
    search: Search | None = None
    boxes: dict[str, str] = {}
    requester: str
    requested_at: datetime
    urgent: bool = False
    request_key: str
    recipient: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What is signed."""
        return signed_form(_REQUEST, self)

    @property
    def digest(self) -> str:
        """SHA-256 of what is signed, in hex: an answer names the very request it is about."""
        return hashlib.sha256(self.signed_bytes()).hexdigest()


class OrderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the approver decided, until when it holds, and in `box` the halves, sealed to the request's key."""

    order_id: str
    digest: str
    approver: str
    decision: Literal["approved", "refused"]
    why: str
    decided_at: datetime
    valid_until: datetime
    box: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What is signed."""
        return signed_form(_ANSWER, self)


def check_request(request: OrderRequest, staff: Staff, offences: frozenset[str]) -> None:
    """What both sides ask of a request; OrderFault, with the clause, where it does not hold.

    Every field that DIS-2 names is filled, it concerns something, the requester is of the staff and signed these bytes.
    """
    told = ("case", "facts", "scope", "first", "last")
    for field in told if request.act == "rights" else (*told, "offence", "air_link"):
        if not getattr(request, field).strip():
            raise OrderFault(f"the request tells no {field}: reasoned, in one case (DIS-2, C-817/19 ¶215-220)")
    if (request.act == "transfer") is not bool(request.recipient):
        raise OrderFault("a transfer, and nothing else, names its one recipient: --recipient (DIS-5, DIS-6, DIS-7)")
    if request.act != "rights" and request.offence not in offences:
        raise OrderFault("the offence is not of Annex II, nor terrorism (SCR-2)")
    if (request.search is not None) != (request.act == "search"):
        raise OrderFault("a search tells whom it is for, and nothing else does (DIS-2)")
    if request.search:
        check_search(request.search, request.first, request.last)
    elif not (request.subjects or request.lookups):
        raise OrderFault("the request names no record: case by case (DIS-2)")
    if len({one.id for one in request.subjects}) < len(request.subjects):
        raise OrderFault("a record stands twice in the request")
    if request.first > request.last:
        raise OrderFault("the period of the request ends before it begins (DIS-2)")
    try:
        staff.admit(request.requester, may_ask(request.act), request.requested_at.date())
        if request.urgent:
            staff.admit(request.requester, "urgent", request.requested_at.date())
    except UsageFault as fault:
        raise OrderFault(str(fault)) from None
    key = staff.public_key(request.requester)
    if key is None or not is_signed(key, request.signature, request.signed_bytes()):
        raise OrderFault("the request was changed, or its requester did not sign it (DIS-3)")


def may_ask(act: OrderAct) -> May:
    """What a person must be allowed to, to ask for this."""
    return "rights" if act == "rights" else "request"


def check_answer(request: OrderRequest, answer: OrderAnswer, staff: Staff, now: datetime) -> None:
    """Whether the answer is one to this request, by a third party, and still holds; OrderFault where not (DIS-3)."""
    if answer.order_id != request.order_id or answer.digest != request.digest:
        raise OrderFault("the answer is to another request, or the request was changed after it (DIS-3)")
    check_approver(answer.approver, request.requester, staff, answer.decided_at)
    key = staff.public_key(answer.approver)
    if key is None or not is_signed(key, answer.signature, answer.signed_bytes()):
        raise OrderFault("the answer was changed, or its approver did not sign it (DIS-3)")
    if answer.decided_at < request.requested_at:
        raise OrderFault("the answer is older than its request (DIS-3)")
    if answer.decision == "approved" and now >= answer.valid_until:
        raise OrderFault("the order has expired: ask for a new one (DIS-3)")


def check_approver(approver: str, requester: str, staff: Staff, at: datetime) -> None:
    """A third party to who asks, from outside the unit; OrderFault for anybody else (C-817/19 ¶226)."""
    if approver == requester:
        raise OrderFault("nobody approves their own request (DIS-3, C-817/19 ¶226)")
    try:
        staff.admit(approver, "approve", at.date())
    except UsageFault as fault:
        raise OrderFault(f"not an approver: {fault} (DIS-3)") from None
