"""Comes in: a ruleset document. Goes out: one that can be evaluated, or why it cannot."""
