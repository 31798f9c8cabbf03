"""Tickets and payments of one booking (groups 3 and 4 of PNRGOV: TKT, MON, DAT, FOP, IFT 4:43, ADD).

Only what pays for the air ticket is kept (Annex I item 6, ING-3): a card shows its first six and last four digits,
security and approval codes are erased (PNR-07).
"""

import re

import msgspec

from pnr_pipeline.intake.pnrgov_draft import MessageDraft
from pnr_pipeline.intake.pnrgov_party import Person
from pnr_pipeline.records.booking import Payment, Ticket
from pnr_pipeline.wire.edifact.segment import Segment

_CARD = re.compile(r"(?<![\d+])[2-6](?:[ \-]?\d){12,18}(?!\d)")  # no telephone number, those begin with + or 0
_CLEAR_FIRST, _CLEAR_LAST = 6, 4
_AMOUNT = re.compile(r"-?\d{1,14}(?:[.,]\d{1,4})?")
_ACCOUNT = re.compile(r"[A-Z]{0,2}[0-9X*](?=.*\d)[0-9X* \-]{3,30}")
_TICKET = re.compile(r"(?=\D*\d)[0-9A-Z.\-]{5,20}")
_SHORT_MAX = 4


class _Group:
    """One TKT group: a ticket, its fare and its payments."""

    __slots__ = ("currency", "fare", "issued", "number", "payments", "person")

    def __init__(self, number: str, person: Person | None) -> None:
        self.number = number
        self.person = person
        self.issued: str | None = None
        self.fare = ""
        self.currency = ""
        self.payments: list[Payment] = []


class Purse:
    """The TKT groups of a booking in order. `issued_for_all` is the date of issue that the booking tells (DAT 710)."""

    __slots__ = ("_groups", "issued_for_all")

    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self.issued_for_all: str | None = None

    def read_ticket(self, draft: MessageDraft, segment: Segment, person: Person | None) -> None:
        """TKT opens a group; `+:1` is travel without ticket. A ticket in connection (C667) has a group of its own."""
        if connected := segment.get(1, 5):
            self.add_ticket(draft, connected, person, segment.offset, "TKT")
        self.add_ticket(draft, segment.get(1), person, segment.offset, "TKT")

    def add_ticket(
        self, draft: MessageDraft, number: str, person: Person | None, offset: int = -1, tag: str = ""
    ) -> None:
        """A group of its own for a ticket; what is no ticket number is left out."""
        number = number.replace(" ", "")
        if number:
            draft.check_ticket(number, offset, tag)
        group = _Group(number if _TICKET.fullmatch(number) else "", person)
        self._groups.append(group)
        if group.number and person is not None:
            person.add_ticket(group.number)

    def read_fare(self, segment: Segment) -> None:
        """MON: the total if told, else the first amount, as `T 232.17 EUR`."""
        told = [one for one in segment.elements[1:] if isinstance(one, tuple) and len(one) > 1]
        totals = [one for one in told if one[0] == "T" and _AMOUNT.fullmatch(one[1])]
        for one in totals[-1:] or told:
            self.add_fare(one[0], one[1], one[2] if len(one) > 2 else "")

    def add_fare(self, kind: str, amount: str, currency: str) -> None:
        """The fare of the current ticket; the total (T) replaces another amount."""
        group = self._current()
        if _AMOUNT.fullmatch(amount) and (not group.fare or kind == "T"):
            group.currency = short_code(currency)
            group.fare = " ".join(part for part in (short_code(kind), amount, group.currency) if part)

    def read_issue(self, day: str | None) -> None:
        """The date of issue of the current ticket."""
        self._current().issued = day

    def read_payment(self, draft: MessageDraft, segment: Segment) -> None:
        """FOP: form, amount, card vendor, masked account, expiry and holder of each payment."""
        for element in segment.elements[1:]:
            parts = (element,) if isinstance(element, str) else element
            if any(parts):
                self.add_payment(draft, (*parts, *_NO_COMPONENTS), segment.offset)

    def add_payment(self, draft: MessageDraft, parts: tuple[str, ...], offset: int) -> None:
        """One payment by the components of C641: 0 form, 2 amount, 3 vendor, 4 account, 5 expiry MMYY, 10 holder."""
        form, _, amount, vendor, sent, expires, _, _, also_amount, security_code, holder, _, text, *_ = parts
        sent = sent.strip()
        amount = amount or also_amount
        account = mask_account(sent) if sent else ""
        if account != sent:
            draft.note("PNR-07", offset=offset, segment="FOP")
        if security_code:
            draft.drop("payment:security-code")
            draft.note("PNR-07", case="security-code", offset=offset, segment="FOP")
        if text:
            draft.drop_text("FOP", text)
        group = self._current()
        group.payments.append(
            Payment(
                form=short_code(form),
                amount=amount if _AMOUNT.fullmatch(amount) else "",
                currency=group.currency,
                vendor=short_code(vendor),
                account=account if account and _ACCOUNT.fullmatch(account.upper()) else "",
                expires=expires if expires.isdecimal() and len(expires) == 4 else "",
                holder=draft.kept(mask_cards(holder)),
            )
        )

    def read_payer(self, draft: MessageDraft, texts: list[str]) -> None:
        """IFT 4:43: name and billing address of who pays; a telephone number of theirs is dropped (ING-3)."""
        name, address, *others = (*texts, "", "")[:4]
        self.bill(holder=draft.kept(mask_cards(name.strip())), billing_address=draft.kept(mask_cards(address.strip())))
        for text in others:
            if text:
                draft.drop_text("IFT", text, "contact:third")

    def bill(self, *, holder: str = "", billing_address: str = "") -> None:
        """Add holder and address to the last payment, or to one of unknown form if none came yet."""
        payments = self._current().payments
        if not payments:
            payments.append(Payment(form=""))
        last = payments[-1]
        payments[-1] = msgspec.structs.replace(
            last, holder=last.holder or holder, billing_address=last.billing_address or billing_address
        )

    def tickets(self) -> tuple[Ticket, ...]:
        """The tickets that have a number, as records."""
        return tuple(
            Ticket(
                number=group.number,
                issued=group.issued or self.issued_for_all,
                fare=group.fare,
                traveller=group.person.ordinal if group.person else None,
            )
            for group in self._groups
            if group.number or group.fare
        )

    def payments(self) -> tuple[Payment, ...]:
        """All payments, as records."""
        return tuple(
            msgspec.structs.replace(payment, traveller=group.person.ordinal) if group.person else payment
            for group in self._groups
            for payment in group.payments
            if payment != _NOTHING
        )

    def _current(self) -> _Group:
        if not self._groups:
            self._groups.append(_Group("", None))
        return self._groups[-1]


_NOTHING = Payment(form="")
_NO_COMPONENTS = ("",) * 13


def short_code(text: str) -> str:
    """A form, vendor or currency: up to four capitals and digits; '' for anything else."""
    return text if len(text) <= _SHORT_MAX and text.isascii() and text.isalnum() and text == text.upper() else ""


def mask_account(account: str) -> str:
    """A card or account number with at most its first six and last four digits clear; other characters stay."""
    clear = [at for at, sign in enumerate(account) if sign.isdecimal()]
    if len(clear) <= _CLEAR_FIRST + _CLEAR_LAST:
        return account
    hidden = set(clear[_CLEAR_FIRST:-_CLEAR_LAST])
    return "".join("X" if at in hidden else sign for at, sign in enumerate(account))


def mask_cards(text: str) -> str:
    """The text with every card number in it (13 to 19 digits, Luhn check) masked."""
    if len(text) < 13:
        return text
    return _CARD.sub(lambda found: mask_account(found[0]) if _luhn(found[0]) else found[0], text)


def _luhn(number: str) -> bool:
    digits = [int(sign) for sign in number if sign.isdecimal()]
    doubled = (digit * 2 if at % 2 else digit for at, digit in enumerate(reversed(digits)))
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0
