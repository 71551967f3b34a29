"""Comes in: a table in a file. Goes out: its results in a folder, decided by Spark."""
