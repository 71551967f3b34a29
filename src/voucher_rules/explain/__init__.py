"""Comes in: a decision. Goes out: words about it: text, Markdown, HTML, and data; in zh and en."""
