"""Under which profile a deployment may run: one that is shipped and nobody changed, or one that its DPO signed.

The signature stands beside the profile (`rs.yaml`, `rs.sig`): Ed25519 over the file's text, in hex, by the signing key
that the staff file has for the person whom the profile names as data-protection officer. So a changed line voids it,
and so does another officer. `rules/profiles/` of the product is not signed: an exercise and the default serve nobody's
real units.
"""

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pnr_pipeline.audit.signed_form import is_signed
from pnr_pipeline.errors import RuleFault, UsageFault
from pnr_pipeline.law import Profile
from pnr_pipeline.law.rule_text import fault_at
from pnr_pipeline.stores.durable_file import private_folder, publish, sync, written
from pnr_pipeline.stores.rule_files import rule_texts
from pnr_pipeline.stores.rulebooks import profile_file
from pnr_pipeline.stores.staff_file import load_staff
from pnr_pipeline.stores.state import StateFolder

_FORM = b"pnr-pipeline profile 1\n"


def usable_profile(name: str | None, state: StateFolder, today: date) -> Profile:
    """The profile of this name or file, as `load_profile` finds it, if this deployment may run under it today.

    Raises RuleFault at the field that stands against it: a template or draft (`confirmed`), a changed copy of what is
    shipped (`kind`), an officer who is not in the staff file as such, a signature that is missing or of another text.
    """
    text, file, path = profile_file(name)
    profile = Profile.from_text(text, file)
    if profile.kind != "national":
        if text not in rule_texts("profiles").values():
            what = "changed: a deployment's own profile is `kind: national`, confirmed and signed (pnr law sign)"
            raise fault_at(text, file, ("kind",), what)
        return profile
    if fault := _fault(profile, text, file, path, state, today):
        raise fault
    return profile


def _fault(profile: Profile, text: str, file: str, path: Path, state: StateFolder, today: date) -> RuleFault | None:
    if not profile.confirmed:
        what = "not confirmed: a template or draft; confirm each field, then `pnr law sign` it (SEC-3)"
        return fault_at(text, file, ("confirmed",), what)
    staff = load_staff(state, profile)
    officer = staff.members.get(profile.dpo.person)
    if officer is None or "dpo" not in officer.roles or officer.valid_until < today:
        return fault_at(
            text, file, ("dpo", "person"), "nobody of the staff file who is data-protection officer now (LOG-7)"
        )
    signature, public = path.with_suffix(".sig"), staff.public_key(officer.id)
    if not signature.is_file() or public is None:
        return fault_at(text, file, ("dpo", "person"), "not signed by this officer: pnr law sign (SEC-3)")
    if not is_signed(public, signature.read_text("ascii").strip(), _FORM + text.encode()):
        return fault_at(
            text, file, ("dpo", "person"), "changed since this officer signed it, or signed by another (SEC-3)"
        )
    return None


def sign_profile(path: Path, person: str, key: Ed25519PrivateKey) -> Profile:
    """Sign the profile in this file as the officer it names; RuleFault where it is refused or another is named."""
    if not path.is_file():
        raise UsageFault(f"no file {path}")
    text = path.read_text("utf-8")
    profile = Profile.from_text(text, str(path))
    if profile.kind != "national":
        raise fault_at(text, str(path), ("kind",), "a deployment's own profile is `kind: national`")
    if not profile.confirmed:
        raise fault_at(text, str(path), ("confirmed",), "set it to true once each field is confirmed")
    if profile.dpo.person != person:
        raise fault_at(text, str(path), ("dpo", "person"), "another person signs than the officer whom it names")
    signature = key.sign(_FORM + text.encode()).hex()
    written(path.with_suffix(".sig"), signature.encode()).replace(path.with_suffix(".sig"))
    sync(path.parent)
    return profile


def keep_profile(profile: Profile, state: StateFolder) -> None:
    """Keep what was in force, deviations with their citations, under its digest: the log refers to it."""
    private_folder(state.profiles)
    publish(state.profiles / f"{profile.digest[:32]}.json", profile.model_dump_json(indent=1).encode())
