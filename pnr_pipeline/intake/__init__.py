"""The only translator: syntax in, records and findings out (allow-list of Annex I)."""
