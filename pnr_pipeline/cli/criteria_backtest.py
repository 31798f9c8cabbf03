"""A back-test in a terminal and as a drawing: the table always beside the chart."""

from pathlib import Path

from rich.table import Table

from pnr_pipeline.cli.terminal import out
from pnr_pipeline.screening.criteria.backtest import BackTest, Cell

_WIDTH, _ROW, _LEFT = 720, 22, 170


def print_backtest(result: BackTest) -> None:
    """The figures in words and tables."""
    out.print(
        f"{result.criterion} version {result.version} over {result.judged} stored records: {result.hits} hits, "
        f"{result.held_back} held back by an exonerating condition."
    )
    if result.reviewed:
        out.print(f"Of its real hits {result.reviewed} were reviewed, {result.dismissed} dismissed.")
    else:
        out.print("None of its real hits has been reviewed: the share dismissed is not known.")
    months = Table("month", "hits", title="By month", title_justify="left")
    for month, hits in result.months.items():
        months.add_row(month, str(hits))
    out.print(months)
    if result.overlap:
        overlap = Table("list or criterion", "hits in common", title="Overlap", title_justify="left")
        for other, hits in result.overlap.items():
            overlap.add_row(other, str(hits))
        out.print(overlap)
    for field, cells in result.effect.items():
        table = Table(field, "judged", "hits", "rate", "95 % interval", "", title=f"Effect by {field}")
        for cell in cells:
            table.add_row(cell.group, *_figures(cell), "apart from the others" if cell.differs else "")
        out.print(table)
    if result.untold:
        told = ", ".join(f"{condition} for {number}" for condition, number in result.untold.items())
        out.print(f"Not decided, as the open part of the records does not tell its facts: {told}.")


def write_svg(result: BackTest, path: Path) -> None:
    """The rates with their intervals, by group, as one drawing without script or font from outside."""
    rows: list[str] = []
    top = max((cell.high for cells in result.effect.values() for cell in cells), default=0) or 1
    y = 48
    for field, cells in result.effect.items():
        rows.append(f'<text x="8" y="{y}" font-weight="bold">by {_safe(field)}</text>')
        y += _ROW
        for cell in cells:
            rows.append(f'<text x="20" y="{y}">{_safe(cell.group)}</text>')
            rows.append(_bar(cell, y - 4, top))
            y += _ROW
    title = (
        f"{result.criterion} v{result.version}: {result.hits} hits of {result.judged}, rate by group, 95 % intervals"
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 8}" role="img" font-family="sans-serif"'
        f' font-size="13"><title>{_safe(title)}</title><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="8" y="22" font-size="15">{_safe(title)}</text>{"".join(rows)}</svg>\n',
        "utf-8",
    )


def _bar(cell: Cell, y: int, top: float) -> str:
    low, rate, high = (_LEFT + round(400 * share / top) for share in (cell.low, cell.rate, cell.high))
    words = f"{cell.rate:.1%} of {cell.judged}{', apart from the others' if cell.differs else ''}"
    return (
        f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="#124" stroke-width="2"/>'
        f'<circle cx="{rate}" cy="{y}" r="4" fill="#124"/><text x="{high + 8}" y="{y + 4}">{_safe(words)}</text>'
    )


def _figures(cell: Cell) -> tuple[str, str, str, str]:
    return (str(cell.judged), str(cell.hits), f"{cell.rate:.1%}", f"{cell.low:.1%} to {cell.high:.1%}")


def _safe(text: str) -> str:
    from html import escape

    return escape(text)
