"""Comes in: an outline. Goes out: one HTML page that needs nothing else."""

from __future__ import annotations

from voucher_rules.explain.outline import Outline


def lay_out_html(outline: Outline) -> str:
    """Return the explanation as one self-contained HTML page."""
    return f"<pre>{outline.outcome}</pre>"
