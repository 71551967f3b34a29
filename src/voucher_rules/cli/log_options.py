"""Comes in: a parser of a command on a log. Goes out: the same with the options several share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from voucher_rules.api.replays import gather_anchors, read_bytes
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RecordError
from voucher_rules.record.entries import Key
from voucher_rules.record.key_files import ALWAYS, load_keys
from voucher_rules.record.key_pairs import load_signer
from voucher_rules.record.replaying import Anchors
from voucher_rules.record.signing import Signer


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
    keys = read_all_keys(arguments.key)
    return gather_anchors(arguments.checkpoint, arguments.stamp, arguments.authority, keys)


def read_keys(text: str) -> tuple[Key, ...]:
    """Return the keys of ``[ID=]FILE``. Raises :class:`~voucher_rules.RecordError`."""
    name, found, path = text.partition("=")
    if not found or Path(text).exists():
        return load_keys(text)
    return load_keys(path, name, ALWAYS)


def add_keys(parser: argparse.ArgumentParser, text: str) -> None:
    """Add public keys, as :func:`read_keys` reads them."""
    told = f"{text} (PEM, which goes by the name of its file, or JSON); may be given several times"
    parser.add_argument("--key", metavar="[ID=]FILE", action="append", default=[], help=told)


def read_all_keys(texts: Sequence[str]) -> list[Key] | None:
    """Return the keys of an option, None where it was not given."""
    return [key for text in texts for key in read_keys(text)] if texts else None


def add_signer(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add the private key to sign with."""
    parser.add_argument(
        "--sign",
        metavar="KEYFILE",
        required=required,
        help="Ed25519 private key to sign with (PEM)",
    )
    parser.add_argument(
        "--key-id", metavar="ID", help="what the key goes by (default: the name of its file)"
    )
    add_password(parser)


def add_password(parser: argparse.ArgumentParser) -> None:
    """Add the file of the password; on a command line others would read it."""
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="file whose first line is the password of the private key (default: it has none)",
    )


def read_signer(arguments: argparse.Namespace) -> Signer | None:
    """Return the private key to sign with, None where there is none to.

    Raises :class:`~voucher_rules.RecordError` or :class:`~voucher_rules.InputError`.
    """
    if arguments.sign is None:
        for option in ("--key-id", "--password-file"):
            if getattr(arguments, option.strip("-").replace("-", "_")):
                told = {"option": option, "other": "--sign"}
                raise InputError([Diagnostic("option-alone", told, path=option)])
        return None
    password = read_password(arguments)
    return load_signer(arguments.sign, key_id=arguments.key_id or "", password=password)


def read_password(arguments: argparse.Namespace) -> bytes | None:
    """Return the password, None where none is given. Raises :class:`~voucher_rules.RecordError`."""
    if arguments.password_file is None:
        return None
    lines = read_bytes(arguments.password_file).splitlines()
    if not lines or not lines[0]:
        raise RecordError([Diagnostic("password-empty", {"path": arguments.password_file})])
    return lines[0]


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
