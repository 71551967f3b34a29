"""Comes in: the flag `--rewrite-goldens`. Goes out: whether expected texts are written anew."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="write expected texts anew")


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are written anew."""
    return bool(request.config.getoption("--rewrite-goldens", default=False))
