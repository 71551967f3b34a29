"""Comes in: the words of a command line. Goes out: results, messages and an exit code.

`docs/reference/cli.md` describes every command.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. ``argv`` is that of the process where left out."""
    from voucher_rules.cli.run import run_command

    return run_command(argv)
