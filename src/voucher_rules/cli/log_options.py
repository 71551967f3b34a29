"""Comes in: a parser of a command on a log. Goes out: the same with the options several share."""

from __future__ import annotations

import argparse
from pathlib import Path

from voucher_rules.api.replays import gather_anchors
from voucher_rules.record.entries import Key
from voucher_rules.record.key_files import ALWAYS, load_keys
from voucher_rules.record.replaying import Anchors


def add_log(parser: argparse.ArgumentParser) -> None:
    """Add the log."""
    parser.add_argument("log", metavar="LOG", help="file of the log")


def add_anchors(parser: argparse.ArgumentParser) -> None:
    """Add what others hold of a log."""
    group = parser.add_argument_group(
        "what others hold of the log; each may be given several times"
    )
    options = {
        "--checkpoint": ("FILE", "checkpoint of the log, got from someone else"),
        "--stamp": ("FILE", "time stamp of a checkpoint (RFC 3161, DER)"),
        "--authority": ("PEM", "root certificate of who may have made the time stamps"),
        "--key": (
            "[ID=]FILE",
            "public key that may have signed, as PEM or JSON (default: those of the log itself)",
        ),
    }
    for name, (metavar, text) in options.items():
        group.add_argument(name, metavar=metavar, action="append", default=[], help=text)


def read_anchors(arguments: argparse.Namespace) -> Anchors:
    """Return what others hold of a log. Raises :class:`~voucher_rules.RecordError`."""
    keys = [key for text in arguments.key for key in read_keys(text)]
    return gather_anchors(
        arguments.checkpoint, arguments.stamp, arguments.authority, keys if arguments.key else None
    )


def read_keys(text: str) -> tuple[Key, ...]:
    """Return the keys of ``[ID=]FILE``. Raises :class:`~voucher_rules.RecordError`."""
    name, found, path = text.partition("=")
    if not found or Path(text).exists():
        return load_keys(text)
    return load_keys(path, name, ALWAYS)


def add_request(parser: argparse.ArgumentParser, *, because: bool = True) -> None:
    """Add what asks for an entry."""
    parser.add_argument(
        "--request",
        metavar="ID",
        required=True,
        help="a name for this request: asked again, it is the same entry",
    )
    parser.add_argument("--because", metavar="TEXT", required=because, help="why")
    parser.add_argument("--operator", metavar="O", help="whom the system acts for")
