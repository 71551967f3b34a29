"""Comes in: a log of decisions. Goes out: whether they come out again, or under another law."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from voucher_rules.api.replays import open_secrets, prepare_reform
from voucher_rules.cli.decide_case import amend_as_asked
from voucher_rules.cli.exits import (
    CANNOT_REPLAY,
    DONE,
    MISMATCH,
    NOT_SOUND,
    Answer,
)
from voucher_rules.cli.inputs import check_folders, open_ruleset, read_settings, start_as_stated
from voucher_rules.cli.log_options import add_anchors, add_log, read_anchors
from voucher_rules.cli.options import add_folders, add_jobs
from voucher_rules.cli.progress import Progress
from voucher_rules.cli.reports import add_report, answer_report
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RecordError
from voucher_rules.record.impact_reports import report_impact
from voucher_rules.record.impacts import Impact, ImpactStudy
from voucher_rules.record.replaying import Anchors, Replay, Replayed
from voucher_rules.record.reports import Conclusion, ReplayReport, report_replay

CODES: Final = {
    Conclusion.ALL_MATCH: DONE,
    Conclusion.MISMATCH: MISMATCH,
    Conclusion.NOT_SOUND: NOT_SOUND,
    Conclusion.CANNOT_REPLAY: CANNOT_REPLAY,
}
_OF_A_LAW: Final = (
    "edition",
    "set",
    "change",
    "reading",
    "notice",
    "in_force_from",
    "assume_in_force",
)
_OF_A_REPLAY: Final = ("checkpoint", "stamp", "authority", "key")
_UNUSABLE: Final = frozenset({"file-not-found", "log-failed", "log-version-unknown"})
"""What keeps a log from being looked at at all, and says nothing about it."""


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    add_folders(parser)
    parser.add_argument("--secrets", metavar="FILE", help="file that opens the facts the log hides")
    add_jobs(parser)
    add_report(parser)
    add_anchors(parser)
    group = parser.add_argument_group("what another law would have done (hypothetical)")
    group.add_argument("--with", dest="law", metavar="RULESET", help="the other law")
    group.add_argument("--edition", metavar="E", help="edition of it (default: the last)")
    several = {
        "--set": ("PARAMETER=VALUE", "a parameter set to another value"),
        "--change": ("FILE", "what-if file of changes to it, before those of --set"),
        "--reading": ("NAME=OPTION", "a disputed provision read otherwise"),
        "--notice": ("FILE", "notice that changes it"),
    }
    for name, (metavar, text) in several.items():
        told = f"{text}; may be given several times"
        group.add_argument(name, metavar=metavar, action="append", default=[], help=told)
    group.add_argument(
        "--in-force-from",
        metavar="DATE",
        help="first day the other law is in force, where its document states none",
    )
    group.add_argument(
        "--assume-in-force",
        action="store_true",
        help="decide every case as if the other law were in force on its day",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Go through the log; nothing is written to it."""
    if arguments.law is None:
        _check_against(arguments, _OF_A_LAW, "--with")
        anchors = read_anchors(arguments)
        folders = check_folders(arguments.rulesets)
        return replay_log(arguments, anchors, folders)
    _check_against(arguments, _OF_A_REPLAY, None)
    return _study(arguments)


def _check_against(
    arguments: argparse.Namespace, names: tuple[str, ...], needed: str | None
) -> None:
    given = [name for name in names if getattr(arguments, name)]
    if not given:
        return
    option = f"--{given[0].replace('_', '-')}"
    if needed is not None:
        told = {"option": option, "other": needed}
        raise InputError([Diagnostic("option-alone", told, path=option)])
    told = {"option": option, "other": "--with"}
    raise InputError([Diagnostic("option-against", told, path=option)])


def replay_log(
    arguments: argparse.Namespace, anchors: Anchors, folders: list[Path], *, decides: bool = True
) -> Answer:
    """Replay a log, or check it alone; a file that is none any more is not sound either."""
    secrets = open_secrets(arguments.secrets) if decides else {}
    try:
        replay = Replay(arguments.log, folders, anchors, secrets, arguments.jobs, decides=decides)
    except RecordError as error:
        if any(item.code in _UNUSABLE for item in error.diagnostics):
            raise
        return Answer(code=NOT_SOUND, messages=error.render(arguments.lang))
    report = _watch_replay(replay, arguments)
    answer = answer_report(report, CODES[report.conclusion], arguments)
    if not report.checkpoint_faults:
        return answer
    told = RecordError(report.checkpoint_faults).render(arguments.lang)
    return replace(answer, messages="\n".join(filter(None, (told, answer.messages))))


def _watch_replay(replay: Replay, arguments: argparse.Namespace) -> ReplayReport:
    progress = Progress(arguments.lang)
    size = Path(arguments.log).stat().st_size

    def watch(item: Replayed) -> None:
        progress.tell(item.offset, size, item.line - 1)

    try:
        return report_replay(replay, watch)
    finally:
        progress.finish()


def _study(arguments: argparse.Namespace) -> Answer:
    """Tell what another law would have done."""
    ruleset = open_ruleset(arguments.law, arguments.edition, arguments.rulesets, arguments.notice)
    ruleset = start_as_stated(ruleset, arguments.in_force_from)
    amended = amend_as_asked(ruleset, arguments)
    readings = read_settings(arguments.reading, "--reading")
    reform = prepare_reform(amended, readings, assume_in_force=arguments.assume_in_force)
    secrets = open_secrets(arguments.secrets)
    study = ImpactStudy(arguments.log, reform, secrets, arguments.jobs)
    progress = Progress(arguments.lang)

    def watch(item: Impact) -> None:
        progress.tell(item.seq, study.view.size, item.seq)

    try:
        report = report_impact(study, watch)
    finally:
        progress.finish()
    return answer_report(report, DONE, arguments)
