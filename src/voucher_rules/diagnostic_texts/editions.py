"""Comes in: nothing. Goes out: what diagnostics of editions and of choosing one say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

EDITIONS: Final[Mapping[str, DiagnosticText]] = {
    # what an edition says of itself
    "supersedes-itself": text_of(
        "版本「$edition」取代了自身",
        "the edition `$edition` supersedes itself",
        "请在「supersedes」中写被取代的另一版本",
        "name the other edition in `supersedes`",
    ),
    "superseded-twice": text_of(
        "版本「$edition」在「supersedes」中出现两次",
        "the edition `$edition` stands in `supersedes` twice",
        "每个被取代的版本只写一次",
        "name each edition that is superseded once",
    ),
    "corrects-several": text_of(
        "一个版本只能更正一个版本",
        "an edition corrects one edition only",
        "更正取代的是一个版本的位置；请为各版本分别更正",
        "a correction takes the place of one edition; correct each by an edition of its own",
    ),
    "supersedes-without-published": text_of(
        "取代其他版本的版本没有写明从哪天起可知",
        "an edition that supersedes others does not say from which day it is known",
        "请在「edition」之后写明「published」",
        "state `published` below `edition`",
    ),
    "transition-without-supersedes": text_of(
        "有过渡规定，却没有取代任何版本",
        "there is a rule of transition and no edition is superseded",
        "请在「supersedes」中写明被取代的版本",
        "name the edition that is superseded in `supersedes`",
    ),
    "transition-twice": text_of(
        "决定「$name」有两条过渡规定",
        "the decision `$name` has two rules of transition",
        "每个决定只由一个日期确定版本",
        "one day finds the edition of a decision",
    ),
    # editions beside each other
    "edition-misnamed": text_of(
        "文件名表明是 $expected，文件中写的是 $found",
        "by the name of its file this is $expected, and it says it is $found",
        "规则集存放在以其名称命名的文件夹中，文件以版本命名",
        "a ruleset stands in a folder of its name, in a file named like its edition",
    ),
    "unknown-edition": text_of(
        "没有可供取代的版本「$edition」",
        "there is no edition `$edition` to supersede",
        "现有版本：$known；旧版本须一直保留",
        "the editions there are: $known; old editions stay for ever",
    ),
    "editions-in-a-circle": text_of(
        "这些版本互相取代：$cycle",
        "these editions supersede each other: $cycle",
        "请去掉其中一处",
        "take one of them away",
    ),
    "correction-before-original": text_of(
        "更正于 $published 可知，早于被更正的版本「$edition」（$original）",
        "this correction is known from $published, before the edition `$edition` ($original)",
        "请核对两处「published」",
        "look at `published` of both",
    ),
    "corrected-twice": text_of(
        "版本「$edition」已由「$other」更正",
        "the edition `$edition` is corrected by `$other` already",
        "请更正「$other」，即取代其位置的版本",
        "correct `$other`, which stands in its place",
    ),
    "editions-out-of-order": text_of(
        "取代「$edition」的版本于 $start 施行，并不晚于后者的 $first",
        "this supersedes `$edition` and is in force from $start, not after its $first",
        "修订自其施行之日起取代；如系更正同一文本，请写 kind: correction",
        "an amendment takes over from its own first day; a correction is of `kind: correction`",
    ),
    "editions-overlap": text_of(
        "$day 「$one」和「$other」同时施行",
        "`$one` and `$other` are both in force on $day",
        "请写明哪个版本取代（supersedes）哪个，或各自的末日",
        "say which of them supersedes the other, or the last day of each",
    ),
    "edition-changed": text_of(
        "版本「$edition」的文件已与目录读取时不同",
        "the file of the edition `$edition` is not what the catalogue read",
        "请重新打开目录；已公布的版本不应修改，应另行更正",
        "open the catalogue anew; what was published is corrected by another edition",
    ),
    # which edition
    "edition-before-first": text_of(
        "$on 「$name」还没有施行中的版本：最早的「$edition」自 $start 起施行",
        "no edition of `$name` is in force on $on yet: the first, `$edition`, is from $start",
        "请核对日期，或用版本名称指明版本",
        "check the day, or choose an edition by its name",
    ),
    "edition-after-last": text_of(
        "$on 「$name」已没有施行中的版本：最后的「$edition」施行至 $until",
        "no edition of `$name` is in force on $on any more: the last, `$edition`, was until $until",
        "请核对日期，或用版本名称指明版本",
        "check the day, or choose an edition by its name",
    ),
    "edition-in-gap": text_of(
        "$on 「$name」没有施行中的版本：「$before」施行至 $until，「$after」自 $start 起施行",
        "no edition of `$name` on $on: `$before` was until $until, `$after` is from $start",
        "请核对日期，或用版本名称指明版本",
        "check the day, or choose an edition by its name",
    ),
    "edition-never-in-force": text_of(
        "「$name」没有施行日期确定的版本：$editions",
        "no edition of `$name` is in force on a day that is known: $editions",
        "草案、已废止或未写明施行日期的版本，须以名称指明并假定其施行",
        "choose a draft, a repealed or an undated edition by its name and assume it in force",
    ),
    "edition-not-known-yet": text_of(
        "$known 还不知道「$name」在 $on 施行的版本：「$edition」自 $published 起可知",
        "on $known none of `$name` for $on was known: `$edition` is known from $published",
        "请核对知悉日期",
        "check the day of knowledge",
    ),
    "edition-known-later": text_of(
        "$known 还不知道「$name」的版本「$edition」：它自 $published 起可知",
        "on $known the edition `$edition` of `$name` was not known yet: it is from $published",
        "可写明更早的版本，或用版本目录（catalog）查找当时可知的版本",
        "name an earlier edition, or let the catalogue find the one that was known then",
    ),
    "edition-in-force-not-known": text_of(
        "$known 还不知道「$name」有施行的版本：「$edition」自 $published 起可知",
        "on $known no edition of `$name` that is in force was known: `$edition` is known from "
        "$published",
        "请核对知悉日期",
        "check the day of knowledge",
    ),
    "edition-none-known": text_of(
        "$known 「$name」还没有可知的版本：最早的自 $published 起可知",
        "on $known no edition of `$name` was known yet: the first is known from $published",
        "请核对知悉日期",
        "check the day of knowledge",
    ),
    "edition-day-unknown": text_of(
        "要知道适用「$name」的哪个版本，须知道 $fact",
        "which edition of `$name` applies depends on $fact, which is not known",
        "请写明该日期，或用版本名称指明版本",
        "state that day, or choose an edition by its name",
    ),
    "transition-with-ledger": text_of(
        "依过渡规定（$rule）适用「$edition」，而依据台账作出决定尚不支持此种情形",
        "by the rule of transition $rule this falls under `$edition`, and no ledger decides so yet",
        "请不用台账作出决定，或用 --edition 指明版本",
        "decide without the ledger, or choose an edition with --edition",
    ),
    "cases-of-several-editions": text_of(
        "这些案件适用「$name」的不同版本：$editions",
        "these cases fall under different editions of `$name`: $editions",
        "请分别作出决定，或用 --edition 指明版本",
        "decide them apart, or choose one with --edition",
    ),
}
