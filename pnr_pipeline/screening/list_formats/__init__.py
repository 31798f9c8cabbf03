"""Watchlists in the forms their owners publish, each read into entries by a module of its own."""
