"""Names to keys to candidates to evidence to a score that explains itself."""
