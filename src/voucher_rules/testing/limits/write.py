"""Comes in: cases generated at a limit. Goes out: a case file that holds them, to be judged.

What each expects is what the engine says today; a person holds it against the official text before
it is worth anything as a pin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voucher_rules.language.records import find_number, split_field
from voucher_rules.testing.limits.cross import find_declared
from voucher_rules.testing.limits.sites import Side
from voucher_rules.testing.limits.survey import Generated, LimitReport, decide_generated
from voucher_rules.testing.write import write_fact
from voucher_rules.values.model import Value

HEAD = """\
# Generated at limits that no case pins. What is expected is what the engine says; hold each case
# against the official text, give it a name and a reason, and move it to the case file.
"""


def write_generated(
    ruleset: str, edition: str, generated: Sequence[tuple[LimitReport, Mapping[Side, Generated]]]
) -> str:
    """Return the text of a case file with every generated case."""
    lines = [HEAD, f"ruleset: {ruleset}", f'edition: "{edition}"', "cases:"]
    for report, found in generated:
        for side, item in found.items():
            lines += list(_write_case(report, side, item))
    return "\n".join(lines) + "\n"


def _write_case(report: LimitReport, side: Side, item: Generated) -> Iterator[str]:
    case = item.witness.case
    yield f"  - name: {_quote(f'{report.site.id}: {side}')}"
    yield f"    decision: {case.decision}"
    if case.on is not None:
        yield f"    on: {case.on.isoformat()}"
    if case.readings:
        yield f"    readings: {_write_mapping(case.readings)}"
    if case.in_force_from is not None:
        yield f"    in_force_from: {case.in_force_from.isoformat()}"
    if case.assume_in_force:
        yield "    assume_in_force: true"
    settings = {x.target: x.after for x in case.ruleset.overlays if x.kind == "what_if"}
    if settings:
        yield f"    set: {_write_mapping(settings)}"
    yield "    given:"
    for name, stated in lay_over(item).items():
        yield f"      {name}: {_write_node(stated)}"
    decision = decide_generated(item)
    yield f"    expect: {{outcome: {decision.outcome}}}"
    yield f"    because: {_quote(f'{report.site.text} ({report.site.citation})')}"


def lay_over(item: Generated) -> dict[str, Any]:
    """Return the facts of a generated case, as a case file states them."""
    program = item.witness.decision.result.program
    facts: dict[str, Any] = {str(k): _plain(v) for k, v in item.witness.case.facts.items()}
    for name, value in item.crossing.changed.items():
        declared = find_declared(program, name)
        text = write_fact(value, declared.type) if declared else str(value)
        _state(facts, name, text, value)
    return facts


def _state(facts: dict[str, Any], name: str, text: str, value: Value) -> None:
    listed, field = split_field(name)
    if not listed:
        facts[name] = sorted(value) if isinstance(value, frozenset) else text
        return
    records = [dict(record) for record in facts[listed]]
    records[find_number(name) - 1][field.partition(".")[2]] = text
    facts[listed] = records


def _plain(node: Any) -> Any:  # noqa: ANN401 - facts are of any shape a case file allows
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(item) for item in node]
    return str(node)


def _write_node(node: Any) -> str:  # noqa: ANN401 - facts are of any shape a case file allows
    if isinstance(node, Mapping):
        return _write_mapping(node)
    if isinstance(node, list):
        return f"[{', '.join(_write_node(item) for item in node)}]"
    return _quote(str(node))


def _write_mapping(node: Mapping[str, Any]) -> str:
    return f"{{{', '.join(f'{key}: {_write_node(value)}' for key, value in node.items())}}}"


def _quote(text: str) -> str:
    """Return a text in quotes where YAML could take it for something else."""
    plain = text and not set(text) & set("#:,[]{}&*!|>'\"%@`\\") and text == text.strip()
    return text if plain and text[0] not in "-?=" else json.dumps(text, ensure_ascii=False)
