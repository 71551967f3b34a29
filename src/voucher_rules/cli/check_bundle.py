"""Comes in: a bundle, and what the verifier got elsewhere. Goes out: the verdicts on the bundle."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Final

from voucher_rules.api.bundles import check_bundle
from voucher_rules.cli.bundle_decision import add_authorities, add_secrets
from voucher_rules.cli.exits import CANNOT_REPLAY, DONE, MISMATCH, NOT_SOUND, Answer
from voucher_rules.cli.log_options import add_keys, read_all_keys
from voucher_rules.cli.options import add_format
from voucher_rules.errors import RecordError
from voucher_rules.record.reports import Conclusion

CODES: Final[Mapping[str, int]] = {
    Conclusion.ALL_MATCH: DONE,
    Conclusion.MISMATCH: MISMATCH,
    Conclusion.NOT_SOUND: NOT_SOUND,
    Conclusion.CANNOT_REPLAY: CANNOT_REPLAY,
}


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("bundle", metavar="FILE", help="bundle, or the folder it was unpacked into")
    add_keys(parser, "key got elsewhere, one of which has to have signed the checkpoint")
    add_authorities(parser)
    parser.add_argument(
        "--checkpoint", metavar="FILE", help="checkpoint got elsewhere: the bundle's has to be it"
    )
    add_secrets(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Check the bundle; the exit code is that of a replay."""
    try:
        report = check_bundle(
            arguments.bundle,
            trusted=read_all_keys(arguments.key),
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
