"""Comes in: the official text of a measure. Goes out: provisions, quantities, a draft, coverage."""
