"""Comes in: a program, days on which one law holds, readings. Goes out: the kernel of its decision.

Kernels are kept with their program: one is made once for each stretch of days and way to read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.inputs import Reader, list_inputs
from voucher_rules.compiled.laws import Laws, list_stretches
from voucher_rules.compiled.lower import Found, Lowering
from voucher_rules.compiled.nodes import (
    Kernel,
    KernelInput,
    Lowered,
    Node,
    NotLoweredError,
    Shape,
)
from voucher_rules.decision.law import is_undated
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program


def make_kernel(  # noqa: PLR0913 - each argument is one thing a kernel rests on
    program: Program,
    stretch: tuple[date, date],
    readings: Mapping[str, str],
    *,
    assumed: bool = False,
    denominators: Mapping[str, int] | None = None,
    lenient: bool = False,
    variables: bool = False,
    decisive: bool = False,
) -> Kernel:
    """Make the kernel of a decision for a stretch of days on which one law holds.

    ``assumed`` tells whether the document is taken to be in force; ``denominators`` fixes what
    ratios and numbers count in; where it is ``lenient`` inputs may be missing, and it is unsure
    where that matters; ``variables`` asks for the values of all that is defined, where else only
    outputs have theirs. A ``decisive`` one is asked only what decides: what it tells of a rule that
    only warns, or only defines, is worth nothing where that is not known. Raises
    :class:`NotLoweredError`.
    """
    lowered = lower_program(
        program,
        stretch,
        readings,
        assumed=assumed,
        denominators=denominators,
        lenient=lenient,
        decisive=decisive,
    )
    return _drop_unused(close_kernel(lowered, variables=variables))


@dataclass(frozen=True, slots=True)
class LoweredProgram:
    """A program for a stretch of days in the nodes of a graph, and what it was made for."""

    program: Program
    stretch: tuple[date, date]
    readings: Mapping[str, str]
    assumed: bool
    inputs: tuple[KernelInput, ...]
    laws: Laws
    found: Found


def lower_program(  # noqa: PLR0913 - as make_kernel
    program: Program,
    stretch: tuple[date, date],
    readings: Mapping[str, str],
    *,
    assumed: bool,
    denominators: Mapping[str, int] | None,
    lenient: bool,
    decisive: bool = False,
) -> LoweredProgram:
    """Lower a program; see :func:`make_kernel`. Raises :class:`NotLoweredError`."""
    graph = Graph()
    laws = Laws(graph)
    reader = Reader(laws)
    inputs = list_inputs(program, stretch, denominators or {}, lenient=lenient)
    box: dict[str, Lowered] = {}
    for place, item in enumerate(inputs):
        graph.place = item.name
        box[item.name] = reader.read(place, item)
        if item.shape is Shape.LIST:
            laws.fields[item.name] = reader.read_fields(place, item)
            laws.rows[item.name] = (place, item.most)
    found = Lowering(laws, program, readings, assumed=assumed, decisive=decisive).run(box)
    if found.in_force not in (FALSE, TRUE):
        reason = "whether the document is in force changes within the days of one law"
        raise NotLoweredError(reason, program.decision.name)
    return LoweredProgram(program, stretch, readings, assumed, inputs, laws, found)


def close_kernel(lowered: LoweredProgram, *, variables: bool = False) -> Kernel:
    """Return the kernel of a lowered program, with all nodes of its graph."""
    program, found, graph = lowered.program, lowered.found, lowered.laws.graph
    outputs = program.decision.outputs
    values = {n: x for n, x in found.values.items() if variables or n in outputs}
    # money that is worked out and waits has a range, which the reference tells
    sums = [n for n, x in outputs.items() if x.type.kind is Kind.MONEY]
    waiting = [found.values[n].waits for n in sums if n in found.values]
    unsure = graph.any_of((*found.unsure, *waiting, *(x.unsure for x in values.values())))
    return Kernel(
        program=program,
        first=lowered.stretch[0],
        last=lowered.stretch[1],
        readings=lowered.readings,
        assumed=lowered.assumed,
        inputs=lowered.inputs,
        nodes=tuple(graph.nodes),
        in_force=found.in_force == TRUE,
        unsure=unsure,
        misstated=found.misstated,
        denied=found.denied,
        referred=found.referred,
        rules=tuple(found.rules[rule.id] for rule in program.rules),
        amounts=tuple(found.amounts.values()),
        values=values,
        places=graph.places,
    )


def _list_roots(kernel: Kernel) -> list[int]:
    roots = [kernel.unsure, kernel.misstated, kernel.denied, kernel.referred]
    roots += [x for rule in kernel.rules for x in (rule.skipped, rule.waits, rule.holds)]
    for item in kernel.amounts:
        roots += [item.amount, item.none, item.overused, item.too_much]
        roots += [node for _, node in (*item.binding, *item.lowest)]
    for value in kernel.values.values():
        roots += [*value.nodes, value.none, value.unsure, value.waits]
    return roots


def _drop_unused(kernel: Kernel) -> Kernel:
    """Return the kernel without the nodes that nothing it gives rests on."""
    used = {FALSE, TRUE}
    waiting = _list_roots(kernel)
    while waiting:
        number = waiting.pop()
        if number not in used:
            used.add(number)
            waiting.extend(kernel.nodes[number].args)
    kept = sorted(used)
    new = {number: place for place, number in enumerate(kept)}
    nodes = tuple(_renumber(kernel.nodes[number], new) for number in kept)
    return replace(
        kernel,
        nodes=nodes,
        unsure=new[kernel.unsure],
        misstated=new[kernel.misstated],
        denied=new[kernel.denied],
        referred=new[kernel.referred],
        rules=tuple(
            replace(
                rule,
                skipped=new[rule.skipped],
                waits=new[rule.waits],
                holds=new[rule.holds],
            )
            for rule in kernel.rules
        ),
        amounts=tuple(
            replace(
                item,
                amount=new[item.amount],
                none=new[item.none],
                overused=new[item.overused],
                too_much=new[item.too_much],
                binding=tuple((name, new[node]) for name, node in item.binding),
                lowest=tuple((name, new[node]) for name, node in item.lowest),
            )
            for item in kernel.amounts
        ),
        values={name: _renumber_value(x, new) for name, x in kernel.values.items()},
        places={new[number]: place for number, place in kernel.places.items() if number in new},
    )


def _renumber(node: Node, new: Mapping[int, int]) -> Node:
    return node._replace(args=tuple(new[arg] for arg in node.args))


def _renumber_value(value: Lowered, new: Mapping[int, int]) -> Lowered:
    nodes = tuple(new[node] for node in value.nodes)
    none, unsure, waits = new[value.none], new[value.unsure], new[value.waits]
    return replace(value, nodes=nodes, none=none, unsure=unsure, waits=waits, held=())


@lru_cache(maxsize=1024)
def _find_kernel(  # noqa: PLR0913, PLR0917 - what a kernel rests on, as a key
    program: Program,
    stretch: tuple[date, date],
    readings: tuple[tuple[str, str], ...],
    assumed: bool,  # noqa: FBT001 - a key of the cache
    lenient: bool,  # noqa: FBT001 - as above
    decisive: bool,  # noqa: FBT001 - as above
    denominators: tuple[tuple[str, int], ...],
) -> Kernel | NotLoweredError:
    if not assumed and is_undated(program.ruleset):
        reason = "the document states no first day, so that nobody knows whether it is in force"
        return NotLoweredError(reason, program.decision.name)
    try:
        return make_kernel(
            program,
            stretch,
            dict(readings),
            assumed=assumed,
            denominators=dict(denominators),
            lenient=lenient,
            decisive=decisive,
        )
    except NotLoweredError as error:
        return error


@lru_cache(maxsize=1024)
def stretches_of(program: Program) -> tuple[tuple[date, date], ...]:
    """Return the stretches of days on which one law holds."""
    return list_stretches(program)


def find_kernel(  # noqa: PLR0913 - each argument is one thing a kernel rests on
    program: Program,
    day: date,
    readings: Mapping[str, str],
    *,
    assumed: bool,
    lenient: bool = False,
    decisive: bool = False,
    denominators: Mapping[str, int] | None = None,
) -> Kernel | NotLoweredError | None:
    """Return the kernel for a day, or why there is none; None for a day nobody may state.

    See :func:`make_kernel` for the rest.
    """
    counted = tuple(sorted((denominators or {}).items()))
    for stretch in stretches_of(program):
        if stretch[0] <= day <= stretch[1]:
            chosen = tuple(sorted(readings.items()))
            return _find_kernel(program, stretch, chosen, assumed, lenient, decisive, counted)
    return None
