"""A log with all that a bundle can hold, and bundles of it, made once for several tests."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from stamp_authority import StampAuthority

import voucher_rules as vr
from voucher_rules.api.bundles import BundleReport
from voucher_rules.record.bundle_checks import Beliefs, check_files
from voucher_rules.record.bundle_files import SUMS, Bundle, add_sums, lay_out
from voucher_rules.record.bundle_pages import write_pages
from voucher_rules.record.bundle_reading import BundleReader
from voucher_rules.record.bundle_zip import load_files
from voucher_rules.record.entries import Draft, EntryKind, Key, KeyChange, Recorder
from voucher_rules.record.entry_lines import state_key_change
from voucher_rules.record.keys import sign_key_change
from voucher_rules.record.signing import Signer, make_signer
from voucher_rules.record.stamping import make_stamp_query
from voucher_rules.spans import Span

needs_extras: Final = pytest.mark.skipif(
    not (shutil.which("openssl") and find_spec("rfc3161_client")),
    reason="needs the openssl program and the extras `sign` and `tsa`",
)
RULESETS: Final = Path(__file__).parent / "rulesets"
MEASURES: Final = Path(__file__).parents[1] / "measures"
FACTS: Final[Mapping[str, Any]] = {
    "ticket.holder": "Zhang San",
    "ticket.agent": "Li Si",
    "ticket.price": "100元",
    "guests": [{"name": "Wang Wu", "price": "50元"}],
    "finding.ill": {"value": False, "by": "Dr. Zhao", "on": "2024-04-30"},
}
START: Final = datetime(2024, 5, 2, 9, tzinfo=UTC)
SEQ: Final = 3
"""The entry that bundles are made of; it is decided again and revoked later."""


DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Clock:
    """A clock that moves on by a second whenever it is read, or to where it is set."""

    moment: datetime = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass(frozen=True, slots=True)
class Samples:
    """A folder with a log, its checkpoint, a time stamp, and the bundle of one decision."""

    folder: Path
    keys: tuple[Key, ...]

    @property
    def log(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "7.json"

    @property
    def root(self) -> Path:
        return self.folder / "authority" / "root.pem"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.jsonl"

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle.zip"

    @property
    def files(self) -> dict[str, bytes]:
        return load_files(self.bundle)

    def make(self, name: str, seq: int = SEQ, **given: Any) -> Path:  # noqa: ANN401
        """Make another bundle of the log."""
        asked = {"folders": [RULESETS], **given}
        return vr.make_bundle(self.log, seq, self.checkpoint, self.folder / name, **asked)


def decide(**facts: Any) -> vr.Decision:  # noqa: ANN401
    ruleset = vr.load("invented-tickets", folders=[RULESETS])
    changed = {name.replace("__", "."): value for name, value in facts.items()}
    return ruleset.decide("refund", {**FACTS, **changed}, on="2024-05-01")


def change_keys(log: vr.RecordLog, signer: Signer, new: Signer) -> Key:
    """Bring in a new key, signed for by one that is there."""
    key = Key(new.key_id, new.public, START)
    change = sign_key_change(log.id, KeyChange(add=(key,)), signer)
    data = state_key_change(change, Span("", 0, 0))
    recorder = Recorder("voucher-rules")
    log.log.append(Draft(EntryKind.KEY_CHANGE, "keys", START + DAY, recorder, data=data))
    return key


def make_samples(folder: Path) -> Samples:
    """Make a log of seven entries: a decision, what became of it, and a change of keys."""
    old, new = make_signer("key-1"), make_signer("key-2")
    first = Key(old.key_id, old.public, START)
    hide = vr.RecordOptions(hide=("ticket.holder", "guests.name"), subject="case 7")
    later = replace(hide, at=START + 2 * DAY)
    clock = Clock()
    log = vr.RecordLog.create(
        folder / "log.jsonl",
        "A theatre (invented)",
        log_id="tickets",
        keys=[first],
        secrets=folder / "secrets.jsonl",
        clock=clock,
    )
    with log:
        for number in (1, 2):
            log.record(decide(ticket__price=f"{number}0元"), f"request {number}")
        log.record(decide(), "request 3", hide)
        second = change_keys(log, old, new)
        clock.moment = START + 2 * DAY
        log.decide_again(3, decide(ticket__price="110元"), "request 5", "appeal upheld", later)
        log.revoke(5, "request 6", "paid elsewhere", later)
        log.record(decide(ticket__price="70元"), "request 7", later)
        published = log.checkpoint(folder / "7.json", signers=[old, new], at=START + 3 * DAY)
    authority = StampAuthority(folder / "authority")
    answer = authority.answer(make_stamp_query(published.payload))
    (folder / "7.json.tsr").write_bytes(answer)
    samples = Samples(folder, (first, second))
    samples.make(
        "bundle.zip", secrets=samples.secrets, with_secrets=True, authorities=[samples.root]
    )
    return samples


def check(files: Mapping[str, bytes], beliefs: Beliefs | None = None) -> BundleReport:
    """Check files as if they came in a bundle."""
    return BundleReport(check_files(files, beliefs or Beliefs()))


def list_bad(report: BundleReport) -> set[str]:
    """Return the verdicts that do not hold good, but for that on the list of sums."""
    good = {"ok", "absent", "found", "match"}
    return {name for name, told in report.verdicts.items() if told not in good} - {"sums"}


def read(files: Mapping[str, bytes]) -> Bundle:
    """Return what the files of a sound bundle say."""
    made = BundleReader(files).read().bundle
    assert made is not None
    return made


def remake(bundle: Bundle) -> dict[str, bytes]:
    """Return the files of a bundle as whoever has this library would write them."""
    return add_sums({**lay_out(bundle), **write_pages(bundle)})


def seal(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files with the list of their sums made anew, as whoever changed them would."""
    return add_sums({name: data for name, data in files.items() if name != SUMS})


def flip(data: bytes, place: int | None = None) -> bytes:
    """Return data with one bit of one byte changed: that in the middle, or where told."""
    at = len(data) // 2 if place is None else place
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
