"""Scores on character offsets; nothing here knows spaCy."""
