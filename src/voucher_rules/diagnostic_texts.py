"""Comes in: nothing. Goes out: the text of every diagnostic by its code, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DiagnosticText:
    """What a diagnostic says and what to do about it, by language (``zh``, ``en``).

    The texts are :class:`string.Template` texts. Each slot is filled by every call that uses the
    code; ``$near``, the nearest known name, is added to the help elsewhere and has no slot here.
    """

    message: Mapping[str, str]
    help: Mapping[str, str]


def _text(zh: str, en: str, help_zh: str = "", help_en: str = "") -> DiagnosticText:
    return DiagnosticText({"zh": zh, "en": en}, {"zh": help_zh, "en": help_en})


DIAGNOSTIC_TEXTS: Final[Mapping[str, DiagnosticText]] = {
    # reading a file
    "file-too-large": _text(
        "文件超过 $limit 字节",
        "the file is larger than $limit bytes",
        "请将长篇文字和数据表移出本文件",
        "keep long texts and tables of data out of it",
    ),
    "not-utf8": _text(
        "本行不是 UTF-8 编码的文字",
        "this line is not text in UTF-8",
        "请将文件另存为 UTF-8 编码",
        "save the file as UTF-8",
    ),
    "hidden-character": _text(
        "含有不可见字符 $character",
        "a character that does not show, $character",
        "请删除；此类字符多由网页或文档复制带入",
        "delete it; it often comes along when text is copied from a web page or a document",
    ),
    "yaml-syntax": _text(
        "不是有效的 YAML：$problem",
        "this cannot be read as YAML: $problem",
        "请检查本行和上一行的缩进、引号是否成对、冒号后是否有空格",
        "check the indent, the quotes and the space after the colon, here and one line above",
    ),
    "json-syntax": _text(
        "不是有效的 JSON：$problem",
        "this cannot be read as JSON: $problem",
        "请检查此处之前是否缺少逗号、引号或括号",
        "look for a missing comma, quote or bracket just before this place",
    ),
    "full-width-colon": _text(
        "此处应为半角冒号加空格，实为全角冒号",
        "expected a colon and a space, found a full-width colon",
        "请改用半角冒号并在其后加一个空格，如「label: 名称」",
        "write a plain colon and a space, e.g. `label: 名称`",
    ),
    "empty-file": _text("文件没有内容", "the file is empty"),
    "multiple-documents": _text(
        "一个文件内出现第二份文档",
        "a second document begins here",
        "请删除分隔行「---」，每个文件只放一份文档",
        "remove the line `---` and keep one document in each file",
    ),
    "directive": _text(
        "不得使用 YAML 指令（以 % 开头的行）",
        "a YAML directive, which is a line that begins with %, is not allowed",
        "请删除该行",
        "remove the line",
    ),
    "anchor": _text(
        "不得使用 YAML 锚点（&名称）",
        "a YAML anchor (`&name`) is not allowed",
        "请在需要之处逐一写明内容；以 & 开头的文字请加引号",
        "write the content out wherever it is needed; quote a text that begins with `&`",
    ),
    "alias": _text(
        "不得使用 YAML 别名（*名称）",
        "a YAML alias (`*name`) is not allowed",
        "请在需要之处逐一写明内容；以 * 开头的文字请加引号",
        "write the content out wherever it is needed; quote a text that begins with `*`",
    ),
    "tag": _text(
        "不得使用 YAML 标签「$tag」",
        "the YAML tag `$tag` is not allowed",
        "请删除该标签；以 ! 开头的文字请加引号",
        "remove it; quote a text that begins with `!`",
    ),
    "merge-key": _text(
        "不得使用合并键「<<」",
        "the merge key `<<` is not allowed",
        "请逐一写明所需的各个键",
        "write out the keys that are needed",
    ),
    "duplicate-key": _text(
        "键「$key」重复，首次出现在第 $first 行",
        "the key `$key` appears twice in one mapping, first on line $first",
        "请保留其一，或将另一个改名",
        "keep one of the two, or give the other another name",
    ),
    "duplicate-member": _text(
        "同一层级内键「$key」重复",
        "the key `$key` appears twice in one mapping",
        "请保留其一，或将另一个改名",
        "keep one of the two, or give the other another name",
    ),
    "key-not-text": _text(
        "此处应为键名，实为列表或映射",
        "expected the name of a key, found a list or mapping",
        "请将键名写成普通文字，如「amount: 5万元」；以花括号开头的文字请加引号",
        "write a plain word, e.g. `amount: 5万元`; quote a text that begins with a brace",
    ),
    "null-value": _text(
        "此处没有值",
        "there is no value here",
        "请填写值或删除该键；案件中尚不清楚的事实写「unknown」",
        "give a value or remove the key; in a case, what is not known is `unknown`",
    ),
    "root-not-a-mapping": _text(
        "文件最外层应为「键: 值」",
        "expected keys and values at the top of the file",
        "YAML 每行写「键: 值」，JSON 最外层写一个对象",
        "write lines of `key: value` in YAML, or one object in JSON",
    ),
    "too-deep": _text(
        "嵌套超过 $limit 层",
        "lists and mappings nest deeper than $limit levels",
        "请减少嵌套层级",
        "flatten the structure",
    ),
    "too-many-nodes": _text(
        "一个文件内的键和值超过 $limit 个",
        "more than $limit keys and values in one file",
        "请将数据表移出本文件；案件较多的，请分成多个文件",
        "keep tables of data out of it; split a long file of cases",
    ),
    # values
    "not-a-boolean": _text(
        "应为「true」或「false」，实为「$found」",
        "expected `true` or `false`, found `$found`",
        "是写「true」，否写「false」",
        "write `true` for yes and `false` for no",
    ),
    "not-a-number": _text(
        "应为数字，实为「$found」",
        "expected a number, found `$found`",
        "请用阿拉伯数字书写，如「12」「0.5」",
        "write it in digits, e.g. `12` or `0.5`",
    ),
    "full-width-digits": _text(
        "数字「$found」含有全角字符",
        "full-width characters in the number `$found`",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "digit-separator": _text(
        "数字「$found」含有分隔符",
        "separators between the digits of `$found`",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "exponent": _text(
        "数字「$found」使用了科学记数法",
        "an exponent in the number `$found`",
        "请写出完整数字，如「100000」",
        "write the number out, e.g. `100000`",
    ),
    "leading-zero": _text(
        "数字「$found」以 0 开头",
        "a zero in front of the number `$found`",
        "请去掉前面的 0；以 0 开头的编号应声明为 id 类型",
        "write it without the zero; a code that begins with 0 belongs in a fact of type `id`",
    ),
    "stray-space": _text(
        "数字「$found」前后有空格，或小数点一侧没有数字",
        "a space around the number `$found`, or a decimal point without digits on both sides",
        "请去掉空格，小数点两侧都写数字，如「0.5」",
        "write no spaces, and digits on both sides of the point, e.g. `0.5`",
    ),
    "not-finite": _text(
        "「$found」不是有限的数字",
        "`$found` is not a finite number",
        "请填写具体数字；没有限额的，不写该项",
        "give a number; where there is no limit, leave the value out",
    ),
    "number-too-long": _text(
        "数字超过 $limit 位",
        "a number of more than $limit digits",
        "请检查是否多打了数字；除不尽的比例请写成分数，如「2/3」",
        "check for digits typed twice; write a ratio that does not end as a fraction, e.g. `2/3`",
    ),
    "negative-zero": _text(
        "「$found」是带负号的零",
        "`$found` is zero with a minus sign",
        "请写「0」",
        "write `0`",
    ),
    "not-whole": _text(
        "应为整数，实为「$found」",
        "expected a whole number, found `$found`",
        "数量和期限不带小数",
        "counts and periods have no decimals",
    ),
    "unit-missing": _text(
        "「$found」缺少单位",
        "`$found` has no unit",
        "请加上单位：$units",
        "add one of these units: $units",
    ),
    "unit-unknown": _text(
        "「$found」的单位「$unit」与此处不符",
        "the unit `$unit` of `$found` does not fit here",
        "可用单位：$units",
        "the units that fit: $units",
    ),
    "finer-than-minor-unit": _text(
        "「$found」小于该币种的最小单位",
        "`$found` is finer than the smallest unit of its currency",
        "请舍入到最小单位，人民币为分",
        "round it to that unit, which is the fen for CNY",
    ),
    "period-unit-unknown": _text(
        "应为期限，实为「$found」",
        "expected a period, found `$found`",
        "请写整数加单位，如「30天」「15个工作日」「6个月」「1年」「48小时」",
        "write a whole number and a unit, e.g. `30天`, `15个工作日`, `6个月`, `1年`, `48小时`",
    ),
    "period-negative": _text(
        "期限「$found」为负数",
        "the period `$found` is negative",
        "请写正数；向前推算的，在公式中用减法",
        "write it without the minus sign; to count back, subtract it in a formula",
    ),
    "period-unit-other": _text(
        "期限「$found」的单位应为 $unit",
        "expected a period in $unit, found `$found`",
        "hour 为小时，day 为天，working_day 为个工作日，month 为个月，year 为年",
        "write 小时 for hour, 天 for day, 个工作日 for working_day, 个月 for month, 年 for year",
    ),
    "period-too-long": _text(
        "期限「$found」超过约一百年",
        "the period `$found` is longer than about a hundred years",
        "请核对数字和单位",
        "check the number and the unit",
    ),
    "not-a-date": _text(
        "应为日期，实为「$found」",
        "expected a date, found `$found`",
        "请按年-月-日书写，如「2024-03-01」",
        "write year, month and day, e.g. `2024-03-01`",
    ),
    "date-out-of-range": _text(
        "日期「$found」不在 1990 年至 2100 年之间",
        "the date `$found` is outside the years 1990 to 2100",
        "请核对年份",
        "check the year",
    ),
    "no-such-day": _text(
        "历法上没有「$found」这一天（$part）",
        "the calendar has no day `$found`: $part",
        "请核对月和日",
        "check the month and the day",
    ),
    "not-an-offset": _text(
        "应为与世界标准时的时差，实为「$found」",
        "expected an offset from UTC, found `$found`",
        "请写正负号、小时和分钟，如「+08:00」",
        "write sign, hours and minutes, e.g. `+08:00`",
    ),
    "not-an-instant": _text(
        "应为日期加时刻，实为「$found」",
        "expected a date and time, found `$found`",
        "如「2024-03-01T09:30」或「2024-03-01T09:30:00+08:00」",
        "e.g. `2024-03-01T09:30` or `2024-03-01T09:30:00+08:00`",
    ),
    "no-such-time": _text(
        "「$found」中的时刻不存在",
        "there is no such time of day as in `$found`",
        "小时为 00 至 23，分和秒为 00 至 59",
        "hours run from 00 to 23, minutes and seconds from 00 to 59",
    ),
    "not-one-of": _text(
        "「$found」不在可选项之内",
        "`$found` is not one of the options",
        "可选项：$options",
        "the options: $options",
    ),
    # expressions
    "expression-empty": _text(
        "表达式为空",
        "the expression is empty",
        "请写明条件或公式，或者删除该键",
        "write a condition or a formula, or remove the key",
    ),
    "expression-too-long": _text(
        "表达式超过 $limit 个字符",
        "the expression is longer than $limit characters",
        "请用「define」为其中各部分分别命名",
        "give its parts names with `define`",
    ),
    "expression-too-deep": _text(
        "表达式嵌套超过 $limit 层，或无法解析",
        "the expression nests deeper than $limit levels, or is too much to read",
        "请用「define」为其中各部分分别命名",
        "give its parts names with `define`",
    ),
    "expression-syntax": _text(
        "表达式自此处起无法读懂",
        "the expression cannot be read from here on",
        "请检查是否缺少运算符、引号或括号；相等写「==」",
        "look for a missing operator, quote or bracket; equality is `==`",
    ),
    "line-break": _text(
        "表达式内有换行或反斜杠",
        "a line break or backslash in an expression",
        "请写成一行；较长的写在「>-」之后，不用「|」",
        "write it on one line; put a long one after `>-`, not after `|`",
    ),
    "full-width-character": _text(
        "表达式内有全角字符「$found」",
        "the full-width character `$found` in an expression",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "character-outside-quotes": _text(
        "引号之外有字符「$found」",
        "the character `$found` outside quotes",
        "请使用已声明的英文名称，如「contract.amount」",
        "use the names that are declared, e.g. `contract.amount`",
    ),
    "unsupported-syntax": _text(
        "此写法不属于规则语言",
        "this is not part of the language of rules",
        "可用：名称、比较、and、or、not、in、加减乘除、min、max、a if c else b",
        "use names, comparisons, `and or not in`, `+ - * /`, `min`, `max`, `a if c else b`",
    ),
    "python-word": _text(
        "「$found」不是规则语言的词",
        "`$found` is no word of the language of rules",
        "是写「true」，否写「false」；是否存在用「given(事实)」判断",
        "write `true` or `false`; to ask whether something exists, write `given(fact)`",
    ),
    "number-in-expression": _text(
        "表达式内直接写了数字「$found」",
        "the number `$found` stands in an expression",
        "请在所属条款下声明为参数再用其名称；此处只能写 0 和 1",
        "declare it as a parameter of its provision and use the name; only 0 and 1 may stand here",
    ),
    "bad-name": _text(
        "「$found」不能作为名称",
        "`$found` is not written as a name",
        "名称由小写字母、数字和下划线组成，如「contract.amount」",
        "names are lower-case letters, digits and `_`, e.g. `contract.amount`",
    ),
    "option-not-quoted": _text(
        "列表内的选项没有加引号",
        "an option in a list stands without quotes",
        "请给每个选项加引号，如「['small', 'medium']」",
        "quote every option, e.g. `['small', 'medium']`",
    ),
    "option-without-choice": _text(
        "无法确定选项「$option」属于哪个选项表",
        "nothing here tells which choice the option `$option` belongs to",
        "请与一个选项类的事实比较，如「applicant.size == 'small'」",
        "compare it with a fact that is a choice, e.g. `applicant.size == 'small'`",
    ),
    "unknown-option": _text(
        "「$choice」没有选项「$option」",
        "`$choice` has no option `$option`",
        "请使用「$choice」已列出的选项，或补充列出",
        "use an option that `$choice` lists, or list this one there",
    ),
    "unknown-function": _text(
        "没有函数「$name」",
        "there is no function `$name`",
        "可用函数：min、max、given、year、day",
        "the functions are `min`, `max`, `given`, `year` and `day`",
    ),
    "wrong-number-of-parts": _text(
        "「$name」的项数不对",
        "`$name` takes another number of parts",
        "given、year、day 只取一项，min、max 和 and、or 最多取 32 项",
        "`given`, `year` and `day` take one, `min`, `max`, `and` and `or` at most 32",
    ),
    "types-do-not-fit": _text(
        "运算「$symbol」不能用于 $found",
        "`$symbol` does not take $found",
        "该运算要求：$takes",
        "it takes $takes",
    ),
    "type-mismatch": _text(
        "类型应为 $expected，实为 $found",
        "expected $expected, found $found",
        "请核对此处用到的名称及其声明的类型和单位",
        "check the names used here and the types and units they are declared with",
    ),
    "divisor-may-be-zero": _text(
        "除数「$divisor」可能为零",
        "the divisor `$divisor` may be zero",
        "除数应为不等于 0 的参数，或「min」大于 0 的事实",
        "divide by a parameter that is not 0, or by a fact whose `min` is above 0",
    ),
    "given-needs-a-fact": _text(
        "「given」只能用于事实、余额或认定",
        "expected the name of a fact, balance or finding in `given`",
        "请只写一个名称，如「given(contract.signed)」",
        "write one name alone, e.g. `given(contract.signed)`",
    ),
    # shape of a ruleset
    "missing-key": _text(
        "缺少键「$key」",
        "the key `$key` is missing",
        "请在此补上「$key:」",
        "add `$key:` here",
    ),
    "unknown-key": _text(
        "此处没有键「$key」",
        "there is no key `$key` here",
        "请核对拼写和缩进，或者删除",
        "check the spelling and the indent, or remove it",
    ),
    "text-expected": _text(
        "此处应为单个文字值",
        "expected a single text here",
        "请在冒号后只写一个值；含有冒号或井号的请加引号",
        "write one value after the colon, in quotes where it holds a colon or `#`",
    ),
    "mapping-expected": _text(
        "「$key」之下应为「键: 值」",
        "expected keys and values below `$key`",
        "请在下一行缩进书写各键，如「zh: 名称」「en: name」",
        "write its keys on the next lines, indented, e.g. `zh: 名称` and `en: name`",
    ),
    "list-expected": _text(
        "「$key」之下应为列表",
        "expected a list below `$key`",
        "每一项以「- 」开头另起一行",
        "begin each entry on a line of its own with `- `",
    ),
    "too-few": _text(
        "「$key」的项数不足",
        "`$key` has too few entries",
        "列表不得为空，读法至少有两个选项",
        "no list may be empty, and a reading has at least two options",
    ),
    "one-of-keys": _text(
        "以下各键应当且只能写一个：$keys",
        "exactly one of these keys is needed: $keys",
        "请保留其一，删除其余",
        "keep one and remove the others",
    ),
    "keys-together": _text(
        "以下各键必须同时出现：$keys",
        "these keys must stand together: $keys",
        "请补上缺少的键，或一并删除",
        "add the one that is missing, or remove the other",
    ),
    "bad-shape": _text(
        "「$key」的写法与此处要求不符",
        "`$key` does not have the shape expected here",
        "请对照规则集格式说明改写",
        "compare it with the reference of the ruleset format",
    ),
    "bad-ruleset-id": _text(
        "「$name」不能作为规则集名称",
        "`$name` is not written as the name of a ruleset",
        "请用小写字母、数字和连字符，如「cn-nx-service-voucher」",
        "use lower-case letters, digits and hyphens, e.g. `cn-nx-service-voucher`",
    ),
    "unknown-language": _text(
        "不支持该版本的规则语言",
        "this version of the language is not known",
        "请写「language: $known」",
        "write `language: $known`",
    ),
    "unknown-currency": _text(
        "不支持币种「$found」",
        "there is no currency `$found`",
        "可用币种：CNY、HKD、USD、EUR、JPY",
        "the currencies are `CNY`, `HKD`, `USD`, `EUR` and `JPY`",
    ),
    # names and types
    "bad-declared-name": _text(
        "「$name」不能作为此处的名称",
        "`$name` is not written as names are here",
        "请参照「$example」，使用英文字母、数字和下划线",
        "write it like `$example`, in Latin letters, digits and `_`",
    ),
    "reserved-name": _text(
        "名称「$name」为语言保留",
        "the name `$name` is reserved",
        "「ledger」「finding」「reading」由语言使用，请另取名称",
        "`ledger`, `finding` and `reading` belong to the language, so choose another name",
    ),
    "unknown-name": _text(
        "没有名称「$name」",
        "there is no name `$name`",
        "请核对拼写，或先行声明",
        "check the spelling, or declare it first",
    ),
    "unknown-type": _text(
        "没有类型「$found」",
        "there is no type `$found`",
        "可用：boolean、count、number、ratio、money、date、instant、period、choice、set、id、text",
        "use boolean, count, number, ratio, money, date, instant, period, choice, set, id or text",
    ),
    "unknown-choice": _text(
        "没有选项表「$name」",
        "there is no choice `$name`",
        "请在「choices」下声明",
        "declare it under `choices`",
    ),
    "choice-missing": _text(
        "「$type」类型未说明取自哪个选项表",
        "a `$type` that does not say whose options it takes",
        "请加「of:」并写明选项表名称",
        "add `of:` with the name of a choice",
    ),
    "count-without-unit": _text(
        "数量没有单位",
        "a count without a unit",
        "请用「unit:」写明计量对象，如「unit: 家」",
        "say what is counted with `unit:`, e.g. `unit: 家`",
    ),
    "key-does-not-fit": _text(
        "键「$key」不适用于「$type」",
        "the key `$key` does not go with `$type`",
        "请删除该键，或改用适用的类型或规则",
        "remove it, or choose the type or rule it goes with",
    ),
    "bounds-do-not-fit": _text(
        "$type 不能设上下限",
        "`min` and `max` do not go with $type",
        "请删除该键",
        "remove it",
    ),
    "bounds-crossed": _text(
        "「min」与「max」之间没有任何值",
        "no value lies between `min` and `max`",
        "请核对两者；未写的一端以该类型的界限为准",
        "correct them; where one is not given, the bound of the type holds",
    ),
    "rounding-step": _text(
        "舍入单位应为正的整数金额或数量",
        "expected a rounding step above zero, in whole smallest units",
        "如「to: 1元」「to: 100元」",
        "e.g. `to: 1元` or `to: 100元`",
    ),
    "unset-without-setter": _text(
        "「$name」未定，也没有写明由谁确定",
        "`$name` is unset and nothing says who sets it",
        "请用「set_by:」写明由谁确定",
        "name who sets it with `set_by:`",
    ),
    "dates-overlap": _text(
        "本项开始时上一项尚未结束",
        "this value begins before the one above it ends",
        "请由早到晚排列，并为上一项写明早于本日的「until:」",
        "list the earliest first, and end the one above with `until:` on an earlier day",
    ),
    "duplicate-parameter": _text(
        "参数「$name」重复声明",
        "the parameter `$name` is declared twice",
        "首次声明在第 $first 行，请保留其一或改名",
        "the first is on line $first; keep one, or rename the other",
    ),
    "option-without-day": _text(
        "选项「$option」没有对应的日期",
        "the option `$option` has no day",
        "请在「dates」下为该读法的每个选项写明日期",
        "give each option of the reading a day under `dates`",
    ),
    "unknown-decision": _text(
        "没有决定「$name」",
        "there is no decision `$name`",
        "请在「decisions」下声明",
        "declare it under `decisions`",
    ),
    "unknown-output": _text(
        "决定「$decision」没有结果项「$name」",
        "the decision `$decision` has no output `$name`",
        "请在该决定的「outputs」下声明",
        "declare it under the `outputs` of the decision",
    ),
    "defines-declared-name": _text(
        "「$name」已经声明，不能再由规则定义",
        "`$name` is declared already, so no rule can define it",
        "请为规则所定义的内容另取名称",
        "choose another name for what the rule defines",
    ),
    "set-fact-expected": _text(
        "此处应为 set 类型的事实",
        "expected a fact of type set",
        "请将应交材料声明为一个 set 类型的事实，并写其名称",
        "declare the papers as a fact of type `set` and write its name here",
    ),
    # structure: how rules hang together
    "duplicate-rule": _text(
        "规则「$id」重复",
        "the rule `$id` appears twice",
        "首次出现在第 $first 行；仅大小写不同的也视为相同",
        "the first is on line $first; ids that differ only in case count as one",
    ),
    "double-definition": _text(
        "「$name」在同一决定中定义了两次",
        "`$name` is defined twice in one decision",
        "规则「$first」已经定义；请合并为「a if c else b」，或在「for」中分属不同决定",
        "rule `$first` does so too; join them with `a if c else b`, or part them by `for`",
    ),
    "limited-and-defined": _text(
        "「$name」既有限额又有定义",
        "`$name` has limits and a definition as well",
        "请只保留限额，或只保留定义",
        "keep the limits or keep the definition",
    ),
    "no-unconditional-limit": _text(
        "「$name」没有在任何情况下都适用的限额",
        "no limit of `$name` holds in every case",
        "请增加一条限额规则：不带「when」、不是「soft」、不用可以没有的事实",
        "add a limit without `when`, not `soft`, that reads no fact which may be none",
    ),
    "output-never-set": _text(
        "决定「$decision」从未给出「$name」",
        "the decision `$decision` never sets `$name`",
        "请增加定义或限定它的规则，或者删除该结果项",
        "add a rule that defines or limits it, or remove the output",
    ),
    "not-set-here": _text(
        "「$name」在决定「$decision」中没有定义",
        "`$name` is not set in the decision `$decision`",
        "请在该决定中也予定义，或在本规则的「for」中去掉该决定",
        "define it there too, or take that decision out of the `for` of this rule",
    ),
    "definition-cycle": _text(
        "此处的定义绕回自身",
        "this definition leads back to itself",
        "请沿它所用的各个名称检查，去掉绕回它的一处",
        "follow the names it is made from, and take out the one that leads back",
    ),
    "reading-option-unused": _text(
        "读法「$reading」的选项「$option」不影响任何结果",
        "the option `$option` of the reading `$reading` makes no difference",
        "请在规则中将「reading.$reading」与它比较，或者删除该选项",
        "compare `reading.$reading` with it in a rule, or remove the option",
    ),
    "parameter-out-of-bounds": _text(
        "参数「$name」的值超出其类型的范围",
        "the value of the parameter `$name` lies outside the bounds of its type",
        "比例在 0 与 100% 之间，金额和数量不为负；确需超出的，请声明「min:」或「max:」",
        "a ratio lies between 0 and 100%, amounts and counts are not negative; where the provision"
        " goes further, declare `min:` or `max:`",
    ),
    "ends-before-start": _text(
        "终止日期早于起始日期",
        "this ends before it starts",
        "请核对两个日期",
        "check the two days",
    ),
    "day-is-optional": _text(
        "「$name」确定适用哪天的规定，不能是可选的",
        "`$name` fixes the law that applies, so it cannot be optional",
        "删去「optional:」",
        "take away `optional:`",
    ),
    "too-many-products": _text(
        "经由变量连乘的量超过 $limit 个",
        "more than $limit quantities are multiplied with each other through variables",
        "请拆分或简化",
        "split it, or make it simpler",
    ),
    "parameter-unused": _text(
        "没有规则用到参数「$name」",
        "no rule uses the parameter `$name`",
        "请在规则中使用；仅供参考的，写「informative: true」",
        "use it in a rule, or say `informative: true`",
    ),
    "informative-but-used": _text(
        "「$name」标为仅供参考，却有规则用到",
        "`$name` is marked as informative, but a rule uses it",
        "请删除「informative: true」",
        "remove `informative: true`",
    ),
    "fact-unused": _text(
        "没有规则用到「$name」",
        "no rule reads `$name`",
        "请在规则中使用，或者删除",
        "use it in a rule, or remove it",
    ),
    "comparator-disagrees": _text(
        "「$name」声明为 $limit，此处按 $used 比较",
        "`$name` is declared as $limit, but compared here as $used",
        "请对照条款原文，改正规则或参数的「limit」",
        "read the provision again, then correct the rule or the `limit` of the parameter",
    ),
    # provisions
    "duplicate-provision": _text(
        "本条款重复列出",
        "this provision is listed twice",
        "首次列在第 $first 行，请合并",
        "the first is on line $first; join the two",
    ),
    "provision-outside-parent": _text(
        "本条款不属于「$parent」",
        "this provision does not belong below `$parent`",
        "请在「ref」中以「$parent」开头写全，或移到所属条款之下",
        "write its `ref` in full, beginning with `$parent`, or move it",
    ),
    "provision-missing": _text(
        "「$found」之前缺少第 $expected 项",
        "number $expected is missing before `$found`",
        "请列出全部条款；不产生规则的，用「no_rule」写明理由",
        "list every provision; one that decides nothing says why with `no_rule`",
    ),
    "provision-out-of-order": _text(
        "此处应为第 $expected 项，实为「$found」",
        "expected number $expected here, found `$found`",
        "请按文件原有顺序列出条款",
        "list the provisions in the order of the document",
    ),
    "provision-unaccounted": _text(
        "本条款既无规则和参数，也未说明理由",
        "this provision has no rules and no parameters, and does not say why",
        "请补充「rules」，或用「no_rule」写明理由，如「no_rule: definition」",
        "add `rules`, or say why with `no_rule`, e.g. `no_rule: definition`",
    ),
    "reason-and-rules": _text(
        "本条款写明不产生规则，却列有规则或参数",
        "this provision says why it has no rules, but has rules or parameters",
        "请删除「no_rule」，或删除规则和参数",
        "remove `no_rule`, or the rules and parameters",
    ),
    "nothing-below": _text(
        "写明「encoded_below」，其下却没有条款",
        "this says `encoded_below`, but nothing is listed below it",
        "请在「provisions」下列出各部分，或改写其他理由",
        "list the parts under `provisions`, or give another reason",
    ),
    "rule-without-words": _text(
        "本规则没有面向当事人的说明",
        "this rule has no words for the people it concerns",
        "请用「says:」写明中文（zh）和英文（en）说明",
        "add `says:` with `zh:` and `en:`",
    ),
    "bad-digest": _text(
        "「$found」不是摘要",
        "`$found` is not a digest",
        "写作「sha256:」加 64 位小写十六进制数字",
        "write `sha256:` and 64 lower-case hexadecimal digits",
    ),
    "unknown-provision": _text(
        "本规则集没有该条款",
        "this ruleset has no such provision",
        "请照「provisions」中「ref」的写法填写，如「第五条」",
        "write it as its `ref` stands under `provisions`, e.g. `第五条`",
    ),
    # facts, options and cases
    "facts-not-a-mapping": _text(
        "应为「事实名称: 值」，实为 $found",
        "expected names of facts with their values, found $found",
        "如「contract.amount: 5万元」",
        "e.g. `contract.amount: 5万元`",
    ),
    "fact-name-not-text": _text(
        "事实的名称不是文字",
        "the name of a fact is not a text",
        "请照规则集中的名称书写，如「contract.amount」",
        "write names as the ruleset does, e.g. `contract.amount`",
    ),
    "facts-nested": _text(
        "「$name」之下又分列事实",
        "there are facts inside `$name`",
        "请写带点号的完整名称，如「contract.amount: 5万元」",
        "write full names with dots, e.g. `contract.amount: 5万元`",
    ),
    "unknown-fact": _text(
        "规则集没有事实「$name」",
        "the ruleset has no fact `$name`",
        "请照规则集「facts」「findings」「ledger」中的名称书写",
        "use the names under `facts`, `findings` and `ledger` of the ruleset",
    ),
    "none-not-allowed": _text(
        "「$name」不能写「none」",
        "`$name` cannot be `none`",
        "请填写其值；尚不清楚的写「unknown」",
        "give its value, or `unknown` where it is not known",
    ),
    "set-expected": _text(
        "此处应为选项列表",
        "expected a list of options",
        "请列出具备的各项，可选项：$options",
        "list those that are there, out of: $options",
    ),
    "float-refused": _text(
        "「$found」是二进制浮点数，不精确",
        "`$found` is a binary float, which is not exact",
        "请改用文字，如「30%」「0.3」，或使用整数、Decimal",
        "give a text such as `30%` or `0.3`, a whole number or a Decimal",
    ),
    "wrong-python-type": _text(
        "应为 $expected，实为 $found",
        "expected $expected, found $found",
        "可改用案件文件中的写法，如「5万元」「30%」「2024-03-01」",
        "a text as in a case file will do, e.g. `5万元`, `30%` or `2024-03-01`",
    ),
    "naive-instant": _text(
        "时刻「$found」没有时差",
        "the time `$found` has no offset from UTC",
        "请注明时区，或按规则集的当地时间写成文字",
        "give it a time zone, or write it as a text in the local time of the ruleset",
    ),
    "out-of-range": _text(
        "「$found」不在 $low 至 $high 之间",
        "`$found` is outside $low to $high",
        "请核对数值和单位",
        "check the value and its unit",
    ),
    "ratio-out-of-range": _text(
        "比例「$found」不在 $low 至 $high 之间",
        "the ratio `$found` is outside $low to $high",
        "百分之三十请写「30%」或「0.3」",
        "write thirty per cent as `30%` or `0.3`",
    ),
    "day-stated-twice": _text(
        "指定日期为 $on，「$name」却为 $found",
        "the day is given as $on, but `$name` says $found",
        "请只写一处，或改为一致",
        "give the day once, or make the two agree",
    ),
    "unknown-reading": _text(
        "没有读法「$name」",
        "there is no reading `$name`",
        "请照规则集「readings」中的名称书写",
        "use a name under `readings` of the ruleset",
    ),
    "unknown-parameter": _text(
        "没有参数「$name」",
        "there is no parameter `$name`",
        "请照规则集「parameters」中的名称书写",
        "use a name under `parameters` of the ruleset",
    ),
    "bad-setting": _text(
        "应为「名称=值」，实为「$found」",
        "expected `NAME=VALUE`, found `$found`",
        "如「item_cap=6万元」",
        "e.g. `item_cap=6万元`",
    ),
    "setting-has-no-effect": _text(
        "「$name」原本就是「$value」",
        "`$name` is `$value` already",
        "请改为其他值，或去掉该设定",
        "give another value, or leave the setting out",
    ),
    "setting-of-dated-values": _text(
        "「$name」按日期有多个值，不能设为一个值",
        "`$name` has values by date, so it cannot be set to one",
        "请另存一份规则集，在其中修改各值",
        "change the values in a copy of the ruleset",
    ),
    "case-asserts-nothing": _text(
        "案件「$name」没有写明应得结果",
        "the case `$name` expects nothing",
        "请写明应得的决定，至少写明结论",
        "say what the decision should be, at least its outcome",
    ),
    "case-without-decision": _text(
        "案件「$name」没有写明适用哪项决定",
        "the case `$name` does not say which decision it asks for",
        "请写明规则集「decisions」中的一个名称",
        "name one of the `decisions` of the ruleset",
    ),
    "case-duplicate-name": _text(
        "案件名称「$name」重复",
        "two cases have the name `$name`",
        "首次出现在第 $first 行，请改名",
        "the first is on line $first; rename one",
    ),
    "unknown-base": _text(
        "没有基础事实「$name」",
        "there is no base `$name`",
        "请在本文件的「bases」下写明",
        "write it under `bases` of this file",
    ),
    "not-in-decision": _text(
        "决定「$decision」中没有可写在此处的「$name」",
        "the decision `$decision` has no `$name` that could stand here",
        "可写：$known",
        "what could: $known",
    ),
    "no-single-amount": _text(
        "决定「$decision」的金额不是恰好一项",
        "the decision `$decision` does not have exactly one amount",
        "请逐项写明名称，如「amounts: {voucher.amount: 2000元}」；其金额：$known",
        "name the amount, e.g. `amounts: {voucher.amount: 2000元}`; its amounts: $known",
    ),
    "wrong-number-of-values": _text(
        "应为 $expected 个值，实为 $found 个",
        "expected $expected values, found $found",
        "「range」写最低和最高金额；「ranking」逐键各写一个值",
        "a `range` has the lowest and the highest amount, a `ranking` one value for each key",
    ),
    # finding rulesets
    "ruleset-not-found": _text(
        "没有规则集「$name」",
        "there is no ruleset `$name`",
        "已查找的文件夹：$folders",
        "the folders searched: $folders",
    ),
    "edition-not-found": _text(
        "「$name」没有版本「$edition」",
        "`$name` has no edition `$edition`",
        "现有版本：$known",
        "the editions there are: $known",
    ),
    "file-not-found": _text(
        "没有文件「$path」",
        "there is no file `$path`",
        "请核对路径；只写规则集名称的，不带「/」和「.yaml」",
        "check the path; a ruleset is named without `/` and `.yaml`",
    ),
    "file-not-readable": _text(
        "文件「$path」无法读取：$problem",
        "the file `$path` cannot be read: $problem",
        "请核对路径和读取权限",
        "check the path and the permission to read it",
    ),
    "file-not-writable": _text(
        "文件「$path」无法写入：$problem",
        "the file `$path` cannot be written: $problem",
        "请核对文件夹是否存在以及写入权限",
        "check that its folder is there and may be written to",
    ),
    "not-a-ruleset-file": _text(
        "「$path」不是规则集文件",
        "`$path` is not the file of a ruleset",
        "请指定以「ruleset:」开头的 .yaml 文件，不是案件文件（.cases.yaml）",
        "give a `.yaml` file with the key `ruleset:`, not a file of cases (`.cases.yaml`)",
    ),
}
