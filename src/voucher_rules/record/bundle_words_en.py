"""Comes in: nothing. Goes out: what the page of a bundle says in English."""

from __future__ import annotations

from typing import Final

from voucher_rules.record.bundle_wording import PageWords, StepWords

EN: Final = PageWords(
    title=(
        "# Check this bundle by hand\n"
        "\n"
        "This bundle holds one recorded decision and all that is needed to check it later, "
        "without a network: its line of\n"
        "the log, the proof that the log holds it, a checkpoint with its signatures and "
        "time stamp, the rules it rests on,\n"
        "and later entries about it. The steps below need a POSIX shell, coreutils, "
        "`unzip` and OpenSSL 3, and not the\n"
        "program that made the bundle.\n"
        "\n"
        "Run them in one shell, in their order. Every command is to show `ok`, `OK`, "
        "`Verification: OK` or\n"
        "`Signature Verified Successfully`; where it shows `FAILED` or another error, that "
        "step has failed. This page comes\n"
        "from the same hands as the other files: read the commands before you run them, "
        "and compare the values in the table\n"
        "with those you got elsewhere."
    ),
    facts={
        "head": "This bundle",
        "log": "log",
        "entry": "number of the entry",
        "recorded": "recorded at",
        "entry_digest": "digest of the entry",
        "decision_digest": "digest of the decision",
        "law": "ruleset and edition",
        "decision": "question",
        "as_of": "as of",
        "outcome": "recorded outcome",
        "fate": "what became of it",
        "erased": "erased",
        "size": "entries the checkpoint covers",
        "issued": "checkpoint issued at",
        "checkpoint": "digest of the checkpoint",
    },
    steps={
        "unpack": StepWords(
            title="Unpack",
            shows=(
                "Put the name of your file for `bundle.zip`, and unpack it into an empty folder."
            ),
            leaves="",
        ),
        "tools": StepWords(
            title="Tools",
            shows=(
                "What the steps below use: `digest` takes the digest of a kind of thing, "
                "`says` looks for a text in a file, `same` compares two values."
            ),
            leaves="",
        ),
        "sums": StepWords(
            title="The files are whole",
            shows=(
                "The files are those of the list: nothing was damaged on the way or in keeping."
            ),
            leaves=(
                "It does not show that nobody changed them: who can change a file can "
                "change the list."
            ),
        ),
        "decision": StepWords(
            title="The decision is that of the entry",
            shows=(
                "`entry.json` is the very line of the log. It names the digest of "
                "`body.json` (the facts, the rules, the outcome), which names the digest "
                "of the steps, where they are kept."
            ),
            leaves="It does not show that the facts are true, nor that the outcome is right.",
        ),
        "inclusion": StepWords(
            title="The entry stands in the log",
            shows=(
                "From this line up, joined at each level with a hash in `proof/` (RFC "
                "6962), one arrives at the root in the checkpoint. No other line and no "
                "other proof leads there."
            ),
            leaves=(
                "It does not show that the checkpoint is genuine: that is for the steps below."
            ),
        ),
        "log": StepWords(
            title="",
            shows=(
                "The checkpoint names the digest of the first line of the log, so it is "
                "one of this log."
            ),
            leaves="",
        ),
        "checkpoint": StepWords(
            title="The checkpoint is the one that was published",
            shows=(
                "The first command shows that `checkpoint.dsse.json` carries the same "
                "checkpoint. The second prints its digest, which is to be\n"
                "`$digest`."
            ),
            leaves=(
                "Compare it with the digest held by whoever was handed the checkpoint then "
                "(a superior, an auditor, a public place): only if they are the same was "
                "the log not written anew since. The bundle alone cannot show it."
            ),
        ),
        "unsigned": StepWords(
            title="Signatures",
            shows=(
                "The checkpoint has no signature. Who issued it can only be told by those "
                "who hold it."
            ),
            leaves="",
        ),
        "signatures": StepWords(
            title="Signatures",
            shows=(
                "What is signed is `checkpoint.pae`, the checkpoint as DSSE encodes it; "
                "each signature is by the key the log names. `sha256sum` prints the "
                "fingerprint of the file of a key."
            ),
            leaves=(
                "The keys come from this bundle, which only shows that one hand signed: "
                "compare them, or their fingerprints, with those you got from the issuer "
                "elsewhere. Whether a key held good then is told by `from` and `until` in "
                "`header.json`."
            ),
        ),
        "unknown_keys": StepWords(
            title="",
            shows="The log does not name these keys; they are to be got elsewhere: $keys.",
            leaves="",
        ),
        "unstamped": StepWords(
            title="Time stamp",
            shows=("The checkpoint has no time stamp: when it was issued is what the issuer says."),
            leaves="",
        ),
        "stamp": StepWords(
            title="Time stamp",
            shows=(
                "A time-stamping authority (RFC 3161) vouches that the checkpoint was "
                "there at the moment that is printed. It is checked as of that moment, so "
                "a certificate that has run out since does no harm."
            ),
            leaves=(
                "`$roots` has to be a root you believe: where it comes from this bundle, "
                "compare it with the one the authority publishes. The entry was in the log "
                "before the checkpoint; how long before is not shown."
            ),
        ),
        "unrelated": StepWords(
            title="Later entries",
            shows="The bundle holds no later entry about this decision.",
            leaves=(
                "It does not show that there is none: a proof shows what is there, not "
                "what is not. Ask the keeper of the log to have all of it replayed."
            ),
        ),
        "related": StepWords(
            title="Later entries: number $seq",
            shows=(
                "Entry $seq (`$kind`) is about the decision of entry $refers, and stands "
                "in the log of the same checkpoint. A `correction` puts right what was "
                "recorded wrongly, a `redecision` is a new decision, a `revocation` leaves "
                "none, an `erasure` erased what opens what is hidden."
            ),
            leaves="It does not show that there are no others.",
        ),
        "key_change": StepWords(
            title="A change of keys: number $seq",
            shows=(
                "Entry $seq (`$kind`) changes the keys of the log, and stands in the log "
                "of the same checkpoint."
            ),
            leaves="The signatures on the change itself are left to the program.",
        ),
        "laws": StepWords(
            title="The rules it rests on",
            shows=(
                "`body.json` names the SHA-256 of the file of the ruleset, of its notices "
                "and of its working calendars; they are those in `rulesets/`."
            ),
            leaves=(
                "It does not show that the rules say what the official document says: "
                "every rule cites its provision, so that it can be compared."
            ),
        ),
        "rewritten": StepWords(
            title="",
            shows=(
                "This file says what was recorded and differs in layout or comments, which "
                "only the program can show: $files."
            ),
            leaves="",
        ),
        "used": StepWords(
            title="",
            shows=(
                "The record names rulesets that are called by the digest of what they say, "
                "not of their bytes, which only the program can check: $files."
            ),
            leaves="",
        ),
        "openings": StepWords(
            title="What is hidden",
            shows=(
                "The salts and texts in `openings/` are those that were committed to. They "
                "are personal data: keep them accordingly."
            ),
            leaves="",
        ),
    },
    last=(
        "## What no command here shows\n"
        "\n"
        "- That deciding again under these rules and on these facts gives the same "
        "outcome: that takes the program,\n"
        "  `voucher-rules check-bundle bundle.zip`, which uses the rules of the bundle "
        "alone and no network.\n"
        "- That the facts are true and the rules faithful to the document: that is for "
        "people to judge.\n"
        "- That the log holds no other entry about the decision: that takes a replay of "
        "all of it."
    ),
    language="en",
    fates={
        "stands": "nothing in this bundle replaced or revoked it",
        "replaced": "replaced by entry $by",
        "revoked": "revoked by entry $by",
        "erased": "what opens its hidden facts, by entry $by",
    },
)
