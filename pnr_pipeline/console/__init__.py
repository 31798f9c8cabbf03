"""Web desks (not built yet)."""
