"""Digests and parts that threads work out beside a run: what becomes of their faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from voucher_rules.batch.reading import file_digests
from voucher_rules.batch.reading.chunked_files import TableFile
from voucher_rules.batch.reading.file_digests import FileDigest, digest_file
from voucher_rules.batch.results.folders import RUN, Part, RunFolder
from voucher_rules.batch.results.settling import Settler
from voucher_rules.errors import InputError

NAME = "part-00000.csv"


def make_part(number: int = 0) -> Part:
    return Part(number, 1, 1, 1, 0, 0, {"granted": 1})


def tell_nothing() -> Mapping[str, Any]:
    return {}


def settle_one(folder: RunFolder, follow: Callable[[Settler], None]) -> None:
    """Settle a part, and do what follows before it is known to be settled."""
    with Settler(folder) as settler:
        settler.settle(make_part(), [NAME])
        follow(settler)


def test_a_digest_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"some rows")
    held = FileDigest(path)
    assert held.wait() == held.wait() == digest_file(path)


def test_a_file_that_is_gone_is_told_by_whoever_waits(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    held = FileDigest(path)
    with pytest.raises(FileNotFoundError):
        held.wait()
    with pytest.raises(InputError) as error:
        TableFile(path, ".parquet", 1, held, ()).wait_for_digest()
    assert error.value.diagnostics[0].code == "file-not-readable"


def test_no_fault_passes_for_a_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out(path: Path) -> str:
        raise MemoryError(path)

    monkeypatch.setattr(file_digests, "digest_file", run_out)
    with pytest.raises(MemoryError):
        FileDigest(tmp_path).wait()


def test_a_folder_has_no_file_before_it_tells_what_it_is_of(tmp_path: Path) -> None:
    faults = [OSError("gone"), OSError("still gone")]

    def tell_head() -> Mapping[str, Any]:
        if faults:
            raise faults.pop()
        return {"schema": "made"}

    folder = RunFolder(tmp_path, tell_head)
    folder.reserve(NAME).write_text("made")
    for _ in range(2):  # asked again, and not taken for begun
        with pytest.raises(OSError, match="gone"):
            folder.settle(NAME)
        assert not (tmp_path / NAME).exists()
    folder.settle(NAME)
    assert {x.name for x in tmp_path.iterdir()} == {NAME, RUN}


def test_what_follows_a_part_waits_until_it_is_settled(tmp_path: Path) -> None:
    folder, seen = RunFolder(tmp_path, tell_nothing), []
    with Settler(folder) as settler:
        settler.then(lambda: seen.append(len(folder.parts)))
        for number in range(2):
            folder.reserve(f"part-{number:05}.csv").write_text("made")
            settler.settle(make_part(number), [f"part-{number:05}.csv"])
            settler.then(lambda: seen.append(len(folder.parts)))
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("late", [True, False])
def test_a_part_that_cannot_be_settled_stops_the_run(tmp_path: Path, *, late: bool) -> None:
    folder, steps = RunFolder(tmp_path, tell_nothing), []

    def follow(settler: Settler) -> None:
        settler.then(lambda: steps.append("told"))
        if not late:
            settler.settle(make_part(1), [])

    with pytest.raises(FileNotFoundError):  # nobody wrote a file of the part
        settle_one(folder, follow)
    assert (steps, folder.parts) == ([], {})


def test_of_two_faults_the_first_is_raised(tmp_path: Path) -> None:
    def follow(settler: Settler) -> None:
        del settler
        raise ValueError("the next part failed, too")

    with pytest.raises(FileNotFoundError) as error:
        settle_one(RunFolder(tmp_path, tell_nothing), follow)
    assert isinstance(error.value.__context__, ValueError)


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_part_that_was_whole_counts_though_the_next_fails(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    folder = RunFolder(tmp_path, tell_nothing)
    folder.reserve(NAME).write_text("made")

    def follow(settler: Settler) -> None:
        del settler
        raise fault

    with pytest.raises(fault):
        settle_one(folder, follow)
    assert list(folder.parts) == [0]
