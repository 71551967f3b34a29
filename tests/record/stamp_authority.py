"""A time-stamping authority for tests: certificates of our own, answers by the openssl program."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

CONFIG = """
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
DAY = timedelta(days=1)


class StampAuthority:
    """An authority with its own root; its certificate is good from ``at`` for ``valid``."""

    def __init__(
        self, folder: Path, at: datetime | None = None, valid: timedelta = DAY, name: str = "root"
    ) -> None:
        self.folder = folder
        folder.mkdir()
        now = datetime.now(UTC)
        begin = now - DAY if at is None else at
        end = now + valid if at is None else at + valid
        root_key, root = make_certificate(name, None, now - 10 * DAY, now + 10 * DAY)
        key, certificate = make_certificate("stamps", (root_key, root), begin, end)
        forms = import_module("cryptography.hazmat.primitives.serialization")
        pem = forms.Encoding.PEM
        self.root: bytes = root.public_bytes(pem)
        (folder / "root.pem").write_bytes(self.root)
        (folder / "stamps.pem").write_bytes(certificate.public_bytes(pem))
        (folder / "stamps.key").write_bytes(
            key.private_bytes(pem, forms.PrivateFormat.PKCS8, forms.NoEncryption())
        )
        (folder / "serial").write_text("01\n")
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def answer(self, query: bytes, *words: str) -> bytes:
        """Return the answer to a question, as DER; ``words`` are further ones for openssl."""
        (self.folder / "query").write_bytes(query)
        run = ["openssl", "ts", "-reply", "-config", "config", "-section", "tsa"]
        run += ["-queryfile", "query", "-signer", "stamps.pem", "-inkey", "stamps.key", *words]
        subprocess.run([*run, "-out", "answer"], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "answer").read_bytes()

    def verify(self, payload: bytes, answer: bytes) -> bool:
        """Tell what the openssl program thinks of an answer."""
        (self.folder / "payload").write_bytes(payload)
        (self.folder / "answer").write_bytes(answer)
        run = ["openssl", "ts", "-verify", "-data", "payload", "-in", "answer"]
        done = subprocess.run(
            [*run, "-CAfile", "root.pem"], cwd=self.folder, check=False, capture_output=True
        )
        return done.returncode == 0


def make_certificate(
    name: str, by: tuple[Any, Any] | None, begin: datetime, end: datetime
) -> tuple[Any, Any]:
    """Return a key and its certificate: of a root, or of an authority below one."""
    x509 = import_module("cryptography.x509")
    ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    hashes = import_module("cryptography.hazmat.primitives.hashes")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = subject if by is None else by[1].subject
    signing = key if by is None else by[0]
    stamps = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuing = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(identity, critical=False)
        .add_extension(issuing, critical=False)
    )
    if by is None:
        usage = {
            "digital_signature": False,
            "content_commitment": False,
            "key_encipherment": False,
            "data_encipherment": False,
            "key_agreement": False,
            "key_cert_sign": True,
            "crl_sign": True,
            "encipher_only": False,
            "decipher_only": False,
        }
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    else:
        builder = builder.add_extension(stamps, critical=True)
    return key, builder.sign(signing, hashes.SHA256())
