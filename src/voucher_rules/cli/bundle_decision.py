"""Comes in: a log and one of its decisions. Goes out: the bundle to hand over, in a new file."""

from __future__ import annotations

import argparse

from voucher_rules.api.bundles import make_bundle
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.options import add_folders, read_whole
from voucher_rules.cli.words import tell


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("log", metavar="LOG", help="log of decisions")
    parser.add_argument("seq", metavar="SEQ", type=read_whole, help="number of the entry")
    parser.add_argument("out", metavar="OUT", help="zip to write; it must not exist")
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        required=True,
        help="checkpoint that covers the entry and all that refers to it",
    )
    parser.add_argument(
        "--stamp", metavar="FILE", help="time stamp of the checkpoint (default: FILE.tsr beside it)"
    )
    add_authorities(parser)
    add_secrets(parser)
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="put in what opens the hidden facts of the entry: personal data",
    )
    add_folders(parser)


def add_authorities(parser: argparse.ArgumentParser) -> None:
    """Add the certificates of time-stamping authorities."""
    parser.add_argument(
        "--authority",
        metavar="FILE",
        action="append",
        default=[],
        help="certificates (PEM) of a time-stamping authority; may be given several times",
    )


def add_secrets(parser: argparse.ArgumentParser) -> None:
    """Add the file of what opens hidden facts."""
    parser.add_argument("--secrets", metavar="FILE", help="file that opens hidden facts")


def run(arguments: argparse.Namespace) -> Answer:
    """Write the bundle, and name it."""
    made = make_bundle(
        arguments.log,
        arguments.seq,
        arguments.checkpoint,
        arguments.out,
        folders=check_folders(arguments.rulesets),
        stamp=arguments.stamp,
        authorities=arguments.authority,
        secrets=arguments.secrets,
        with_secrets=arguments.with_secrets,
    )
    return Answer(tell(arguments.lang, "decide.written", path=str(made)))
