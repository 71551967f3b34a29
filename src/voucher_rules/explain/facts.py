"""Comes in: a condition and how it came out. Goes out: the facts that made it so, in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from voucher_rules.decision.trace import Step
from voucher_rules.explain.sums import SumWriter, is_name, reach
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.values.model import NONE, OPEN

_WANTED: Final = {
    "==": ("is", "is_not"),
    "!=": ("is_not", "is"),
    "<": ("below", "at_least"),
    "<=": ("at_most", "above"),
    ">": ("above", "at_most"),
    ">=": ("at_least", "below"),
    "in": ("one_of", "none_of"),
    "not in": ("none_of", "one_of"),
}
"""For each comparison with something fixed: what it asks for, and what asks for its opposite."""

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def list_deciding(step: Step) -> Iterator[Step]:
    """Yield the parts of a condition that made it come out as it did.

    Of `and` and `or` only the parts that came out like the whole matter; the others could have
    been anything.
    """
    step, _ = reach(step)
    name = step.term.name
    if step.term.role is not Role.OPERATOR or name not in {"and", "or", "not"}:
        yield step
        return
    wanted = step.value if name != "not" else step.parts[0].value
    parts = [part for part in step.parts if part.value is wanted]
    for part in parts or step.parts:
        yield from list_deciding(part)


def needs_one_change(step: Step) -> bool:
    """Return whether one of several deciding parts had to differ, rather than each of them."""
    step, _ = reach(step)
    if step.term.role is Role.OPERATOR and step.term.name == "not":
        return needs_one_change(step.parts[0])
    one = {"or": False, "and": True}.get(step.term.name)
    return one is not None and step.term.role is Role.OPERATOR and step.value is one


def tell_fact(writer: SumWriter, step: Step) -> str:
    """Tell one part of a condition, and what it should have been where that is fixed.

    What a rule asks for is the opposite of how its condition came out.
    """
    if not isinstance(step.value, bool):
        return writer.write_step(step)
    if step.term.role is not Role.OPERATOR:
        return writer.write_truth(step)
    if step.term.name == "given":
        return _tell_given(writer, step.parts[0], wanted=not step.value)
    told = _tell_wanted(writer, step)
    return told or writer.write_truth(step)


def _tell_given(writer: SumWriter, asked: Step, *, wanted: bool) -> str:
    """Tell whether something exists for the case, where the opposite was asked for."""
    label = writer.label(asked.term)
    if wanted:
        return writer.tell("fact.absent", label=label)
    return writer.tell("fact.present", label=label, value=_write(writer, asked))


def _tell_wanted(writer: SumWriter, step: Step) -> str:
    """Tell a comparison of a fact with something fixed as what the fact had to be."""
    if step.term.name not in _WANTED:
        return ""
    one, other = step.parts
    name = step.term.name
    if one.term.role is Role.CONSTANT and name in _MIRRORED:
        one, other, name = other, one, _MIRRORED[name]
    if one.term.role is Role.CONSTANT and other.term.type.kind is Kind.SET and is_name(other):
        key = "has" if step.value is (name == "not in") else "has_not"
        return _tell(writer, other, key, writer.write_value(one.value, one.term.type))
    told = is_name(one) or one.term.role is Role.AGGREGATE
    if other.term.role is not Role.CONSTANT or not told or one.value in {NONE, OPEN}:
        return ""
    key = _WANTED[name][int(bool(step.value))]
    # a bare 0 is told in the unit of what it is compared with
    number = isinstance(other.value, int | Fraction)
    wanted = writer.write_value(other.value, one.term.type if number else other.term.type)
    return _tell(writer, one, key, wanted)


def _tell(writer: SumWriter, fact: Step, key: str, wanted: str) -> str:
    """Tell what a fact is, and in brackets what it had to be."""
    had = writer.tell(f"wanted.{key}", wanted=wanted)
    slots = {"label": writer.write_body(fact), "value": _write(writer, fact), "wanted": had}
    return writer.tell("fact.wanted", **slots)


def _write(writer: SumWriter, fact: Step) -> str:
    return writer.write_value(fact.value, fact.term.type)
