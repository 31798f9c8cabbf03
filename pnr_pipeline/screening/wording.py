"""How two names meet, in words an officer reads."""

import math
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from pnr_pipeline.records import Evidence, NamePair, Verdict
from pnr_pipeline.screening.alignment import Alignment
from pnr_pipeline.screening.letters import script

_HOW_VERDICT: dict[str, Verdict] = {
    "conflict": "close",
    "typo": "close",
    "phonetic": "close",
    "transliterated": "transliteration",
    "short": "partial",
    "initial": "partial",
    "truncated": "partial",
    "omitted": "partial",
}
"""By the worst of the pairs, worst first."""


def name_evidence(alignment: Alignment) -> Evidence:
    """The name as one term of evidence, with its aligned parts."""
    pairs = alignment.pairs()
    hows = {pair.how for pair in pairs}
    verdict: Verdict = next((told for how, told in _HOW_VERDICT.items() if how in hows), "same")
    if alignment.conflict or not alignment.met:
        verdict = "differs"
    elif verdict == "same" and alignment.swapped:
        verdict = "swapped"
    told = ["surname and given names changed places"] if alignment.swapped else []
    told += [words for pair in pairs if (words := _told(pair))]
    head = {"differs": "differs", "same": "same"}.get(verdict)
    words = "; ".join(([head] if head else []) + told)
    ours = " ".join(part.written for part in alignment.ours)
    theirs = " ".join(part.written for part in alignment.theirs)
    return Evidence("name", ours, theirs, verdict, round(alignment.weight, 2), f"name: {words}", pairs)


def likelihood(weight: float) -> str:
    """A weight (natural logarithm of a likelihood ratio) in words: `8,000 times likelier if the same person`."""
    times = math.exp(min(abs(weight), 40.0))
    if times < 1.05:
        return "says nothing either way"
    who = "the same person" if weight > 0 else "another person"
    if times < 10:
        return f"{times:.1f} times likelier if {who}"
    return f"{float(f'{times:.2g}'):,.0f} times likelier if {who}"


def _told(pair: NamePair) -> str:
    match pair.how:
        case "transliterated":
            return f"{pair.traveller} transliterated {_changes(pair)}".strip()
        case "phonetic":
            return f"{pair.traveller} sounds like {pair.entry}"
        case "typo":
            return f"{pair.traveller} spelled like {pair.entry}"
        case "short" | "initial" | "truncated":
            return (
                f"{pair.traveller} short for {pair.entry}"
                if len(pair.traveller) < len(pair.entry)
                else (f"{pair.entry} short for {pair.traveller}")
            )
        case "omitted" | "conflict":
            return f"{pair.traveller} only here" if pair.traveller else f"{pair.entry} only on the list"
        case _:
            return ""


def _changes(pair: NamePair) -> str:
    """`Ć→C, Đ→DJ`: the entry's letters and what the traveller's document makes of them."""
    theirs, ours = pair.entry.upper(), pair.traveller.upper()
    if script(theirs) != script(ours):
        return f"from {script(theirs).capitalize()}" if script(theirs) not in ("LATIN", "OTHER") else ""
    changes: dict[str, None] = {}
    for unlike, steps in groupby(Levenshtein.opcodes(theirs, ours), key=lambda step: step.tag != "equal"):
        if unlike:
            run = list(steps)
            before = theirs[run[0].src_start : run[-1].src_end]
            after = ours[run[0].dest_start : run[-1].dest_end]
            changes[f"{before or '-'}→{after or '-'}"] = None
    return ", ".join(changes)
