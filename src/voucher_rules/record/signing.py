"""Comes in: a private key and what is to be signed. Goes out: an Ed25519 signature; and verdicts.

The package ``cryptography`` (extra ``sign``) is asked for when a signature is made or checked and
not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.entries import CHECKPOINT_TYPE, Key, Signature
from voucher_rules.record.envelopes import encode_for_signing


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the id it goes by."""

    key_id: str
    private: Any
    """An ``Ed25519PrivateKey`` of the package ``cryptography``."""

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return bytes(self.private.public_key().public_bytes_raw())

    def sign(self, kind: str, payload: bytes) -> Signature:
        """Sign a payload of a kind."""
        return Signature(self.key_id, self.private.sign(encode_for_signing(kind, payload)))


def make_signer(key_id: str) -> Signer:
    """Return a new key."""
    return Signer(key_id, _load("primitives.asymmetric.ed25519").Ed25519PrivateKey.generate())


def write_private_key(signer: Signer, password: bytes | None = None) -> bytes:
    """Return a private key as PEM (PKCS #8), encrypted where there is a password."""
    forms = _load("primitives.serialization")
    closing = forms.BestAvailableEncryption(password) if password else forms.NoEncryption()
    pem = signer.private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, closing)
    return bytes(pem)


def read_private_key(pem: bytes, key_id: str, password: bytes | None = None) -> Signer:
    """Return the key in a PEM (PKCS #8). Raises :class:`RecordError`."""
    forms = _load("primitives.serialization")
    try:
        private = forms.load_pem_private_key(pem, password)
    except (ValueError, TypeError) as error:
        raise RecordError([Diagnostic("key-not-readable", {"name": key_id})]) from error
    if not isinstance(private, _load("primitives.asymmetric.ed25519").Ed25519PrivateKey):
        raise RecordError([Diagnostic("key-not-ed25519", {"name": key_id})])
    return Signer(key_id, private)


def sign_checkpoint(published: Published, *signers: Signer) -> Published:
    """Return a checkpoint with signatures added to those it has."""
    made = [signer.sign(CHECKPOINT_TYPE, published.payload) for signer in signers]
    return published.sign(*made)


def verify_signature(key: Key, kind: str, payload: bytes, signature: bytes) -> bool:
    """Tell whether a signature over a payload is of this key; its validity is not looked at."""
    keys = _load("primitives.asymmetric.ed25519")
    try:
        public = keys.Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(signature, encode_for_signing(kind, payload))
    except (_load_errors().InvalidSignature, ValueError):
        return False
    return True


def _load(name: str) -> Any:  # noqa: ANN401 - a module
    return _import(f"cryptography.hazmat.{name}")


def _load_errors() -> Any:  # noqa: ANN401 - a module
    return _import("cryptography.exceptions")


def _import(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ImportError:
        arguments = {"package": "cryptography", "extra": "sign"}
        raise RecordError([Diagnostic("record-package-missing", arguments)]) from None
