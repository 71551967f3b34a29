"""Comes in: tables of cases. Goes out: a decision for each row, and tables again."""
