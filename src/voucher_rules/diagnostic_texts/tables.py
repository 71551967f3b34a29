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
    "table-expected": text_of(
        "应为表格，实为 $found",
        "expected a table, found $found",
        "可以是：$options",
        "it may be one of: $options",
    ),
    "row-expected": text_of(
        "应为一行（由列名到值的映射），实为 $found",
        "expected a row, a mapping of column names to values, found $found",
        "每行写成一个映射",
        "write each row as one mapping",
    ),
    "column-of-other-length": text_of(
        "列「$name」有 $found 格，其他列有 $expected 格",
        "the column `$name` has $found cells, the others have $expected",
        "各列须一样长",
        "give every column the same length",
    ),
    "column-of-floats": text_of(
        "列「$name」有 $count 格是二进制浮点数，首见于第 $row 行",
        "the column `$name` holds $count binary floats, the first in row $row",
        '浮点数不精确；如确认其最短十进制写法就是原意，请加 floats="exact_decimal"，'
        "否则请改用文字、整数或 Decimal",
        "floats are not exact; where the shortest decimal that means each of them is what was "
        'meant, give floats="exact_decimal", else use texts, whole numbers or Decimal',
    ),
    "fact-of-two-columns": text_of(
        "事实「$fact」同时来自「$first」和「$again」",
        "the fact `$fact` comes from both `$first` and `$again`",
        "只保留一列，或把另一列改名",
        "keep one of them, or give the other another name",
    ),
    "no-such-list": text_of(
        "规则集没有清单「$name」",
        "the ruleset has no list `$name`",
        "records 写的是规则集 lists 中声明的清单",
        "`records` names lists that the ruleset declares",
    ),
}
