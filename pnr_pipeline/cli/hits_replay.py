"""A hit computed again, told in a terminal (RGT-5)."""

from typing import TYPE_CHECKING

import msgspec
import typer

from pnr_pipeline.cli.side_by_side import in_force, side_by_side
from pnr_pipeline.cli.terminal import out
from pnr_pipeline.screening.replay import Replay, replay

if TYPE_CHECKING:
    from pnr_pipeline.stores.list_snapshots import ListShelf
    from pnr_pipeline.stores.sql.review_desk import HitFile


def replayed(file: "HitFile", shelf: "ListShelf", criterion: str) -> Replay:
    """The newest version of the hit, with the lists in force when it was told, or the text of its criterion."""
    from pnr_pipeline.screening.criteria import replay_criterion

    hit = file.hit
    if criterion:
        return replay_criterion(hit.match, criterion)
    return replay(hit.match, file.traveller, shelf.load_as_of(hit.match.index), hit.raised_at)


def tell(file: "HitFile", done: Replay, form: str) -> None:
    """What was told then, what comes out now, and whether it is the same."""
    hit = file.hit
    if form == "json":
        told = {"hit_id": hit.hit_id, "version": hit.version, "same": done.same, "then": hit.match}
        typer.echo(msgspec.json.encode(told | msgspec.structs.asdict(done)).decode())
        return
    out.print(f"Hit {hit.hit_id} version {hit.version}, told {hit.raised_at:%Y-%m-%d %H:%M} UTC")
    out.print(f"then: {in_force(hit.match)}")
    out.print(f"the stored weights {'give' if done.summed else 'do NOT give'} the stored score")
    if done.again is None:
        out.print(f"not computed again: {done.why}")
        return
    out.print(f"now:  {in_force(done.again)}")
    for version in done.versions:
        out.print(f"  {version}")
    if done.same:
        out.print("the same evidence, the same weights, the same score")
        return
    for difference in done.differences:
        out.print(f"  {difference}")
    out.print(side_by_side(done.again, out.width))
