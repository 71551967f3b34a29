"""Comes in: what happened to vouchers, and questions. Goes out: balances, decisions, deadlines.

See ``docs/decisions/0009-histories.md`` for the shape of it all.
"""
