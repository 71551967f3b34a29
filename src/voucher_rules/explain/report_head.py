"""Comes in: what a report of a log says first. Goes out: the head and the foot of its page.

The recheck of a log and what another law would have done look alike: both begin and end here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.explain.markup import escape_text, write
from voucher_rules.explain.replay_words import tell

SIGNS: Final = {"good": "✓", "bad": "✗", "open": "?", "plain": "–"}


@dataclass(frozen=True, slots=True)
class Head:
    """What a report says first: of what kind it is, whose log it is of, and what came of it."""

    kind: str
    owner: str
    conclusion: str
    tone: str
    asides: Sequence[str]
    about: str
    warning: tuple[str, str] = ("", "")
    """A stamp, and what it warns of; it comes before everything else."""

    @property
    def title(self) -> str:
        """The title of the page."""
        parts = (self.warning[0], self.owner, self.kind, self.conclusion)
        return " · ".join(part for part in parts if part)


def lay_out_head(head: Head, language: str) -> Iterator[str]:
    """Yield the head of a report."""
    stamp, warning = head.warning
    if stamp:
        yield f'<p class="rp-stamp"><strong>{escape_text(stamp)}</strong>'
        yield f"{escape_text(warning)}</p>"
    yield "<header>"
    yield f'<p class="vr-soft">{escape_text(head.kind)}</p>'
    yield f'<h1 class="vr-title">{write(head.owner, language)}</h1>'
    yield _lay_out_banner(head, language)
    yield f'<p class="vr-soft">{write(head.about, language)}</p>'
    yield "</header>"


def _lay_out_banner(head: Head, language: str) -> str:
    """Return the conclusion, large."""
    sign = f'<span class="vr-sign" aria-hidden="true">{SIGNS[head.tone]}</span>'
    sign = "" if head.tone == "plain" else sign
    word = f'<span class="vr-word">{write(head.conclusion, language)}</span>'
    told = "".join(f'<p class="vr-aside">{write(text, language)}</p>' for text in head.asides)
    return (
        f'<div class="vr-verdict vr-{head.tone}"><p class="vr-outcome">{sign} {word}</p>'
        f"{told}</div>"
    )


def lay_out_untold(count: int, language: str) -> Iterator[str]:
    """Yield how many are counted and not listed, where there are such."""
    if count > 0:
        yield f'<p class="vr-soft">{escape_text(tell(language, "untold", count=str(count)))}</p>'


def lay_out_foot(
    digests: Sequence[tuple[str, str]], notes: Sequence[str], language: str
) -> Iterator[str]:
    """Yield the foot of a report: texts with the digests that stand in them, and notes."""
    yield '<footer class="vr-foot">'
    yield from (f"<p>{_set_digest(key, digest, language)}</p>" for key, digest in digests)
    yield from (f"<p>{escape_text(note)}</p>" for note in notes)
    yield "</footer>"


def _set_digest(key: str, digest: str, language: str) -> str:
    """Return a text with a digest in it, which is set apart from the words."""
    before, _, after = tell(language, key, digest="\0").partition("\0")
    shown = f'<span class="rp-digest">{escape_text(digest)}</span>'
    return f"{escape_text(before)}{shown}{escape_text(after)}"
