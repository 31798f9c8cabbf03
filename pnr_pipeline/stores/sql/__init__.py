"""The SQL store: SQLite embedded."""
