"""Comes in: nothing. Goes out: what diagnostics of tables of cases and of studies say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

TABLES: Final[Mapping[str, DiagnosticText]] = {
    "package-missing": text_of(
        "需要「$package」，而它没有安装",
        "this needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[$extra]'",
        "run pip install 'voucher-rules[$extra]'",
    ),
    "no-picture": text_of(
        "「$name」没有图",
        "there is no picture of a `$name`",
        "其数据见 summary、to_frame 和 to_html",
        "its figures are in summary, to_frame and to_html",
    ),
    "fact-not-read": text_of(
        "该决定不读取事实「$name」",
        "the decision does not read the fact `$name`",
        "请去掉它，或改用读取它的决定",
        "leave it out, or take a decision that reads it",
    ),
    "marginal-form": text_of(
        "「$name」的分布写法不明",
        "it is not clear how `$name` is to be spread",
        "可写值、值的列表、{选项: 权重}、{low, high, shape, step} 或 {given, options, otherwise}",
        "give a value, a list of values, {option: weight}, {low, high, shape, step} or "
        "{given, options, otherwise}",
    ),
    "marginal-weights": text_of(
        "「$name」的权重有负数，或全为零",
        "the weights of `$name` are below zero, or all zero",
        "权重为零或正数，至少一个大于零",
        "give weights of zero or more, one of them above zero",
    ),
    "marginal-range": text_of(
        "「$name」的取值范围「$low」至「$high」内没有值",
        "there is no value of `$name` from `$low` to `$high`",
        "请核对两端，以及 step 的倍数是否落在其间",
        "check both ends, and that a multiple of step lies between them",
    ),
    "marginal-twice": text_of(
        "「$name」的分布写了两次",
        "it is said twice how `$name` is spread",
        "请只写一处",
        "say it once",
    ),
    "marginals-circular": text_of(
        "事实的分布互相依赖：$names",
        "facts are spread by one another in a circle: $names",
        "请去掉其中一个 given",
        "take one `given` out",
    ),
    "records-in-table": text_of(
        "「$name」是多条记录，表格的单元格写不下",
        "`$name` is a list of records, which no cell of a table holds",
        "请改写为 .jsonl 文件",
        "write a .jsonl file instead",
    ),
    "fact-of-other-type": text_of(
        "「$name」在两套规则中类型不同",
        "`$name` has another type in the other ruleset",
        "类型不同的事实无法比较；请先统一其声明",
        "facts of other types cannot be compared; declare them alike first",
    ),
}
