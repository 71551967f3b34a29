"""Comes in: verdicts. Goes out: them as columns of results, in a folder of files."""
