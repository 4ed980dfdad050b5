"""Views and their URLs."""
