"""Comes in: nothing. Goes out: what diagnostics of the settings of a letter say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

LETTERS: Final[Mapping[str, DiagnosticText]] = {
    "record-of-another": text_of(
        "第 $seq 条记录不是本决定的记录",
        "entry $seq does not record this decision",
        "请给出记录本决定的条目，或直接据日志制作信件：`voucher-rules log letter LOG SEQ`",
        "give the entry that records this decision, or make the letter from the log: "
        "`voucher-rules log letter LOG SEQ`",
    ),
    "digest-of-another": text_of(
        "`$digest` 不是本决定的记录的摘要",
        "`$digest` is not the digest of the record of this decision",
        "请用 `decide --log` 所示的决定摘要；记录时另有对象名称或隐去了事实的，请给出该条目"
        "（`record`），或据日志制作信件：`voucher-rules log letter LOG SEQ`",
        "use the decision digest that `decide --log` prints; where it was recorded under another "
        "name, or with facts hidden, give the entry itself (`record`), or make the letter from the "
        "log: `voucher-rules log letter LOG SEQ`",
    ),
    "taken-again-no-entry": text_of(
        "日志只有 $size 条记录，没有第 $seq 条",
        "the log holds $size entries, and none of the number $seq",
        "`voucher-rules log show LOG` 列出各条",
        "`voucher-rules log show LOG` lists them",
    ),
    "taken-again-no-decision": text_of(
        "第 $seq 条记录中没有决定，无从作出信件",
        "entry $seq holds no decision to write a letter about",
        "请指明含决定的条目；`voucher-rules log show LOG` 列出各条",
        "name an entry that holds one; `voucher-rules log show LOG` lists them",
    ),
    "taken-again-replaced": text_of(
        "第 $seq 条记录的决定已由第 $by 条取代",
        "entry $by took the place of the decision of entry $seq",
        "请就第 $by 条制作信件",
        "write the letter about entry $by",
    ),
    "taken-again-revoked": text_of(
        "第 $seq 条记录的决定已由第 $by 条撤销",
        "the decision of entry $seq was revoked by entry $by",
        "已撤销的决定不再制作信件",
        "a decision that was revoked is told in no letter",
    ),
    "taken-again-ruleset-missing": text_of(
        "没有第 $seq 条记录所依据的规则集 `$id $edition`",
        "the ruleset `$id $edition` that entry $seq names is not at hand",
        "请用 `--rulesets` 指明存放该版规则集的文件夹",
        "name the folder that holds this edition with `--rulesets`",
    ),
    "taken-again-ruleset-differs": text_of(
        "现有的 `$id $edition` 与第 $seq 条记录时的内容不同，记录的摘要为 `$semantic_digest`",
        "`$id $edition` as it is at hand says something else than when entry $seq was recorded "
        "under `$semantic_digest`",
        "请用 `--rulesets` 指明存放当时文件的文件夹（包括当时的通知和日历）",
        "name the folder that holds the files of then, with their notices and calendars, with "
        "`--rulesets`",
    ),
    "taken-again-ruleset-unreadable": text_of(
        "第 $seq 条记录所依据的规则集 `$id $edition` 的文件无法读取，错误见下",
        "the file of the ruleset `$id $edition` that entry $seq names cannot be read, as told "
        "below",
        "请用 `--rulesets` 指明存放当时文件的文件夹，或从备份恢复该文件",
        "name the folder that holds the files of then with `--rulesets`, or restore the file",
    ),
    "taken-again-facts-hidden": text_of(
        "第 $seq 条记录隐去了下列事实，而没有可打开它们的盐值：$detail",
        "entry $seq hides facts, and what opens them is not at hand: $detail",
        "请用 `--secrets` 给出存放盐值的文件；已擦除的无法再打开",
        "give the file of secrets with `--secrets`; what was erased cannot be opened again",
    ),
    "taken-again-otherwise": text_of(
        "第 $seq 条记录的决定重新作出时结果不同，首先不同之处在 `$pointer`",
        "the decision of entry $seq does not come out again as recorded, first at `$pointer`",
        "`voucher-rules replay LOG` 说明全部差异；不一致时不制作信件",
        "`voucher-rules replay LOG` tells all that differs; no letter is written about it",
    ),
    "taken-again-impossible": text_of(
        "第 $seq 条记录的决定无法重新作出",
        "the decision of entry $seq cannot be taken again",
        "`voucher-rules replay LOG` 说明原因",
        "`voucher-rules replay LOG` tells why",
    ),
    "remedies-language": text_of(
        "信件没有语言「$found」",
        "`$found` is no language of a letter",
        "救济途径按语言写明：「zh」或「en」",
        "remedies are told by language: `zh` or `en`",
    ),
    "remedies-not-told": text_of(
        "没有以「$language」写明救济途径",
        "the remedies are not told in `$language`",
        "请写明该语言的文字；没有可写的，整项省略，信中即说明由作出决定的机关告知",
        "write them in that language, or leave them out altogether: the letter then says who "
        "states them",
    ),
}
