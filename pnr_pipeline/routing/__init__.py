"""Which unit may receive which confirmed hit."""
