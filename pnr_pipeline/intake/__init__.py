"""The only translator: bytes as received into records.

`decode` is its door; `Rulebook` holds the words of its findings. Allow-list intake: what has no field in the records is
counted and not kept (ING-2, ING-4).
"""

from pnr_pipeline.intake.decode import decode
from pnr_pipeline.intake.rulebook import Rulebook

__all__ = ["Rulebook", "decode"]
