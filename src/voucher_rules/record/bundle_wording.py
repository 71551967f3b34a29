"""Comes in: nothing. Goes out: the shape of what the page of a bundle says in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepWords:
    """What is said of a step: its title, what its commands show, and what they leave open.

    The title is empty where it goes on with the step before.
    """

    title: str
    shows: str
    leaves: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page says; ``facts`` name the rows of its table, ``head`` being its own name."""

    title: str
    facts: Mapping[str, str]
    steps: Mapping[str, StepWords]
    last: str
    language: str
    fates: Mapping[str, str]
    """What may have become of the decision: it ``stands``, was ``replaced``, ``revoked``."""
