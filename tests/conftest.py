"""Comes in: the flag `--rewrite-goldens`. Goes out: whether expected texts are written anew.

No test fails for the time it takes.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long a case takes says how busy the machine is, and nothing of the law.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="write expected texts anew")


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are written anew."""
    return bool(request.config.getoption("--rewrite-goldens", default=False))
