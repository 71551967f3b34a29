"""Comes in: nothing. Goes out: what diagnostics of tables of cases and of studies say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

TABLES: Final[Mapping[str, DiagnosticText]] = {
    "arrives-without-budget": text_of(
        "预算和到达时间须一并写明",
        "a budget and the column of arrivals go together",
        "请同时写明 budget 和 arrives",
        "give both `budget` and `arrives`",
    ),
    "bands-out-of-order": text_of(
        "「$name」的分段界限不是从小到大",
        "the ends of the bands of `$name` do not rise",
        "界限须由小到大，至少一个",
        "give at least one end, each above the one before",
    ),
    "budget-below-zero": text_of(
        "预算「$found」小于零",
        "the budget `$found` is below zero",
        "预算至少为零",
        "a budget is zero or more",
    ),
    "column-of-floats": text_of(
        "列「$name」有 $count 格是二进制浮点数，首见于第 $row 行",
        "the column `$name` holds $count binary floats, the first in row $row",
        '浮点数不精确；如确认其最短十进制写法就是原意，请加 floats="exact_decimal"'
        "（命令行为 --floats exact_decimal），否则请改用文字、整数或 Decimal",
        "floats are not exact; where the shortest decimal that means each of them is what was "
        'meant, give floats="exact_decimal" (--floats exact_decimal on the command line), else use '
        "texts, whole numbers or Decimal",
    ),
    "column-of-other-length": text_of(
        "列「$name」有 $found 格，其他列有 $expected 格",
        "the column `$name` has $found cells, the others have $expected",
        "各列须一样长",
        "give every column the same length",
    ),
    "days-and-moments": text_of(
        "列「$name」既有日期又有时刻",
        "the column `$name` holds days and moments",
        "请统一写成其中一种",
        "write all of them as one or the other",
    ),
    "duckdb-failed": text_of(
        "DuckDB 没有完成：$problem",
        "DuckDB did not finish: $problem",
        "已写完的分部仍有效；排除原因后用同样的参数再运行一次，即从中断处继续",
        "parts that are done stay as they are: mend what is wrong, and run the same again",
    ),
    "executor-cannot": text_of(
        "$engine 不能处理此表：$reason",
        "$engine cannot decide this table: $reason",
        "请不指定执行器，或指定 rows：逐批在内存中处理，结果相同",
        "name no executor, or `rows`: it decides lot by lot in memory, and comes to the same",
    ),
    "fact-not-in-decision": text_of(
        "该决定不读取名为「$name」的事实",
        "the decision reads no fact `$name`",
        "voucher-rules facts 列出它读取的事实；清单中的写作 items[1].amount",
        "voucher-rules facts lists those it reads; of a record in a list write items[1].amount",
    ),
    "fact-not-read": text_of(
        "该决定不读取事实「$name」",
        "the decision does not read the fact `$name`",
        "请去掉它，或改用读取它的决定",
        "leave it out, or take a decision that reads it",
    ),
    "fact-not-varied": text_of(
        "「$name」的值无法逐一列举",
        "the values of `$name` cannot be gone through",
        "请选数量、日期、选项或是否类的事实",
        "choose a quantity, a date, an option or a yes-or-no",
    ),
    "fact-of-other-type": text_of(
        "「$name」在两套规则中类型不同",
        "`$name` has another type in the other ruleset",
        "类型不同的事实无法比较；请先统一其声明",
        "facts of other types cannot be compared; declare them alike first",
    ),
    "fact-of-two-columns": text_of(
        "事实「$fact」同时来自「$first」和「$again」",
        "the fact `$fact` comes from both `$first` and `$again`",
        "只保留一列，或把另一列改名",
        "keep one of them, or give the other another name",
    ),
    "file-changed-meanwhile": text_of(
        "文件「$path」在决定期间被改动",
        "the file `$path` was changed while it was decided",
        "运行结束前请勿改动；改回原样后可接着做",
        "leave it alone until the run is done; put back as it was, that goes on",
    ),
    "folder-holds-other-files": text_of(
        "文件夹「$path」中已有其他文件",
        "the folder `$path` holds other files",
        "结果请写入空文件夹或新文件夹",
        "let the results go to an empty folder or a new one",
    ),
    "folder-in-use": text_of(
        "另一运行正在写入文件夹「$path」",
        "another run is writing to the folder `$path`",
        "等它结束；中断的运行不妨碍接着做",
        "wait until it is done; a run that was stopped does not stand in the way",
    ),
    "folder-unfinished": text_of(
        "文件夹「$path」中没有完成的运行（缺 manifest.json）",
        "the folder `$path` holds no finished run: there is no manifest.json",
        "请以相同参数再运行一次，未完成的部分会接着做",
        "run it again with the same arguments: what is not done is decided then",
    ),
    "folder-file-changed": text_of(
        "文件「$path」已不是运行写下的内容",
        "the file `$path` is gone, or is not as the run wrote it",
        "请以相同参数再运行一次，缺失或改动的部分会重做",
        "run it again with the same arguments: parts that are missing or changed are decided anew",
    ),
    "folder-of-other-run": text_of(
        "文件夹「$path」中是另一次运行的结果，不同之处：$what",
        "the folder `$path` holds another run, which differs in $what",
        "同一运行才能接着做；否则请写入另一文件夹",
        "only the same run can be taken up again; else let the results go to another folder",
    ),
    "font-missing": text_of(
        "没有能写中文的字体，图画不出来",
        "no font installed here can write Chinese, so the picture cannot be drawn",
        '请安装一种中文字体，如 Debian、Ubuntu 的 fonts-noto-cjk，或改用 language="en"',
        'install one, such as fonts-noto-cjk of Debian and Ubuntu, or ask for language="en"',
    ),
    "glyph-missing": text_of(
        "图中的字，已装字体都写不出：$characters",
        "no font installed here can write these characters of the picture: $characters",
        "请安装含有这些字的字体，如 Debian、Ubuntu 的 fonts-noto-cjk",
        "install a font that has them, such as fonts-noto-cjk of Debian and Ubuntu",
    ),
    "goal-missing": text_of(
        "没有说明想得到什么",
        "it is not said what is wanted",
        "请给出 outcome 或 amount",
        "give an outcome or an amount",
    ),
    "goal-without-amount": text_of(
        "决定「$name」不给出金额或数量",
        "the decision `$name` gives no amount",
        "请改用 outcome",
        "ask for an outcome instead",
    ),
    "key-like-result": text_of(
        "列「$name」与结果中的列同名，或写了两次",
        "the column `$name` is called like one of the results, or is named twice",
        "请在表中改名",
        "give it another name in the table",
    ),
    "marginal-form": text_of(
        "「$name」的分布写法不明",
        "it is not clear how `$name` is to be spread",
        "可写值、值的列表、{选项: 权重}、{low, high, shape, step} 或 {given, options, otherwise}",
        "give a value, a list of values, {option: weight}, {low, high, shape, step} or "
        "{given, options, otherwise}",
    ),
    "marginal-given": text_of(
        "「$name」依「$given」分布，缺少 $missing",
        "`$name` is spread by `$given`, and $missing is lacking",
        "options 写各取值时的分布，otherwise 写其余取值及未知时的分布",
        "options tells the spread for values of it, and otherwise that for every other value and "
        "where it is not known",
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
    "marginal-weights": text_of(
        "「$name」的权重有负数，或全为零",
        "the weights of `$name` are below zero, or all zero",
        "权重为零或正数，至少一个大于零",
        "give weights of zero or more, one of them above zero",
    ),
    "marginals-circular": text_of(
        "事实的分布互相依赖：$names",
        "facts are spread by one another in a circle: $names",
        "请去掉其中一个 given",
        "take one `given` out",
    ),
    "no-balance-sql": text_of(
        "余额「$name」不能写成 SQL：$reason",
        "the balance `$name` has no SQL: $reason",
        "请由台账得出该余额，再作为一列写入案件表",
        "let a ledger tell it, and put it into the table of cases as a column",
    ),
    "no-balances": text_of(
        "决定「$decision」不读取任何余额",
        "the decision `$decision` reads no balance",
        "可直接使用 sql",
        "use sql by itself",
    ),
    "no-money-to-pay": text_of(
        "决定「$name」不给出金额，无从支付",
        "the decision `$name` gives no money to pay",
        "请选一个给出金额的决定",
        "choose a decision that gives an amount",
    ),
    "no-picture": text_of(
        "「$name」没有图",
        "there is no picture of a `$name`",
        "其数据见 summary、to_frame 和 to_html",
        "its figures are in summary, to_frame and to_html",
    ),
    "no-regimes": text_of(
        "没有办法可以对照",
        "there is no measure to decide under",
        "请至少给出一个 Regime",
        "give at least one Regime",
    ),
    "no-sql": text_of(
        "决定「$decision」不能写成 SQL：$reason",
        "the decision `$decision` has no SQL: $reason",
        "请用 voucher-rules batch 处理，或为该事实给出较窄的界限",
        "decide it by `voucher-rules batch`, or give narrower bounds of the fact",
    ),
    "no-such-list": text_of(
        "规则集没有清单「$name」",
        "the ruleset has no list `$name`",
        "records 和 lists 写的是规则集 lists 中声明的清单",
        "`records` and `lists` name lists that the ruleset declares",
    ),
    "no-values-to-try": text_of(
        "「$name」没有可试的值",
        "there is no value of `$name` to try",
        "请为每个参数至少给出一个值",
        "give at least one value of each parameter",
    ),
    "not-a-quantity": text_of(
        "「$name」的类型是 $found，不能分段",
        "`$name` is a $found, which cannot be cut into bands",
        "只有金额、数量、比例和数值可以分段",
        "money, counts, ratios and numbers can be cut into bands",
    ),
    "not-an-arrival": text_of(
        "「$found」不是日期或时刻",
        "`$found` is no day and no moment",
        "每行都须写明何时到达，如 2024-05-01",
        "every row must say when it came, such as 2024-05-01",
    ),
    "nothing-to-draw": text_of(
        "「$name」没有可画的数据",
        "there is nothing in `$name` to draw",
        "表中没有行可以计入；其原因见 rejected_rows",
        "no row of the table is in it; `rejected_rows` says why",
    ),
    "one-for-each-regime": text_of(
        "有 $found 份，而办法有 $expected 个",
        "there are $found of them for $expected measures",
        "请为每个办法各给一份，或只给一份共用",
        "give one for each measure, or a single one for all",
    ),
    "package-missing": text_of(
        "需要「$package」，而它没有安装",
        "this needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[$extra]'",
        "run pip install 'voucher-rules[$extra]'",
    ),
    "part-without-rows": text_of(
        "每部分的行数应为大于 0 的整数，实为 $found",
        "expected a whole number of rows above 0 for a part, found $found",
        "如 1000000",
        "such as 1000000",
    ),
    "range-expected": text_of(
        "应为最低值和最高值",
        "expected the lowest value and the highest",
        '如 ["0元", "10万元"]；选项则逐一列出',
        'such as ["0元", "10万元"]; of options list those allowed',
    ),
    "records-in-table": text_of(
        "「$name」是多条记录，表格的单元格写不下",
        "`$name` is a list of records, which no cell of a table holds",
        "请改写为 .jsonl 文件",
        "write a .jsonl file instead",
    ),
    "row-expected": text_of(
        "应为一行（由列名到值的映射），实为 $found",
        "expected a row, a mapping of column names to values, found $found",
        "每行写成一个映射",
        "write each row as one mapping",
    ),
    "spark-failed": text_of(
        "Spark 没有完成：$problem",
        "Spark did not finish: $problem",
        "已写完的分部仍有效；排除原因后用同样的参数再运行一次，即从中断处继续",
        "parts that are done stay as they are: mend what is wrong, and run the same again",
    ),
    "sweep-too-wide": text_of(
        "要试 $count 个值；须为一个或两个参数，至多 $limit 个值",
        "there are $count points to try; it takes one or two parameters and at most $limit points",
        "请减少参数或值",
        "try fewer parameters or values",
    ),
    "table-expected": text_of(
        "应为表格，实为 $found",
        "expected a table, found $found",
        "可以是：$options",
        "it may be one of: $options",
    ),
}
