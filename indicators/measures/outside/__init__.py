"""Outside series set beside the readings."""
