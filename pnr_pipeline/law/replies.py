"""The letter that answers a person's request: one text a language, the same for every outcome (RGT-3)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pnr_pipeline.errors import UsageFault
from pnr_pipeline.law.profile import Profile
from pnr_pipeline.law.rule_text import RuleModel
from pnr_pipeline.law.rules import RequirementId, Text

_PLACES = ("{case}", "{asked}", "{dpo}", "{supervisor}", "{controller}")


class Reply(RuleModel):
    """The letter in one language; a translation is to be confirmed by the deployment."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z][a-z]{3})?$")]
    status: Literal["confirmed", "to be confirmed"]
    subject: Text
    paragraphs: Annotated[tuple[Text, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _tells_all(self) -> "Reply":
        text = self.subject + "".join(self.paragraphs)
        if missing := [place for place in _PLACES if place not in text]:
            raise ValueError(f"the letter lacks {', '.join(missing)} (LED art. 13, 14)")
        return self


class Replies(RuleModel):
    """`rules/rights/replies.yaml`."""

    version: Text
    requirement: tuple[RequirementId, ...]
    replies: Annotated[tuple[Reply, ...], Field(min_length=1)]

    def letter(self, language: str, profile: Profile, case: str, asked: str) -> str:
        """The letter; `asked` is the day of the request. Nothing of what was found enters it.

        Raises UsageFault for a language without a text.
        """
        for reply in self.replies:
            if reply.language == language:
                dpo, supervisor = profile.dpo, profile.supervisor
                told = {
                    "case": case, "asked": asked, "dpo": dpo.contact, "controller": profile.controller.name,
                    "supervisor": f"{supervisor.name}, {supervisor.contact}",
                }  # fmt: skip
                return "\n\n".join(part.format(**told) for part in (reply.subject, *reply.paragraphs)) + "\n"
        known = ", ".join(reply.language for reply in self.replies)
        raise UsageFault(f"there is no letter in this language: {known} (rules/rights/replies.yaml)")
