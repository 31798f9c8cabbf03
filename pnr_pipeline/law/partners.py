"""Partners abroad with whom the unit exchanges data, as its profile names them: who, on what basis, under which keys.

They stand in the profile because its data-protection officer signs that: a partner whom nobody signed, or whose key was
changed, receives nothing (SEC-3; PNR art. 9, 10, 11). Nobody stands there unless a deployment says so.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import Text

PartnerId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
PartnerKind = Literal["piu", "authority", "europol", "third_country", "organisation"]
"""Unit of another Member State, competent authority of one (asks directly in an emergency alone), Europol, competent
authority of a third country, international organisation."""

PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
OffenceCode = Annotated[str, StringConstraints(pattern=r"^([1-9]|1[0-9]|2[0-6]|terrorism)$")]


class TransferBasis(RuleModel):
    """On what transfers to this third country rest in general (LED art. 36, 37); a derogation is of a single case."""

    kind: Literal["adequacy", "safeguards"]
    reference: Text
    valid_until: date


class Partner(RuleModel):
    """One partner. `seals_with` (X25519) and `signs_with` (Ed25519) are its public keys in hex, as on its card."""

    id: PartnerId
    kind: PartnerKind
    state: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    """Alpha-2; `EU` for Europol."""
    name: Text
    contact: Text
    legal_basis: Text
    seals_with: PublicKey
    signs_with: PublicKey
    valid_from: date
    valid_until: date
    """Both days included; the entry is looked at anew before it ends."""
    basis: TransferBasis | None = None
    """Third countries: None where each transfer needs a derogation of its own (LED art. 38)."""
    own_unit: PartnerId | None = None
    """Authorities: the unit of their own State, which gets a copy of what they ask (PNR art. 9(3))."""
    through: Text | None = None
    """Europol: the national unit by which it asks (PNR art. 10(2))."""
    channel: Literal["file", "siena"] = "file"
    """What carries the files to and fro; SIENA is reached by the national unit alone."""
    competence: tuple[OffenceCode, ...] = ()
    """Europol: the offences within its competence, to be confirmed."""

    @model_validator(mode="after")
    def _whole(self) -> "Partner":
        if self.valid_until < self.valid_from:
            raise ValueError("the entry ends before it begins")
        if (self.kind == "authority") is not (self.own_unit is not None):
            raise ValueError("an authority, and nobody else, names the unit of its own State (PNR art. 9(3))")
        told = [self.through is not None, bool(self.competence)]
        if told != [self.kind == "europol"] * 2:
            raise ValueError("Europol, and nobody else, names the national unit and its competence (PNR art. 10(2))")
        if self.basis and self.kind not in ("third_country", "organisation"):
            raise ValueError("only what lies outside the Union needs a basis of transfer (LED art. 35)")
        return self

    def is_valid(self, day: date) -> bool:
        """Whether the entry holds on this day (UTC)."""
        return self.valid_from <= day <= self.valid_until


class Exchange(RuleModel):
    """Who we are to others, and who they are to us; by default nobody, so nothing leaves and nothing is taken in."""

    own: PartnerId | Literal[""] = ""
    """The id under which partners have us in their registers."""
    partners: tuple[Partner, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "Exchange":
        for what in ("id", "seals_with", "signs_with"):
            told = [getattr(one, what) for one in self.partners]
            if len(set(told)) < len(told):
                raise ValueError(f"{what} stands here twice: one partner, one entry, keys of its own")
        ids = {one.id for one in self.partners}
        if self.partners and not self.own:
            raise ValueError("`own` is missing: partners know us by it")
        if self.own in ids:
            raise ValueError("`own` is no partner")
        if any(one.own_unit not in ids for one in self.partners if one.own_unit):
            raise ValueError("`own_unit` of an authority is no partner: it must get the copy (PNR art. 9(3))")
        return self

    def partner(self, partner_id: str, day: date) -> Partner:
        """The partner of this id whose entry holds that day; UsageFault, with what to do, for any other (SEC-3)."""
        for one in self.partners:
            if one.id == partner_id:
                if not one.is_valid(day):
                    raise UsageFault(
                        f"the entry of {one.id} holds from {one.valid_from} to {one.valid_until}: the data-protection"
                        " officer looks at it anew and signs the profile (SEC-3)"
                    )
                return one
        raise UsageFault(
            "no such partner in the profile, and there is no default recipient: pnr exchange partners (SEC-3)"
        )
