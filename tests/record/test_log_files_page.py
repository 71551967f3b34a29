"""The page on log files: what it tells to do by hand comes to what the library says."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from log_samples import HEADER, make_decision, tell_time
from stamp_authority import StampAuthority

from voucher_rules.record import shapes
from voucher_rules.record.anchoring import Anchoring
from voucher_rules.record.checkpoints import make_checkpoint, save_checkpoint
from voucher_rules.record.entries import EntryKind, Header, Key
from voucher_rules.record.entry_lines import MOST_LINE
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.log import Log
from voucher_rules.record.scanning import Position
from voucher_rules.record.signing import make_signer, sign_checkpoint
from voucher_rules.record.stamping import make_stamp_query

PAGE: Final = (
    Path(__file__).resolve().parents[2] / "docs" / "reference" / "log-files.md"
).read_text(encoding="utf-8")
BLOCK: Final = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.mark.skipif(
    not (shutil.which("openssl") and find_spec("rfc3161_client")),
    reason="needs the openssl program and the extras `sign` and `tsa`",
)
def test_what_is_verified_by_hand_is_what_the_library_says(tmp_path: Path) -> None:
    signer = make_signer("key-1")
    authority = StampAuthority(tmp_path / "authority")
    key = Key("key-1", signer.public, tell_time(0))
    header = Header(HEADER.log_id, HEADER.created, HEADER.owner, (key,))
    with Log.create(tmp_path / "decisions.log", header) as log:
        one, two = (item.recorded for item in log.append_all(map(make_decision, (1, 2))))
        made = sign_checkpoint(make_checkpoint(log, tell_time(3)), signer)
    save_checkpoint(made, tmp_path / "2.checkpoint")
    (tmp_path / "root.pem").write_bytes(authority.root)
    answer = authority.answer(make_stamp_query(made.payload))
    (tmp_path / "2.checkpoint.tsr").write_bytes(answer)
    script = "set -e\n" + "".join(BLOCK.findall(PAGE))
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        one.entry.prev.removeprefix("sha256:"),
        two.entry.prev.removeprefix("sha256:"),
        made.checkpoint.root.hex(),
        made.digest.removeprefix("sha256:"),
        "Signature",
        "Verification:",
    ]
    assert done.stdout.endswith("Signature Verified Successfully\nVerification: OK\n")


def read_first_column(heading: str) -> list[str]:
    after = PAGE.split(f"\n| {heading}", 1)[1].split("\n\n", 1)[0]
    rows = after.splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])]


def test_the_page_tells_every_field() -> None:
    parts = PAGE.split("\n##")
    for title, shape in [
        ("# The header", shapes.HEADER),
        ("# Entries", shapes.ENTRY),
        (" Checkpoints", shapes.CHECKPOINT),
    ]:
        part = next(part for part in parts if part.startswith(title))
        rows = part.split("| field | holds |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
        told = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])]
        assert sorted(told) == sorted(shape)


def test_the_page_tells_what_each_kind_needs() -> None:
    columns = ["decision_digest", "refers_to", "because", "trace", "data"]
    table = PAGE.split("| kind | `body`")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) == len(EntryKind)
    for row in table:
        name, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        kind = EntryKind(name.strip("`"))
        for column, cell in zip(columns, cells, strict=True):
            needed, allowed = column in shapes.NEEDED[kind], column in shapes.ALLOWED[kind]
            assert cell == ("needed" if needed else "may be there" if allowed else "")


def test_the_page_tells_every_verdict_and_limit() -> None:
    assert sorted(read_first_column("position")) == sorted(Position)
    assert sorted(read_first_column("authenticity")) == sorted(Authenticity)
    assert all(f"`{item}`" in PAGE for item in Anchoring)
    assert f"({MOST_LINE} bytes)" in PAGE
    assert f"1 to {shapes.MOST_ID} of" in PAGE
    assert f"1 to {shapes.MOST_REQUEST} characters" in PAGE
