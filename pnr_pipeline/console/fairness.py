"""The fairness report: how well and how evenly screening finds people, for the data-protection officer (SCR-4, SCR-8).

Self-contained HTML with SVG: no script, no request to anywhere. It holds figures about invented persons only.
"""

import math
from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from pnr_pipeline.screening.evaluation import Bin, Evaluation, Share

_DECADES = 6
"""The diagram goes from 1 in a million to 1."""
_SIDE = 360.0


def render(done: Evaluation, at: datetime, seed: int) -> str:
    """The report as HTML; `at` is aware UTC, `seed` that of the labelled set."""
    environment = Environment(
        loader=PackageLoader("pnr_pipeline.console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["words"] = lambda text: text.replace("_", " ")
    environment.filters["percent"] = lambda share: f"{share:.2%}"
    environment.filters["told"] = _told
    environment.filters["per"] = lambda share: _told(share, 1e5)
    return environment.get_template("fairness.html.j2").render(
        e=done, at=at, seed=seed, dots=_dots(done.reliability), side=_SIDE, ticks=_ticks()
    )


def _told(share: Share, of: float = 0.0) -> str:
    low, high = share.interval
    if of:
        return f"{of * share.value:,.0f} ({of * low:,.0f} – {of * high:,.0f})"
    return f"{share.value:.1%} ({low:.1%} – {high:.1%})"


def _at(share: float) -> float:
    """Where a share stands on a logarithmic axis, 0 to `_SIDE`."""
    return _SIDE * min(1.0, max(0.0, 1 + math.log10(max(share, 1e-9)) / _DECADES))


def _dots(bins: Sequence[Bin]) -> list[tuple[float, float, float, Bin]]:
    return [(_at(one.said), _SIDE - _at(one.true), 3 + 1.5 * math.log10(one.pairs + 1), one) for one in bins]


def _ticks() -> list[tuple[float, str]]:
    return [(_SIDE * at / _DECADES, f"1e-{_DECADES - at}" if at < _DECADES else "1") for at in range(_DECADES + 1)]
