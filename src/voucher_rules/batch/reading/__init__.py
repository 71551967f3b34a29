"""Comes in: a table of any package or file. Goes out: its rows as plain cells."""
