"""What carriers' messages had wrong: counts by carrier and rule, nothing of any traveller."""

import re
from collections import Counter

from pnr_pipeline.records import Message
from pnr_pipeline.stores.sql.ground import Ground

_CARRIER = re.compile(r"[A-Z0-9]{2,3}")


AMBIGUOUS = "DUP-02"


def count_findings(ground: Ground, message: Message, ambiguous: int = 0) -> None:
    """Keep the counts of one message; a message that was counted before counts once.

    `ambiguous` travellers are those whom the join could not tie to one person.
    """
    told = message.flights[0].carrier if message.flights else ""
    carrier = told if _CARRIER.fullmatch(told) else ""
    counts = Counter((finding.rule, finding.severity) for finding in message.findings)
    counts[AMBIGUOUS, "W"] += ambiguous
    ground.db.executemany(
        "INSERT OR IGNORE INTO finding_count VALUES (?, ?, ?, ?, ?)",
        [(message.message_id, carrier, *kind, number) for kind, number in counts.items() if number],
    )


def finding_counts(ground: Ground) -> list[tuple[str, str, int]]:
    """(carrier, rule, how often) over all messages kept or buried; see Store.finding_counts."""
    return ground.db.execute(
        "SELECT carrier, rule, sum(number) FROM finding_count GROUP BY carrier, rule ORDER BY carrier, rule"
    ).fetchall()
