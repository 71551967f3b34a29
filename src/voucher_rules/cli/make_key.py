"""Comes in: a path. Goes out: a new key to sign with, private and public, each in a new file."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_password, read_password
from voucher_rules.cli.words import tell
from voucher_rules.record.key_pairs import find_public, make_key_pair

NAME: Final = "make-key"
SUMMARY: Final = "Make a key to sign checkpoints with: private and public, in two new files."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("private", metavar="KEYFILE", help="new file for the private key (PEM)")
    parser.add_argument(
        "--public",
        metavar="FILE",
        help="new file for the public key (default: KEYFILE with .pem for its suffix)",
    )
    parser.add_argument(
        "--key-id", metavar="ID", help="what the key goes by (default: the name of its file)"
    )
    add_password(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Make the key; nothing is written over."""
    password = read_password(arguments)
    public = find_public(arguments.private, arguments.public)
    signer = make_key_pair(
        arguments.private, public, key_id=arguments.key_id or "", password=password
    )
    slots = {"id": signer.key_id, "private": arguments.private, "public": str(public)}
    return Answer(tell(arguments.lang, "log.made_key", **slots))
