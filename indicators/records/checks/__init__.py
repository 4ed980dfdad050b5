"""Rules across columns and files, by subject."""
