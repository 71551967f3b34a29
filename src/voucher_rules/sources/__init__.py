"""Comes in: bytes of YAML or JSON. Goes out: a tree of text that knows where each word stood."""
