"""Thin Beam transforms, one module a stage."""
