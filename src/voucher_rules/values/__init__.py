"""Comes in: text or Python values. Goes out: exact values, known or not, and their text."""
