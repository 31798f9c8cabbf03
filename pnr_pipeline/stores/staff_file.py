"""The staff file of a deployment, signed, and the signing keys of its people (SEC-4).

`staff.yaml` stands in the state folder with its signature beside it (`staff.sig`), by the key `staff/root` of the
keystore. A person's private key is `staff/<id>` there; it is made when the person is added and never by an act. An
approver's is on the approver's machine alone. Under an exercise profile the invented staff of `rules/staff/` acts.
"""

import hashlib
import json
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pnr_pipeline.audit.signed_form import is_signed
from pnr_pipeline.errors import StoreFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.law.rule_text import read_rule
from pnr_pipeline.law.staff import Member, Roles, Staff
from pnr_pipeline.stores.durable_file import sync, written
from pnr_pipeline.stores.keystore import Keystore
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.state import StateFolder

_FORM = b"pnr-pipeline staff file 1\n"
_ROOT = "staff/root"


class ExerciseStaff(Staff):
    """Invented people with keys that everybody can make: good for exercises and for nothing else."""

    def public_key(self, person: str) -> bytes | None:
        """See Staff."""
        return exercise_key(person).public_key().public_bytes_raw() if person in self.members else None


def exercise_key(person: str) -> Ed25519PrivateKey:
    """The key of an invented person."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"exercise key of " + person.encode()).digest())


def load_roles() -> Roles:
    """What each role may do."""
    file = "rules/staff/roles.yaml"
    return read_rule(rule_texts("staff")[file], file, Roles)


def load_staff(state: StateFolder, profile: Profile) -> Staff:
    """The staff of this state folder; the invented one under an exercise profile without a file; else nobody.

    Raises StoreFault where the file's signature is missing or is not of the deployment's key, RuleFault where the file
    itself is wrong.
    """
    roles = load_roles()
    if state.staff.is_file():
        text = state.staff.read_text("utf-8")
        signature, root = state.staff_signature, state.staff_root
        signed = signature.is_file() and root.is_file()
        if not signed or not is_signed(root.read_bytes(), signature.read_text("ascii"), _FORM + text.encode()):
            raise StoreFault("staff.yaml was changed without `pnr staff add`: its signature does not fit (SEC-4)")
        return Staff.from_text(text, str(state.staff), roles)
    if profile.kind == "exercise":
        file = "rules/staff/exercise.yaml"
        return ExerciseStaff.from_text(rule_texts("staff")[file], file, roles)
    return Staff((), roles)


def write_staff(state: StateFolder, keystore: Keystore, text: str) -> Staff:
    """Put this text in force as the staff file, checked and signed; RuleFault where it is refused."""
    staff = Staff.from_text(text, str(state.staff), load_roles())
    key = Ed25519PrivateKey.from_private_bytes(keystore.create(_ROOT))
    signature = key.sign(_FORM + text.encode()).hex().encode()
    public = key.public_key().public_bytes_raw()
    files = ((state.staff_root, public), (state.staff_signature, signature), (state.staff, text.encode()))
    for path, content in files:
        written(path, content).replace(path)
        sync(path.parent)
    return staff


def text_of(members: Iterable[Member]) -> str:
    """The staff file of these people, one line each."""
    lines = (json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in members)
    return 'version: "1"\nstaff:\n' + "".join(f"  - {line}\n" for line in lines)


class StaffKeys:
    """Private keys of the staff; whoever only verifies needs no keystore."""

    def __init__(self, staff: Staff, keystore: Keystore | None) -> None:
        self.staff, self._keystore = staff, keystore

    def private(self, person: str) -> Ed25519PrivateKey:
        """The person's signing key; UsageFault where they have none here, for an act makes none."""
        if isinstance(self.staff, ExerciseStaff) and person in self.staff.members:
            return exercise_key(person)
        public = self.staff.public_key(person)
        if public is None or self._keystore is None:
            raise UsageFault(f"{person} has no signing key: pnr staff add (SEC-4)")
        try:
            key = Ed25519PrivateKey.from_private_bytes(self._keystore.unwrap(f"staff/{person}"))
        except StoreFault:
            raise UsageFault(f"the signing key of {person} is not on this machine (SEC-4)") from None
        if key.public_key().public_bytes_raw() != public:
            raise StoreFault(f"the signing key of {person} is not the one in the staff file (SEC-4)")
        return key

    def public(self, person: str) -> bytes | None:
        """The person's public key as the staff file has it."""
        return self.staff.public_key(person)


def make_key(keystore: Keystore, person: str) -> str:
    """The public half, in hex, of the signing key of a person who is being added, made now."""
    key = Ed25519PrivateKey.from_private_bytes(keystore.create(f"staff/{person}"))
    return key.public_key().public_bytes_raw().hex()
