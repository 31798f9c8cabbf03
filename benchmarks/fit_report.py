"""What a fit of the weights of screening found: the page of figures, the reliability diagram, the rules."""

import re
from pathlib import Path

import numpy as np

Bins = dict[str, list[tuple[float, float, int]]]
"""Of each set, by score: the mean score, the share of true matches, listed travellers."""
_MARKS = ("black", "#b30", "#06c", "#393")


def diagram(bins: Bins) -> str:
    """Score across, share of true matches upwards, both in tenfold steps; the line is a perfect score."""

    def place(value: float) -> float:
        return 340 + 50 * np.log10(max(value, 1e-6))

    marks, legend = [], []
    for (name, of_set), colour in zip(bins.items(), _MARKS, strict=False):
        line = " ".join(f"{place(told):.0f},{380 - place(seen):.0f}" for told, seen, _ in of_set)
        marks.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        marks += [
            f'<circle cx="{place(told):.0f}" cy="{380 - place(seen):.0f}" r="4" fill="{colour}"/>'
            for told, seen, _ in of_set
        ]
        legend.append(f'<text x="60" y="{60 + 14 * len(legend)}" fill="{colour}">{name}</text>')
    steps = [
        f'<text x="{place(10.0**at):.0f}" y="372">1e{at}</text>'
        f'<text x="4" y="{384 - place(10.0**at):.0f}">1e{at}</text>'
        for at in range(-6, 1)
    ]
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" font-family="sans-serif" font-size="11">',
        "<title>Share of true matches by score, one true match in 100,000 travellers</title>",
        '<path d="M40 340L340 40M40 40V340H340" fill="none" stroke="grey"/>', *steps, *marks, *legend,
        '<text x="150" y="392">score</text><text x="44" y="30">share of true matches</text></svg>', "",
    ])  # fmt: skip


def report(sets, rows, posterior: list[float], bins: Bins, *, budgets: tuple[float, float]) -> str:
    """The page of figures: `sets` as labelled, `rows` the figures of each set without one kind of evidence."""
    listed = ", ".join(
        f"*{one.name}*: {len(one.category):,} labelled travellers ({one.is_listed.sum():,} of them on the list)"
        f" and {sum(len(stream.folds) for stream in one.streams):,} random ones"
        for one in sets
    )
    lines = [
        "# What the evidence of a match is worth", "",
        "Written by `benchmarks/fit_screening.py`, with `rules/screening/weights.yaml`. One logistic regression over"
        f" the pairs of traveller and list entry of all sets gave the weights; {listed}. All figures are of travellers"
        " whose surname was held out of the fit (five folds); they are of those sets, not of any State's traffic.",
        "",
        f"Thresholds: alert {posterior[0]:.2g} (of every kind of random travellers with a birth date, at most"
        f" {budgets[0]:g} in 100,000), weak {posterior[1]:.2g} (at most {budgets[1]:.2%} of every kind).", "",
        "## Without one kind of evidence", "",
        "Of each set, thresholds set anew. F1 is over both queues; *dated*: birth date on both sides, recall in"
        " the alert queue; *at 0.1 %*: recall where 0.1 % of random travellers raise something; *other date*: same name"
        " with another birth date that raises something; *parity*: recall of the worst population over the best.", "",
    ]  # fmt: skip
    for at, one in enumerate(sets):
        lines += [
            f"### {one.name.capitalize()}", "",
            "| without | F1 | F1 dated | recall dated | recall at 0.1 % | other date | parity | alerts in 100,000"
            " | weak |",
            "|---|---|---|---|---|---|---|---|---|",
            *(
                f"| {name} | {told[at].f1:.3f} | {told[at].f1_dated:.3f} | {told[at].recall_dated:.3f} |"
                f" {told[at].recall_at:.3f} | {told[at].other_date:.1%} | {told[at].parity:.3f} |"
                f" {1e5 * told[at].alerts:.0f} | {told[at].weak:.2%} |"
                for name, told in rows
            ), "",
        ]  # fmt: skip
    lines += [
        "## What a score means", "",
        "A score is the probability that traveller and entry are one person, where one traveller in 100,000 is on the"
        " list (held out, each set weighed to that rate):", "",
    ]  # fmt: skip
    for name, of_set in bins.items():
        lines += [
            f"### {name.capitalize()}: scores", "",
            "| mean score | share of true matches | listed travellers |", "|---|---|---|",
            *(f"| {told:.2g} | {seen:.2g} | {count} |" for told, seen, count in of_set), "",
        ]  # fmt: skip
    return "\n".join([*lines, "![Share of true matches by score](images/screening-reliability.svg)", ""])


def write_rules(weights: dict[str, float], posterior: list[float]) -> None:
    """The fitted weights and thresholds into `rules/screening/weights.yaml`; the rest of the file stays."""
    path = Path("rules/screening/weights.yaml")
    text = path.read_text("utf-8")
    for term, value in weights.items():
        if term in ("nothing", "document.misread"):
            continue
        section, _, field = term.rpartition(".")
        start = text.index(f"\n{section or 'name'}:")
        text = text[:start] + re.sub(rf"(\b{field}: )-?[\d.]+", rf"\g<1>{value:.2f}", text[start:], count=1)
    for field, value in zip(("alert", "weak"), posterior, strict=True):
        text = re.sub(rf"(?m)^({field}: )[\d.]+", rf"\g<1>{value:.7f}", text)
    path.write_text(text, "utf-8")
