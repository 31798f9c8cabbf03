"""A program: `pnr run` whose decoder raises, kills its process or never ends on marks in a message."""

import os
import time

from pnr_pipeline import intake
from pnr_pipeline.cli.main import main
from pnr_pipeline.pipelines import workplaces

sound = intake.decode


def decode(body, **told):
    if b"MARKKILLS" in body:
        os._exit(9)
    if b"MARKRAISES" in body:
        raise ValueError(body.decode())
    if b"MARKHANGS" in body:
        time.sleep(1_000)
    return sound(body, **told)


workplaces.REHEARSAL_SECONDS = 10.0
intake.decode = decode  # at the top of the module: a rehearsal imports it too

if __name__ == "__main__":
    main()
