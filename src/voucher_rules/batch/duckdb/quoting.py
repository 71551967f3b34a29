"""Comes in: names and texts. Goes out: them as DuckDB has them."""

from __future__ import annotations

from voucher_rules.batch.sql.dialects import DUCKDB

quote = DUCKDB.quote
quote_text = DUCKDB.quote_text
