"""How a run is asked to end, and why."""

from queue import Empty, SimpleQueue

from pnr_pipeline.errors import PnrFault


class Stop:
    """Asked once, by a signal or by a store in trouble; every stage looks at it between two elements.

    A signal handler may call `ask` at any moment: SimpleQueue.put is reentrant, where Event.set could wait for a
    lock that the interrupted thread itself holds.
    """

    def __init__(self) -> None:
        self.asked = False
        self.trouble: PnrFault | None = None
        self._woken: SimpleQueue[None] = SimpleQueue()

    def ask(self, trouble: PnrFault | None = None) -> None:
        """End after the element in hand; the first `trouble` is kept, for whoever started the run."""
        self.trouble = self.trouble or trouble
        self.asked = True
        self._woken.put(None)

    def wait(self, seconds: float) -> None:
        """Sleep without a turn of the processor until `seconds` have passed or the stop was asked."""
        if not self.asked:
            try:
                self._woken.get(timeout=seconds)
            except Empty:
                return
