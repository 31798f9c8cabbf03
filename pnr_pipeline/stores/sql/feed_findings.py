"""What carriers' messages had wrong: counts by carrier and rule, nothing of any traveller."""

import re
from collections import Counter

from pnr_pipeline.records import Message, Severity
from pnr_pipeline.stores.sql.ground import Ground

_CARRIER = re.compile(r"[A-Z0-9]{2,3}")


AMBIGUOUS, LEFT_OUT = "DUP-02", "CNT-04"


def count_findings(ground: Ground, message: Message, ambiguous: int = 0) -> None:
    """Keep the counts of one message; a message that was counted before counts once.

    `ambiguous` travellers are those whom the join could not tie to one person.
    """
    carrier = message.flights[0].carrier if message.flights else ""
    counts = Counter((finding.rule, finding.severity) for finding in message.findings)
    counts[AMBIGUOUS, "W"] += ambiguous
    for (rule, severity), number in counts.items():
        if number:
            count_finding(ground, message.message_id, carrier, rule, severity, number)


def count_finding(
    ground: Ground, message_id: str, carrier: str, rule: str, severity: Severity, number: int = 1
) -> None:
    """Keep one count, under the carrier where it is told as one; the first count of a message stays."""
    told = carrier if _CARRIER.fullmatch(carrier) else ""
    ground.db.execute(
        "INSERT INTO finding_count VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (message_id, told, rule, severity, number),
    )


def finding_counts(ground: Ground) -> list[tuple[str, str, int]]:
    """(carrier, rule, how often) over all messages kept or buried; see Store.finding_counts."""
    return ground.db.execute(
        "SELECT carrier, rule, sum(number) FROM finding_count GROUP BY carrier, rule ORDER BY carrier, rule"
    ).fetchall()
