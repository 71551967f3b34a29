"""Comes in: texts that name people. Goes out: digests to record in their stead, and their erasure.

A commitment is the digest of a random salt and the text. Whoever has both can show what was
recorded; once they are erased nobody can find the text out by trying, and the record still verifies
(it can then no longer be decided again, and says so). Salts and texts are kept in a file of their
own, apart from the log. A bare digest of a name or a number of 11 digits would hide nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.appending import (
    AppendedFile,
    FileBrokenError,
    FileLockedError,
    FileReplacedError,
)
from voucher_rules.ledger.stores.files import PRIVATE, make_file, sync_folder
from voucher_rules.record.canonical import CanonicalError, read_canonical, write_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.spans import Span

SALT_BYTES: Final = 32
_BEGINNING: Final = b'{"commitment":"sha256:'
_FIELDS: Final = frozenset({"commitment", "log_id", "name", "request_id", "salt", "value"})


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens one commitment: its salt (hexadecimal) and its text, and what it was made for.

    ``name`` is the fact it stands for in the record of the request.
    """

    commitment: str
    salt: str
    value: str
    log_id: str
    request_id: str
    name: str

    @property
    def is_sound(self) -> bool:
        """Whether the commitment is that of the salt and the text."""
        return self.commitment == commit(self.salt, self.value)


def commit(salt: str, value: str) -> str:
    """Return the commitment to a text under a salt (hexadecimal). Raises CanonicalError."""
    return digest_bytes(DigestKind.COMMITMENT, write_canonical([salt, value]))


class SecretStore:
    """The file of what opens the commitments of a log: a line for each, erased when told.

    Made by :meth:`open`; to be closed, or used in a ``with``. One process has it open for writing;
    only its owner may read the file.
    """

    def __init__(self, path: Path, file: AppendedFile, secrets: Iterable[Secret]) -> None:
        self._path = path
        self._file = file
        self._take(secrets)

    def _take(self, secrets: Iterable[Secret]) -> None:
        self._secrets = {item.commitment: item for item in secrets}
        self._made = {(x.log_id, x.request_id, x.name): x for x in self._secrets.values()}

    @classmethod
    def open(cls, path: str | Path) -> SecretStore:
        """Open the file, making it where there is none. Raises :class:`RecordError`.

        A last line that was cut off is dropped: it was never told as written, so that no record
        can rest on it.
        """
        place = Path(path)
        with _telling(place):
            with suppress(FileExistsError):
                make_file(place, b"", mode=PRIVATE)
            file = AppendedFile(place)
            try:
                found = read_secrets(place)  # before it is touched: it may be no such file
                place.chmod(PRIVATE)
                if not file.size:
                    sync_folder(place.parent)  # so that its name outlives a loss of power too
                # What a process left that ended while it wrote the file anew.
                _name_fresh(place).unlink(missing_ok=True)
                whole = _measure_lines(place.read_bytes())
                if whole < file.size:
                    file.cut(whole)
                return cls(place, file, found)
            except BaseException:
                file.close()
                raise

    @property
    def place(self) -> str:
        """The file, for messages."""
        return str(self._path)

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts, by their commitments."""
        return {name: item.value for name, item in self._secrets.items()}

    def list_made(self, log_id: str, request_id: str) -> list[str]:
        """Return the commitments that were made for a request."""
        made = self._secrets.values()
        return [x.commitment for x in made if (x.log_id, x.request_id) == (log_id, request_id)]

    def find(self, value: str, log_id: str, request_id: str, name: str) -> str | None:
        """Return the commitment a request got before, so that it is known for the same.

        Raises :class:`RecordError` where the request said another text then.
        """
        earlier = self._made.get((log_id, request_id, name))
        if earlier is None:
            return None
        if earlier.value != value:
            arguments = {"name": name, "request": request_id}
            raise RecordError([Diagnostic("secret-of-another-text", arguments)])
        return earlier.commitment

    def hide(self, value: str, log_id: str, request_id: str, name: str) -> str:
        """Return a commitment to a text, once what opens it is on the disk.

        It is for a request that nothing was recorded of. Where an earlier try came to nothing its
        commitment is taken, and what it kept of another text is erased.
        """
        earlier = self._made.get((log_id, request_id, name))
        if earlier is not None and earlier.value == value:
            return earlier.commitment
        if earlier is not None:
            self.erase([earlier.commitment])
        salt = os.urandom(SALT_BYTES).hex()
        made = Secret(commit(salt, value), salt, value, log_id, request_id, name)
        with _telling(self._path):
            self._file.add(_write(made))
        self._secrets[made.commitment] = made
        self._made[log_id, request_id, name] = made
        return made.commitment

    def erase(self, commitments: Iterable[str]) -> int:
        """Erase what opens these commitments, for good; return how many there were.

        The file is written anew. What a disk or a backup may still hold of the old one is not in
        this library's hands.
        """
        erased = self._secrets.keys() & set(commitments)
        if erased:
            kept = [item for name, item in self._secrets.items() if name not in erased]
            with _telling(self._path):
                self._rewrite(kept)
        return len(erased)

    def _rewrite(self, kept: list[Secret]) -> None:
        fresh = _name_fresh(self._path)
        fresh.unlink(missing_ok=True)
        make_file(fresh, b"", mode=PRIVATE)
        opened = AppendedFile(fresh)
        try:
            opened.add(b"".join(map(_write, kept)))
            opened.take_place(self._path)
        except BaseException:
            opened.close()
            raise
        self._file.close()
        self._file = opened
        self._take(kept)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_secrets(path: str | Path) -> list[Secret]:
    """Return what a file opens. Raises :class:`RecordError` at a line that is not sound.

    A last line that was cut off opens nothing; but it is the beginning of one that would.
    """
    with _telling(Path(path)):
        data = Path(path).read_bytes()
    whole = _measure_lines(data)
    lines, rest = data[:whole].splitlines(), data[whole:]
    if not _BEGINNING.startswith(rest[: len(_BEGINNING)]):
        raise RecordError([Diagnostic("secret-damaged", {}, Span(str(path), len(lines) + 1, 1))])
    return [_read(line, Span(str(path), number, 1)) for number, line in enumerate(lines, start=1)]


def _name_fresh(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _measure_lines(data: bytes) -> int:
    """Return how many bytes the whole lines take."""
    return data.rfind(b"\n") + 1


def _write(secret: Secret) -> bytes:
    return write_canonical(asdict(secret)) + b"\n"


def _read(line: bytes, at: Span) -> Secret:
    try:
        data = read_canonical(line)
    except CanonicalError:
        data = None
    if not isinstance(data, dict) or data.keys() != _FIELDS:
        raise RecordError([Diagnostic("secret-damaged", {}, at)])
    if not all(isinstance(item, str) for item in data.values()):
        raise RecordError([Diagnostic("secret-damaged", {}, at)])
    secret = Secret(**data)
    if not secret.is_sound:
        raise RecordError([Diagnostic("secret-differs", {"name": secret.name}, at)])
    return secret


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Tell what keeps the file from being read or written."""
    try:
        yield
    except FileLockedError:
        raise RecordError([Diagnostic("secrets-locked", {}, path=str(path))]) from None
    except FileNotFoundError:
        raise RecordError([Diagnostic("file-not-found", {"path": str(path)})]) from None
    except (OSError, FileBrokenError, FileReplacedError) as error:
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise RecordError(
            [Diagnostic("secrets-failed", {"problem": problem}, path=str(path))]
        ) from (error)
