"""Contacts as SSR CTCx, OSI texts (IFT 4:28) and ADD give them: telephone numbers and e-mail addresses, nothing else.

Annex I item 5 is read as the contact of the traveller only: an agency's, an emergency or any third person's contact
is not returned (ING-3). A value is taken by pattern, so no remark comes along.
"""

import re

from pnr_pipeline.records.booking import ContactKind

_CTC = re.compile(r"\s*(?:OSI\s+)?(?:[A-Z0-9]{2}\s+)?CTC([A-Z])\b[\s/\-]*(.*)", re.DOTALL)
_OF_TRAVELLER = frozenset("BEHMP")  # business, e-mail, home, mobile, kind unknown; T is an agency, F a fax, R refused
_PHONE = re.compile(r"\+?\d[\d ()./\-]{3,24}\d")
_KIND_PREFIX = re.compile(r"\s*[A-Z]\+(?=\D)")
_PHONES_MAX = 5
_PHONE_DIGITS_MAX = 15  # ITU-T E.164; a longer number is a card's or nobody's
_EMAIL = re.compile(r"[\w.+\-%]+@[\w\-]+(?:\.[\w\-]+)+")


def read_osi_contact(text: str) -> tuple[str, str] | None:
    """The letter of a text `CTCM 995680682652` and what follows it; None if the text is no contact."""
    found = _CTC.match(text.upper())
    return (found[1], found[2]) if found else None


def read_contact(letter: str, text: str) -> tuple[ContactKind, str] | None:
    """Kind and value of a traveller's contact; None for anybody else's, for a refusal and for free text."""
    if letter not in _OF_TRAVELLER:
        return None
    return email(text) if letter == "E" else phone_or_email(text)


def is_travellers(letter: str) -> bool:
    """Whether a contact of this letter is the traveller's own."""
    return letter in _OF_TRAVELLER


def phone_or_email(text: str) -> tuple[ContactKind, str] | None:
    """The first e-mail address of a text, else its first telephone number; None if it has neither."""
    found = email(text)
    if found:
        return found
    phone = _PHONE.search(text)
    if phone is None or sum(sign.isdecimal() for sign in phone[0]) > _PHONE_DIGITS_MAX:
        return None
    return "phone", " ".join(phone[0].split())


def phones_or_email(text: str) -> list[tuple[ContactKind, str]]:
    """The e-mail address of a text, else each of its telephone numbers: `H5551234567 W5557654321` are two."""
    if (found := email(text)) is not None:
        return [found]
    told = [phone_or_email(one[0]) for one in _PHONE.finditer(text)]
    return [one for one in told if one is not None][:_PHONES_MAX]


def email(text: str) -> tuple[ContactKind, str] | None:
    """The e-mail address of a text, with the telex forms undone: `//` is @, `..` is _, `./` is - (AIRIMP)."""
    if "//" in text or "@" in text:
        plain = _KIND_PREFIX.sub("", text).replace("./", "-").replace("..", "_").replace("//", "@", 1)
        found = _EMAIL.search(plain)
        if found:
            return "email", found[0]
    return None
