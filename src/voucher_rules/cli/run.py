"""Comes in: the words of a command line. Goes out: what the command says, and its exit code."""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

from voucher_rules.cli.exits import INTERNAL, INTERRUPTED, NO_RULESET, REFUSED, USAGE, Answer
from voucher_rules.cli.outputs import check_outputs
from voucher_rules.cli.parser import build_parser
from voucher_rules.cli.words import tell
from voucher_rules.errors import (
    InputError,
    LedgerError,
    RecordError,
    RulesetError,
    RulesetNotFoundError,
    StoreError,
)

DEBUG: Final = "VOUCHER_RULES_DEBUG"


def run_command(argv: Sequence[str] | None) -> int:
    """Run a command, print what it says and return its exit code."""
    _speak_utf8()
    answer = Answer(code=USAGE)
    try:
        answer = _answer(argv)
        _deliver(answer)
    except BrokenPipeError:
        _forget_output()
    return answer.code


def _speak_utf8() -> None:
    """Write UTF-8 wherever this runs; what has no UTF-8 form is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _answer(argv: Sequence[str] | None) -> Answer:
    try:
        words = sys.argv[1:] if argv is None else list(argv)
        arguments = build_parser(words).parse_args(words)
    except SystemExit as stop:
        return Answer(code=stop.code if isinstance(stop.code, int) else USAGE)
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> Answer:
    language: str = arguments.lang
    try:
        check_outputs(arguments)
        answer: Answer = arguments.run(arguments)
    except (InputError, LedgerError, RecordError, StoreError) as error:
        return Answer(code=REFUSED, messages=error.render(language))
    except (RulesetError, RulesetNotFoundError) as error:
        return Answer(code=NO_RULESET, messages=error.render(language))
    except KeyboardInterrupt:
        return Answer(code=INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in one line
        return _tell_defect(error, language)
    return answer


def _tell_defect(error: Exception, language: str) -> Answer:
    short = "".join(traceback.format_exception_only(error)).strip()
    message = tell(language, "internal", error=short)
    if os.environ.get(DEBUG) == "1":
        message = f"{''.join(traceback.format_exception(error))}{message}"
    return Answer(code=INTERNAL, messages=message)


def _deliver(answer: Answer) -> None:
    if answer.messages:
        print(answer.messages.rstrip("\n"), file=sys.stderr)
    if answer.text:
        print(answer.text.rstrip("\n"))
    sys.stderr.flush()
    sys.stdout.flush()


def _forget_output() -> None:
    """Let what is still to be written go nowhere: the reader has left, which is no fault."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
