"""Comes in: a bundle, and what the verifier got elsewhere. Goes out: the verdicts on the bundle."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from voucher_rules.api.bundles import check_bundle
from voucher_rules.cli.bundle_decision import add_authorities, add_secrets
from voucher_rules.cli.exits import DONE, Answer
from voucher_rules.cli.inputs import describe_unreadable, read_settings
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RecordError
from voucher_rules.record.bundle_files import read_key
from voucher_rules.record.entries import Key
from voucher_rules.record.reports import Conclusion

NAME: Final = "check-bundle"
SUMMARY: Final = "Check a bundle of a recorded decision, and decide it again, without a network."
FORMATS: Final = ("text", "json")
CODES: Final[Mapping[str, int]] = {
    Conclusion.ALL_MATCH: DONE,
    Conclusion.MISMATCH: 20,
    Conclusion.NOT_SOUND: 21,
    Conclusion.CANNOT_REPLAY: 22,
}
_EVER: Final = datetime.min.replace(tzinfo=UTC)


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("bundle", metavar="FILE", help="bundle, or the folder it was unpacked into")
    parser.add_argument(
        "--key",
        metavar="ID=FILE",
        action="append",
        default=[],
        help="public key (PEM) got elsewhere: the checkpoint has to be signed by one of these; may "
        "be given several times",
    )
    add_authorities(parser)
    parser.add_argument(
        "--checkpoint", metavar="FILE", help="checkpoint got elsewhere: the bundle's has to be it"
    )
    add_secrets(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the result (default: text)"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Check the bundle; the exit code is that of a replay."""
    try:
        report = check_bundle(
            arguments.bundle,
            trusted=_read_keys(arguments.key) or None,
            authorities=arguments.authority,
            checkpoint=arguments.checkpoint,
            secrets=arguments.secrets,
        )
    except RecordError as error:
        if not all(item.code.startswith("bundle-") for item in error.diagnostics):
            raise
        return Answer(code=CODES[Conclusion.NOT_SOUND], messages=error.render(arguments.lang))
    code = CODES[report.conclusion]
    if arguments.format == "json":
        return Answer(json.dumps(report.to_data(), ensure_ascii=False, indent=2), code)
    return Answer(report.summary(arguments.lang), code)


def _read_keys(texts: Sequence[str]) -> list[Key]:
    return [_read_key(*item) for item in read_settings(texts, "--key").items()]


def _read_key(name: str, path: str) -> Key:
    """Return a key; for how long it holds good is told by the log that names it."""
    try:
        public = read_key(Path(path).read_bytes())
    except OSError as error:
        raise InputError([describe_unreadable(path, error)]) from None
    if public is None:
        raise InputError([Diagnostic("bundle-key-not-readable", {"name": name}, path=path)])
    return Key(name, public, _EVER)
