"""Comes in: the answer of a time-stamping authority (RFC 3161). Goes out: what it shows, and when.

The answer is kept as it came, as DER in a file beside the checkpoint, so that other programs can
check it too. The package ``rfc3161-client`` (extra ``tsa``) is asked for when a question is made or
an answer checked, and not before. Nothing here goes to a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.stamp_bytes import order_certificates


class Stamping(StrEnum):
    """What a time stamp shows."""

    OK = "ok"
    BAD = "bad"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class StampVerdict:
    """The verdict on a time stamp: the moment it vouches for, or why it does not."""

    stamping: Stamping
    moment: datetime | None = None
    problem: str = ""


ABSENT = StampVerdict(Stamping.ABSENT)


def make_stamp_query(payload: bytes) -> bytes:
    """Return the question (``TimeStampReq``, DER) to send to an authority about a payload.

    It asks for the certificate of the authority too, so that the answer can be checked alone.
    """
    client = _load("rfc3161_client")
    asking = client.TimestampRequestBuilder().data(payload).cert_request(cert_request=True)
    query = asking.hash_algorithm(client.base.HashAlgorithm.SHA256).nonce(nonce=True).build()
    return bytes(query.as_bytes())


def judge_stamp(
    payload: bytes, answer: bytes | None, roots: Iterable[bytes], between: Iterable[bytes] = ()
) -> StampVerdict:
    """Return what an answer (``TimeStampResp``, DER) shows of a payload.

    ``roots`` are the certificates (PEM, one or more in each) of the authorities one believes, and
    ``between`` those that lead to them where the answer does not hold them. Raises
    :class:`RecordError` for a certificate that cannot be read.
    """
    if answer is None:
        return ABSENT
    client = _load("rfc3161_client")
    builder = client.VerifierBuilder(
        roots=_read_certificates(roots), intermediates=_read_certificates(between)
    )
    try:
        stamp = client.decode_timestamp_response(order_certificates(answer))
        builder.build().verify_message(stamp, payload)
        moment = stamp.tst_info.gen_time.astimezone(UTC)
    except Exception as error:  # noqa: BLE001 - whatever a reader of foreign bytes stumbles over
        return StampVerdict(Stamping.BAD, None, str(error))
    return StampVerdict(Stamping.OK, moment)


def match_stamps(
    checkpoints: Sequence[Published], answers: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the answer for each checkpoint, by its digest; ``answers`` are by their paths.

    An answer goes with the checkpoint it was made over; failing that with the one whose file it is
    named after, or the only one there is, so that a checkpoint that was exchanged is told as such.
    Raises :class:`RecordError` for one that goes with none.
    """
    found: dict[str, bytes] = {}
    for path, answer in answers.items():
        made = [x for x in checkpoints if hashlib.sha256(x.payload).digest() in answer]
        named = [x for x in checkpoints if x.place and Path(path).name.startswith(_name(x.place))]
        alone = list(checkpoints) if len(checkpoints) == 1 else []
        chosen = next(iter((*made, *named, *alone)), None)
        if chosen is None:
            raise RecordError([Diagnostic("stamp-of-no-checkpoint", {"path": path})])
        found[chosen.digest] = answer
    return found


def _name(place: str) -> str:
    """Return the name of a checkpoint's file, up to its last suffix and with its dot."""
    return f"{Path(place).stem}."


def _read_certificates(given: Iterable[bytes]) -> list[Any]:
    x509 = _load("cryptography.x509")
    found: list[Any] = []
    for pem in given:
        try:
            made = x509.load_pem_x509_certificates(pem)
        except ValueError:
            raise RecordError([Diagnostic("certificate-not-readable", {})]) from None
        found += [item for item in made if item not in found]
    return found


def _load(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ImportError:
        arguments = {"package": "rfc3161-client", "extra": "tsa"}
        raise RecordError([Diagnostic("record-package-missing", arguments)]) from None
