"""The life of a hit, and who may move it."""
