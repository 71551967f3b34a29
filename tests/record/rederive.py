"""Comes in: the golden corpus. Goes out: whether every record comes out again byte for byte.

Needs nothing but the library's core dependencies, so that it runs on any Python with any of their
versions. ``--only NAME`` takes the editions whose file begins so; ``--precision N`` first spoils
the decimal context of the process, which no decision may notice. Prints how many records were made
again and one digest over all their bytes; exits with 1 where one differs.
"""

from __future__ import annotations

import argparse
import decimal
import hashlib
import sys
from pathlib import Path
from typing import Final

from voucher_rules.record.canonical import read_canonical
from voucher_rules.record.rechecking import Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf

HERE: Final = Path(__file__).parent
FOLDERS: Final = (HERE.parent / "measures",)


def list_corpora(prefix: str = "") -> list[Path]:
    """Return the files of the corpus whose names begin with ``prefix``."""
    return sorted(HERE.joinpath("golden").glob(f"{prefix}*.jsonl"))


def rederive(path: Path, shelf: RulesetShelf, every: int = 1) -> list[str]:
    """Return what is wrong with each record of a file that does not come out again.

    ``every`` takes every so many of them.
    """
    faults = []
    lines = list(enumerate(path.read_bytes().splitlines(), start=1))
    for number, line in lines[::every]:
        found = recheck_record(read_canonical(line), None, shelf)
        if found.reproduced is not Reproduced.MATCH:
            why = found.differences or found.first_step or (found.obstacle, found.detail)
            faults.append(f"{path.name}:{number}: {found.reproduced}: {why}")
    return faults


def main(arguments: list[str] | None = None) -> int:
    """Make every record of the corpus again and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--precision", type=int)
    given = parser.parse_args(arguments)
    if given.precision:
        decimal.getcontext().prec = given.precision
    shelf, whole, count, faults = RulesetShelf(FOLDERS), hashlib.sha256(), 0, list[str]()
    for path in list_corpora(given.only):
        faults += rederive(path, shelf)
        data = path.read_bytes()
        whole.update(data)
        count += data.count(b"\n")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(f"records: {count}, not the same: {len(faults)}, {whole.hexdigest()}\n")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
