"""Comes in: nothing. Goes out: what diagnostics of expressions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

EXPRESSIONS: Final[Mapping[str, DiagnosticText]] = {
    "expression-empty": text_of(
        "表达式为空",
        "the expression is empty",
        "请写明条件或公式，或者删除该键",
        "write a condition or a formula, or remove the key",
    ),
    "expression-too-long": text_of(
        "表达式超过 $limit 个字符",
        "the expression is longer than $limit characters",
        "请用「define」为其中各部分分别命名",
        "give its parts names with `define`",
    ),
    "expression-too-deep": text_of(
        "表达式嵌套超过 $limit 层，或无法解析",
        "the expression nests deeper than $limit levels, or is too much to read",
        "请用「define」为其中各部分分别命名",
        "give its parts names with `define`",
    ),
    "expression-syntax": text_of(
        "表达式自此处起无法读懂",
        "the expression cannot be read from here on",
        "请检查是否缺少运算符、引号或括号；相等写「==」",
        "look for a missing operator, quote or bracket; equality is `==`",
    ),
    "line-break": text_of(
        "表达式内有换行或反斜杠",
        "a line break or backslash in an expression",
        "请写成一行；较长的写在「>-」之后，不用「|」",
        "write it on one line; put a long one after `>-`, not after `|`",
    ),
    "full-width-character": text_of(
        "表达式内有全角字符「$found」",
        "the full-width character `$found` in an expression",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "character-outside-quotes": text_of(
        "引号之外有字符「$found」",
        "the character `$found` outside quotes",
        "请使用已声明的英文名称，如「contract.amount」；注释请写在表达式之外",
        "use the names that are declared, e.g. `contract.amount`; remarks stand elsewhere",
    ),
    "unsupported-syntax": text_of(
        "此写法不属于规则语言",
        "this is not part of the language of rules",
        "可用：名称、比较、and、or、not、in、加减乘除、a if c else b、表[键]、函数(…)",
        "use names, comparisons, `and or not in`, `+ - * /`, `a if c else b`, table[key], call(…)",
    ),
    "python-word": text_of(
        "「$found」不是规则语言的词",
        "`$found` is no word of the language of rules",
        "是写「true」，否写「false」；是否存在用「given(事实)」判断",
        "write `true` or `false`; to ask whether something exists, write `given(fact)`",
    ),
    "number-in-expression": text_of(
        "表达式内直接写了数字「$found」",
        "the number `$found` stands in an expression",
        "请在所属条款下声明为参数再用其名称；此处只能写 0 和 1",
        "declare it as a parameter of its provision and use the name; only 0 and 1 may stand here",
    ),
    "bad-name": text_of(
        "「$found」不能作为名称",
        "`$found` is not written as a name",
        "名称由小写字母、数字和下划线组成，如「contract.amount」",
        "names are lower-case letters, digits and `_`, e.g. `contract.amount`",
    ),
    "option-not-quoted": text_of(
        "列表内的选项没有加引号",
        "an option in a list stands without quotes",
        "请给每个选项加引号，如「['small', 'medium']」",
        "quote every option, e.g. `['small', 'medium']`",
    ),
    "option-without-choice": text_of(
        "无法确定选项「$option」属于哪个选项表",
        "nothing here tells which choice the option `$option` belongs to",
        "请与一个选项类的事实比较，如「applicant.size == 'small'」",
        "compare it with a fact that is a choice, e.g. `applicant.size == 'small'`",
    ),
    "unknown-option": text_of(
        "「$choice」没有选项「$option」",
        "`$choice` has no option `$option`",
        "请使用「$choice」已列出的选项，或补充列出",
        "use an option that `$choice` lists, or list this one there",
    ),
    "unknown-function": text_of(
        "没有函数「$name」",
        "there is no function `$name`",
        "可用函数见规则语言参考的“表达式”和“清单”两节",
        "the reference of the language lists the functions and what may be asked of lists",
    ),
    "wrong-number-of-parts": text_of(
        "「$name」的项数不对",
        "`$name` takes another number of parts",
        "各函数的项数见规则语言参考；min、max 和 and、or 最多取 32 项",
        "the reference of the language says how many; `min`, `max`, `and`, `or` take up to 32",
    ),
    "types-do-not-fit": text_of(
        "运算「$symbol」不能用于 $found",
        "`$symbol` does not take $found",
        "该运算要求：$takes",
        "it takes $takes",
    ),
    "type-mismatch": text_of(
        "类型应为 $expected，实为 $found",
        "expected $expected, found $found",
        "请核对此处用到的名称及其声明的类型和单位",
        "check the names used here and the types and units they are declared with",
    ),
    "divisor-may-be-zero": text_of(
        "除数「$divisor」可能为零",
        "the divisor `$divisor` may be zero",
        "除数应为不等于 0 的参数，或「min」大于 0 的事实",
        "divide by a parameter that is not 0, or by a fact whose `min` is above 0",
    ),
    "given-needs-a-fact": text_of(
        "「given」只能用于事实、余额或认定",
        "expected the name of a fact, balance or finding in `given`",
        "请只写一个名称，如「given(contract.signed)」",
        "write one name alone, e.g. `given(contract.signed)`",
    ),
    "field-outside-list": text_of(
        "「$name」是清单中每一项的内容，此处没有指明是哪一项",
        "`$name` belongs to each record of a list, and no record is meant here",
        "请用 count、sum、any、all、min、max、set、distinct，或在规则中写 each",
        "ask the list with count, sum, any, all, min, max, set or distinct, or use `each`",
    ),
    "list-as-a-value": text_of(
        "「$name」是清单，不能当作一个值",
        "`$name` is a list and has no value by itself",
        "请对它提问，如 count($name)、sum($name.…)",
        "ask it something: count($name), sum($name.…)",
    ),
    "looked-up-without-key": text_of(
        "「$name」是表或分档，不能单独使用",
        "`$name` is a table or a scale and has no value by itself",
        "表写作 名称[键]，分档写作 名称(数量)",
        "write name[key] for a table and name(quantity) for a scale",
    ),
    "part-not-taken": text_of(
        "「$call」没有名为「$name」的部分",
        "`$call` takes no part named `$name`, or it is given twice",
        "where= 用于清单，over= 用于按集合查表，after= 用于累计分档",
        "where= goes with lists, over= with a table and a set, after= with a marginal scale",
    ),
    "no-calendar": text_of(
        "「$name」需要工作日历，本规则集没有指明",
        "`$name` needs a working calendar, and the ruleset names none",
        "请在文件开头写 calendar: 日历名称",
        "name one at the head of the file: calendar: cn-working-days",
    ),
    "not-a-table": text_of(
        "「$name」不是表",
        "`$name` is no table",
        "只有声明了 by 的参数可以用方括号查取",
        "only a parameter declared with `by` can be looked up with square brackets",
    ),
    "wrong-number-of-keys": text_of(
        "「$name」应有 $count 个键",
        "`$name` is looked up with another number of keys than $count",
        "键的个数和顺序与参数的 by 相同",
        "give as many keys as the parameter's `by` lists, in its order",
    ),
    "list-inside-list": text_of(
        "对清单中某一项的提问里又对清单提问",
        "a list is asked inside a question about one record of a list",
        "请先用 define 求出内层的值",
        "work the inner value out in a definition of its own first",
    ),
    "not-one-list": text_of(
        "「$name」须恰好针对一个清单提问",
        "`$name` must ask exactly one list",
        "count 的括号内写清单名称，其余写每一项的内容，如 sum(items.amount)",
        "write count(items), and fields of one list in the others: sum(items.amount)",
    ),
}
