"""Submissions: new rows, and how they are checked and written."""
