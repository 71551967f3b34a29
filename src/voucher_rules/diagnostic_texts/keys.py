"""Comes in: nothing. Goes out: what diagnostics of keys and signatures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

KEYS: Final[Mapping[str, DiagnosticText]] = {
    "log-key-twice": text_of(
        "密钥 `$name` 已经有了",
        "there is a key `$name` already",
        "每把密钥须有各自的标识",
        "every key has an id of its own",
    ),
    "log-key-unknown": text_of(
        "日志中没有密钥 `$name`",
        "the log has no key `$name`",
        "请核对密钥的标识",
        "check the id of the key",
    ),
    "log-key-extended": text_of(
        "密钥 `$name` 有效至 $until，不得延长",
        "the key `$name` holds good until $until, and no longer",
        "请改用新的标识另行加入",
        "add it again under another id",
    ),
    "log-key-change-not-signed": text_of(
        "第 $seq 条记录更改密钥，却没有可信密钥的签名",
        "entry $seq changes keys and is signed by none that is believed",
        "其中的更改不予采信；请核对密钥的来源",
        "its changes do not count; find out where these keys come from",
    ),
    "key-not-readable": text_of(
        "无法读取私钥 `$name`",
        "the private key `$name` cannot be read",
        "应为 PEM（PKCS #8）；有密码的须给出密码：`password`，命令为 `--password-file`",
        "it should be PEM (PKCS #8); where it has a password, give that: `password`, or "
        "`--password-file` on the command line",
    ),
    "key-not-ed25519": text_of(
        "私钥 `$name` 不是 Ed25519 密钥",
        "the private key `$name` is no Ed25519 key",
        "可用 `log make-key` 生成",
        "make one with `log make-key`",
    ),
    "certificate-not-readable": text_of(
        "无法读取证书",
        "a certificate cannot be read",
        "应为 PEM 格式",
        "it should be PEM",
    ),
    "record-package-missing": text_of(
        "此处需要 $package，尚未安装",
        "this needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[$extra]'",
        "run pip install 'voucher-rules[$extra]'",
    ),
    "key-file-private": text_of(
        "文件 $path 是私钥，此处应给公钥",
        "the file $path holds a private key, where a public one is wanted",
        "请给出与之成对的 .pem 公钥；私钥只由其所有人保管，若已交给他人，请更换密钥",
        "give the public key that goes with it (.pem); a private key stays secret with its owner, "
        "and one that others have seen is to be replaced",
    ),
    "key-file-not-readable": text_of(
        "文件 $path 中没有公钥",
        "there is no public key in the file $path",
        "应为 Ed25519 公钥的 PEM（openssl pkey -pubout），或日志文件头写法的密钥（JSON）",
        "give an Ed25519 public key as PEM (openssl pkey -pubout), or keys as a log's header has "
        "them (JSON)",
    ),
    "key-change-not-believed": text_of(
        "更改密钥须由当时可信且有效的密钥签名：$keys",
        "a change of keys is signed by one that is believed and holds good: $keys",
        "未记录；签名的标识须与 `log keys` 所列一致",
        "nothing was recorded; sign with a key that `log keys` lists, under the id it has there",
    ),
    "password-empty": text_of(
        "文件「$path」的首行没有密码",
        "the first line of `$path` holds no password",
        "请在首行写入密码；没有密码的密钥不必给出此文件",
        "write it there; a key without a password needs no such file",
    ),
}
