"""Comes in: an expression of a rule. Goes out: it in words, a long one as lists within lists."""

from __future__ import annotations

from typing import Final

from voucher_rules.language.terms import Role, Term
from voucher_rules.publish.scribe import Scribe

LONG: Final = {"zh": 60, "en": 140}
"""More characters than this are told in parts."""
_LISTED: Final = frozenset({"and", "or", "if", "not"})


def lay_out_term(scribe: Scribe, term: Term) -> str:
    """Return an expression in words, and small as its author wrote it."""
    return f"{_lay_out(scribe, term)} {scribe.write_formula(term)}"


def _lay_out(scribe: Scribe, term: Term) -> str:
    words = scribe.writer.write_term(term)
    if len(words) <= LONG[scribe.language]:
        return scribe.write(words)
    if term.role is Role.AGGREGATE:
        return _lay_out_question(scribe, term)
    if term.role is not Role.OPERATOR or term.name not in _LISTED:
        return scribe.write(words)
    if term.name == "if":
        return _lay_out_choice(scribe, term)
    inner = term.parts[0]
    if term.name == "not" and inner.role is Role.OPERATOR and inner.name in {"and", "or"}:
        return _lay_out_list(scribe, scribe.say(f"term.not_{inner.name}"), inner.parts)
    return _lay_out_list(scribe, scribe.say(f"term.{term.name}"), term.parts)


def _lay_out_list(scribe: Scribe, lead: str, parts: tuple[Term, ...]) -> str:
    items = "".join(f"<li>{_lay_out(scribe, part)}</li>" for part in parts)
    return f"{lead}<ul>{items}</ul>"


def _lay_out_choice(scribe: Scribe, term: Term) -> str:
    """Tell each way of a choice behind its condition; one within the last way on the same level."""
    items = []
    while term.name == "if" and term.role is Role.OPERATOR:
        test, then, term = term.parts
        lead, value = _lay_out(scribe, test), _lay_out(scribe, then)
        items.append(
            f"<li>{scribe.say('term.if')} {lead}<br>{scribe.say('term.then')} {value}</li>"
        )
    items.append(f"<li>{scribe.say('term.else')} {_lay_out(scribe, term)}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _lay_out_question(scribe: Scribe, term: Term) -> str:
    """Tell what is asked of a list, then which of its records count."""
    whole, asked, *where = term.parts
    slots = {"list": scribe.writer.label(whole), "asked": "…", "where": ""}
    if term.name == "count":
        slots["asked"] = ""
    lead = scribe.write(scribe.writer.tell(f"asked.{term.name}", **slots))
    items = "" if term.name == "count" else f"<li>… {_lay_out(scribe, asked)}</li>"
    for part in where:
        items += f"<li>{scribe.say('term.where')} {_lay_out(scribe, part)}</li>"
    return f"{lead}<ul>{items}</ul>"
