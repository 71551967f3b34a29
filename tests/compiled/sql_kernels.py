"""Comes in: inputs and steps. Goes out: kernels of these alone, to be tried in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sql_engines import Engine

from voucher_rules.api import load
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.nodes import Kernel, KernelInput, Lowered, Part, Shape, Sort
from voucher_rules.compiled.sql_inputs import NOTHING, Known
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import PeriodUnit

PROGRAM = load("cn-nx-service-voucher").program("supervision_fee")
Build = Callable[[Graph, Sequence[int]], int]


def make_whole(name: str, low: int, high: int) -> KernelInput:
    return KernelInput(
        name,
        Type(Kind.COUNT),
        Shape.NUMBER,
        may_be_none=True,
        may_be_missing=True,
        denominator=1,
        low=low,
        high=high,
    )


def make_text(name: str) -> KernelInput:
    kind = Type(Kind.TEXT)
    return KernelInput(name, kind, Shape.TEXT, may_be_none=False, may_be_missing=True)


def make_list(name: str, most: int, *fields: KernelInput) -> KernelInput:
    return KernelInput(
        name,
        Type(Kind.LIST),
        Shape.LIST,
        may_be_none=True,
        may_be_missing=True,
        fields=fields,
        most=most,
        high=most,
    )


def build_kernel(inputs: Sequence[KernelInput], builds: Mapping[str, Build]) -> Kernel:
    """Return a kernel that gives what is built of its inputs, and nothing else."""
    graph = Graph()
    read = [read_input(graph, place, item) for place, item in enumerate(inputs)]
    made = {name: build(graph, read) for name, build in builds.items()}
    usual = make_kernel(PROGRAM, stretches_of(PROGRAM)[-1], {}, assumed=True)
    return replace(
        usual,
        inputs=tuple(inputs),
        nodes=tuple(graph.nodes),
        unsure=FALSE,
        misstated=FALSE,
        denied=FALSE,
        referred=FALSE,
        rules=(),
        amounts=(),
        values={name: shape_value(graph, node) for name, node in made.items()},
        places=dict.fromkeys(range(len(graph.nodes)), "of_a_rule"),
    )


def read_input(graph: Graph, place: int, item: KernelInput) -> int:
    sort = Sort.TEXT if item.shape is Shape.TEXT else Sort.INT
    part = Part.LENGTH if item.shape is Shape.LIST else Part.VALUE
    return graph.read((place, part), sort, item.low, item.high)


def read_field(
    graph: Graph, item: KernelInput, place: int, at: int, part: Part = Part.VALUE
) -> int:
    field = item.fields[at]
    if part is not Part.VALUE:
        return graph.read_field((place, at, part), Sort.BOOL, 0, 1, item.name)
    sort = Sort.TEXT if field.shape is Shape.TEXT else Sort.INT
    return graph.read_field((place, at, part), sort, field.low, field.high, item.name)


def shape_value(graph: Graph, node: int) -> Lowered:
    if graph.nodes[node].sort is Sort.BOOL:
        return Lowered(Shape.BOOL, (node,), FALSE, FALSE, FALSE)
    return Lowered(Shape.PERIOD, (node,), FALSE, FALSE, FALSE, (), PeriodUnit.DAY)


def run(
    engine: Engine, kernel: Kernel, rows: Sequence[Sequence[Any]], known: Known = NOTHING
) -> list[dict[str, Any]]:
    names = [item.name for item in kernel.inputs]
    cells = [
        dict(zip(names, row, strict=True)) | {f"{name}.none": None for name in names}
        for row in rows
    ]
    return engine.decide_cells(kernel, cells, known)
