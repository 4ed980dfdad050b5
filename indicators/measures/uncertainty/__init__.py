"""Draws, intervals and what they are sensitive to."""
