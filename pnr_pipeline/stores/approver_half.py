"""The approver's half of the keys of class L: what keeps the PIU alone from unmasking (DIS-3, DIS-4).

A record key of a two-sided part (`seal.TWO_SIDED`) is KDF(HMAC(k_PIU, id), HMAC(k_approver, id)). k_PIU is a key of the
period and part. k_approver is one more random key of the period (`L/2026-01-10/approver`): made when the first record
of that day is promoted, sealed at once to the X25519 key that the approver published for the month of receipt
(`ApproverCard`), and kept online until the day is masked. To destroy it then *is* the masking, one key for a whole
day; from that moment only the approver's machine can compute a half, and it gives halves of single records, on an
order. docs/unmasking.md has the argument and the attacks.
"""

import hmac
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pnr_pipeline.audit.signed_form import is_signed, signed_form
from pnr_pipeline.errors import StoreFault
from pnr_pipeline.stores.sealed_box import open_box, seal_box

_CARD = b"pnr-pipeline approver card 1\n"
_PERIOD = b"pnr-pipeline approver period 1\n"


class ApproverCard(msgspec.Struct, frozen=True):
    """What an approver publishes in advance: the key he signs with and, for each month of receipt, one to seal to.

    Keys are 32 bytes in hex, Ed25519 and X25519; `seals` is keyed `2026-01`. `signature` (hex) is over all the rest.
    """

    approver: str
    signing: str
    seals: dict[str, str]
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What is signed: JSON with sorted keys, without the signature."""
        return signed_form(_CARD, self)

    def seal_to(self, period: str) -> bytes:
        """The public key for the month in which `period` (`L/2026-01-10`) was received; StoreFault where none is."""
        month = month_of(period)
        if month not in self.seals:
            raise StoreFault(
                f"the approver has published no key for {month}: nothing can be kept beyond masking (DIS-4)"
            )
        return bytes.fromhex(self.seals[month])


def month_of(period: str) -> str:
    """`2026-01` of `L/2026-01-10`."""
    return period.partition("/")[2][:7]


def read_card(text: bytes) -> ApproverCard:
    """The card in this JSON; StoreFault where it is none or its signature is not that of the key in it."""
    try:
        card = msgspec.json.decode(text, type=ApproverCard)
    except msgspec.MsgspecError:
        raise StoreFault("not the card of an approver: `pnr approver init` writes one") from None
    if not is_signed(bytes.fromhex(card.signing), card.signature, card.signed_bytes()):
        raise StoreFault("the card of the approver was changed: its signature does not fit")
    return card


def signed_card(approver: str, key: Ed25519PrivateKey, seals: Mapping[str, bytes]) -> ApproverCard:
    """A card with its signature; `seals` are public keys by month."""
    public = key.public_key().public_bytes_raw().hex()
    card = ApproverCard(approver, public, {month: seals[month].hex() for month in sorted(seals)})
    return msgspec.structs.replace(card, signature=key.sign(card.signed_bytes()).hex())


def seal_period_key(card: ApproverCard, period: str, key: bytes) -> bytes:
    """k_approver of one period, as only the approver can open it."""
    return seal_box(card.seal_to(period), key, _PERIOD + period.encode())


def open_period_key(private: bytes, period: str, box: bytes) -> bytes:
    """What `seal_period_key` sealed, on the approver's machine; StoreFault for another period's box."""
    return open_box(private, box, _PERIOD + period.encode())


def half_of(period_key: bytes, subject: str) -> bytes:
    """HMAC(k_approver, id): the approver's half for one record or one hit, and for no other."""
    return hmac.digest(period_key, b"record\0" + subject.encode(), "sha256")


def lookup_of(period_key: bytes, blinded: bytes) -> bytes:
    """The approver's side of one look-up in a blind index; he sees neither the name nor what is found."""
    return hmac.digest(period_key, b"lookup\0" + blinded, "sha256")


def from_halves(own: bytes, theirs: bytes) -> bytes:
    """The record key: whoever lacks one of the two halves knows nothing of it."""
    return hmac.digest(theirs, b"pnr-pipeline record key 1\0" + own, "sha256")
