"""Comes in: a ruleset document. Goes out: a checked ruleset that can be evaluated, or why it cannot."""
