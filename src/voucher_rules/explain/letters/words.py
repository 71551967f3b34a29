"""Comes in: a key. Goes out: a fixed text of a letter in Chinese or English, one template each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.vocabulary import make_tell

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # the head
    "title.decided": ("关于“$question”的决定", "Decision: $question"),
    "title.referred": ("关于“$question”：须由有权人员决定", "For a person to decide: $question"),
    "title.undetermined": ("关于“$question”：请补充所缺内容", "What is still needed: $question"),
    "title.unset": ("关于“$question”：尚不能决定", "Not to be decided yet: $question"),
    "title.determined": ("关于“$question”的计算结果", "Result: $question"),
    "head.to": ("致", "To"),
    "head.reference": ("编号", "Reference"),
    "head.measure": ("依据", "Under"),
    "head.law": ("适用日期", "Law as of"),
    "head.law.unknown": ("尚不清楚", "a day not known yet"),
    "measure": ("《$title》$number", "$title$number"),
    "measure.number": ("（$number）", " ($number)"),
    # what the outcome means
    "lead.granted": ("各项条件均已满足。", "Every condition is met."),
    "lead.noted": (
        "凡已核对的条件均已满足；未核对或须注意的事项见“提示”。",
        (
            "Every condition that was checked is met; the notes tell what was not checked, or has "
            "to be looked at."
        ),
    ),
    "lead.denied": ("不能准予，理由如下。", "It cannot be granted, for the reasons below."),
    "lead.referred": (
        "这既不是准予，也不是不予：下列事项须由有权人员判断，判断之后才能决定。",
        (
            "This is neither a grant nor a refusal: a person has to judge the points below, and "
            "only then can it be decided."
        ),
    ),
    "lead.undetermined": (
        "这不是拒绝。仅凭已知情况，结果不止一种可能；尚不清楚的情况没有当作“否”或零。",
        (
            "This is not a refusal. From what is known more than one result is possible; nothing "
            "that is not known was taken as no or as zero."
        ),
    ),
    "lead.office": (
        "这不是拒绝。尚缺的内容由办理机关或其他机关确定，确定之后才能决定，申请人无须补充。",
        (
            "This is not a refusal. What is missing is for the deciding body and others to settle, "
            "and you need not supply it; once it is settled, it can be decided."
        ),
    ),
    "lead.unset": (
        "这不是拒绝。决定所需的规定值或日历尚未确定，确定之后才能决定。",
        (
            "This is not a refusal. Something the decision rests on has not been set yet; once "
            "it is, it can be decided."
        ),
    ),
    "lead.start": (
        (
            "这不是拒绝，也不是准予。该办法没有写明自何日施行，适用日期当日是否已施行尚不清楚；"
            "核实施行日期之后才能决定。"
        ),
        (
            "This is neither a refusal nor a grant. The measure does not state from when it is in "
            "force, so it is not known whether it is on the day that counts; once its first day is "
            "established, it can be decided."
        ),
    ),
    "lead.not_in_force": (
        "该办法在适用日期未施行，不能依该办法准予。",
        "The measure is not in force on the day that counts, so nothing can be granted under it.",
    ),
    "lead.determined": (
        "下列结果由规定和已知情况得出。",
        "The results below follow from the rules and from what is known.",
    ),
    # headings
    "part.grave": ("请先注意", "Please note first"),
    "part.reasons": ("理由", "Reasons"),
    "part.reasons.referred": ("须由有权人员判断的事项", "What a person has to judge"),
    "part.reasons.undetermined": ("尚不能判断的条件", "Conditions that are not settled yet"),
    "part.amount": ("金额如何得出", "How the amount comes about"),
    "part.results": ("计算结果", "Results"),
    "part.supply": ("可以补充的内容", "What may be supplied"),
    "part.supply.waiting": ("尚缺的内容", "What is still missing"),
    "part.supply.facts": ("所缺情况", "Facts not known yet"),
    "part.supply.papers": ("所缺材料", "Papers not handed in yet"),
    "part.supply.findings": ("待作出的认定", "Findings awaited"),
    "part.supply.others": ("待他方确定", "Set by others"),
    "part.next": ("下一步", "What to do next"),
    "part.deadlines": ("期限", "Deadlines"),
    "part.following": ("后果", "What follows"),
    "part.contest": ("可以提出异议的内容", "What may be contested"),
    "part.contest.facts": ("所依据的情况", "Facts relied on"),
    "part.contest.findings": ("所依据的认定", "Findings relied on"),
    "part.contest.readings": ("对有争议规定的理解", "How disputed provisions were read"),
    "part.contest.balances": ("此前的使用记录", "What was used before"),
    "part.met": ("已符合的条件", "Conditions that are met"),
    "part.exceptions": ("因例外未适用的规定", "Rules set aside by an exception"),
    "part.warnings": ("提示", "Notes"),
    "part.law": ("适用的规定", "The law applied"),
    "part.remedies": ("救济途径", "Remedies"),
    "part.check": ("如何核对本信", "How this letter can be checked"),
    # the amount
    "amount.lead": (
        "规定对金额设有下列限额，以其中最低的为准。",
        "The rules set the limits below; the lowest of them counts.",
    ),
    "amount.denied": (
        "本次不予发放。下列限额中最低的一项，是条件均满足时的金额，仅供说明。",
        (
            "Nothing is payable. The lowest of the limits below is what it would be were every "
            "condition met; it is told for information."
        ),
    ),
    "amount.waiting": (
        "规定对金额设有下列限额，以其中最低的为准；补齐所缺内容后才能得出最后的金额。",
        (
            "The rules set the limits below, and the lowest of them counts; the last word on the "
            "amount waits for what is missing."
        ),
    ),
    "amount.soft": (
        "原则上的限额：超出的由有权人员决定",
        "a limit in principle: beyond it a person decides",
    ),
    "amount.lowest": (
        "最低的一项是$says，得出 $amount。",
        "The lowest is $says, which gives $amount.",
    ),
    "amount.ties": (
        "以下各项同为最低：$says；得出 $amount。",
        "These are lowest together: $says; they give $amount.",
    ),
    "amount.quoted": ("“$says”$ref", "“$says”$ref"),
    # what may be supplied
    "supply.lead": (
        "尚不清楚下列内容，排在前面的对作出决定最有用。",
        "The following is not known yet; what is named first does most to settle it.",
    ),
    "supply.anyway": (
        "仅补充下列内容，不会改变上述理由中不符合的条件。",
        "What is listed here does not by itself change the conditions above that are not met.",
    ),
    "supply.evidence": ("应有的证明材料：$evidence", "proof called for: $evidence"),
    "supply.yes_or_no": ("请回答：是或否", "answer: yes or no"),
    "supply.asked": ("已询问，尚未答复", "asked for, not answered yet"),
    "supply.ledger": (
        "由办理机关从台账查得，申请人无须提供",
        "the deciding body looks it up in its ledger; you need not supply it",
    ),
    "supply.by": ("由$by作出", "made by $by"),
    "supply.set_by": ("由$by确定", "set by $by"),
    "supply.told_by": (
        "文本没有写明，$by可以说明",
        "the text does not say; $by can tell",
    ),
    "supply.calendar": ("工作日历尚未列出所涉日期", "it does not list the days concerned yet"),
    "next.facts": ("补充“$title”所列的情况", "supply what is listed under “$title”"),
    "next.papers": ("补交“$title”所列的材料", "hand in what is listed under “$title”"),
    "next.findings": (
        "请有关人员作出“$title”所列的认定",
        "ask for what is listed under “$title” to be found",
    ),
    "next.others": (
        "等待“$title”所列的内容确定",
        "wait until what is listed under “$title” has been set",
    ),
    # what may be contested
    "contest.lead": (
        "本信以下列内容为依据。与实际不符的，请指出，并附上能够证明的材料。",
        (
            "This letter rests on what follows. If something is not as it says, say so, and "
            "enclose what shows it."
        ),
    ),
    "contest.facts": ("凡未列来源的，来源没有写明。", "Where no source is given, none was stated."),
    "contest.part": ("$label：$value", "$label: $value"),
    "contest.ledger": ("台账", "the ledger"),
    "contest.lot": ("$what：$state", "$what: $state"),
    "contest.lot.amount": ("$what：$amount，$state", "$what: $amount, $state"),
    "contest.since": ("$state（$day）", "$state ($day)"),
    "contest.unstated": ("没有写明", "not stated"),
    "contest.nothing": (
        "下列各项没有写明内容：$labels",
        "Nothing was stated of the following: $labels",
    ),
    "contest.unnamed": (
        "由谁认定没有写明；此类认定由$by作出",
        "who found it was not stated; such a finding is made by $by",
    ),
    "contest.undated": (
        "由谁、何时认定没有写明；此类认定由$by作出",
        "who found it, and when, was not stated; such a finding is made by $by",
    ),
    "contest.readings": (
        "下列规定可有不同的理解，而且换一种理解结果会不同。",
        (
            "These provisions can be read in more than one way, and otherwise read they give "
            "another result."
        ),
    ),
    "contest.other": ("若理解为“$option”：$gives", "read as “$option”: $gives"),
    "contest.both": (
        "若同时作如下理解：$options",
        "If these are read otherwise together: $options",
    ),
    "contest.option": ("$question “$option”", "$question “$option”"),
    "contest.gives": ("结果为：$gives", "the result is: $gives"),
    "contest.else": ("后果不同", "other consequences follow"),
    "part.contest.same": ("不影响结果的理解", "Readings that make no difference here"),
    "contest.same": (
        "其他有不同理解的规定，逐一换一种理解，结果不变。",
        "Each of these read otherwise gives the same result.",
    ),
    "contest.same.open": (
        "就目前所知，逐一换一种理解，可能的结果不变；补齐所缺内容之后，可能会有不同。",
        (
            "As far as is known now, each of these read otherwise leaves the same results "
            "possible; once what is missing is known, that may change."
        ),
    ),
    # the law, and how to check
    "law.issuer": ("发文机关：$issuer", "issued by: $issuer"),
    "law.force": ("施行：$start 至 $until", "in force: $start to $until"),
    "law.force.no_end": ("施行：自 $start 起", "in force: from $start"),
    "law.force.lasts": ("施行：自 $start 起$time", "in force: $time from $start"),
    "law.force.unset": (
        "施行日期：没有写明，是否已施行尚不清楚",
        "in force: no first day is stated, so it is not known whether it is",
    ),
    "law.force.void": (
        "施行日期：没有写明；文件没有效力",
        "in force: no first day is stated, and the document has no force",
    ),
    "law.force.stated": (
        "文本没有写明施行日期，该日由作出本决定的人写明",
        "the text states no first day; it was stated by whoever took this decision",
    ),
    "law.day": ("本信适用 $day 的规定", "this letter applies the law as it stood on $day"),
    "law.day.unknown": (
        "决定适用哪一天的规定，尚不清楚",
        "the day that fixes the law is not known yet",
    ),
    "law.ruleset": (
        "规则集：$id，版本 $edition，摘要 $digest",
        "ruleset: $id, edition $edition, digest $digest",
    ),
    "law.verified": ("规则集最近与原文核对：$day", "the ruleset was held against the text: $day"),
    "law.reading": (
        "就“$question”采用“$chosen”，而非通常的“$usual”",
        "on “$question” this letter takes “$chosen”, not “$usual” as is usual",
    ),
    "law.also": ("同时适用：$measure", "applied as well: $measure"),
    "remedies.neutral": (
        "救济途径由作出决定的机关告知。",
        "Remedies are stated by the deciding body.",
    ),
    "check.record": ("决定记录的摘要：$digest", "digest of the record of this decision: $digest"),
    "check.place": (
        "该记录为日志 $log 的第 $seq 条",
        "the record is entry $seq of the log $log",
    ),
    "check.about": ("该记录所称当事人：$subject", "the record is about: $subject"),
    "check.replaces": (
        "该决定取代日志第 $seq 条的决定，理由：$because",
        "this decision takes the place of that of entry $seq, because: $because",
    ),
    "check.how": (
        (
            "核对方法：向作出决定的机关索取该记录的核验包（zip 文件，由“voucher-rules bundle”"
            "生成），解开后在其中运行下面的命令，所得应与上列“sha256:”之后的部分一致；记录有任何改动，"
            "摘要就会不同。"
        ),
        (
            "To check it, ask the deciding body for the bundle of this record (a zip made by "
            "“voucher-rules bundle”), unpack it and run the command below there: it must print "
            "what stands above after “sha256:”, and any change to the record gives something else."
        ),
    ),
    "check.command": (
        "{ printf 'voucher-rules/decision/1\\0'; cat body.json; } | sha256sum",
        "{ printf 'voucher-rules/decision/1\\0'; cat body.json; } | sha256sum",
    ),
    "check.again": (
        (
            "命令“voucher-rules check-bundle”同样计算该摘要，并按包中的规则和事实重新得出决定，"
            "与记录比较。"
        ),
        (
            "The command “voucher-rules check-bundle” computes this digest as well, decides again "
            "by the rules and on the facts of the bundle, and compares."
        ),
    ),
}

tell_letter: Final = make_tell(WORDS)
