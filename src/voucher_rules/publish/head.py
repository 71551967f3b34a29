"""Comes in: what a ruleset is of. Goes out: the head of its page: the document and its doubts."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.model import Document
from voucher_rules.explain.document import tell_day, tell_end
from voucher_rules.explain.editions import tell_succession
from voucher_rules.explain.markup import TAGS, escape_text
from voucher_rules.explain.notices import tell_notice
from voucher_rules.publish.scribe import Scribe, lay_out_pairs


def lay_out_head(scribe: Scribe) -> Iterator[str]:
    """Yield the title, what is to be noted, the document with its digests, and the contents."""
    checked = scribe.checked
    yield "<header>"
    yield f'<p class="vr-soft">{scribe.say("page.kind")} · {_link_languages(scribe)}</p>'
    yield f'<h1 class="vr-name">{scribe.write(checked.title.told(scribe.language))}</h1>'
    if scribe.material.wording:
        yield f'<p class="vp-local">{scribe.say("page.with_text")}</p>'
    cautions = "".join(f"<li>{text}</li>" for text in _list_cautions(scribe))
    if cautions:
        yield f'<ul class="vp-cautions">{cautions}</ul>'
    yield lay_out_pairs([(scribe.tell(key), text) for key, text in _list_document(scribe)])
    yield "</header>"
    yield _lay_out_contents(scribe)


def _link_languages(scribe: Scribe) -> str:
    other = "en" if scribe.language == "zh" else "zh"
    here = f"<strong>{scribe.say('page.here')}</strong>"
    file = escape_text(scribe.files[other])
    there = f'<a lang="{TAGS[other]}" href="{file}">{escape_text(scribe.tell("page.other"))}</a>'
    return f"{here} / {there}"


def _list_cautions(scribe: Scribe) -> Iterator[str]:
    """Yield what a reader must know before the rest."""
    document = scribe.checked.document
    if document.status != "issued":
        yield scribe.say(f"caution.{document.status}")
    if not document.starts:
        yield scribe.say("caution.undated")
    if document.start_reading:
        reading = scribe.ruleset.readings[document.start_reading]
        question = reading.question.told(scribe.language)
        yield scribe.say("caution.disputed") + scribe.link("reading", reading.name, question)
    if document.verified is None:
        yield scribe.say("caution.unverified")
    yield from (scribe.write(item.told(scribe.language)) for item in document.doubts)
    if scribe.material.drifted:
        refs = [x.citation.ref for x in scribe.ruleset.provisions]
        drifted = [ref for ref in refs if ref in scribe.material.drifted]
        yield scribe.say("page.drifted", refs=scribe.tell("joiner").join(drifted))
    failed = {x.case.name: x for items in scribe.material.cases.values() for x in items}
    wrong = [name for name, item in failed.items() if not item.passed]
    if wrong:
        yield scribe.say("caution.failed", cases=scribe.tell("clause").join(wrong))


def _list_document(scribe: Scribe) -> Iterator[tuple[str, str]]:
    checked, document = scribe.checked, scribe.checked.document
    issued = scribe.ruleset.loaded.document.document.issued
    yield "heading.title", scribe.write(document.title.told(scribe.language))
    yield "document.issuer", scribe.write(document.issuer.told(scribe.language))
    yield "document.number", scribe.write(document.number)
    yield "document.issued", scribe.write(str(issued or ""))
    yield "document.status", scribe.say(f"status.{document.status}")
    yield "document.from", scribe.write(_tell_start(scribe, document))
    yield "document.until", scribe.write(tell_end(document, scribe.language))
    verified = document.verified.isoformat() if document.verified else scribe.tell("head.never")
    yield "document.verified", scribe.write(verified)
    held = checked.succession
    yield "document.published", scribe.write(str(held.published or ""))
    for told in tell_succession(held.supersedes, held.transitions, scribe.language):
        yield "document.succession", scribe.write(told)
    yield "section.errata", _list_errata(scribe)
    yield "heading.notices", _list_notices(scribe)
    yield "heading.ruleset", f"<code>{scribe.write(f'{checked.id} {checked.edition}')}</code>"
    for key, digest in (
        ("document.digest", checked.semantic_digest),
        ("document.file_digest", checked.source_digest),
        ("head.text_digest", document.text_digest),
    ):
        yield key, f"<code>{scribe.write(digest)}</code>" if digest else ""


def _tell_start(scribe: Scribe, document: Document) -> str:
    if not document.start_reading:
        return tell_day(next(iter(document.starts.values()), None), scribe.language)
    labels = scribe.ruleset.readings[document.start_reading].options
    days = [
        scribe.tell(
            "document.option", day=day.isoformat(), option=labels[option].told(scribe.language)
        )
        for option, day in document.starts.items()
    ]
    return scribe.tell("clause").join(days)


def _list_errata(scribe: Scribe) -> str:
    items = [
        f"<p>{scribe.link_provision(item.citation.ref)} "
        f"{scribe.write(item.note.told(scribe.language))}</p>"
        for item in scribe.checked.errata
    ]
    return "".join(items)


def _list_notices(scribe: Scribe) -> str:
    notices = scribe.ruleset.notices
    told = [scribe.write(tell_notice(scribe.writer, item)) for item in notices]
    digests = dict.fromkeys(item.notice.digest for item in notices)
    codes = [f"<code>{scribe.write(digest)}</code>" for digest in digests]
    return "".join(f"<p>{text}</p>" for text in [*told, *codes])


def _lay_out_contents(scribe: Scribe) -> str:
    """Return links to the parts of the page and to every provision."""
    parts = [
        f'<li><a href="#{key}">{scribe.say(f"section.{key}")}</a></li>'
        for key in ("limits", "provisions", "histories", "decisions", "facts")
        if _is_there(scribe, key)
    ]
    refs = [scribe.link_provision(x.citation.ref) for x in scribe.ruleset.provisions]
    label = escape_text(scribe.tell("page.contents"))
    return (
        f'<nav class="vp-contents" aria-label="{label}"><ul>{"".join(parts)}</ul>'
        f'<p class="vp-refs">{" ".join(refs)}</p></nav>'
    )


def _is_there(scribe: Scribe, key: str) -> bool:
    """Return whether the page has a part."""
    there = {"limits": scribe.material.reports, "histories": scribe.checked.histories.lifecycles}
    return bool(there.get(key, True))
