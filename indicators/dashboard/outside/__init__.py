"""Outside series in the app."""
