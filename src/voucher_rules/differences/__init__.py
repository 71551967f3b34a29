"""Comes in: two sets of rules for one decision. Goes out: the cases they decide differently."""
