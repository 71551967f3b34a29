"""Comes in: rows in memory. Goes out: their results, by kernels or by the reference."""
