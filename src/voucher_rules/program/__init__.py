"""Comes in: a checked ruleset. Goes out: the ordered steps of one of its decisions."""
