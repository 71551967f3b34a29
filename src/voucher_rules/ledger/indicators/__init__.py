"""Comes in: a ledger. Goes out: what an auditor may want to look at, with the entries behind it.

An indicator says what stands in the ledger and nothing of why; whether anything is wrong with it
is for a person to find.
"""
