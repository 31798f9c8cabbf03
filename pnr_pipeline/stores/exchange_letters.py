"""Letters to and from partners abroad: contents sealed to one key, the envelope signed by another (PNR art. 9 to 11).

Signed over the ciphertext, and the box bound to sender, recipient and id: whoever takes the signature off and puts
another on cannot pass what is in it off as theirs.
"""

import base64
import binascii
import secrets
from datetime import datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pnr_pipeline.audit.signed_form import is_signed, signed_form
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.law.partners import Exchange, Partner
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.exchange import CONTENTS, Contents, ExchangeLetter, LetterKind
from pnr_pipeline.stores.seal import Sealer
from pnr_pipeline.stores.sealed_box import open_box, seal_box

_LETTER = b"pnr-pipeline exchange letter 1\n"
_CARD = b"pnr-pipeline exchange card 1\n"

MOST_BYTES = 16 << 20
"""Of a letter: some thousand persons with their matches."""
_MOST_AHEAD = timedelta(minutes=10)
_MOST_AGE = timedelta(days=90)
"""A letter that comes later is sent anew; ids of letters are remembered for longer."""


class ExchangeCard(msgspec.Struct, frozen=True):
    """What a unit gives its partners for their registers: its two public keys in hex, signed with the second."""

    own: str
    seals_with: str
    signs_with: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What is signed."""
        return signed_form(_CARD, self)


class ExchangeKeys:
    """The private keys of one party."""

    def __init__(self, sealing: bytes, signing: bytes) -> None:
        self._sealing, self._signing = sealing, Ed25519PrivateKey.from_private_bytes(signing)

    @classmethod
    def of(cls, sealer: Sealer) -> "ExchangeKeys":
        """Those of this deployment, made on first use."""
        return cls(sealer.named("exchange/sealing"), sealer.named("exchange/signing"))

    def card(self, own: str) -> ExchangeCard:
        """The public halves under the id `own`."""
        sealing = X25519PrivateKey.from_private_bytes(self._sealing).public_key().public_bytes_raw().hex()
        card = ExchangeCard(own, sealing, self._signing.public_key().public_bytes_raw().hex())
        return msgspec.structs.replace(card, signature=self._signing.sign(card.signed_bytes()).hex())

    def write(
        self, kind: LetterKind, contents: Contents, own: str, partner: Partner, now: datetime, *, answers: str = ""
    ) -> ExchangeLetter:
        """A letter to this partner, sealed and signed."""
        letter_id = secrets.token_hex(16)
        box = seal_box(
            bytes.fromhex(partner.seals_with), to_json(contents), _bound_to(own, partner.id, letter_id, kind)
        )
        letter = ExchangeLetter(
            letter_id=letter_id, kind=kind, sender=own, recipient=partner.id, sent_at=now, answers=answers,
            sealed=base64.b64encode(box).decode(),
        )  # fmt: skip
        return msgspec.structs.replace(letter, signature=self._signing.sign(_signed(letter)).hex())

    def open(self, letter: ExchangeLetter) -> Contents:
        """The contents of a letter to us that `verified` let pass; UsageFault where they are not what it says."""
        try:
            box = base64.b64decode(letter.sealed, validate=True)
            bound = _bound_to(letter.sender, letter.recipient, letter.letter_id, letter.kind)
            return msgspec.json.decode(open_box(self._sealing, box, bound), type=CONTENTS[letter.kind])
        except (StoreFault, binascii.Error):
            raise UsageFault(
                "the letter is not sealed to our key: its sender looks at our card (pnr exchange card)"
            ) from None
        except msgspec.MsgspecError:
            raise UsageFault(f"what is sealed in it is no {letter.kind}: schemas/exchange-*.schema.json") from None


def read_letter(body: bytes) -> ExchangeLetter:
    """The letter in this file; UsageFault where it is none."""
    if len(body) > MOST_BYTES:
        raise UsageFault(f"a letter has at most {MOST_BYTES >> 20} MiB")
    try:
        return msgspec.json.decode(body, type=ExchangeLetter)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UsageFault("no letter of an exchange: schemas/exchange-letter.schema.json") from None


def verified(letter: ExchangeLetter, register: Exchange, now: datetime) -> Partner:
    """The partner who wrote it; UsageFault for a stranger, a changed letter, another recipient, or a stale one.

    Whether it was taken in before, the store knows (`stores.sql.exchange`).
    """
    if letter.recipient != register.own or not register.own:
        raise UsageFault("the letter is to somebody else: `exchange.own` of the profile says who we are")
    partner = register.partner(letter.sender, now.date())
    if not is_signed(bytes.fromhex(partner.signs_with), letter.signature, _signed(letter)):
        raise UsageFault(f"the letter was changed, or {partner.id} did not sign it with the key in the profile")
    if letter.sent_at.tzinfo is None or letter.sent_at > now + _MOST_AHEAD:
        raise UsageFault("the letter is from the future: one of the two clocks is wrong")
    if now - letter.sent_at > _MOST_AGE:
        raise UsageFault(f"the letter is older than {_MOST_AGE.days} days: its sender writes it anew")
    if len(letter.letter_id) != 32 or not set(letter.letter_id) <= set("0123456789abcdef"):
        raise UsageFault("the id of the letter is not 32 hex digits")
    return partner


def _signed(letter: ExchangeLetter) -> bytes:
    return signed_form(_LETTER, letter)


def _bound_to(sender: str, recipient: str, letter_id: str, kind: str) -> bytes:
    return b"pnr-pipeline exchange box 1\n" + "\n".join((sender, recipient, letter_id, kind)).encode()
