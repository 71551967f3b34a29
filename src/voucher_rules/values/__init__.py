"""Comes in: text or Python values. Goes out: exact values, what is not known of them, and their text."""
