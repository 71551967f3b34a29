"""Comes in: the flag `--rewrite-goldens`. Goes out: whether expected explanations are rewritten."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="rewrite tests/explain/goldens")


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are written anew; only where this folder is what pytest was asked for."""
    return bool(request.config.getoption("--rewrite-goldens", default=False))
