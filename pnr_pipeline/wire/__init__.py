"""Bytes to syntax, sans-IO: knows segments and elements, and no passenger."""
