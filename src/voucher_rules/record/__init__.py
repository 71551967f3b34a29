"""Comes in: decisions. Goes out: records of them that can be rechecked years later."""
