"""Comes in: entries. Goes out: the same entries, as long as the store lasts."""
