"""Claims of the narrative tested on the data."""
