"""Rule text to rules, and dated answers that carry their article."""
