"""Comes in: plain cells. Goes out: the cases they state, and what is asked of them."""
