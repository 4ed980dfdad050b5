"""The page Update scores."""
