"""The publication as a folder of static files."""
