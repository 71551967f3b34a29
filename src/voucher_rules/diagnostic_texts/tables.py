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
    "fact-not-in-decision": text_of(
        "该决定不读取名为「$name」的事实",
        "the decision reads no fact `$name`",
        "voucher-rules facts 列出它读取的事实；清单中的写作 items[1].amount",
        "voucher-rules facts lists those it reads; of a record in a list write items[1].amount",
    ),
    "fact-not-varied": text_of(
        "「$name」的值无法逐一列举",
        "the values of `$name` cannot be gone through",
        "请选数量、日期、选项或是否类的事实",
        "choose a quantity, a date, an option or a yes-or-no",
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
    "range-expected": text_of(
        "应为最低值和最高值",
        "expected the lowest value and the highest",
        '如 ["0元", "10万元"]；选项则逐一列出',
        'such as ["0元", "10万元"]; of options list those allowed',
    ),
}
