"""Comes in: a case and a ruleset. Goes out: what would be decided were something else so."""
