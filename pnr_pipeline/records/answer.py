"""Answers between a State and a carrier: what is needed to send one, and what one says."""

import msgspec


class ReplyTo(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an answer takes from the message it answers, as sent; nothing of any traveller.

    `syntax` is UNB S001; `sender` and `recipient` are S002 and S003 with their qualifiers, `reference` 0020,
    `application` 0026, `group` UNG S008, `identifier` UNH S009. `separators` are the six characters of UNA (a blank for
    no release character). `asked` is True where 0031 asks for an acknowledgement. `transaction` is RFF TN with its
    revision (C506/1154 and 1060), which ties an answer to a list.
    """

    syntax: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    reference: str = ""
    application: str = ""
    group: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    separators: str = ":+.? '"
    asked: bool = False
    transaction: tuple[str, ...] = ()


class AnswerPoint(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One point that a CUSRES, ACKRES or GOVREQ speaks of: a whole message, a traveller, a booking.

    `section` is ERP C701/1049 (`1` heading, `2` a traveller …; '' where no ERP opens the point), `item` the ordinal of
    the traveller in the message answered (1052) and `segment` the tag the fault stands in (9166). The traveller is
    named by the carrier's own `locator` (RFF AVF, RCI) and `carrier_reference` (RFF ABO). `codes` are the ERC 9321.
    """

    section: str = ""
    item: int | None = None
    segment: str = ""
    locator: str = ""
    carrier_reference: str = ""
    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
