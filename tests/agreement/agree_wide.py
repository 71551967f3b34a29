"""Hold all executors against each other on very many drawn cases; ends with 1 where two differ.

    python tests/agreement/agree_wide.py [RULESET …] [--cases N] [--executors …] [--generated K]

Of every decision of every ruleset named, under each of its laws, cases are drawn in columns. The
code of kernels decides each row; NumPy, DuckDB, PostgreSQL and Spark, as far as they are there and
asked for, decide the same, and every column they give is compared. The tracing evaluator decides as
many of them as fit the time it is given. What was held against each other is kept in a file, and
the next run goes on with other cases; the table at the end is of all runs of this very code.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from agreement_reports import BATCH, EVALUATOR, NUMPY, ROWS, TABLES, Order, Report
from agreement_runs import carry_out, list_laws
from generated_rulesets import NAME, Lot, carry_out_lot
from sql_executors import find_sql_executors

import voucher_rules as vr

ROOT: Final = Path(__file__).resolve().parents[2]
Line = dict[str, Any]
IN_ONE: Final = frozenset({"postgresql", "spark"})
"""Engines that are opened once, and in this process."""
LARGE_BATCH: Final = 32_768
"""What Spark takes at once: planning a statement takes it seconds, running it hardly longer."""
LOT: Final = 10
"""How many rulesets are generated from one seed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out what is asked for; return 1 where two executors differ."""
    asked = read_arguments(arguments)
    book = Book(asked.keep)
    orders = list(list_orders(asked, book))
    lots = list(list_lots(asked, book))
    started = time.perf_counter()
    print(f"{len(orders)} orders, {len(lots)} lots; kept in {asked.keep}", flush=True)
    jobs = 1 if IN_ONE & set(asked.executors) else asked.jobs
    for report in run_all(orders, lots, jobs):
        book.enter(report)
        tell_report(report)
    print(f"\n{time.perf_counter() - started:.0f} s by the clock")
    return book.tell()


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description="Hold all executors against each other.")
    parser.add_argument("rulesets", nargs="*", help="shipped rulesets; all where none is named")
    parser.add_argument("--cases", type=int, default=100_000, help="cases of each ruleset")
    parser.add_argument("--decision", action="append", help="only these decisions")
    listed = [NUMPY, *find_sql_executors(), TABLES, EVALUATOR]
    plain = [x for x in listed if x not in IN_ONE]
    parser.add_argument("--executors", nargs="+", choices=listed, default=plain)
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="processor time of the evaluator, each ruleset"
    )
    parser.add_argument("--batch", type=int, help="how many cases an executor takes at once")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--generated", type=int, default=0, help="how many rulesets to generate")
    parser.add_argument("--generated-cases", type=int, default=500, help="cases of each decision")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "build" / "agreement.jsonl", help="where runs are kept"
    )
    asked = parser.parse_args(arguments)
    asked.batch = asked.batch or (LARGE_BATCH if "spark" in asked.executors else BATCH)
    if not asked.rulesets and not asked.generated:
        asked.rulesets = [item.id for item in vr.rulesets()]
    return asked


# -- what is to be done ----------------------------------------------------------------------------


def list_orders(asked: argparse.Namespace, book: Book) -> Iterator[Order]:
    """Yield an order for each decision and law, the cases of a ruleset spread over them."""
    for name in asked.rulesets:
        laws = [x for x in list_laws(vr.load(name)) if not asked.decision or x[0] in asked.decision]
        for at, (decision, law, _) in enumerate(laws):
            cases = asked.cases // len(laws) + (at < asked.cases % len(laws))
            run = book.count_runs(name, decision, law)
            share = asked.seconds / len(laws)
            executors = tuple(asked.executors)
            if cases:
                yield Order(name, decision, law, cases, run, executors, share, asked.batch)


def list_lots(asked: argparse.Namespace, book: Book) -> Iterator[Lot]:
    """Yield lots of generated rulesets."""
    first = book.count_runs(NAME, "all", 0)
    for at, start in enumerate(range(0, asked.generated, LOT)):
        count = min(LOT, asked.generated - start)
        # the evaluator is given what a few dozen cases take
        yield Lot(first + at, count, asked.generated_cases, tuple(asked.executors), 0.04)


def run_all(orders: Sequence[Order], lots: Sequence[Lot], jobs: int) -> Iterator[Report]:
    """Carry everything out, in several processes where that is possible."""
    work: list[tuple[Callable[[Any], Report], Any]] = [(carry_out, x) for x in orders]
    work += [(carry_out_lot, x) for x in lots]
    if jobs == 1:
        yield from (try_out(run, x) for run, x in work)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(try_out, run, x) for run, x in work]
        for done in as_completed(waiting):
            yield done.result()


def try_out(run: Callable[[Any], Report], asked: Order | Lot) -> Report:
    """Carry out one thing; a failure is told as a difference, and the rest goes on."""
    try:
        return run(asked)
    except Exception:  # noqa: BLE001 - whatever an executor raises
        number = asked.run if isinstance(asked, Order) else asked.seed
        report = Report(NAME, "all", ("", ""), number)
        if isinstance(asked, Order):
            laws = {(x, at): law for x, at, law in list_laws(vr.load(asked.ruleset))}
            first, last = laws[asked.decision, asked.law]
            report = Report(asked.ruleset, asked.decision, (str(first), str(last)), number)
        report.differences = 1
        report.told = [f"{asked}\n{traceback.format_exc()}"]
        return report


# -- what was done ---------------------------------------------------------------------------------


class Book:
    """All reports so far, kept line by line; those of other code count for their runs alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.code = find_digest()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.lines: list[Line] = [json.loads(line) for line in lines]
        self.runs: Counter[tuple[str, str, int]] = Counter()
        for line in self.lines:
            key = line["ruleset"], line["decision"], line["at"]
            self.runs[key] = max(self.runs[key], line["run"] + 1)
        self.laws: dict[tuple[str, str, str], int] = {}
        for name in {x["ruleset"] for x in self.lines} - {NAME}:
            self.laws |= _number_laws(name)

    def count_runs(self, ruleset: str, decision: str, law: int) -> int:
        """Return the number of the next run."""
        return self.runs[ruleset, decision, law]

    def enter(self, report: Report) -> None:
        """Keep a report."""
        line = report.as_plain() | {"code": self.code}
        key = (report.ruleset, report.decision, report.law[0])
        if report.ruleset != NAME and key not in self.laws:
            self.laws |= _number_laws(report.ruleset)
        line["at"] = self.laws.get(key, 0)
        self.lines.append(line)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def tell(self) -> int:
        """Print the table of all runs of this code; return 1 where executors differ.

        So it does where one left out cases and nobody knows why.
        """
        own = [x for x in self.lines if x["code"] == self.code]
        groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
        for line in own:
            groups[line["ruleset"], line["decision"], line["law"][0]].append(line)
        names = sorted({x for line in own for x in line["cases"]} - {ROWS}, key=_place)
        width = max([len(f"{a}, {b}") for a, b, _ in groups] or [0])
        print(f"\n{'decision':<{width}}  {'law from':<10} " + _align([ROWS, *names, "differ", "s"]))
        for (ruleset, decision, law), lines in groups.items():
            cells = _sum_cells(lines, names)
            print(f"{f'{ruleset}, {decision}':<{width}}  {law:<10} " + _align(cells))
        unknown = 0
        for ruleset in dict.fromkeys(x["ruleset"] for x in own):
            lines = [x for x in own if x["ruleset"] == ruleset]
            print(f"{ruleset:<{width}}  {'all':<10} " + _align(_sum_cells(lines, names)))
            tell_mix(lines)
            unknown += tell_left(lines)
        others = sum(x["cases"].get(ROWS, 0) for x in self.lines if x["code"] != self.code)
        if others:
            print(f"not counted: {others:,} cases that other code decided")
        return int(unknown > 0 or any(x["differences"] for x in own))


def _place(name: str) -> tuple[int, str]:
    order = [NUMPY, "duckdb", "postgresql", "spark", EVALUATOR, TABLES]
    return (order.index(name) if name in order else len(order)), name


def _align(cells: Sequence[object]) -> str:
    return " ".join(f"{x:>{max(10, len(str(x)))}}" for x in map(str, cells))


def _sum_cells(lines: Sequence[Line], names: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line["cases"])
    differ = sum(x["differences"] for x in lines)
    clock = sum(x["seconds"].get("clock", 0) for x in lines)
    cells = [f"{counts[x]:,}".rjust(len(x)) for x in (ROWS, *names)]
    return [*cells, f"{differ:,}", f"{clock:.0f}"]


def tell_mix(lines: Sequence[Line]) -> None:
    """Print which outcomes, rules and limits the cases reached."""
    outcomes: Counter[str] = Counter()
    for line in lines:
        outcomes.update(line["outcomes"])
    print("    " + ", ".join(f"{x} {n:,}" for x, n in outcomes.most_common()))
    pairs = (
        ("rules failed", "failed", "rules"),
        ("limits bound", "bound", "limits"),
        ("comparisons met exactly", "met", "comparisons"),
        ("comparisons turned both ways", "turned", "comparisons"),
    )
    for words, reached, whole in pairs:
        found, every = _join(lines, reached), _join(lines, whole)
        never = sorted(every - found)
        told = f"; never: {', '.join(never)}" if never and len(never) <= 40 else ""
        print(f"    {words}: {len(found)} of {len(every)}{told}")


def tell_left(lines: Sequence[Line]) -> int:
    """Print what executors that take every case left out, and why; return how often nobody knows.

    The evaluator takes as many as fit its time, and tables some of each order.
    """
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    unknown = 0
    for line in lines:
        for name in {*line["asked"], *line["without"]} - {EVALUATOR}:
            groups[name, line["decision"], line["law"][0]].append(line)
    for (name, decision, law), own in sorted(groups.items()):
        reasons: Counter[str] = Counter()
        for line in own:
            reasons.update(line["without"].get(name, {}))
        cases, whole = (sum(x["cases"].get(key, 0) for x in own) for key in (name, ROWS))
        known = sum(reasons.values())
        lacks = not cases + known if name == TABLES else cases + known < whole
        if lacks and name in own[0]["asked"]:
            reasons["nobody knows why"] = whole - cases - known
            unknown += 1
        for reason, count in reasons.items():
            told = f"{decision} {law}".strip()
            print(f"    not by {name}: {told}: {count:,} of {whole:,} cases: {reason}")
    return unknown


def _join(lines: Sequence[Line], key: str) -> set[str]:
    generated = [line["ruleset"] == NAME for line in lines]
    return {
        x if alone else f"{line['decision']}.{x}"
        for line, alone in zip(lines, generated, strict=True)
        for x in line[key]
    }


def tell_report(report: Report) -> None:
    """Print a line for a report, and every difference told."""
    cases = ", ".join(f"{name} {count:,}" for name, count in report.cases.items())
    seconds = report.seconds.get("clock", 0.0)
    print(
        f"{report.ruleset} {report.decision} {report.law[0]} run {report.run}: {cases};"
        f" {report.differences} differ; {seconds:.1f} s",
        flush=True,
    )
    for text in report.told:
        print(text, flush=True)


def _number_laws(name: str) -> Mapping[tuple[str, str, str], int]:
    laws = list_laws(vr.load(name))
    return {(name, decision, str(first)): at for decision, at, (first, _) in laws}


def find_digest() -> str:
    """Return a digest of the source and of the shipped rulesets."""
    made = hashlib.sha256()
    source = Path(vr.__file__).resolve().parent
    files = [*sorted(source.rglob("*.py")), *sorted((ROOT / "rulesets").rglob("*.yaml"))]
    for path in files:
        made.update(path.name.encode())
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
