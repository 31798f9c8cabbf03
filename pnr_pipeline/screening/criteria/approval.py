"""The approval of a criterion: by another than its author, of its very text, for twelve months at most (SCR-4)."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import fault_at
from pnr_pipeline.screening.criteria.attributes import Attributes
from pnr_pipeline.screening.criteria.rule import Criterion, read_criterion

PublicKeyOf = Callable[[str], bytes | None]
"""The Ed25519 public key (32 bytes) of an approver by id; None where there is none."""


class Approval(msgspec.Struct, frozen=True):
    """Who put which text in force, when (aware UTC) and why. `signature` (hex) is over all the rest."""

    criterion: str
    version: int
    digest: str
    approver: str
    why: str
    approved_at: datetime
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What is signed: JSON with sorted keys, without the signature."""
        told = {field: value for field, value in msgspec.structs.asdict(self).items() if field != "signature"}
        return b"pnr-pipeline criterion approval 1\n" + msgspec.json.encode(told, order="sorted")


class InForce(msgspec.Struct, frozen=True):
    """A criterion with the approval that puts it in force, and the text that was approved under its file's name."""

    criterion: Criterion
    approval: Approval
    name: str
    text: str


def canonical_text(text: str) -> bytes:
    """The text as it is signed: UTF-8, line ends `\\n`, nothing at the ends of lines and of the text."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines()).encode()


def digest_of(text: str) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical_text(text)).hexdigest()


def approve(
    text: str, name: str, attributes: Attributes, *, approver: str, why: str, key: Ed25519PrivateKey, now: datetime
) -> InForce:
    """The criterion in `text`, approved. `now` is aware UTC.

    Raises RuleFault where the text is refused, where author and approver are one person, where it is past, or where it
    would run for more than twelve months from now.
    """
    criterion = read_criterion(text, name, attributes)
    draft = Approval(criterion.id, criterion.version, digest_of(text), approver, why.strip(), now)
    signed = msgspec.structs.replace(draft, signature=key.sign(draft.signed_bytes()).hex())
    in_force = InForce(criterion, signed, name, text)
    _refuse_unfit(in_force, attributes, now.date())
    return in_force


def admitted(
    text: str, name: str, approval: Approval | None, attributes: Attributes, public_key: PublicKeyOf, today: date
) -> InForce:
    """The criterion as it may be used today; RuleFault with file, line and clause where it may not (SCR-4).

    Refused are a text that does not pass the checks, one without approval or changed after it, one approved by its
    author, one whose signature is not its approver's, and one that is past.
    """
    criterion = read_criterion(text, name, attributes)
    if approval is None:
        raise fault_at(text, name, ("id",), "not approved: pnr criteria approve (SCR-4)")
    if (approval.criterion, approval.version) != (criterion.id, criterion.version):
        raise fault_at(text, name, ("version",), "the approval is of another criterion or version (SCR-4)")
    if approval.digest != digest_of(text):
        raise fault_at(text, name, ("version",), "changed after it was approved: a new version, approved anew (SCR-4)")
    in_force = InForce(criterion, approval, name, text)
    _refuse_unfit(in_force, attributes, today)
    if not _is_signed(approval, public_key(approval.approver)):
        raise fault_at(text, name, ("id",), "the signature of the approval is not its approver's (SCR-4)")
    return in_force


def is_past(criterion: Criterion, today: date) -> bool:
    """Whether the criterion's last day is over."""
    return criterion.expires < today


def _refuse_unfit(in_force: InForce, attributes: Attributes, today: date) -> None:
    criterion, approval, name, text = in_force.criterion, in_force.approval, in_force.name, in_force.text

    def refused(field: str, what: str) -> RuleFault:
        return fault_at(text, name, (field,), f"{what} (SCR-4)")

    if approval.approver.casefold() == criterion.author.casefold():
        raise refused("author", "approved by its author: another person approves")
    if not approval.why:
        raise refused("id", "the approval gives no reason")
    if is_past(criterion, today):
        raise refused("expires", f"expired on {criterion.expires}: review it, write a new version, have it approved")
    if criterion.expires > attributes.latest_expiry(approval.approved_at.date()):
        raise refused("expires", "longer after its approval than the law lets it be")


def _is_signed(approval: Approval, key: bytes | None) -> bool:
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(approval.signature), approval.signed_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True
