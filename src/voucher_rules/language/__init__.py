"""Comes in: the text of an expression. Goes out: a tree, and the types and operators it may use."""
