"""Comes in: a key. Goes out: a text of the command line in Chinese or English, a template each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.cli.ledger_words import LEDGER_WORDS
from voucher_rules.cli.log_words import LOG_WORDS
from voucher_rules.explain.vocabulary import VOCABULARY, make_tell

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **VOCABULARY,
    **LEDGER_WORDS,
    **LOG_WORDS,
    # editions
    "heading.force": ("施行", "in force"),
    "heading.known_from": ("可知自", "known from"),
    "heading.known_until": ("可知至", "known until"),
    "heading.superseded_by": ("取代者", "superseded by"),
    # the document
    "document.file": ("文件位置", "file"),
    # parameters and readings
    "reading.because": ("默认理由：$because", "the default because $because"),
    # rules
    "rule.head": ("$rule [$topic] $decisions", "$rule [$topic] $decisions"),
    "rule.when": ("适用条件：$formula", "when: $formula"),
    "rule.require": ("要求：$formula", "require: $formula"),
    "rule.exclude": ("排除：$formula", "exclude: $formula"),
    "rule.limit": ("限额：$output ≤ $formula", "limit: $output ≤ $formula"),
    "rule.define": ("定义：$name = $formula", "define: $name = $formula"),
    "rule.window": (
        "期限：$act 应在 $opens 起 $lasts 之内（$first）",
        "window: $act within $lasts from $opens ($first)",
    ),
    "rule.documents": ("材料：$fact 应含 $papers", "papers: $fact must hold $papers"),
    "rule.rank": ("排序：$keys", "order: $keys"),
    "rule.rank.highest": ("$key 大者在前", "$key, highest first"),
    "rule.rank.lowest": ("$key 小者在前", "$key, lowest first"),
    "rule.consequence": (
        "后果：$party：$effect，自 $start 起，至 $until",
        "consequence: $party: $effect, from $start until $until",
    ),
    "rule.gives": ("末日记为 $name", "the last day is $name"),
    "rule.sets_aside": ("优先于：$rules", "goes before: $rules"),
    "rule.set_aside_by": ("例外：$rules", "but for: $rules"),
    "rule.call": (
        "调用：$name 取自 $called 的 $gives（$asked）",
        "call: $name takes $gives of $called ($asked)",
    ),
    "rule.call_plain": (
        "调用：$name 取自 $called 的 $gives",
        "call: $name takes $gives of $called",
    ),
    "rule.warn": ("提示：$message", "warning: $message"),
    "rule.warn_officers": ("提示（供办理人员）：$message", "warning (for officers): $message"),
    "rule.next": ("下一步：$text", "next: $text"),
    # facts
    "type.example": ("如 $example", "e.g. $example"),
    "template.head": (
        "$ruleset $edition，决定 $decision：$label",
        "$ruleset $edition, decision $decision: $label",
    ),
    "template.help": (
        "将 unknown 改为所知的值；尚不清楚的保留 unknown。",
        "Replace unknown by what is known; leave it where something is not.",
    ),
    "template.source": (
        "需注明来源的，写 {value: …, source: …}。",
        "To say where a value comes from, write {value: …, source: …}.",
    ),
    "template.evidence": ("依据：$evidence", "shown by: $evidence"),
    "template.by": ("由$by认定", "found by $by"),
    "template.field": ("  每项的 $key：$told", "  of each record, $key: $told"),
    "by.ledger_told": ("台账（已有该事物时）", "the ledger, of a thing there is"),
    "by.ledger_beside": ("只供查找台账余额", "only for balances of a ledger"),
    "template.applies": (
        "仅在 $when 时存在；否则请删去此行，或写 none",
        "exists only when $when; else remove this line, or write none",
    ),
    "template.ledger": ("由台账提供", "from the ledger"),
    "template.ledger_told": (
        "台账中已有该事物的，由台账提供",
        "from the ledger, of a thing that is there",
    ),
    "template.ledger_beside": (
        "只供查找台账余额，依据台账作出决定时才需写明：去掉行首的 #",
        "only for balances of a ledger: to be stated where one is decided from, without the #",
    ),
    # check, test, list and what goes wrong
    "check.sound": ("$path：无误", "$path: sound"),
    "readings.chosen": ("（按所选理解）", "(as chosen)"),
    "readings.same": ("另有 $count 种理解不影响结果：$names", "no effect of $count others: $names"),
    "check.cliff": (
        "提示：$ref 的分档 $name 在 $at 处由 $before 降为 $after",
        "note: at $at the scale $name ($ref) falls from $before to $after",
    ),
    "check.turn": (
        "提示：$ref 的规则 $name 在 $text 处改用另一算法",
        "note: the rule $name ($ref) takes another way at: $text",
    ),
    "check.idle": (
        "$path：参数「$name」原本就是 $value，通知对其没有影响",
        "$path: parameter `$name` is $value anyway; the notice has no effect on it",
    ),
    "check.skipped": ("$path：不是规则集，未检查", "$path: not a ruleset, not checked"),
    "check.nothing": ("没有可检查的文件", "nothing to check was found"),
    "check.summary": (
        "检查文件 $files 个，错误 $faults 处",
        "files checked: $files, mistakes: $faults",
    ),
    "coverage.not_in_ruleset": (
        "规则集缺少条款：$ref（原文第 $line 行）",
        "not in the ruleset: $ref (line $line of the text)",
    ),
    "coverage.not_in_text": ("原文没有此条款：$ref", "not in the text: $ref"),
    "coverage.out_of_order": ("顺序与原文不同：$ref", "not in the order of the text: $ref"),
    "coverage.unpinned": ("没有指纹：$ref", "without a fingerprint: $ref"),
    "coverage.changed": (
        "原文已变：$ref（第 $line 行）",
        "the text has changed: $ref (line $line)",
    ),
    "coverage.rules": ("相关规则：$names", "rules: $names"),
    "coverage.parameters": ("相关参数：$names", "parameters: $names"),
    "coverage.readings": ("相关理解：$names", "readings: $names"),
    "coverage.unaccounted": (
        "没有着落的数：$text，$ref（第 $line 行）",
        "not accounted for: $text, $ref (line $line)",
    ),
    "coverage.amount": ("（即 $amount）", " ($amount)"),
    "coverage.idle": (
        "列为不计，但原文该条款没有，或所指条款没有此值：$text，$ref",
        "ignored, but not in the text there, or not stated where it is said to be: $text, $ref",
    ),
    "coverage.ignored": (
        "不计：$text，$ref（第 $line 行），$reason",
        "ignored: $text, $ref (line $line), $reason",
    ),
    "coverage.informative": ("仅供参考的参数：$names", "informative parameters: $names"),
    "coverage.other_file": (
        "$path 不是规则集所依据的那个文件",
        "$path is not the file the ruleset names by its digest",
    ),
    "coverage.unnamed": (
        "规则集没有写明所依据的文件",
        "the ruleset names no file by its digest",
    ),
    "coverage.summary": (
        "条款 $provisions 条；数 $quantities 个：参数 $parameters，文件日期 $days，不计 $ignored",
        (
            "provisions: $provisions; quantities: $quantities, of them parameters $parameters, "
            "dates $days, ignored $ignored"
        ),
    ),
    "coverage.complete": ("两者相符，没有遗漏", "nothing is left out"),
    "coverage.gaps": ("两者不完全相符", "they do not hold one another whole"),
    "ignore.title": ("标题或名称的一部分", "part of a title or a name"),
    "ignore.document_number": ("文号", "the number or year of a document"),
    "ignore.numbering": ("编号", "counts provisions, annexes or tables"),
    "ignore.cross_reference": ("引用其他条款或文件", "points to another provision or document"),
    "ignore.example": ("举例", "an example"),
    "ignore.background": ("背景说明", "says how things are or should come to be"),
    "ignore.wording": ("行文用语，不计数", "a turn of speech in which nothing is counted"),
    "ignore.stated_elsewhere": ("已在所指条款规定", "stated in the provision named"),
    "test.summary": ("通过 $passed 个，未通过 $failed 个", "$passed passed, $failed failed"),
    "test.refused": ("，有误的案件文件 $refused 个", ", case files refused: $refused"),
    "test.nothing": ("没有找到案件", "no case was found"),
    "mutate.head": ("$ruleset $edition：变异体 $count 个", "$ruleset $edition: $count mutants"),
    "mutate.killed": ("被案件发现", "noticed by a case"),
    "mutate.refused": ("被检查发现", "refused by the checker"),
    "mutate.survived": ("未被发现", "not noticed"),
    "mutate.score": (
        "共发现 $noticed/$whole（$share）；通过检查的变异体中案件发现 $killed/$passed（$part）",
        "noticed: $noticed of $whole ($share); by cases: $killed of $passed ($part) let pass",
    ),
    "mutate.unexplained": ("未被发现且未说明：", "not noticed and not explained:"),
    "mutate.explained": ("未被发现，已说明：", "not noticed and explained:"),
    "mutate.stale": ("说明已无对应的变异体：", "explained, but no mutant that is not noticed:"),
    "mutate.change": ("$before → $after", "$before → $after"),
    "mutate.nothing_left": ("（删去）", "(dropped)"),
    "mutate.because": ("理由：$because", "because: $because"),
    "mutate.no_cases": (
        "「$path」旁没有案件文件；请用 --cases 指明",
        "there is no case file beside `$path`; name one with --cases",
    ),
    "list.faulty": (
        "（不能使用，详见 voucher-rules check $path）",
        "(cannot be used; see voucher-rules check $path)",
    ),
    "decide.written": ("已写入 $path", "written to $path"),
    "internal": (
        "程序内部错误（$error）。请报告给本项目；设 VOUCHER_RULES_DEBUG=1 可显示详情。",
        "internal error ($error). Please report it; VOUCHER_RULES_DEBUG=1 shows the details.",
    ),
}

tell: Final = make_tell(WORDS)


def join(language: str, *texts: str) -> str:
    """Join those of ``texts`` that say something."""
    return tell(language, "joiner").join(text for text in texts if text)
