"""Comes in: a ruleset that was checked. Goes out: it again, from a file of data in a folder."""
