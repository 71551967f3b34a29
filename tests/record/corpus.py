"""Comes in: case files. Goes out: the few cases whose records pin every rule in every way it went.

``python tests/record/corpus.py`` writes the corpus anew. That is right only where the meaning of a
ruleset was changed on purpose, or the number of the semantics was raised.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from voucher_rules.api import Decision
from voucher_rules.record.body import make_record
from voucher_rules.testing.load import Case, load_cases

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = Path(__file__).parent / "golden"
Feature: TypeAlias = tuple[str, ...]


def list_case_files() -> list[Path]:
    """Return the case files of every shipped ruleset and of every invented measure."""
    return sorted([*ROOT.glob("rulesets/*/*.yaml"), *ROOT.glob("tests/measures/*/*.yaml")])


def name_corpus(path: Path) -> Path:
    """Return the file that pins the records of an edition."""
    return FOLDER / f"{path.parent.name}-{path.stem}.jsonl"


def list_editions() -> list[Path]:
    """Return the files of the rulesets that have cases."""
    files = list_case_files()
    return [path for path in files if path.with_suffix(".cases.yaml") in files]


def decide_case(case: Case) -> Decision:
    """Return the decision on a case."""
    return case.ruleset.decide(
        case.decision,
        case.facts,
        on=case.on,
        readings=case.readings,
        assume_in_force=case.assume_in_force,
        source=case.source,
    )


def list_features(decision: Decision) -> Iterator[Feature]:
    """Yield what a decision shows: of every rule what became of it, and which limits bind.

    Of decisions that want facts one each is enough: most of their rules are settled elsewhere.
    """
    name = decision.result.decision.name
    yield (name, "outcome", str(decision.outcome))
    if decision.outcome == "undetermined":
        return
    for output, value in decision.values.items():
        if isinstance(value, str):
            yield (name, "value", output, value)
    for item in decision.trace:
        if item.status is not None:
            yield (name, "rule", item.rule.id, str(item.status))
    for rule in decision.binding:
        yield (name, "binds", rule)
    for reason in decision.reasons:
        for failed in reason.rules:
            yield (name, "reason", reason.kind, failed.id)


def choose_decisions(decisions: list[Decision]) -> list[Decision]:
    """Return few decisions that together show all that these do, in the order given."""
    shown = {place: set(list_features(item)) for place, item in enumerate(decisions)}
    left: set[Feature] = set().union(*shown.values())
    chosen = []
    while left:
        best = max(shown, key=lambda place: (len(shown[place] & left), -place))
        chosen.append(best)
        left -= shown[best]
    return [decisions[place] for place in sorted(chosen)]


def write_corpus(path: Path) -> int:
    """Write the corpus of one edition; return how many records it holds."""
    found = sorted(path.parent.glob(f"{path.stem}.cases.yaml"))
    found += sorted(path.parent.glob(f"{path.stem}.*.cases.yaml"))
    cases = [case for file in dict.fromkeys(found) for case in load_cases(file).cases]
    decisions = [decide_case(case) for case in cases]
    lines = [make_record(item.result).written for item in choose_decisions(decisions)]
    name_corpus(path).write_bytes(b"".join(line + b"\n" for line in lines))
    return len(lines)


def main() -> None:
    """Write the corpus of every edition."""
    FOLDER.mkdir(exist_ok=True)
    for path in list_editions():
        sys.stdout.write(f"{name_corpus(path).name}: {write_corpus(path)}\n")


if __name__ == "__main__":
    main()
