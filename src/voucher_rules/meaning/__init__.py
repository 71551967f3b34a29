"""Comes in: typed terms and values, known or not. Goes out: what the terms come to."""
