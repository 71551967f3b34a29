"""Comes in: the flag `--rewrite-goldens`. Goes out: whether expected texts are written anew.

No test fails for the time it takes.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# No test reads or writes what is kept in the folder of whoever runs it; those of keeping name one.
os.environ["VOUCHER_RULES_CACHE"] = "off"

# How long a case takes says how busy the machine is, and nothing of the law.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Rulesets and cases are many small things that live to the end. Looking through all of them for
# garbage again and again takes a fifth of the time it takes to collect the tests.
gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="write expected texts anew")


def pytest_collection_finish() -> None:
    """Leave what was collected out of every search for garbage."""
    gc.freeze()


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are written anew."""
    return bool(request.config.getoption("--rewrite-goldens", default=False))
