"""A program: `pnr run` whose decoder raises on one mark in a message and kills its process on another."""

import os

from pnr_pipeline import intake
from pnr_pipeline.cli.main import main

sound = intake.decode


def decode(body, **told):
    if b"MARKKILLS" in body:
        os._exit(9)
    if b"MARKRAISES" in body:
        raise ValueError(body.decode())
    return sound(body, **told)


intake.decode = decode  # at the top of the module: a rehearsal imports it too

if __name__ == "__main__":
    main()
