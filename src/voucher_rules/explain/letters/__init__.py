"""Comes in: a decision and whom it goes to. Goes out: a letter about it: HTML, Markdown or text."""
