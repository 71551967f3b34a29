"""Comes in: a bundle. Goes out: the steps to check it in a shell, each with its commands.

Nothing but the shell, coreutils, `unzip` and `openssl` is called for, and no value is taken from
the page itself where a file of the bundle says it: a command holds one file against another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.record.bundle_files import (
    AUTHORITIES,
    BODY,
    CHECKPOINT,
    ENTRY,
    ENVELOPE,
    HEADER,
    SIGNED,
    STAMP,
    SUMS,
    TRACE,
    Bundle,
    Proven,
    list_signatures,
    name_folder,
    name_proof,
)
from voucher_rules.record.bundle_laws import LawFile, list_laws, name_law
from voucher_rules.record.entries import CHECKPOINT_TYPE

UNPACK: Final = "unzip -q bundle.zip -d bundle && cd bundle"
TOOLS: Final = r"""
raw() { openssl dgst -sha256 -binary; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
digest() { { printf "voucher-rules/$1/1\000"; cat "$2"; } | raw | hex; }
sha() { raw < "$1" | hex; }
tell() { if [ "$1" = 0 ]; then echo "ok: $2"; else echo "FAILED: $2"; return 1; fi; }
says() { told="$1: $(printf '%.90s' "$2")${3:+, $3}"
case "$(cat "$1")" in *"$2"*) tell 0 "$told";; *) tell 1 "$told";; esac; }
same() { if [ "$1" = "$2" ]; then tell 0 "$3"; else tell 1 "$3"; fi; }
""".strip()


@dataclass(frozen=True, slots=True)
class BundleStep:
    """One step: the name of its texts, its commands, and what stands in the texts' gaps.

    ``runs`` is false where something is to be put into the commands first.
    """

    name: str
    commands: str
    fills: Mapping[str, str] = field(default_factory=dict)
    runs: bool = True


def list_steps(bundle: Bundle) -> Iterator[BundleStep]:
    """Yield the steps that check a bundle, in their order."""
    yield BundleStep("unpack", UNPACK)
    yield BundleStep("tools", TOOLS)
    yield BundleStep("sums", f"sha256sum -c {SUMS}")
    yield BundleStep("decision", "\n".join(_check_decision(bundle)))
    yield BundleStep("inclusion", "\n".join(_check_inclusion(bundle.entry, bundle.size)))
    yield BundleStep("log", _says(CHECKPOINT, f'"log_digest":"sha256:$(digest log {HEADER})"'))
    yield _step_checkpoint(bundle)
    yield from _step_signatures(bundle)
    yield from _step_stamp(bundle)
    yield from _step_related(bundle)
    yield from _step_laws(bundle)
    if bundle.openings:
        lines = [
            _says(BODY, f'{{"commitment":"sha256:$(digest commitment {name})"}}')
            for name in sorted(bundle.openings)
        ]
        yield BundleStep("openings", "\n".join(lines))


def _says(name: str, text: str, of: str = "") -> str:
    """Return the command that tells whether a file says a text; ``$(…)`` in it is filled in.

    It prints both, and ``of`` what, where several steps look for the same text.
    """
    quoted = text.replace('"', '\\"')
    return f'says {name} "{quoted}"' + (f" {of}" if of else "")


def _check_decision(bundle: Bundle) -> Iterator[str]:
    yield _says(ENTRY, f'"decision_digest":"sha256:$(digest decision {BODY})"')
    if bundle.entry.entry.trace is not None:
        yield _says(BODY, f'"trace_digest":"sha256:$(digest trace {TRACE})"')


def _check_inclusion(item: Proven, size: int, folder: str = "") -> Iterator[str]:
    """Yield the commands that lead from a line of the log up to the root in the checkpoint."""
    yield "root=$("
    yield f"{{ printf '\\000'; cat {folder}{ENTRY}; }} | raw |"
    for name in name_proof(item.entry.seq, size, folder):
        both = f"- {name}" if name.endswith("-right.bin") else f"{name} -"
        yield f"{{ printf '\\001'; cat {both}; }} | raw |"
    yield "hex )"
    yield _says(CHECKPOINT, '"root":"sha256:$root"', f"{folder}{ENTRY}")


def _step_checkpoint(bundle: Bundle) -> BundleStep:
    commands = [
        _says(ENVELOPE, f'"payload":"$(openssl base64 -A -in {CHECKPOINT})"'),
        f"digest checkpoint {CHECKPOINT}; echo",
    ]
    digest = bundle.checkpoint.digest.removeprefix("sha256:")
    return BundleStep("checkpoint", "\n".join(commands), {"digest": digest})


def _step_signatures(bundle: Bundle) -> Iterator[BundleStep]:
    """Yield the steps that check signatures, or the one that tells there are none to check."""
    signed = list(list_signatures(bundle))
    if not signed:
        yield BundleStep("unsigned", "")
        return
    head = f"printf 'DSSEv1 {len(CHECKPOINT_TYPE)} {CHECKPOINT_TYPE} %d '"
    size = f'"$(wc -c < {CHECKPOINT})"'
    commands = [
        f"made=$({{ {head} {size}; cat {CHECKPOINT}; }} | raw | hex)",
        f'same "$made" "$(sha {SIGNED})" {SIGNED}',
    ]
    named = {key.id for key in bundle.header.keys}
    for item in signed:
        sig = f"$(openssl base64 -A -in {item.signature})"
        commands.append(_says(ENVELOPE, f'{{"keyid":"{item.key_id}","sig":"{sig}"}}'))
        if not item.key:
            continue
        raw = f"$(head -n 2 {item.key} | tail -n 1 | cut -c 17-)"
        holder = HEADER if item.key_id in named else _find_change(bundle, item.key_id)
        commands.append(_says(holder, f'"id":"{item.key_id}","public":"{raw}"'))
        verify = f"openssl pkeyutl -verify -pubin -inkey {item.key} -rawin"
        commands.append(f"{verify} -in {SIGNED} -sigfile {item.signature}")
        commands.append(f"sha256sum {item.key}")
    yield BundleStep("signatures", "\n".join(commands))
    unknown = sorted({item.key_id for item in signed if not item.key})
    if unknown:
        yield BundleStep("unknown_keys", "", {"keys": ", ".join(unknown)})


def _find_change(bundle: Bundle, key_id: str) -> str:
    """Return the line of the entry that brought in a key."""
    first = next(
        item.entry.seq
        for item in bundle.related
        if item.entry.data and any(key["id"] == key_id for key in item.entry.data.get("add", ()))
    )
    return f"{name_folder(first)}{ENTRY}"


def _step_stamp(bundle: Bundle) -> Iterator[BundleStep]:
    if bundle.stamp is None:
        yield BundleStep("unstamped", "")
        return
    roots = "ROOT.pem" if bundle.authorities is None else AUTHORITIES
    commands = f"""\
stamped=$(openssl ts -reply -in {STAMP} -text | while IFS= read -r line; do
case $line in "Time stamp: "*) echo "${{line#Time stamp: }}";; esac; done)
echo "$stamped"
at=$(date -u -d "$stamped" +%s)
openssl ts -verify -data {CHECKPOINT} -in {STAMP} -CAfile {roots} -attime "$at\""""
    yield BundleStep("stamp", commands, {"roots": roots}, bundle.authorities is not None)


def _step_related(bundle: Bundle) -> Iterator[BundleStep]:
    """Yield a step for each related entry, in the order of the log."""
    if not bundle.related:
        yield BundleStep("unrelated", "")
    for item in bundle.related:
        folder = name_folder(item.entry.seq)
        commands = list(_check_inclusion(item, bundle.size, folder))
        fills = {"seq": str(item.entry.seq), "kind": str(item.entry.kind)}
        if item.entry.refers_seq is None:
            yield BundleStep("key_change", "\n".join(commands), fills)
            continue
        commands.append(_says(f"{folder}{ENTRY}", f'"kind":"{item.entry.kind}"'))
        commands.append(_says(f"{folder}{ENTRY}", f'"refers_seq":{item.entry.refers_seq},'))
        if item.entry.refers_seq == bundle.entry.entry.seq:
            digest = f"$(digest decision {BODY})"
            commands.append(_says(f"{folder}{ENTRY}", f'"refers_to":"sha256:{digest}"'))
        fills["refers"] = str(item.entry.refers_seq)
        yield BundleStep("related", "\n".join(commands), fills)


def _step_laws(bundle: Bundle) -> Iterator[BundleStep]:
    """Yield the step that holds the law against the body, and what it leaves open."""
    laws = list_laws(bundle.laws)
    named = name_law(bundle.entry.entry.body or {})
    main = [x for x in laws if x.name == named.file]
    rewritten = [x for x in main if x.digest != named.source_digest]
    commands = [
        _says(BODY, f'"source_digest":"sha256:$(sha \'{item.name}\')"')
        for item in main
        if item not in rewritten
    ]
    used = [x for x in laws if x.kind == "ruleset" and x not in main]
    pinned = [x for x in laws if x.kind != "ruleset"]
    commands += [_says(BODY, f"\"sha256:$(sha '{item.name}')\"") for item in pinned]
    commands += [f"sha256sum '{item.name}'" for item in (*rewritten, *used)]
    yield BundleStep("laws", "\n".join(commands))
    if rewritten:
        yield BundleStep("rewritten", "", {"files": _join(rewritten)})
    if used:
        yield BundleStep("used", "", {"files": _join(used)})


def _join(files: list[LawFile]) -> str:
    return ", ".join(f"`{item.name}`" for item in files)
