"""Comes in: a key. Goes out: a text of the report on a table, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.vocabulary import make_tell

REPORT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "executor": ("执行：$name", "decided by $name"),
    "executor_because": (
        "执行：$name（不用 DuckDB：$place$reason）",
        "decided by $name (not DuckDB: $place$reason)",
    ),
    "duckdb": ("DuckDB", "DuckDB"),
    "spark": ("Spark", "Spark"),
    "rows": ("内存中逐批处理", "kernels in memory, lot by lot"),
    "rows_total": (
        "读入 $read 行：有结果 $decided 行（由参照求值器决定 $by_reference 行），退回 $rejected 行",
        (
            "$read rows read: $decided decided ($by_reference of them by the reference),"
            " $rejected rejected"
        ),
    ),
    "outcome": ("  $outcome：$count", "  $outcome: $count"),
    "fault": (
        "  退回：$code（$place）$count 行，首见于第 $row 行：$message",
        "  rejected: $code ($place), rows: $count, first row $row: $message",
    ),
    "fault_of_row": (
        "  退回：$code，$count 行，首见于第 $row 行：$message",
        "  rejected: $code, rows: $count, first row $row: $message",
    ),
    "more_faults": (
        "  退回：另有 $count 种错误，见 .rejected.jsonl 文件",
        "  rejected: other faults: $count, told in the files .rejected.jsonl",
    ),
    "more_rejected": (
        "  退回：另有 $count 种错误，见 rejected",
        "  rejected: other faults: $count, told in rejected",
    ),
    "absent": (
        "没有列说明的事实：$names",
        "facts that no column tells: $names",
    ),
    "untold": (
        "$rows 行由参照求值器决定，耗时约为千倍；其中没有说明的事实：$names",
        (
            "$rows rows were decided by the reference, which takes a thousand times as long;"
            " of these so many do not tell: $names"
        ),
    ),
    "state": (
        "所有行相同的事实可用 facts= 或 --given 事实=值 说明，不存在的写 none",
        (
            "a fact that is the same in all rows may be stated by facts= or --given FACT=VALUE,"
            " none where there is no such thing"
        ),
    ),
    "missing": (
        "$rows 行未能决定；补上即可推进的事实：$names",
        "$rows rows are undetermined; what would settle them: $names",
    ),
    "counted": ("$name（$count 行）", "$name ($count)"),
    "undated": (
        (
            "文件没有写明施行日期，$rows 行因此未能决定：用 state_start(日期) 或 --in-force-from"
            " 说明施行日期，或用 assume_in_force=True、--assume-in-force 当作已经施行"
        ),
        (
            "the document leaves its first day open, and so $rows rows undetermined: state it by"
            " state_start(day) or --in-force-from, or decide as if it were in force by"
            " assume_in_force=True or --assume-in-force"
        ),
    ),
    "unused": (
        "既非事实也非键的列：$names",
        "columns of no fact and no key: $names",
    ),
    "written": (
        "结果写在 $path：part-* 为每行结果，open-* 为其中未定的事项",
        "the results stand in $path: part-* for every row, open-* for what is open of some",
    ),
    "unmatched": (
        "$rows 条「$name」记录没有对应的行",
        "$rows records of “$name” belong to no row",
    ),
}

tell = make_tell(REPORT_WORDS)
