"""Suspending people of the staff, and taking them back: at once, in the log, in the officer's inbox (SEC-4, LOG-2)."""

from datetime import datetime
from typing import Literal

from pnr_pipeline.audit import Access
from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.staff import May
from pnr_pipeline.stores.act_ledger import new_act
from pnr_pipeline.stores.sql.database import transaction
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.kept_acts import note_administration, note_done
from pnr_pipeline.stores.sql.suspension import note_suspension, suspended

Change = Literal["suspend", "reinstate", "staff.remove"]


class StaffDesk:
    """The people of one open store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def suspended(self) -> set[str]:
        """Who is suspended now, those who were removed among them."""
        return suspended(self._ground.db)

    def change(self, what: Change, person: str, access: Access, now: datetime) -> None:
        """Suspend a person, who then does nothing more in any process; end that; or note that they were removed.

        Raises UsageFault for somebody who is not of the staff, or not suspended, and for acts upon oneself.
        """
        ground = self._ground
        may: May = "staff" if what == "staff.remove" else "suspend"
        ground.admit(access.actor, may, now)
        if person == access.actor:
            raise UsageFault("nobody suspends or removes themselves: somebody else does it (SEC-4)")
        if person not in ground.staff_keys.staff.members:
            raise UsageFault("no such person in the staff file: pnr staff show")
        act = new_act(now, what, f"staff:{person}", access.actor, access.case)
        with transaction(ground.db):
            if what == "reinstate" and person not in self.suspended():
                raise UsageFault(f"{person} is not suspended")
            note_suspension(ground, person, what != "reinstate", access.actor, access.case, now)
            note_administration(ground, act, now)
            ground.state.acts.append(act)
            note_done(ground, act, now)
