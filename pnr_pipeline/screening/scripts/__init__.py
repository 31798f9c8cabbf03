"""How each script is read in A to Z: one module a script, tables of letters in `wire.letter_tables`."""
