"""Comes in: an indicator. Goes out: it in words, Chinese and English, or as plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import fill_template
from voucher_rules.explain.words import tell
from voucher_rules.ledger.indicators.model import Indicator, Note, Sum, Told, Word
from voucher_rules.values.write import write_date, write_instant, write_money, write_money_exactly

SCHEMA: Final = "voucher-rules/indicator/1"

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "used_above_grant": (
        "$kind $thing：已使用 $used，准予 $granted，多出 $excess",
        "$kind $thing: $used was used and $granted granted, $excess more",
    ),
    "used_after_the_end": (
        "$kind $thing：于 $at 使用，期限（$window）末为 $last",
        "$kind $thing: used at $at, after $last, the end of the window ($window)",
    ),
    "outcome_changed_since": (
        (
            "决定 $entry（$decision，$at）：当时为$was，金额 $before；"
            "按现在所知为$is，金额 $after；相差 $by；其后得知的相关条目 $late 条"
        ),
        (
            "decision $entry ($decision, $at): it was $was, $before; by what is known now it is "
            "$is, $after; $by apart; $late of the entries behind it were learnt of later"
        ),
    ),
    "amount_changed_since": (
        (
            "决定 $entry（$decision，$at）：当时金额 $before；按现在所知为 $after；"
            "相差 $by；其后得知的相关条目 $late 条"
        ),
        (
            "decision $entry ($decision, $at): the amount was $before; by what is known now it is "
            "$after; $by apart; $late of the entries behind it were learnt of later"
        ),
    ),
    "not_decided_again": (
        "决定 $entry（$decision）：未能重新作出",
        "decision $entry ($decision): could not be made again",
    ),
    "exactly_at_a_cap": (
        "决定 $entry（$decision）：金额 $amount 恰在两项限额的交点：$growing；$cap（$facts）",
        (
            "decision $entry ($decision): the amount $amount lies just where two limits meet: "
            "$growing; $cap ($facts)"
        ),
    ),
    "split_under_a_cap": (
        (
            "$one 与 $other：$first 至 $last 有同类 $kind $count 笔，合计 $granted；"
            "若为一笔则为 $whole，少 $gain"
        ),
        (
            "$one and $other: $count like items ($kind) from $first to $last come to $granted; as "
            "one they would come to $whole, $gain less"
        ),
    ),
    "alike_and_close": (
        "$one 与 $other：$first 至 $last 有同类 $kind $count 笔，合计 $granted；未能按一笔计算",
        (
            "$one and $other: $count like items ($kind) from $first to $last come to $granted; "
            "what they would come to as one could not be found"
        ),
    ),
    "related_parties": (
        "$one 与 $other 同属 $group：$first 至 $last 共 $count 笔",
        "$one and $other both belong to $group: $count items from $first to $last",
    ),
    "same_party": (
        "$one 同时为双方：$first 至 $last 共 $count 笔",
        "$one is on both sides: $count items from $first to $last",
    ),
    "burst": (
        "$party：$first 至 $last 共 $count 笔 $kind；$hours 小时内超过 $most 笔",
        "$party: $count items ($kind) from $first to $last; more than $most within $hours hours",
    ),
    "balance_above_cap": (
        "$who：$balance（$first 至 $last）为 $total，$parameter（$ref）为 $cap，多出 $excess",
        "$who: $balance ($first to $last) is $total, $parameter ($ref) is $cap, $excess more",
    ),
    "paid_under_several": (
        (
            "$party：$first 至 $last 就同一事项（$shared）在多项办法（$rulesets）下共有 $count 笔："
            "$sums"
        ),
        (
            "$party: $count items from $first to $last for the same ($shared) under several "
            "measures ($rulesets): $sums"
        ),
    ),
    "note.no_late_entries": (
        "没有其后得知的条目可以解释这一差别",
        "no entry learnt of later explains the difference",
    ),
    "note.other_ruleset": (
        "台账未载有作出该决定的规则集（版本 $edition）",
        "the ruleset it was made under (edition $edition) is not in the ledger",
    ),
    "note.refused": ("重新作出时被拒：$because", "it was refused when made again: $because"),
    "note.money_in_lists": (
        "金额不随个案写明的单个金额变化，或写在清单内，无法相加",
        "the amount grows with no single sum of the case, or with those of a list",
    ),
    "note.money_not_known": ("$fact 并非每笔已知", "$fact is not known of each"),
    "note.sum_refused": ("按合计重新作出时被拒：$because", "the sum was refused: $because"),
}
"""Each text in Chinese and English; the data of an indicator fill its slots."""


def tell_indicator(indicator: Indicator, language: str = "zh") -> str:
    """Return an indicator as one line in ``language`` (``zh`` or ``en``), notes included."""
    sums = ", ".join(
        f"{name} {write_money(item.value, item.currency, language)}"
        for name, item in sorted(indicator.amounts.items())
    )
    told: dict[str, Told] = {**indicator.arguments, **indicator.amounts, "sums": sums}
    lines = [_fill(indicator.code, told, language)]
    lines += [tell_note(note, language) for note in indicator.notes]
    return ("；" if language == "zh" else "; ").join(lines)


def tell_note(note: Note, language: str = "zh") -> str:
    """Return a note of an indicator in ``language``."""
    return _fill(f"note.{note.code}", note.arguments, language)


def _fill(code: str, arguments: Mapping[str, Told], language: str) -> str:
    zh, en = TEXTS[code]
    filled = {name: _tell(value, language) for name, value in arguments.items()}
    return fill_template(zh if language == "zh" else en, filled)


def _tell(value: Told, language: str) -> str:
    match value:
        case Sum():
            return write_money(value.value, value.currency, language)
        case Word():
            return tell(language, value.key)
        case Wording():
            return value.told(language)
        case datetime():
            return write_instant(value)
        case date():
            return write_date(value)
        case _:
            return str(value)


def data_of_indicator(indicator: Indicator) -> dict[str, Any]:
    """Return an indicator as plain data, ready for ``json.dumps``; both texts are in it."""
    return {
        "schema": SCHEMA,
        "code": indicator.code,
        "ruleset": indicator.ruleset,
        "first": write_instant(indicator.first),
        "last": write_instant(indicator.last),
        "entries": list(indicator.entries),
        "things": list(indicator.things),
        "parties": [{"carried": name, "party": text} for name, text in indicator.parties],
        "amounts": {
            name: {
                "amount": write_money_exactly(item.value, item.currency),
                "currency": item.currency,
            }
            for name, item in sorted(indicator.amounts.items())
        },
        "notes": [
            {"code": note.code, "zh": tell_note(note, "zh"), "en": tell_note(note, "en")}
            for note in indicator.notes
        ],
        "text": {language: tell_indicator(indicator, language) for language in ("zh", "en")},
    }
