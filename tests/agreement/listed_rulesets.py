"""Comes in: nothing. Goes out: texts of small random rulesets that ask questions of lists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1] / "property"))

from test_completions_by_brute_force import draw_text, write_rule
from test_kernels_against_the_reference import draw_judged

LISTS: Final = """lists:
  items:
    label: {zh: 项, en: items}
    one: {zh: 项, en: item}
    unit: 项
    most: 4
    fields:
      size: {type: money, min: 0 JPY, max: 3 JPY, optional: true, label: {zh: 额, en: size}}
      kind: {type: choice, of: kind, label: {zh: 类, en: kind}}
      name: {type: text, label: {zh: 名, en: name}}
      flag: {type: boolean, label: {zh: 是, en: flag}}
      day: {type: date, optional: true, label: {zh: 日, en: day}}
      share: {type: ratio, max: 200%, label: {zh: 比, en: share}}
  others:
    label: {zh: 另项, en: others}
    one: {zh: 项, en: one}
    unit: 项
    most: 2
    fields:
      heads: {type: count, unit: 人, min: 0人, max: 5人, label: {zh: 人, en: heads}}
      tag: {type: id, optional: true, label: {zh: 号, en: tag}}
      term: {type: period, unit: day, label: {zh: 期, en: term}}
"""
FACT: Final = "  case.name: {type: text, label: {zh: 名, en: name}}\n"
PARAMETERS: Final = """
      single: {type: count, unit: 项, value: 1项, label: {zh: 一, en: one}}
      part: {type: ratio, value: 50%, label: {zh: 份, en: part}}
      level: {type: money, value: 2 JPY, label: {zh: 线, en: level}}
      span: {type: period, value: 3天, label: {zh: 期, en: span}}
"""
EVERY: Final = """      - id: every_field_is_read
        topic: note
        for: claim
        when: >-
          all(items.size < level and items.kind == 'x' and items.name == case.name and items.flag
          and items.day < case.day and items.share > part)
          and all(others.heads > few and given(others.tag) and case.day + others.term < case.day)
          and distinct(others.tag) == single and case.day + span < case.day
        warn: {zh: 虚构, en: invented}"""
LEAVES: Final = (
    "items.flag",
    "items.kind == 'x'",
    "items.kind == case.kind",
    "items.kind in ['y', 'z']",
    "items.size > case.price",
    "items.size < case.cap",
    "items.size * part < level",
    "items.day < case.day",
    "given(items.size)",
    "items.name == case.name",
    "items.share > part",
    "items.size < tally",
    "case.c",
    "case.price > 0",
)
"""What may be asked of one record; ``tally`` is itself the answer to a question."""
OWN: Final = tuple(x for x in LEAVES if "items." in x)
SIZES: Final = (
    "items.size",
    "items.size * half",
    "min(items.size, top)",
    "max(items.size, case.price)",
    "by_kind[items.kind]",
    "items.size if items.flag else case.price",
    "min(items.size, tally)",
)
PLAIN: Final = tuple(x for x in SIZES if not x.startswith("m"))
"""What `min` and `max` of a list may ask for; they take no other `min` or `max` alone."""
TRUTHS: Final = (
    "case.kind in set(items.kind{w})",
    "distinct(items.name{w}) == count(items)",
    "distinct(items.kind{w}) > single",
    "distinct(items.day{w}) < count(others)",
    "distinct(others.tag) == count(others)",
    "count(items{w}) > single",
    "max(items.day{w}) < case.day",
    "min(items.day{w}) < case.day",
    "sum(others.heads) >= few",
    "max(others.heads) > case.heads",
    "any(others.heads > case.heads)",
    "all(case.day + others.term < case.day + span)",
)
"""Other questions; ``{w}`` is which records count."""


@st.composite
def draw_truth(draw: st.DrawFn) -> str:
    """Draw a condition that asks something of a list."""
    of_one = st.one_of(
        st.sampled_from(OWN),
        st.tuples(st.sampled_from(OWN), st.sampled_from(LEAVES)).map(" and ".join),
        st.tuples(st.sampled_from(OWN), st.sampled_from(LEAVES)).map(" or ".join),
        st.sampled_from(OWN).map(lambda x: f"not ({x})"),
    )
    which = draw(st.one_of(st.just(""), of_one.map(lambda x: f", where={x}")))
    kinds = ("any(L{w})", "all(L{w})", "sum(S{w}) > case.price", "min(S{w}) < level", *TRUTHS)
    text = draw(st.sampled_from(kinds)).replace("{w}", which)
    sizes = SIZES if text.startswith("sum") else PLAIN
    return text.replace("L", draw(of_one), 1).replace("S", draw(st.sampled_from(sizes)), 1)


@st.composite
def draw_amount(draw: st.DrawFn) -> str:
    """Draw an amount that is the answer to a question."""
    which = draw(st.one_of(st.just(""), st.sampled_from(LEAVES).map(lambda x: f", where={x}")))
    question = draw(st.sampled_from(("sum", "min", "max")))
    sizes = SIZES if question == "sum" else PLAIN
    return f"{question}({draw(st.sampled_from(sizes))}{which})"


@st.composite
def draw_listed(draw: st.DrawFn) -> str:
    """Draw the text of a ruleset whose rules ask questions of two lists."""
    text = draw(st.one_of(draw_text(), draw_judged()))
    text = text.replace("\nfacts:\n", "\n" + LISTS + "facts:\n" + FACT, 1)
    text = text.replace("\n    parameters:\n", "\n    parameters:" + PARAMETERS, 1)
    tally = draw(st.sampled_from(("sum(items.size)", "max(items.size)", "case.price")))
    lines = [EVERY, f'      - {{id: l_0, topic: cap, for: claim, define: tally, as: "{tally}"}}']
    for number in range(20, draw(st.integers(22, 25))):
        mechanic = draw(st.sampled_from(("require", "exclude", "limits")))
        formula = draw(draw_amount() if mechanic == "limits" else draw_truth())
        when = draw(st.one_of(st.none(), draw_truth()))
        lines.append(write_rule(number, mechanic, formula, when, soft=draw(st.booleans())))
    if draw(st.booleans()):
        lines.append(write_rule(30, "require", draw(st.sampled_from(OWN)), None))
        lines[-1] += "\n        each: items"
    return text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
