"""A program: `pnr run` with a fault put into it: it remembers its source positions itself, before the commit.

The negative control of the kill test. The pause makes the window, which such a fault always has, easy to hit.
"""

import os
import time

from pnr_pipeline.cli.main import main
from pnr_pipeline.pipelines import workplaces
from pnr_pipeline.pipelines.committed import CommittingStore


class PositionFirst(CommittingStore):
    def __init__(self, store):
        super().__init__(store)
        self._positions = store._ground.state.root / "positions"
        self.seen = lambda source, item, digest: item in self._done()

    def _done(self):
        return self._positions.read_text().split() if self._positions.exists() else []

    def commit(self, received, screened, *, index, now):
        with self._positions.open("a") as file:
            file.write(f"{received.item}\n")
            file.flush()
            os.fsync(file.fileno())
        time.sleep(0.02)
        return super().commit(received, screened, index=index, now=now)


if __name__ == "__main__":
    workplaces.CommittingStore = PositionFirst
    main()
