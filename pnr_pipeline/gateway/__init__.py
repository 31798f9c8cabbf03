"""Receivers for carriers (not built yet)."""
