"""Comes in: the figures of a study. Goes out: a picture of them, for the screen and for print."""
