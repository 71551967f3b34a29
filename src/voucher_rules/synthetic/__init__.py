"""Comes in: a ruleset and a decision. Goes out: invented cases, where no real ones are public."""
