"""Comes in: a kernel and columns of typed values. Goes out: what it finds, by NumPy."""
