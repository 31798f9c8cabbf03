"""The staff file: who acts, in which role, until when; and which roles never meet in one person (SEC-4).

Data alone; the signature over the file is checked where the file is read (`stores.staff_file`).
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.rule_text import RuleModel, fault_at, read_rule
from pnr_pipeline.law.rules import RequirementId, Text

Role = Literal[
    "officer", "reviewer", "supervisor", "approver", "dpo", "retention", "custodian", "carrier", "admin"
]  # fmt: skip
May = Literal[
    "review", "queue", "request", "urgent", "approve", "criteria", "replay", "oversight", "rights", "retention", "keys",
    "exchange", "staff", "suspend",
]  # fmt: skip
"""What a role is asked for: each act of a person needs one of these."""

PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,127}$")]


class RoleRule(RuleModel):
    """What a role may do, and in words what it is for."""

    may: tuple[May, ...]
    what: Text


class Conflict(RuleModel):
    """Two roles that one person never holds, and why."""

    roles: tuple[Role, Role]
    because: Text


class Roles(RuleModel):
    """`rules/staff/roles.yaml`."""

    version: Text
    requirement: tuple[RequirementId, ...]
    roles: dict[Role, RoleRule]
    conflicts: tuple[Conflict, ...]


class Member(RuleModel):
    """A person: `organisation` says whose, `key` is the Ed25519 public key in hex, '' for who signs nothing."""

    id: PersonId
    name: Text
    organisation: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    states: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()
    """For which States they act, in a unit that serves several (PNR art. 4(4)); without one they see nothing there."""
    trained_on: date
    valid_until: date
    key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class StaffFile(RuleModel):
    """The file as it is written."""

    version: Text
    staff: tuple[Member, ...]


class Staff:
    """The people of a deployment; nobody where there is no file."""

    def __init__(self, members: tuple[Member, ...], roles: Roles) -> None:
        self.members = {member.id: member for member in members}
        self.roles = roles

    @classmethod
    def from_text(cls, text: str, name: str, roles: Roles) -> "Staff":
        """The staff of this YAML.

        Raises RuleFault with `file:line:column` for an id, a person's name or a key used twice, for roles in conflict
        in one person, and for an approver who belongs to the organisation of anybody in the unit.
        """
        members = read_rule(text, name, StaffFile).staff
        seen: dict[str, str] = {}
        unit = {one.organisation.casefold() for one in members if set(one.roles) - {"approver", "carrier"}}
        for at, one in enumerate(members):
            for field, told in (("id", one.id), ("name", one.name.casefold()), ("key", one.key)):
                if told and seen.setdefault(f"{field} {told}", one.id) is not one.id:
                    raise fault_at(text, name, ("staff", at, field), "stands here twice: one person, one entry (SEC-4)")
            for conflict in roles.conflicts:
                if set(conflict.roles) <= set(one.roles):
                    pair = " and ".join(conflict.roles)
                    raise fault_at(text, name, ("staff", at, "roles"), f"{pair}: {conflict.because}")
            if "approver" in one.roles and one.organisation.casefold() in unit:
                what = "the approver belongs to the unit: a third party approves (DIS-3, CJ C-817/19 ¶224-226)"
                raise fault_at(text, name, ("staff", at, "organisation"), what)
        return cls(members, roles)

    def admit(self, person: str, act: May, today: date) -> Member:
        """The member of this id who may do this today; UsageFault, with the clause, for any other."""
        member = self.members.get(person)
        if member is None:
            raise UsageFault("who acts is a person of the staff file: pnr staff show (SEC-4, LED 29(2)(e))")
        if member.valid_until < today:
            raise UsageFault(f"{person} was of the staff until {member.valid_until}: pnr staff show (SEC-4)")
        if not any(act in self.roles.roles[role].may for role in member.roles):
            held = " and ".join(member.roles)
            raise UsageFault(f"{person} is {held}; this asks for a role that may {act} (SEC-4, rules/staff/roles.yaml)")
        return member

    def anybody_may(self, act: May, today: date) -> bool:
        """Whether there is somebody whose day is not past and who may do this."""
        return any(
            act in self.roles.roles[role].may
            for member in self.members.values()
            if member.valid_until >= today
            for role in member.roles
        )

    def public_key(self, person: str) -> bytes | None:
        """The Ed25519 public key of a person; None for who has none."""
        member = self.members.get(person)
        return bytes.fromhex(member.key) if member and member.key else None
