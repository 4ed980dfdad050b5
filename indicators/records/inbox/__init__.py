"""Feeds: fetched within limits, read as entries, told apart by address."""
