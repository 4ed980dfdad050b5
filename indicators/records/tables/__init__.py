"""The columns of every table, by subject."""
