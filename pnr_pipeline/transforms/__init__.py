"""Thin Beam transforms, one module a stage: plain functions first, counters in the transform."""
