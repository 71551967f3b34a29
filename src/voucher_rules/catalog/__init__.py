"""Comes in: names and folders. Goes out: the rulesets found there."""
