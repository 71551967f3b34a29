"""Comes in: a decision and a log. Goes out: the decision, recorded where that is asked."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from voucher_rules.api import Decision
from voucher_rules.cli.options import read_whole
from voucher_rules.cli.recorded import tell_recorded, tell_subject
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

if TYPE_CHECKING:
    from voucher_rules.api.records import RecordLog

_ALONE: Final = (
    "request",
    "subject",
    "hide",
    "secrets",
    "operator",
    "corrects",
    "replaces",
    "because",
)
"""Options that say nothing without a log."""


def add_recording(parser: argparse.ArgumentParser) -> None:
    """Add the options for recording a decision."""
    group = parser.add_argument_group("recording the decision")
    options = {
        "--log": ("FILE", "record the decision in this log"),
        "--request": ("ID", "a name for this request: asked again, it is the same entry"),
        "--subject": ("S", "whom the decision is about, under a name of your own"),
        "--secrets": ("FILE", "file that keeps what opens the hidden facts, apart from the log"),
        "--operator": ("O", "whom the system acts for"),
        "--because": ("TEXT", "why an earlier entry is corrected or replaced"),
    }
    for name, (metavar, text) in options.items():
        group.add_argument(name, metavar=metavar, help=text)
    group.add_argument(
        "--hide",
        metavar="FACT",
        action="append",
        default=[],
        help="fact (an id or a text) of which only a commitment is recorded; may be given several "
        "times",
    )
    for name, text in (
        ("--corrects", "what entry SEQ should have recorded"),
        ("--replaces", "a decision in the place of that of entry SEQ, after an appeal, say"),
    ):
        group.add_argument(name, metavar="SEQ", type=read_whole, help=text)


def check_recording(arguments: argparse.Namespace) -> None:
    """Check that the options for a log come with one, and what they need. Raises InputError."""
    if arguments.log is None:
        alone = [name for name in _ALONE if getattr(arguments, name)]
        if alone:
            told = {"option": f"--{alone[0]}", "other": "--log"}
            raise InputError([Diagnostic("option-alone", told, path=f"--{alone[0]}")])
        return
    changes = [name for name in ("corrects", "replaces") if getattr(arguments, name)]
    if arguments.all_readings:
        raise _refuse_both("--log", "--all-readings")
    if len(changes) > 1:
        raise _refuse_both("--corrects", "--replaces")
    needed = [("request", "--log")]
    needed += [("because", f"--{name}") for name in changes]
    needed += [("secrets", "--hide")] if arguments.hide else []
    for name, other in needed:
        if not getattr(arguments, name):
            told = {"option": f"--{name}", "other": other}
            raise InputError([Diagnostic("option-missing", told, path=f"--{name}")])
    if arguments.because and not changes:
        told = {"option": "--because", "other": "--corrects"}
        raise InputError([Diagnostic("option-alone", told, path="--because")])


def _refuse_both(option: str, other: str) -> InputError:
    return InputError(
        [Diagnostic("option-against", {"option": option, "other": other}, path=option)]
    )


def open_recording(
    arguments: argparse.Namespace,
) -> AbstractContextManager[RecordLog | None]:
    """Open the log before anything is decided. Raises :class:`~voucher_rules.RecordError`."""
    if arguments.log is None:
        return nullcontext()
    from voucher_rules.api.records import RecordLog

    return RecordLog.open(arguments.log, secrets=arguments.secrets)


def record_decision(log: RecordLog, decision: Decision, arguments: argparse.Namespace) -> str:
    """Record the decision and return what is to be said of it."""
    from voucher_rules.api.log_entries import RecordOptions

    options = RecordOptions(
        operator=arguments.operator, subject=arguments.subject, hide=arguments.hide
    )
    request = arguments.request
    if arguments.corrects:
        entry = log.correct(arguments.corrects, decision, request, arguments.because, options)
    elif arguments.replaces:
        entry = log.decide_again(arguments.replaces, decision, request, arguments.because, options)
    else:
        entry = log.record(decision, request, options)
    told = [tell_recorded(entry, arguments.log, arguments.lang)]
    told += [tell_subject(entry, arguments.lang)] if arguments.subject is None else []
    return "\n".join(filter(None, told))
