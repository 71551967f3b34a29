"""Comes in: a program and a case. Goes out: a decision with its trace."""
