"""Comes in: a table in an engine of SQL. Goes out: the statements that judge and decide it."""
