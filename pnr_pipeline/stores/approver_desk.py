"""The approver's tool: his keys, his own log, and halves of single records on his decision (DIS-3, DIS-4).

It runs on a machine of the court or the independent body. It knows no record and no database of the unit: it reads a
signed request and a copy of the signed staff file, and writes a signed answer.
"""

from datetime import date, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pnr_pipeline.errors import OrderFault
from pnr_pipeline.law import Law
from pnr_pipeline.law.staff import Staff
from pnr_pipeline.retention.order import OrderAnswer, OrderRequest, check_approver, check_request
from pnr_pipeline.stores.approver_half import (
    ApproverCard,
    half_of,
    lookup_of,
    month_of,
    open_period_key,
    signed_card,
)
from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.sealed_box import seal_box

_SIGNING = "approver/signing"


class ReleasedHalves(msgspec.Struct, frozen=True):
    """What an answer's box holds: by id of record or hit its half, by look-up its answer; bytes in hex."""

    halves: dict[str, str]
    lookups: tuple[str, ...] = ()


def release_bound_to(request: OrderRequest) -> bytes:
    """What the box of an answer is bound to: the request it answers."""
    return b"pnr-pipeline release 1\n" + request.digest.encode()


class ApproverDesk:
    """The desk of one approver over his own keystore; `answered` are the ids of the orders he decided before."""

    def __init__(self, approver: str, keystore: Keystore, answered: frozenset[str]) -> None:
        self._approver, self._keystore, self._answered = approver, keystore, answered

    def card(self, first: date, months: int) -> ApproverCard:
        """The card to publish: a signing key, and one to seal to for each of `months` months from that of `first`."""
        seals = {}
        for number in range(months):
            year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
            name = f"{year:04}-{month + 1:02}"
            private = X25519PrivateKey.from_private_bytes(self._keystore.create(f"approver/months/{name}"))
            seals[name] = private.public_key().public_bytes_raw()
        return signed_card(self._approver, self._signing(), seals)

    def decide(
        self, request: OrderRequest, *, approves: bool, why: str, staff: Staff, offences: frozenset[str], law: Law,
        now: datetime,
    ) -> OrderAnswer:  # fmt: skip
        """The signed answer. Halves are made for the records of the request and for nothing else.

        Raises OrderFault where the request does not hold, the approver is no third party or gives no reason, or where
        it was decided before: a second answer would be a second use.
        """
        check_request(request, staff, offences)
        check_approver(self._approver, request.requester, staff, now)
        if not why.strip():
            raise OrderFault("a decision gives its reason (C-817/19 ¶223)")
        if request.order_id in self._answered:
            raise OrderFault("this order was decided before: a new use asks for a new order (DIS-3)")
        expiry = law.value("eu.pnr.order_expiry", now.date()).period.after(now)
        box = self._released(request) if approves else b""
        answer = OrderAnswer(
            order_id=request.order_id,
            digest=request.digest,
            approver=self._approver,
            decision="approved" if approves else "refused",
            why=why.strip(),
            decided_at=now,
            valid_until=expiry,
            box=box.hex(),
        )
        return msgspec.structs.replace(answer, signature=self._signing().sign(answer.signed_bytes()).hex())

    def _released(self, request: OrderRequest) -> bytes:
        keys = {
            period: open_period_key(self._keystore.unwrap(f"approver/months/{month_of(period)}"), period,
                                    bytes.fromhex(box))
            for period, box in request.boxes.items()
        }  # fmt: skip
        released = ReleasedHalves(
            {one.id: half_of(keys[one.period], one.id).hex() for one in request.subjects if one.period in keys},
            tuple(lookup_of(keys[one.period], bytes.fromhex(one.blinded)).hex() for one in request.lookups),
        )
        return seal_box(bytes.fromhex(request.request_key), msgspec.json.encode(released), release_bound_to(request))

    def _signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keystore.create(_SIGNING))
