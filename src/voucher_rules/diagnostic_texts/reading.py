"""Comes in: nothing. Goes out: what diagnostics of reading a file say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

READING: Final[Mapping[str, DiagnosticText]] = {
    "file-too-large": text_of(
        "文件超过 $limit 字节",
        "the file is larger than $limit bytes",
        "请将长篇文字和数据表移出本文件",
        "keep long texts and tables of data out of it",
    ),
    "not-utf8": text_of(
        "本行不是 UTF-8 编码的文字",
        "this line is not text in UTF-8",
        "请将文件另存为 UTF-8 编码",
        "save the file as UTF-8",
    ),
    "hidden-character": text_of(
        "含有不可见字符 $character",
        "a character that does not show, $character",
        "请删除；此类字符多由网页或文档复制带入",
        "delete it; it often comes along when text is copied from a web page or a document",
    ),
    "yaml-syntax": text_of(
        "不是有效的 YAML：$problem",
        "this cannot be read as YAML: $problem",
        "请检查本行和上一行的缩进、引号是否成对、冒号后是否有空格",
        "check the indent, the quotes and the space after the colon, here and one line above",
    ),
    "json-syntax": text_of(
        "不是有效的 JSON：$problem",
        "this cannot be read as JSON: $problem",
        "请检查此处之前是否缺少逗号、引号或括号",
        "look for a missing comma, quote or bracket just before this place",
    ),
    "row-of-other-length": text_of(
        "本行有 $found 格，表头有 $expected 列",
        "this row has $found cells, the head has $expected columns",
        "格内含逗号的，请用英文双引号括起",
        "put a cell that holds a comma in double quotes",
    ),
    "column-unnamed": text_of(
        "此列没有名称",
        "this column has no name",
        "请写明列名，或删去该列",
        "name the column, or remove it",
    ),
    "column-twice": text_of(
        "列 `$name` 出现两次",
        "the column `$name` is there twice",
        "请删去其一",
        "remove one of them",
    ),
    "quote-left-open": text_of(
        "此处的引号没有另一半",
        "the quote that begins here is never closed",
        "格内的引号写两次",
        "write a quote inside a quoted cell twice",
    ),
    "text-after-quote": text_of(
        "引号之后还有文字",
        "there is text after the closing quote of a cell",
        "格内的引号写两次，格与格之间用逗号",
        "write a quote inside a quoted cell twice, and a comma between cells",
    ),
    "full-width-colon": text_of(
        "此处应为半角冒号加空格，实为全角冒号",
        "expected a colon and a space, found a full-width colon",
        "请改用半角冒号并在其后加一个空格，如「label: 名称」",
        "write a plain colon and a space, e.g. `label: 名称`",
    ),
    "empty-file": text_of("文件没有内容", "the file is empty"),
    "multiple-documents": text_of(
        "一个文件内出现第二份文档",
        "a second document begins here",
        "请删除分隔行「---」，每个文件只放一份文档",
        "remove the line `---` and keep one document in each file",
    ),
    "directive": text_of(
        "不得使用 YAML 指令（以 % 开头的行）",
        "a YAML directive, which is a line that begins with %, is not allowed",
        "请删除该行",
        "remove the line",
    ),
    "anchor": text_of(
        "不得使用 YAML 锚点（&名称）",
        "a YAML anchor (`&name`) is not allowed",
        "请在需要之处逐一写明内容；以 & 开头的文字请加引号",
        "write the content out wherever it is needed; quote a text that begins with `&`",
    ),
    "alias": text_of(
        "不得使用 YAML 别名（*名称）",
        "a YAML alias (`*name`) is not allowed",
        "请在需要之处逐一写明内容；以 * 开头的文字请加引号",
        "write the content out wherever it is needed; quote a text that begins with `*`",
    ),
    "tag": text_of(
        "不得使用 YAML 标签「$tag」",
        "the YAML tag `$tag` is not allowed",
        "请删除该标签；以 ! 开头的文字请加引号",
        "remove it; quote a text that begins with `!`",
    ),
    "merge-key": text_of(
        "不得使用合并键「<<」",
        "the merge key `<<` is not allowed",
        "请逐一写明所需的各个键",
        "write out the keys that are needed",
    ),
    "duplicate-key": text_of(
        "键「$key」重复，首次出现在第 $first 行",
        "the key `$key` appears twice in one mapping, first on line $first",
        "请保留其一，或将另一个改名",
        "keep one of the two, or give the other another name",
    ),
    "duplicate-member": text_of(
        "同一层级内键「$key」重复",
        "the key `$key` appears twice in one mapping",
        "请保留其一，或将另一个改名",
        "keep one of the two, or give the other another name",
    ),
    "key-not-text": text_of(
        "此处应为键名，实为列表或映射",
        "expected the name of a key, found a list or mapping",
        "请将键名写成普通文字，如「amount: 5万元」；以花括号开头的文字请加引号",
        "write a plain word, e.g. `amount: 5万元`; quote a text that begins with a brace",
    ),
    "null-value": text_of(
        "此处没有值",
        "there is no value here",
        "请填写值或删除该键；案件中尚不清楚的事实写「unknown」",
        "give a value or remove the key; in a case, what is not known is `unknown`",
    ),
    "colon-without-space": text_of(
        "冒号后缺少空格",
        "expected a space after the colon",
        "请在冒号后加一个空格，如「label: 名称」",
        "write a space after it, e.g. `label: 名称`",
    ),
    "comma-in-text": text_of(
        "前面的文字在逗号处结束，其后的「$key」没有值",
        "the text ends at the comma, and `$key` after it has no value",
        '含半角逗号的文字请加引号，如「{en: "one, two"}」，或为「$key」填写值',
        'quote a text that holds a comma, e.g. `{en: "one, two"}`, or give `$key` a value',
    ),
    "text-cut-short": text_of(
        "前面的文字在「$character」处结束",
        "the text ends at `$character`",
        '花括号、方括号内含此字符的文字请加引号，如「{en: "first: second"}」',
        'inside braces or brackets quote a text that holds it, e.g. `{en: "first: second"}`',
    ),
    "root-not-a-mapping": text_of(
        "文件最外层应为「键: 值」",
        "expected keys and values at the top of the file",
        "YAML 每行写「键: 值」，JSON 最外层写一个对象",
        "write lines of `key: value` in YAML, or one object in JSON",
    ),
    "too-deep": text_of(
        "嵌套超过 $limit 层",
        "lists and mappings nest deeper than $limit levels",
        "请减少嵌套层级",
        "flatten the structure",
    ),
    "too-many-nodes": text_of(
        "一个文件内的键和值超过 $limit 个",
        "more than $limit keys and values in one file",
        "请将数据表移出本文件；案件较多的，请分成多个文件",
        "keep tables of data out of it; split a long file of cases",
    ),
    "holiday-on-a-weekend": text_of(
        "休假日 $found 本为周末",
        "the holiday $found is a day of the weekend",
        "holidays 只列周末以外的休假日",
        "`holidays` lists days off beside the weekend only",
    ),
    "workday-in-the-week": text_of(
        "调休上班日 $found 不是周末",
        "the workday $found is no day of the weekend",
        "workdays 只列上班的周末",
        "`workdays` lists days of the weekend on which people work",
    ),
    "day-out-of-place": text_of(
        "$found 不在 $year 年或日历范围之内",
        "$found is not in the year $year, or not in what the calendar covers",
        "请移到所属年份，或扩大 covers",
        "move it to its year, or widen `covers`",
    ),
    "day-listed-twice": text_of(
        "$found 列了两次",
        "$found is listed twice",
        "请删除一处",
        "delete one of them",
    ),
}
