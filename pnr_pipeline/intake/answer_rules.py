"""Which answers a carrier gets and with which codes, as data: `rules/answers/*.yaml` (FORMATS 3 and 4.9)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from pnr_pipeline.errors import RuleFault
from pnr_pipeline.law.rule_text import RuleModel, named_text, read_rule
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.message import Message

Form = Literal["CUSRES", "ACKRES"]
_BOOKINGS: Final = ("PNRGOV", "PNR-XML")
RuleRef = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d\d$")]


class AnswerCode(RuleModel):
    """One code of ERC 9321 and what it means."""

    code: str = Field(pattern=r"^[A-Z0-9]{1,8}$")
    means: str


class CodeTable(RuleModel):
    """The codes of one agreement, by validation rule; `otherwise` serves rules that have none."""

    id: str
    answer: Form
    source: str
    status: Literal["confirmed", "to be confirmed"]
    otherwise: AnswerCode
    codes: dict[RuleRef, AnswerCode]

    def code(self, finding: Finding) -> str:
        """The code that tells this finding."""
        return self.codes.get(finding.rule, self.otherwise).code


class CodeFile(RuleModel):
    """`error-codes.yaml`. `rejecting` are the rules whose errors mean that the whole message must come again."""

    rejecting: frozenset[RuleRef]
    tables: tuple[CodeTable, ...]


class Agreement(RuleModel):
    """What a carrier gets: nothing is sent that was not agreed."""

    cusres: Literal["never", "when-asked", "always"] = "when-asked"
    ackres: Literal["never", "always"] = "never"
    cusres_codes: str = "batch"
    ackres_codes: str = "padis-9321"


class CarrierAgreement(Agreement):
    """The agreement with the carrier that sends as `senders` (UNB 0004)."""

    senders: Annotated[tuple[str, ...], Field(min_length=1)]
    note: str = ""
    tested_on: date | None = None

    @model_validator(mode="after")
    def _tested(self) -> "CarrierAgreement":
        if self.ackres == "always" and self.tested_on is None:
            raise ValueError("ACKRES is sent only after a test with the carrier: give tested_on")
        return self


class CarrierFile(RuleModel):
    """`carriers.yaml`. `interactive_applications` are values of UNB 0026 that ask for an answer by themselves."""

    source: str
    default: Agreement
    interactive_applications: frozenset[str] = frozenset()
    carriers: tuple[CarrierAgreement, ...] = ()


class AnswerRules:
    """Agreements and code tables, held together."""

    def __init__(self, carriers: CarrierFile, codes: CodeFile) -> None:
        self.rejecting = codes.rejecting
        self._file = carriers
        self._tables = {table.id: table for table in codes.tables}
        self._agreements = {sender: one for one in carriers.carriers for sender in one.senders}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "AnswerRules":
        """The rules in YAML `texts` by file name; RuleFault where one is missing, wrong, or names no table."""
        name, text = named_text(texts, "carriers.yaml")
        carriers = read_rule(text, name, CarrierFile)
        codes_name, codes_text = named_text(texts, "error-codes.yaml")
        codes = read_rule(codes_text, codes_name, CodeFile)
        known = {(table.id, table.answer) for table in codes.tables}
        for one in (carriers.default, *carriers.carriers):
            for wanted in ((one.cusres_codes, "CUSRES"), (one.ackres_codes, "ACKRES")):
                if wanted not in known:
                    raise RuleFault(name, f"{codes_name} has no table {wanted[0]} for {wanted[1]}")
        return cls(carriers, codes)

    def form(self, message: Message) -> Form | None:
        """The EDIFACT answer this message gets; None for none. An answer or request is never answered."""
        address = message.reply_to
        if address is None or not (address.sender and address.sender[0]):
            return None
        agreement = self._agreement(message)
        if message.kind == "PAXLST":
            asked = address.asked or address.application in self._file.interactive_applications
            return "CUSRES" if agreement.cusres == "always" or (agreement.cusres == "when-asked" and asked) else None
        return "ACKRES" if message.kind == "PNRGOV" and agreement.ackres == "always" else None

    def codes(self, message: Message) -> CodeTable:
        """The table of error codes for answers to this message."""
        agreement = self._agreement(message)
        return self._tables[agreement.ackres_codes if message.kind in _BOOKINGS else agreement.cusres_codes]

    def _agreement(self, message: Message) -> Agreement:
        return self._agreements.get(message.sender, self._file.default)
