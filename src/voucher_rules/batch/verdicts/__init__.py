"""Comes in: cases, or what kernels found of them. Goes out: a verdict on each, by column."""
