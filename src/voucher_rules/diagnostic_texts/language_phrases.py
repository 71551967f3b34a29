"""Comes in: what an operator takes, or a type, in English. Goes out: the same in Chinese.

Names an author chose (a unit, a currency, a choice) stand as they are; an unknown phrase does too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TAKES: Final[Mapping[str, str]] = {
    "like quantities or periods, or a date and a period": "两个同类的量或期限，或日期与期限",
    "like quantities or periods, or dates and periods": "两个同类的量或期限，或日期与日期、期限",
    "a ratio or number and a quantity": "一个比例或数字，与一个量",
    "a quantity by a ratio, number or its like": "一个量，除以比例、数字或同类的量",
    "a quantity": "一个量",
    "two amounts, counts, ratios, dates, like periods or ordered choices": (
        "两个金额、数量、比例、日期、同单位的期限或有次序的选项"
    ),
    "two values of one kind and unit": "两个同类、同单位的值",
    "a choice and options or a set of it": "一个选项，与所列选项或该选项的集合",
    "yes-or-no values": "“是或否”的值",
    "a yes-or-no value": "一个“是或否”的值",
    "like quantities, dates or periods": "同类的量、日期或期限",
    "`a if condition else b`, a like b": "写作 `a if 条件 else b`，a 与 b 同类",
    "one fact": "一项事实",
    "a date": "一个日期",
    "two dates": "两个日期",
    "an instant": "一个时刻",
    "a ratio or number": "一个比例或数字",
    "a date and a period in working days": "一个日期，与以工作日计的期限",
    "two sets of one choice": "同一选项的两个集合",
    "a set": "一个集合",
    "a list": "一份清单",
    "a quantity of each record": "各条记录的一个量",
    "a condition on each record": "对各条记录的一个条件",
    "an ordered value of each record": "各条记录的一个有大小次序的值",
    "a choice of each record": "各条记录的一个选项",
    "an id, a text, a choice or a date of each record": "各条记录的一个编号、文字、选项或日期",
    "a condition": "一个条件",
}
"""What operators and questions about lists take, by the words of the table of operators."""
KINDS: Final[Mapping[str, str]] = {
    "boolean": "是或否",
    "count": "数量",
    "number": "数字",
    "ratio": "比例",
    "money": "金额",
    "date": "日期",
    "instant": "时刻",
    "time": "时间",
    "period": "期限",
    "choice": "选项",
    "set": "集合",
    "id": "编号",
    "text": "文字",
    "list": "清单",
    "table": "表",
    "scale": "分档",
    "calendar": "日历",
}
"""The kinds of types."""
UNITS: Final[Mapping[str, str]] = {
    "day": "日",
    "working_day": "工作日",
    "month": "月",
    "year": "年",
    "hour": "小时",
}
"""The units of periods."""
_SEVERAL: Final = {"period in day, month or year": "期限（日、月或年）"}


def tell_types(text: str) -> str:
    """Return types in Chinese: one, or several with commas between them."""
    if text in _SEVERAL:
        return _SEVERAL[text]
    return "、".join(_tell_type(part) for part in text.split(", "))


def _tell_type(text: str) -> str:
    """Return a type with its unit: `money in CNY`, `count of 人`."""
    kind, _, rest = text.partition(" ")
    if kind not in KINDS or (rest and not rest.startswith(("of ", "in "))):
        return text
    unit = rest[3:]
    told = UNITS.get(unit, unit) if kind == "period" else unit
    return f"{KINDS[kind]}（{told}）" if told else KINDS[kind]
