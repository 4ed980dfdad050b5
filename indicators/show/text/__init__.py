"""Sentences, tables and HTML fragments."""
