"""Comes in: a program. Goes out: the same decision as a kernel of exact whole-number steps."""
