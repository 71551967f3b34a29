"""Comes in: nothing. Goes out: how numbers are written in a measure, as patterns in their order.

Every pattern is tried where a numeral may begin, the first that fits is taken. Those of ``ASIDE``
hold numerals that count nothing (a document's number, a provision cited); those of ``COUNTED`` are
quantities. The text they are matched against has narrow digits and no white space.
"""

from __future__ import annotations

import re
from typing import Final

from voucher_rules.intake.numerals import ARABIC, CHINESE, CHINESE_DIGIT, NUMBER

_HAN_YEAR: Final = f"[一二][〇○零]?{CHINESE_DIGIT}{{2,3}}"
YEAR: Final = f"(?:[12][0-9]{{3}}|{_HAN_YEAR})"
MONTH: Final = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY: Final = f"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十{CHINESE_DIGIT}?|{CHINESE_DIGIT})"

# 一 after these is part of a word: 同一, 统一, 上一年度. A numeral after 第 is dealt with before.
_FREE: Final = r"(?<![同统单唯惟任逐其之某另专归合每进上下前后本万])"
_ALONE: Final = f"一(?!{CHINESE_DIGIT}|[十百千万亿])"
_OWN: Final = f"(?:{_FREE}{_ALONE}|(?!{_ALONE}){CHINESE}|{ARABIC})"

MEASURES: Final = (
    "人次|户次|家次|台套|课时|学时|平方米|平方公里|公里|千米|厘米|毫米|公斤|千克|千瓦时|千瓦|兆瓦|"
    "公顷|立方米|周岁|岁|人|名|位|家|户|项|个|次|份|张|件|套|台|辆|部|所|座|间|栋|处|篇|册|页|"
    "字|期|届|批|"
    "笔|单|宗|场|门|课|例|种|组|队|支|只|亩|米|吨|克|升|度|箱|盒|袋|瓶|枚|颗|棵|株|轮|遍|趟|艘|架|节|"
    "卷|幅|孔|床|席|头|匹|条|款|代|层|村|县|市|省|校|园|店|厂|企业|项目|产品|机构|单位"
)
_ARABIC_ONLY: Final = "分|点|步|本|天次|座次|国|面|扇|根|片|块|口|股|杯|碗|桶|环|度电|吨公里|公分"
CURRENCIES: Final = {"美元": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY"}
_MONEY: Final = f"(?:{'|'.join(CURRENCIES)}|元|圆)"
_SPAN: Final = (
    "(?:个(?:连续|完整)?(?:服务|会计|自然|财政|纳税|预算|营业|经营|完整|工作|统计)?年度"
    "|个?(?:工作日|交易日|自然日|日历日)|个(?:自然|日历)?月|个季度|个学期|个?星期|个?小时|周年"
    "|年度|年|天|日|周(?!岁)|分钟|秒)"
)
_RATIO: Final = "(?:%|‰|个百分点|倍|成)"
_RANK: Final = "(?:档次|档|星级|级|类|等级|星|等(?=奖))"
_RANKED: Final = (
    "(?:档次|档|星级|等级|级|类|等|批次|批|次|期|名|位|届|年度|年|轮|阶段|梯队|层级|层|季度|个|家)"
)
_SPREAD: Final = "(?:-|至|到)"
_NOT_MADE: Final = "(?![立为员本熟功果绩长交品都人就效文分因份])"


def _compile(forms: dict[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name.split("#")[0], re.compile(form)) for name, form in forms.items())


STARTS: Final = re.compile(
    rf"[0-9A-Za-z¥$第(\[半过十拾㈠-㈩①-⒛]|{CHINESE_DIGIT}|百分之|千分之|万分之"
)
"""Where anything of the two lists may begin."""

ASIDE: Final = _compile(
    {
        "name#url": r"(?:https?://|www\.)[!-'*-~]{1,300}",
        "name#mail": r"[A-Za-z0-9._-]{1,60}@[A-Za-z0-9.-]{1,60}",
        "document_number#year": rf"[\[(]{YEAR}[\])]第?(?:[0-9]{{1,9}}|{CHINESE})号",
        "document_number#order": rf"第?(?:[0-9]{{1,9}}|{CHINESE})号(?:令|公告|文件|文)?",
        "cross_reference#parts": (
            rf"第{NUMBER}(?:[、,，及和或与至到-]{{1,2}}第?{NUMBER}){{0,30}}[编章节条款项目](?:之{CHINESE})?"
        ),
        "cross_reference#item": rf"\((?:[0-9]{{1,3}}|{CHINESE})\)",
        "cross_reference#circled": r"[㈠-㈩①-⒛]",
        "cross_reference#annex": rf"(?<=附件|附表|附录|附图|式样){NUMBER}",
        "cross_reference#table": r"(?<=[表图注])[0-9]{1,3}(?![0-9%.元万人家项个次年月日天])",
        "cross_reference#note": r"\[[0-9]{1,3}\]",
        "name#party": "第[一二三四]方",
        "name#plan": f"十{CHINESE_DIGIT}五(?=规划|时期|期间|[”\"'])",
        "name#industries": "一二三产业?",
        "name#letters": r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z+/._-]{0,20}[0-9][0-9A-Za-z.:/_-]{0,40}",
        "name#size": r"(?<![0-9.])[2-6][DGBdg](?![A-Za-z0-9])(?:[0-9]?[A-Za-z])?",
        "name#hotline": r"(?<![0-9.])1[0-9]{4}(?=[^0-9元万]{0,8}(?:热线|平台))",
        "name#phone": r"(?<=电话|传真|热线|邮编|手机)[0-9][0-9-]{4,20}[0-9]",
        "name#phone2": r"(?<=电话:|传真:|热线:|邮编:|手机:)[0-9][0-9-]{4,20}[0-9]",
        "wording#each": "一[企事人户网门窗地县业链园品岗票码]一[\u4e00-\u9fff](?!元)",
        "wording#about": f"(?<![十百千万亿])[一二三四五六七八九]{{2}}(?={MEASURES}|{_SPAN})",
    }
)

COUNTED: Final = _compile(
    {
        "date": f"({YEAR})年({MONTH})月({DAY})[日号]",
        "date#iso": r"([12][0-9]{3})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12][0-9]|3[01])(?![0-9])",
        "year_month": f"({YEAR})年({MONTH})月(?:份|底|末|初)?",
        "years": rf"({YEAR})年?(?:度)?{_SPREAD}({YEAR})年(?:度)?",
        "year": f"({YEAR})年(?:度|末|底|初)?",
        "month_day": f"(?<!个)({MONTH})月({DAY})[日号]",
        "rank#quarter": "(?<!个)第?([一二三四1-4])(季度)",
        "month": f"(?<!个)({MONTH})月(?:份|底|末|初|上旬|中旬|下旬)?",
        "day": f"(?<=每月|当月|次月|本月|该月|末月|首月)({DAY})[日号]",
        "clock": r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::[0-5][0-9])?(?![0-9])",
        "clock#hour": r"([01]?[0-9]|2[0-4])时(?!间|段|期|限|效|常)(?:([0-5]?[0-9])分|整)?",
        "clock#noon": (rf"(?<=上午|下午|中午|晚上|凌晨)({NUMBER})[时点](?:({NUMBER})分|(半)|整)?"),
        "spread_ratio": rf"({_OWN})(?:{_RATIO})?{_SPREAD}({NUMBER})({_RATIO}){_NOT_MADE}",
        "spread_money": rf"({_OWN})(?:{_MONEY})?{_SPREAD}({NUMBER})({_MONEY})",
        "spread_period": rf"({_OWN})(?:{_SPAN})?{_SPREAD}({NUMBER})({_SPAN})",
        "spread_rank": rf"({_OWN})(?:{_RANK})?{_SPREAD}({NUMBER})({_RANK})",
        "spread_count": rf"({_OWN})(?:{MEASURES})?{_SPREAD}({NUMBER})({MEASURES})",
        "half": "一半|过?半数|过半|半(?=价|额)",
        "half_period": r"(?<![上下大前后])半(年|个月|个?小时|天|日)",
        "ratio#of": rf"(百分|千分|万分|{NUMBER}分)之({NUMBER})",
        "ratio#slash": r"(?<![0-9/.])([0-9]{1,4})/([0-9]{1,4})(?![0-9/])",
        "ratio": rf"({_OWN})(?:余|多)?({_RATIO})({CHINESE_DIGIT}?){_NOT_MADE}",
        "money": rf"[¥]?({_OWN})(?:余|多)?(万|亿)?({_MONEY})(?:({NUMBER})角)?",
        "money#sign": rf"[¥$]({NUMBER})",
        "money#small": rf"({ARABIC})(角|分钱)",
        "period#and_half": rf"({_OWN})(?:个半月|(年|天|小时|个小时)半)",
        "period": rf"({_OWN})(?:余|多)?({_SPAN})",
        "rank#named": rf"第({NUMBER})({_RANKED})",
        "rank": rf"({_OWN})({_RANK})",
        "rank#letter": r"(?<![A-Za-z0-9])([A-Z]{1,4})([+-]?级)",
        "count": rf"({_OWN})(?:余|多|来)?({MEASURES})",
        "count#arabic": rf"({ARABIC})(?:余|多)?({_ARABIC_ONLY})",
        "count#letters": rf"({ARABIC})([A-Za-z]{{1,4}}[23²³]?(?![A-Za-z0-9]))",
        "wording": rf"第({NUMBER})",
        "number": rf"({ARABIC})",
        "number#han": f"({_FREE}(?:{CHINESE_DIGIT}|十)[十百千万亿〇零一二三四五六七八九]{{1,30}})",
    }
)
"""``wording`` is an ordinal of nothing that is counted: 第一责任人."""
