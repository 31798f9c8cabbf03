"""The tree of faults.

Bad carrier data are values (`records.Finding`); these exceptions are for what a caller cannot go on from::

    PnrFault
    ├── WireFault      bytes that are not the syntax they claim to be    the sender's fault
    ├── RuleFault      a rule, profile, register or list file is wrong   its author's fault
    ├── UsageFault     a command or setting asks for the impossible      the operator's fault
    ├── ReviewFault    a decision the state machine does not allow       the officer must look again
    │   └── StaleHit   … because the hit has a newer version
    ├── OrderFault     no order of the approver allows this (DIS-3)      the requester must ask for one
    └── StoreFault     database, keystore or disk in trouble             ours or the machine's
        ├── Damaged    what was sealed was changed or moved, or never sealed here
        └── KeyGone    the key was destroyed, as the law asks
            └── Masked the PIU's own half of it is there, the approver's is not (DIS-4)

No text of these ever holds a traveller's value: they say where, what, and which clause. Of
any other exception, whose text may quote what was in hand, only `place_of` is ever told.
"""

import traceback


class PnrFault(Exception):
    """Base of every fault the product raises on purpose."""


class WireFault(PnrFault):
    """Bytes that cannot be read: `code` names the fault, `offset` the byte, `clause` the standard."""

    def __init__(self, code: str, offset: int, clause: str) -> None:
        self.code = code
        self.offset = offset
        self.clause = clause
        super().__init__(f"{code} at byte {offset} ({clause})")


class RuleFault(PnrFault):
    """A data file of ours is wrong; `where` is `file:line:column` as far as known."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        self.what = what
        super().__init__(f"{where}: {what}")


class UsageFault(PnrFault):
    """What was asked cannot be done; the text says what to do instead."""


class ReviewFault(PnrFault):
    """A step that the life of a hit does not allow (SCR-5)."""


class StaleHit(ReviewFault):
    """The officer decided on a version of the hit that is no longer the newest."""

    def __init__(self, seen: int, newest: int, changed: str) -> None:
        self.seen = seen
        self.newest = newest
        self.changed = changed
        super().__init__(f"you saw version {seen}, the hit is now at version {newest}: {changed}")


class OrderFault(PnrFault):
    """A request, an answer or an act that no order allows; the text names the clause (DIS-3, DIS-4)."""


class StoreFault(PnrFault):
    """A store is in trouble: nothing was committed, and the same work can be tried again."""


class Damaged(StoreFault):
    """What was to be opened was changed or moved since it was sealed, or was never sealed by us."""


class KeyGone(StoreFault):
    """The key of this period was destroyed; what it sealed cannot be read by anyone (RET-8)."""


class Masked(KeyGone):
    """What was asked is masked: only the approver's half, released on an order, opens it (RET-2, DIS-4)."""


def place_of(fault: BaseException) -> str:
    """`ValueError at pnrgov.py:120`: the fault's type and the innermost line, without its text."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{where}"
