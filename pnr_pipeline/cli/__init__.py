"""The `pnr` command."""
