"""Comes in: the official text of a measure. Goes out: its provisions, one by one."""
