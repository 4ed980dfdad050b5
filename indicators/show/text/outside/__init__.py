"""Outside series in words and tables."""
