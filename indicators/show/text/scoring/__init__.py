"""The update desk in words."""
