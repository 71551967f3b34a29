"""Comes in: an argument of a diagnostic. Goes out: it in words, in Chinese or English.

What fills a slot is mostly the author's own text, or a word of the rule language, and stands as it
is. Some of it is made by a program: what a field should hold, what a system or a parser says,
the name of a fault. Such phrases are told here in both languages; an unknown one stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.language_phrases import TAKES, tell_types

_ANYWHERE: Final = "problem"
_SLOTS: Final = frozenset(
    {
        ("log-field-wrong", "expected"),
        ("entry-wrong-value", "expected"),
        ("entry-wrong-value", "found"),
        ("no-such-day", "part"),
        ("log-gap", "missing"),
        ("checkpoint-not-signed", "found"),
        ("checkpoint-signature-not-good", "found"),
        ("checkpoint-key-unknown", "found"),
        ("argument-wrong-kind", "expected"),
        ("argument-wrong-kind", "found"),
        ("argument-not-a-list", "found"),
        ("types-do-not-fit", "takes"),
        ("executor-cannot", "reason"),
        ("no-sql", "reason"),
        ("no-balance-sql", "reason"),
    }
)
"""The slots that hold such a phrase and never a text of an author, by code; so does ``problem``."""

_TYPES: Final = frozenset(
    {
        ("types-do-not-fit", "found"),
        ("type-mismatch", "expected"),
        ("type-mismatch", "found"),
    }
)
"""The slots that hold types of the language."""

FIELDS: Final[Mapping[str, str]] = {
    "text that is not empty": "非空文字",
    "text that is not empty, or null": "非空文字或 null",
    "1 to 80 of A-Z a-z 0-9 . _ -, beginning with a letter or digit": (
        "1 至 80 个字符，限 A-Z a-z 0-9 . _ -，以字母或数字开头"
    ),
    "text of 1 to 200 characters": "1 至 200 个字符的文字",
    "whole number above 0": "大于 0 的整数",
    "whole number above 0, or null": "大于 0 的整数或 null",
    "whole number of 0 or more": "不小于 0 的整数",
    "JSON Pointer": "JSON Pointer（指明位置）",
    "base64": "base64 文字",
    "base64 of 32 bytes": "32 字节的 base64",
    "base64 of 64 bytes": "64 字节的 base64",
    "kind of entry": "记录的类别",
    "sha256: and 64 of 0-9 a-f": "sha256: 加 64 个 0-9 a-f",
    "sha256: and 64 of 0-9 a-f, or null": "sha256: 加 64 个 0-9 a-f，或 null",
    "list of sha256: and 64 of 0-9 a-f": "列表，各项为 sha256: 加 64 个 0-9 a-f",
    "mapping": "键和值",
    "mapping or null": "键和值，或 null",
    "mapping of texts": "键和值，值均为文字",
    "list or null": "列表或 null",
    "list of keys": "密钥的列表",
    "list of ends of keys": "密钥截止时间的列表",
    "list of signatures": "签名的列表",
    "list of redactions": "隐去之处的列表",
    "recorder": "记录者",
    "size and root": "条数与根值",
    "YYYY-MM-DDThh:mm:ss.sssZ or null": "YYYY-MM-DDThh:mm:ss.sssZ 写法的时刻，或 null",
    "moment in UTC, YYYY-MM-DDThh:mm:ss.sssZ": "协调世界时的时刻，写作 YYYY-MM-DDThh:mm:ss.sssZ",
    "text": "文字",
    "list": "列表",
    "number with decimals": "带小数的数",
    "number": "数字",
    "true or false": "true 或 false",
    "whole number": "整数",
    "whole number or null": "整数或 null",
    "YYYY-MM-DD or null": "YYYY-MM-DD 或 null",
    "mapping of whole numbers": "键和值，值均为整数",
    "mapping of JSON data": "键和值，值为 JSON 数据",
    "mapping of lists of texts": "键和值，值均为文字的列表",
    "list of balances": "余额的列表",
}
"""What a field of a line of a log or of a ledger, of a checkpoint or of a proof should hold."""

SYSTEM: Final[Mapping[str, str]] = {
    "No such file or directory": "没有该文件或文件夹",
    "Permission denied": "没有权限",
    "Operation not permitted": "不允许此操作",
    "Is a directory": "这是文件夹，不是文件",
    "Not a directory": "路径中有一段不是文件夹",
    "Directory not empty": "文件夹不是空的",
    "File exists": "文件已存在",
    "File name too long": "文件名过长",
    "File too large": "文件过大",
    "No space left on device": "磁盘空间不足",
    "Disk quota exceeded": "超出磁盘配额",
    "Read-only file system": "文件系统只读",
    "Too many levels of symbolic links": "符号链接层数过多",
    "Too many open files": "打开的文件过多",
    "Input/output error": "读写出错",
    "Device or resource busy": "设备或资源正忙",
    "Resource temporarily unavailable": "资源暂不可用",
    "Cannot allocate memory": "内存不足",
    "Bad file descriptor": "文件描述符无效",
    "Invalid argument": "参数无效",
    "Broken pipe": "管道已断开",
    "Illegal seek": "不能在其中定位",
    "Text file busy": "文件正在执行",
    "Invalid cross-device link": "不能跨文件系统移动",
    "Operation not supported": "不支持此操作",
    "FileBrokenError": "此前的写入未能复原",
    "FileReplacedError": "打开之后文件被改动或替换",
    "not a plain file": "不是普通文件",
    "not a file of Parquet": "不是 Parquet 文件",
    "a folder without files": "文件夹里没有文件",
    "other columns or types than in the first file": "列或列的类型与第一个文件不同",
    "not UTF-8": "不是 UTF-8 编码",
}
"""What a system says of a file (``OSError.strerror``)."""

ENGINES: Final[Mapping[str, str]] = {
    "the package duckdb is not installed": "没有安装 duckdb（pip install 'voucher-rules[duckdb]'）",
    "the package pyarrow is not installed": (
        "没有安装 pyarrow（pip install 'voucher-rules[tables]'）"
    ),
    "a list of records in a column": "一列里有多条记录",
    "a list of records without a key that tells whose they are": "没有键表明多条记录属于哪一行",
    "a list of records in SQL": "要逐条查看多条记录",
    "what counts across other rulesets": "要合并计算其他规则集之下的数额",
    "what is left of a pool": "是资金池的剩余数额",
    "everyone in the same group, which changes over time": "要合并计算同组各方，而分组随时间变动",
    "parts of a thing that may come back to a state": "部分数额可能回到曾经的状态",
    "values or days without those of the thing decided about": (
        "要在各个值或日期中除去所决定之物自身的"
    ),
    "a day that changes when a thing comes back to its state": "回到同一状态时日期随之改变",
    "parts that entered a state on days of their own, of which some may leave again": (
        "各部分进入同一状态的日期不同，其后又可能部分离开"
    ),
    "a span whose length the ruleset does not fix": "期间的长度不由规则集确定",
    "more options than a mask holds": "选项多于掩码的位数",
    "a number without a denominator for the column": "数字没有统一的分母",
    "a number that may leave 64 bits": "有数字可能超出 64 位",
    "a division by what may not be above zero": "除数不一定大于零",
    "a name too long for the engine": "名称过长",
    "a key that is called like a step or a result": "键与步骤或结果同名",
    "a text with a zero byte": "文字中有零字节",
    "an output whose form SQL does not write": "该产出的写法 SQL 写不出",
    "a column of a type that is judged in memory": "该列的类型要在内存中判断",
    "a key other than texts, whole numbers and truths": "该键并非全是文字、全是整数或全是真假值",
    "a table without columns": "表没有列",
    "keys of a type, or of two, that are compared in memory": "键的类型要在内存中比较，或两边不同",
    "a column that is called like one of the engine's own": "有一列与引擎自用的列同名",
    "a table in JSON lines": "表是 JSON 行",
    "a column called file_row_number": "有一列名为 file_row_number",
    "a path that stands for several files": "路径中有通配字符，会指向多个文件",
    "columns that differ in capital letters alone": "有的列名只有大小写不同",
    "ratios that share no denominator": "比例没有共同的分母",
    "a day that no case may state": "没有案例可以写这一天",
    "a folder of files": "表是一个文件夹",
    "a session of Spark Connect": "会话经由 Spark Connect",
    "a column called like one of Spark's own": "有一列与 Spark 自己的列同名",
    "a key of a type that Spark would write in another way": "该键的类型，Spark 写出来不一样",
    "too many different cells in one part; part_rows makes parts smaller": (
        "一个分部中该列的不同取值过多；part_rows 可使分部变小"
    ),
}
"""Why an engine cannot run a decision, or cannot judge a table."""

PARSERS: Final[Mapping[str, str]] = {
    "Expecting value": "此处应有值",
    "Expecting ',' delimiter": "此处应有逗号",
    "Expecting ':' delimiter": "此处应有冒号",
    "Expecting property name enclosed in double quotes": "此处应有双引号括起的键",
    "Illegal trailing comma before end of object": "右花括号之前多了逗号",
    "Illegal trailing comma before end of array": "右方括号之前多了逗号",
    "Extra data": "值之后还有内容",
    "a number with too long an exponent": "有数字的指数过长",
    "Invalid \\uXXXX escape": "\\uXXXX 转义写法无效",
    "Invalid \\escape": "反斜杠转义写法无效",
    "Invalid \\escape: ": "反斜杠转义写法无效",
    "Invalid control character at": "含有控制字符",
    "Unterminated string starting at": "引号没有另一半",
    "could not find expected ':'": "没有找到应有的冒号",
    "mapping values are not allowed here": "此处不能有「键: 值」",
    "mapping keys are not allowed here": "此处不能有键",
    "sequence entries are not allowed here": "此处不能有列表项",
    "special characters are not allowed": "含有不允许的特殊字符",
    "invalid indentation or unclosed '[' or '{'": "缩进不对，或 [ 或 { 没有另一半",
    "found unexpected end of stream": "文件到此结束，引号或括号没有另一半",
    "found unexpected document separator": "此处出现文档分隔行",
    "expected indentation indicator in the range 1-9, but found 0": "缩进数应为 1 至 9，实为 0",
    "expected a single document in the stream": "每个文件只能有一份文档",
    "while scanning a simple key": "读取键时出错",
    "while scanning a quoted scalar": "读取引号内的文字时出错",
    "while scanning a double-quoted scalar": "读取双引号内的文字时出错",
    "while parsing a block mapping": "读取「键: 值」时出错",
    "while parsing a block collection": "读取列表时出错",
    "while parsing a flow mapping": "读取花括号之内时出错",
    "while parsing a flow sequence": "读取方括号之内时出错",
}
"""What the parsers of JSON and YAML say."""

FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "not-json": ("不是 JSON", "it is not JSON"),
    "not-canonical": (
        "空格、键的次序或转义与规范写法不同",
        "spaces, the order of keys or escapes are not those of the form",
    ),
    "carriage-return": (
        "行末多了回车符（CRLF）",
        "there is a carriage return at the end of the line (CRLF)",
    ),
    "fraction-in-json": ("含有小数或无穷大之类的数", "there is a fraction, or a number like NaN"),
    "too-deep": ("嵌套过深", "it is nested too deep"),
    "bad-name": (
        "键只能含小写字母、数字及 _ . -",
        "a key is written in other characters than a-z 0-9 _ . -",
    ),
    "lone-surrogate": ("含有残缺的字符", "there is half a character"),
    "not-nfc": ("文字不是 Unicode NFC 形式", "a text is not in Unicode NFC"),
    "not-plain-data": (
        "不是文字、整数、真、假、空、列表或映射",
        "it is of a kind JSON cannot hold",
    ),
    "number-too-large": ("整数过大", "a whole number is too large"),
    "absent": ("未签名", "it is not signed"),
    "bad": ("签名无效", "the signature is bad"),
    "unknown_key": ("密钥不可信", "it is by a key that is not believed"),
    "key_not_valid_then": ("密钥当时无效", "it is by a key that did not hold good then"),
}
"""Names of faults: of a canonical form, and of a signature."""

ARGUMENTS: Final[Mapping[str, str]] = {
    "path": "路径",
    "path of a file": "文件的路径",
    "path of a folder": "文件夹的路径",
    "name of a fact": "事实的名称",
    "name of a column": "列的名称",
    "Ruleset": "规则集（Ruleset）",
    "Regime": "适用情形（Regime）",
    "Ruleset or Regime": "规则集或适用情形（Ruleset 或 Regime）",
    "Ruleset, Regime or mapping": "规则集、适用情形，或键和值",
    "Records": "记录表（Records）",
    "Ledger": "台账（Ledger）",
    "day": "日期",
    "function": "函数",
    "True or False": "True 或 False",
    "moment (datetime)": "时刻（datetime）",
    "decision of this library": "决定（Ruleset.decide 所得）",
    "ruleset of this library": "规则集（vr.load 所得）",
    "options of a record": "记录选项（vr.RecordOptions）",
    "key or path of a file": "密钥或其文件的路径",
    "key to sign with": "签名密钥（vr.load_signer 所得）",
    "bytes": "字节",
    "None": "None",
}
"""What a function takes, and what it was given."""

_WHOLE: Final[Mapping[str, str]] = {
    **ARGUMENTS,
    **FIELDS,
    **SYSTEM,
    **ENGINES,
    **PARSERS,
    **TAKES,
}
_LED: Final[Mapping[str, str]] = {
    "month ": "没有 $rest 月",
    "day ": "该月没有 $rest 日",
    "entry ": "第 $rest 条",
    "some of the entries ": "第 $rest 条中的若干条",
    "a moment after ": "晚于 $rest 的时刻",
    "Invalid \\escape: ": "反斜杠转义写法无效",
    "expected <block end>, but found ": "此处应当结束，实为 $rest（多为缩进不齐）",
    "expected the node content, but found ": "此处应有内容，实为 $rest",
    "expected '<document start>', but found ": "文档应已结束，实为 $rest",
    "expected ',' or '}', but got ": "此处应为逗号或右花括号，实为 $rest",
    "expected ',' or ']', but got ": "此处应为逗号或右方括号，实为 $rest",
    "expected a comment or a line break, but found ": "此处应为注释或换行，实为 $rest",
    "expected chomping or indentation indicators, but found ": "| 或 > 之后不能有 $rest",
    "expected alphabetic or numeric character, but found ": "此处应为字母或数字，实为 $rest",
    "found unknown escape character ": "不认识的转义字符 $rest",
    "found undefined alias ": "没有名为 $rest 的锚点",
    "found character ": "不能以字符 $rest 开头",
}
"""What begins a phrase whose rest changes."""
_TOKENS: Final[Mapping[str, str]] = {
    "'<stream end>'": "文件结尾",
    "'<document start>'": "文档分隔行",
    "'<document end>'": "文档结尾",
    "'<block mapping start>'": "另一组键",
    "'<block sequence start>'": "另一个列表",
    "'<block end>'": "本段结尾",
    "'<scalar>'": "文字",
    "'<anchor>'": "锚点",
    "'<alias>'": "别名",
    "'<tag>'": "标签",
    "'<directive>'": "指令",
}
"""What a parser of YAML calls that at which it stopped."""
_TRAIL: Final = " that cannot start any token"
_SPAN: Final = re.compile(r"([0-9]+) to ([0-9]+)")


def tell_argument(code: str, name: str, text: str, language: str) -> str:
    """Return what fills a slot of a diagnostic, in words of a language."""
    if (code, name) in _TYPES:
        return tell_types(text) if language == "zh" else text
    if name != _ANYWHERE and (code, name) not in _SLOTS:
        return text
    if text in FAULTS:
        return FAULTS[text][0 if language == "zh" else 1]
    return text if language != "zh" else _translate(text)


def _translate(text: str) -> str:
    if text in _WHOLE:
        return _WHOLE[text]
    for head, told in _LED.items():
        if text.startswith(head):
            rest = text.removeprefix(head).removesuffix(_TRAIL)
            span = _SPAN.fullmatch(rest)
            rest = rest if span is None else f"{span[1]} 至 {span[2]}"
            return told.replace("$rest", _TOKENS.get(rest, rest))
    return text
