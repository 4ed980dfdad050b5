"""The outlook in words and tables."""
