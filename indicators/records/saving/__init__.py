"""Submissions, and the one door through which rows are written."""
