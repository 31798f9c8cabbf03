"""What a transaction locks: the legs whose records and hits it may change, by their keys, before it reads them.

A leg is known under the keys of its code shares too, and new pairs of them may be told meanwhile; so these are asked
for again once they are held (`database.Locks`).
"""

from collections.abc import Iterable

from pnr_pipeline.records import Message
from pnr_pipeline.records.code_shares import told_pairs
from pnr_pipeline.records.codec import to_json
from pnr_pipeline.records.journey_legs import legs_of
from pnr_pipeline.stores.sql.ground import Ground
from pnr_pipeline.stores.sql.legs import leg_key


def legs_of_messages(ground: Ground, messages: Iterable[Message]) -> set[str]:
    """The legs that these messages concern, under every number of theirs."""
    home = ground.profile.home_countries
    keys: set[str] = set()
    for message in messages:
        keys |= {leg_key(flight, message) for flight, _ in legs_of(message, home)}
        keys |= {name.key for pair in told_pairs(message, home) for name in pair}
    return _under_all_numbers(ground, keys)


def legs_of_hits(ground: Ground, where: str, values: tuple[str, ...]) -> set[str]:
    """The legs of the hits of which this condition on `hit` is true."""
    rows = ground.db.execute(f"SELECT DISTINCT leg_key FROM leg JOIN hit USING (leg_id) WHERE {where}", values)  # noqa: S608  # constants of the callers
    return _under_all_numbers(ground, {key for (key,) in rows.fetchall()})


def legs_of_ids(ground: Ground, leg_ids: Iterable[str]) -> set[str]:
    """The keys of these legs."""
    rows = ground.db.execute(
        "SELECT leg_key FROM leg WHERE leg_id IN (SELECT value FROM json_each(?))", (to_json(sorted(leg_ids)).decode(),)
    )
    return _under_all_numbers(ground, {key for (key,) in rows.fetchall()})


def _under_all_numbers(ground: Ground, keys: set[str]) -> set[str]:
    rows = ground.db.execute(
        "SELECT leg_key, main FROM leg_name WHERE main IN (SELECT main FROM leg_name"
        " WHERE leg_key IN (SELECT value FROM json_each(?)))",
        (to_json(sorted(keys)).decode(),),
    )
    return keys.union(*rows.fetchall())
