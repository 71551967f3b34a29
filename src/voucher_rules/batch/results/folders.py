"""Comes in: the parts of a run as they are finished. Goes out: a folder that tells all of it.

A run writes its results part by part, each into a file of what every row has and one of what is
open. A part counts once its entry stands in the folder, which is written after the files it tells
of and renamed into place: a run that was killed goes on where it was, and nothing is counted twice.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.file_digests import digest_file
from voucher_rules.batch.results.folder_locks import hold_folder
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

RUN: Final = "run.json"
MANIFEST: Final = "manifest.json"
MANIFEST_SCHEMA: Final = "voucher-rules/batch/2"
BITS: Final = "bits.csv"
REJECTED: Final = "rejected.jsonl"
"""How the names of files of rejected rows end."""
_UNFINISHED: Final = ".unfinished"
_LEFT: Final = re.compile(
    r"(?:run\.json|manifest\.json|bits\.csv|staged\.parquet|spill"
    r"|(?:part|open|made|left(?:_[0-9]+)?|whole|opened|staged|given|records"
    r"|vr_(?:rows|found)(?:_[0-9]+)+|cells_[0-9]+|bad_[0-9]+)"
    r"-[0-9]{5,}\.[a-z0-9.]+)"
    r"\.unfinished"
)
"""What a killed run may leave, and nothing else."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a run: its rows, and what became of them.

    ``read`` rows came in: ``decided`` have a result, ``rejected`` are no cases. Of those decided,
    ``by_reference`` were left to the reference. ``files`` are those of the part with the digest
    of each.
    """

    number: int
    first: int
    read: int
    decided: int
    rejected: int
    by_reference: int
    outcomes: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)
    """Binary floats turned into decimals, by column; the rows whose day was assumed; of the rows
    left to the reference how many do not tell a fact, and of how many it is missing."""


class RunFolder:
    """The folder of a run: what it is a run of, and the parts that are done.

    ``tell_head`` tells what it is a run of; it is asked when that is first needed, for it may have
    to wait for digests of large files. ``check_inputs`` raises where what is read was changed, and
    is asked before anything counts. ``own`` is what the run itself settles. ``records`` tells of
    each list how many records were read, and how many of them are of no row, ``told`` what else
    stands in the manifest. Files are put in their places by one thread at a time.
    """

    def __init__(
        self,
        folder: Path,
        tell_head: Callable[[], Mapping[str, Any]],
        check_inputs: Callable[[], None] = lambda: None,
    ) -> None:
        self.folder = folder
        self.tell_head = tell_head
        self.check_inputs = check_inputs
        self.own: Mapping[str, Any] = {}
        self._begun = False
        self.parts: dict[int, Part] = {}
        self.records: Mapping[str, Mapping[str, int]] = {}
        self.told: Mapping[str, Any] = {}

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """All that the results rest on, and how they are made."""
        return {**self.tell_head(), **self.own}

    def prepare(self, holder: ExitStack) -> None:
        """Make the folder, and take away what a killed run left unfinished.

        It is held until ``holder`` is closed. Raises :class:`InputError` for a folder that another
        run is in, or that holds anything but a run.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not holder.enter_context(hold_folder(self.folder)):
                raise self._refuse("folder-in-use", path=str(self.folder))
            self._clear()
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise self._refuse(
                "file-not-writable", path=str(self.folder), problem=problem
            ) from None

    def clear_part(self, number: int) -> None:
        """Take away the files of a part that is not done, of which there may be other ones now."""
        for name in (name_part(number, "*"), name_open(number, "*")):
            _remove(self.folder.glob(name))

    def _clear(self) -> None:
        held = list(self.folder.iterdir())
        left = [path for path in held if _LEFT.fullmatch(path.name)]
        if len(left) < len(held) and not (self.folder / RUN).exists():
            raise self._refuse("folder-holds-other-files", path=str(self.folder))
        _remove(left)

    def open(self) -> None:
        """Take up what is done of the run. Raises :class:`InputError`.

        A new one begins with the first file that is put in its place.
        """
        written = self.folder / RUN
        self._begun = written.exists() and self._is_same(written)
        for path in sorted(self.folder.glob("part-*.json")):
            self._take_up(path)
        if not self._is_finished():
            # who looks while the rest is decided must not take the folder for a whole one
            (self.folder / MANIFEST).unlink(missing_ok=True)
            _sync(self.folder)

    def _is_finished(self) -> bool:
        """Tell whether every part that the folder says it has is there as it was written."""
        try:
            found = read_json(self.folder / MANIFEST)
            return all(part["number"] in self.parts for part in found["parts"])
        except (OSError, ValueError, TypeError, KeyError):
            return False

    def _is_same(self, written: Path) -> bool:
        """Tell whether the folder is of this run, or else of one that came to nothing.

        Of such a run, refused or stopped early, nothing but its head is there. Raises
        :class:`InputError` where the folder has anything of another run.
        """
        try:
            found = read_json(written)
        except ValueError:
            raise self._refuse("folder-of-other-run", path=str(self.folder), what=RUN) from None
        own = json.loads(_encode(self.head))
        keys = {*own, *(found if isinstance(found, dict) else ())}
        differing = [x for x in sorted(keys) if not _is_alike(found, own, x)]
        if differing and ("schema" in differing or self._has_results()):
            raise self._refuse(
                "folder-of-other-run", path=str(self.folder), what=", ".join(differing)
            )
        return not differing

    def _has_results(self) -> bool:
        names = [path.name for path in self.folder.iterdir()]
        return any(name != RUN and not _LEFT.fullmatch(name) for name in names)

    def _take_up(self, path: Path) -> None:
        """Count a part that is done; of one whose files are not as written, nothing counts."""
        try:
            part = Part(**read_json(path))
            if path.name == name_part(part.number, "json") and _is_sound(part):
                held = part.files.items()
                if all(digest_file(self.folder / name) == digest for name, digest in held):
                    self.parts[part.number] = part
        except (OSError, ValueError, TypeError):
            return

    def _refuse(self, code: str, **told: str) -> InputError:
        return InputError([Diagnostic(code, told, path="OUT")])

    # -- writing ---------------------------------------------------------------------------------

    def reserve(self, name: str) -> Path:
        """Return the path under which a file is written until it is whole."""
        path = self.folder / f"{name}{_UNFINISHED}"
        if not _LEFT.fullmatch(path.name):
            message = f"{path.name} would stay for ever where a run was killed"
            raise AssertionError(message)
        return path

    def settle(self, name: str) -> str:
        """Put a whole file in its place; return its digest."""
        if not self._begun:
            self._begin()
        return self._place(name)

    def _begin(self) -> None:
        """Tell what it is a run of, before anything of it is there."""
        head = _encode(self.head)
        self.check_inputs()
        self.reserve(RUN).write_bytes(head)
        self._place(RUN)
        self._begun = True

    def _place(self, name: str) -> str:
        path = self.reserve(name)
        digest = digest_file(path)
        _sync(path)
        path.replace(self.folder / name)
        return digest

    def write(self, name: str, data: bytes) -> str:
        """Write a file as a whole; return its digest."""
        self.reserve(name).write_bytes(data)
        return self.settle(name)

    def settle_part(self, part: Part, names: Iterable[str]) -> None:
        """Put the files of a part in their places, and note that it is done."""
        self.close_part(replace(part, files={name: self.settle(name) for name in names}))

    def close_part(self, part: Part) -> None:
        """Note that a part is done."""
        if part.read != part.decided + part.rejected:
            message = f"part {part.number}: {part.read} rows, but {part.decided} + {part.rejected}"
            raise AssertionError(message)
        self.check_inputs()
        self.write(name_part(part.number, "json"), _encode(asdict(part)))
        _sync(self.folder)
        self.parts[part.number] = part

    def close(self, made_by: Mapping[str, str], bits: bytes) -> Mapping[str, Any]:
        """Write what the whole run came to, all its parts being done; return it."""
        parts = [self.parts[number] for number in sorted(self.parts)]
        files = {BITS: self.write(BITS, bits)}
        manifest = {
            "schema": MANIFEST_SCHEMA,
            "run": self.head,
            "made_by": dict(made_by),
            "rows": sum_rows(parts),
            "outcomes": sum_outcomes(parts),
            "notes": sum_notes(parts),
            "records": dict(sorted(self.records.items())),
            **self.told,
            "files": files,
            "parts": [asdict(part) for part in parts],
        }
        self.write(MANIFEST, _encode(manifest))
        _sync(self.folder)
        return manifest


def name_part(number: int, suffix: str) -> str:
    """Return the name of a file of a part."""
    return f"part-{number:05}.{suffix}"


def name_open(number: int, suffix: str) -> str:
    """Return the name of a file of what is open of the rows of a part."""
    return f"open-{number:05}.{suffix}"


def name_rejected(number: int) -> str:
    """Return the name of the file of the rows of a part that are no cases."""
    return name_part(number, REJECTED)


def sum_rows(parts: Sequence[Part]) -> dict[str, int]:
    """Return how many rows came in and what became of them."""
    return {
        "read": sum(part.read for part in parts),
        "decided": sum(part.decided for part in parts),
        "rejected": sum(part.rejected for part in parts),
        "by_reference": sum(part.by_reference for part in parts),
    }


def sum_outcomes(parts: Sequence[Part]) -> dict[str, int]:
    """Return how often each outcome came about."""
    names = sorted({name for part in parts for name in part.outcomes})
    return {name: sum(part.outcomes.get(name, 0) for part in parts) for name in names}


def sum_notes(parts: Sequence[Part]) -> dict[str, int]:
    """Return what is noted of parts, over all of them."""
    made: Counter[str] = Counter()
    for part in parts:
        made.update(part.notes)
    return dict(sorted(made.items()))


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever is written there
    """Return what a file of JSON holds. Raises OSError, and ValueError for what is none."""
    try:
        return json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError(str(error)) from None


def _is_sound(part: Part) -> bool:
    """Tell whether what is written of a part is what a run writes: counts that add up, and files.

    A name with a folder in it is no file of a part.
    """
    counts = (part.number, part.first, part.read, part.decided, part.rejected, part.by_reference)
    tables = (part.outcomes, part.notes, part.files)
    if not all(isinstance(x, dict) for x in tables):
        return False
    counted = (*counts, *part.outcomes.values(), *part.notes.values())
    return (
        all(type(x) is int and x >= 0 for x in counted)
        and part.read == part.decided + part.rejected
        and part.decided == sum(part.outcomes.values())
        and all(Path(name).name == name for name in part.files)
    )


def _is_alike(found: Any, own: Mapping[str, Any], key: str) -> bool:  # noqa: ANN401 - as read
    return isinstance(found, dict) and key in found and key in own and found[key] == own[key]


def _encode(data: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _sync(path: Path) -> None:
    """Return once a file or the names in a folder would outlive a loss of power."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
