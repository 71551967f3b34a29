"""Comes in: the text of a ruleset. Goes out: the document it describes, its shape proved."""
