"""UN/EDIFACT (ISO 9735) syntax: segments in, segments out."""
