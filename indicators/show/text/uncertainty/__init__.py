"""How sure the figures are, in words and tables."""
