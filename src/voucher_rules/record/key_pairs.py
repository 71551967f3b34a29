"""Comes in: the name of a key. Goes out: a new pair of keys in two files; and back, to sign with.

The private key is for its owner alone to read, from the first moment, and no file is written over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voucher_rules.arguments import BYTES, PATH, TEXT, takes
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import PRIVATE, SHARED, make_file
from voucher_rules.record.entries import Key
from voucher_rules.record.entry_lines import state_keys
from voucher_rules.record.key_files import ALWAYS, write_key
from voucher_rules.record.scanning import telling
from voucher_rules.record.shapes import KEY, ShapeChecker
from voucher_rules.record.signing import Signer, make_signer, read_private_key, write_private_key
from voucher_rules.spans import Span

PUBLIC_SUFFIX: Final = ".pem"


@takes(private=PATH, public=PATH.optional(), key_id=TEXT, password=BYTES.optional())
def make_key_pair(
    private: str | Path,
    public: str | Path | None = None,
    *,
    key_id: str = "",
    password: bytes | None = None,
) -> Signer:
    """Make a new Ed25519 key, and write its two halves into two new files, as PEM.

    ``private`` is for its owner alone to read, encrypted where there is a password; ``public`` is
    for others (None: the same name with ``.pem``). The key goes by ``key_id``, or else by the name
    of the file. Raises :class:`RecordError`, also where one of the files is there; then neither is
    written.
    """
    secret = Path(private)
    shown = find_public(private, public)
    signer = make_signer(key_id or secret.stem)
    _check_id(signer, secret)
    for path in (secret, shown):
        if path.exists() or secret == shown:
            raise RecordError([Diagnostic("file-exists", {"path": str(path)})])
    _make(secret, write_private_key(signer, password), mode=PRIVATE)
    try:
        _make(shown, write_key(signer.public))
    except BaseException:  # a private key nobody knows the other half of is of no use
        secret.unlink()
        raise
    return signer


def find_public(private: str | Path, public: str | Path | None = None) -> Path:
    """Return the file of the public half of a key."""
    return Path(private).with_suffix(PUBLIC_SUFFIX) if public is None else Path(public)


@takes(private=PATH, key_id=TEXT, password=BYTES.optional())
def load_signer(private: str | Path, *, key_id: str = "", password: bytes | None = None) -> Signer:
    """Return a private key (PEM, PKCS #8), to sign with.

    It goes by ``key_id``, or else by the name of the file. Raises :class:`RecordError`.
    """
    path = Path(private)
    with telling(str(path)):
        written = path.read_bytes()
    return read_private_key(written, key_id or path.stem, password)


def _check_id(signer: Signer, path: Path) -> None:
    """Check that logs can name a key as it is called."""
    at = Span(str(path), 1, 1)
    (data,) = state_keys([Key(signer.key_id, signer.public, ALWAYS)], at)
    ShapeChecker(at).check_shape(data, KEY)


def _make(path: Path, data: bytes, *, mode: int = SHARED) -> None:
    with telling(str(path)):
        try:
            make_file(path, data, mode=mode)
        except FileExistsError:
            raise RecordError([Diagnostic("file-exists", {"path": str(path)})]) from None
