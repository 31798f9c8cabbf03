"""What grows while one PNR message is read: findings, and the counts of what is not kept."""

from datetime import date

from pnr_pipeline.intake.catalogue import IntakeRules
from pnr_pipeline.intake.pnrgov_pools import Pools
from pnr_pipeline.intake.rulebook import Rulebook
from pnr_pipeline.records.finding import Finding
from pnr_pipeline.records.flight import FlightLeg
from pnr_pipeline.records.places import to_utc


class MessageDraft:
    """Findings and counters of one message, and the rules it is read by.

    `on` is the day that decides centuries: of departure, else of receipt; `departs` the ISO time (UTC) of departure, ''
    where it is not known. What is dropped is counted by kind, never
    quoted: `sensitive:H`, `contact:third`, `seg:XYZ`, `text:IFT` (ING-2, ING-4).
    """

    __slots__ = ("_foreign_tickets", "departs", "dropped", "findings", "offset", "on", "pools", "rulebook", "rules")

    def __init__(self, rulebook: Rulebook, on: date, offset: int) -> None:
        self.rulebook = rulebook
        self.rules: IntakeRules = rulebook.intake
        self.on = on
        self.departs = ""
        self.pools = Pools()
        self._foreign_tickets = 0
        self.offset = offset
        self.findings: list[Finding] = []
        self.dropped: dict[str, int] = {}

    def note(
        self, rule: str, *, case: str = "", offset: int = -1, segment: str = "", traveller: int | None = None
    ) -> None:
        """Add a finding in the rulebook's words."""
        self.findings.append(
            self.rulebook.finding(rule, case=case, offset=offset, segment=segment, traveller=traveller)
        )

    def drop(self, kind: str, count: int = 1) -> None:
        """Count something that is not kept."""
        self.dropped[kind] = self.dropped.get(kind, 0) + count

    def kept(self, text: str) -> str:
        """The text, or '' where a word in it is sensitive: then it is counted and gone."""
        if text and (klass := self.rules.sensitive.text(text)):
            self.drop(f"sensitive:{klass}")
            return ""
        return text

    def drop_text(self, tag: str, text: str, kind: str = "") -> None:
        """Drop a free text: counted by class where a word in it is sensitive, else as `text:<tag>`."""
        klass = self.rules.sensitive.text(text)
        self.drop(f"sensitive:{klass}" if klass else kind or f"text:{tag}")

    def depart(self, leg: FlightLeg) -> None:
        """Note when the flight of the message departs."""
        if leg.departure_local is not None:
            self.on = leg.departure_local.date()
            departs = to_utc(leg.departure_local, leg.origin)
            self.departs = departs.replace(tzinfo=None).isoformat() if departs else ""

    def check_ticket(self, number: str, offset: int, tag: str) -> None:
        """PNR-06 on a ticket number without blanks."""
        if not (number.isascii() and number.isdecimal()) or len(number) not in (13, 14):
            self.note("PNR-06", offset=offset, segment=tag)
        elif number[:3] not in self.rules.airlines:
            self._foreign_tickets += 1

    def close(self) -> None:
        """Sum up what was dropped and which tickets nobody knows: one finding each, for the whole message.

        They name neither place nor traveller nor class: where a sensitive code stood would tell of whom it spoke.
        Ambiguous codes (class A) count as what Annex I does not name.
        """
        sensitive = sum(
            count for kind, count in self.dropped.items() if kind.startswith("sensitive:") and kind != "sensitive:A"
        )
        outside = sum(self.dropped.values()) - sensitive
        if foreign := self._foreign_tickets:
            self.findings.append(
                self.rulebook.finding("PNR-06", case="airline", offset=self.offset, detail=f"{foreign} in all")
            )
        if sensitive:
            self.findings.append(self.rulebook.finding("SEN-01", offset=self.offset, detail=f"{sensitive} in all"))
        if outside:
            self.findings.append(self.rulebook.finding("CAT-01", offset=self.offset, detail=f"{outside} in all"))
