"""Likeness of new items to past events, anchors and each other."""
