"""Comes in: what a check of a bundle found. Goes out: it in a few lines, Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from string import Template
from typing import Final, TypeAlias

from voucher_rules.explain.deviations import tell_amount
from voucher_rules.explain.record_values import tell_named
from voucher_rules.record.bundle_files import Bundle
from voucher_rules.record.bundle_laws import name_law
from voucher_rules.record.bundle_verdicts import BundleFindings, Check, Standing
from voucher_rules.record.canonical import Data
from voucher_rules.record.entries import EntryKind
from voucher_rules.record.instants import write_instant
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.rechecking import Obstacle
from voucher_rules.record.stamping import Stamping
from voucher_rules.record.stating import state_result
from voucher_rules.record.verdicts import sum_up

Both: TypeAlias = tuple[str, str]
LANGUAGES: Final = ("zh", "en")

CONCLUSIONS: Final[Mapping[str, Both]] = {
    "all_match": (
        "各项均成立，按包中规则重新决定，结果相同",
        "all holds good, and deciding again under the rules of the bundle gives the same",
    ),
    "mismatch": (
        "包本身完好，但按包中规则重新决定，结果不同",
        "the bundle is whole, but deciding again under its rules gives something else",
    ),
    "not_sound": ("有不成立之处，见下", "not all of it holds good, see below"),
    "cannot_replay": (
        "包本身完好，但无法据以重新决定",
        "the bundle is whole, but the decision cannot be taken again on it",
    ),
}
NAMES: Final[Mapping[str, Both]] = {
    "sums": ("文件清单", "list of files"),
    "layout": ("文件齐备一致", "files agree"),
    "header": ("日志首行", "header of the log"),
    "entry": ("记录", "entry"),
    "body": ("决定", "body"),
    "trace": ("推理过程", "trace"),
    "checkpoint": ("检查点", "checkpoint"),
    "held": ("与所持检查点相同", "the checkpoint you hold"),
    "inclusion": ("在日志之中", "in the log"),
    "authenticity": ("签名", "signatures"),
    "time": ("时间戳", "time stamp"),
    "related": ("后来的记录", "later entries"),
    "openings": ("隐去的内容", "what is hidden"),
    "ruleset": ("规则", "ruleset"),
    "reproduced": ("重新决定", "decided again"),
    "pages": ("核验说明", "instructions"),
}
VERDICTS: Final[Mapping[str, Both]] = {
    "ok": ("成立", "ok"),
    "bad": ("不成立", "bad"),
    "absent": ("无", "absent"),
    "not_checked": ("未能核验", "not checked"),
    "unknown_key": ("公钥未知", "unknown key"),
    "key_not_valid_then": ("公钥当时无效", "key not valid then"),
    "found": ("包中有", "found"),
    "rewritten": ("含义相同，文件有改动", "says the same, rewritten"),
    "unreadable": ("文件无法读取", "cannot be read"),
    "differs": ("不同", "differs"),
    "missing": ("缺少", "missing"),
    "match": ("相同", "match"),
    "mismatch": ("不同", "mismatch"),
    "cannot_replay": ("无法重新决定", "cannot be decided again"),
}
WORDS: Final[Mapping[str, Both]] = {
    "head": (
        "日志 $log 第 $seq 条，决定 $digest",
        "log $log, entry $seq, decision $digest",
    ),
    "line": ("  $name：$verdict", "  $name: $verdict"),
    "own_keys": (
        "（公钥出自包内，只说明同一人之手）",
        " (by keys of the bundle: it only shows that one hand signed)",
    ),
    "own_roots": (
        "（证书出自包内）",
        " (by certificates of the bundle)",
    ),
    "stamped": ("，$moment", ", $moment"),
    "asked": ("，而您要求须有", ", and you ask for it"),
    "stands": (
        "包中没有取代或撤销它的记录；日志中有没有，须重放日志",
        "nothing in the bundle replaced or revoked it; whether the log holds such takes a replay",
    ),
    "replaced": ("该决定已由第 $by 条取代", "the decision was replaced by entry $by"),
    "instead": ("第 $by 条记录的结果：$outcome", "outcome recorded by entry $by: $outcome"),
    "instead_elsewhere": (
        "取代它的结果不在包内，见日志第 $by 条（voucher-rules log show）",
        "what came out instead is not in the bundle: entry $by of the log (voucher-rules log show)",
    ),
    "revoked": ("该决定已由第 $by 条撤销", "the decision was revoked by entry $by"),
    "difference": (
        "  $pointer：记录为 $recorded，重新决定为 $again",
        "  $pointer: $recorded was recorded, and $again comes out",
    ),
    "obstacle": ("  原因：$obstacle", "  because $obstacle"),
    "asked_what": (
        "$ruleset $edition，$decision，适用日 $as_of",
        "$ruleset $edition, $decision, as of $as_of",
    ),
    "came_out": ("记录的结果：$outcome", "recorded outcome: $outcome"),
    "about": ("$told；对象 $subject", "$told; about $subject"),
    "by_whom": ("$owner，请求 $request，记录于 $at", "$owner, request $request, recorded at $at"),
    "later": ("$told：$because", "$told: $because"),
    "erased": (
        "第 $seq 条记载：可打开所隐去事实的盐值已擦除",
        "entry $seq tells that what opens its hidden facts was erased",
    ),
    "pages": (
        "核验说明与本版本所写不同：其中的命令请勿未读先行",
        "the instructions are not those this version writes: do not run their commands unread",
    ),
}
OBSTACLES: Final[Mapping[str, Both]] = {
    "ruleset_missing": ("包中没有所需的规则集", "the ruleset is not in the bundle"),
    "ruleset_unreadable": (
        "包中规则集的文件无法读取",
        "the file of the ruleset in the bundle cannot be read",
    ),
    "ruleset_differs": (
        "包中的规则集或其所依据的内容与当时不同",
        "the ruleset of the bundle, or what it rests on, says something else than then",
    ),
    "semantics_unsupported": (
        "规则语义的版本本程序不支持",
        "this program does not know what rules meant in that version",
    ),
    "decision_unknown": ("规则集中没有该决定：$detail", "the ruleset has no decision $detail"),
    "facts_erased": (
        "下列事实已隐去，包中没有可打开它们的盐值：$detail",
        "these facts are hidden, and what opens them is not here: $detail",
    ),
    "facts_gone": (
        "下列事实已隐去，可打开它们的盐值已擦除：$detail",
        "these facts are hidden, and what opened them was erased: $detail",
    ),
    "facts_refused": (
        "规则集不接受记录的事实",
        "the facts recorded are refused by the ruleset",
    ),
    "body_malformed": (
        "记录的内容不具有决定的形式",
        "the body is not one a decision was written as",
    ),
}
_MOST_DIFFERENCES: Final = 5
_MOST_SHOWN: Final = 200


def summarize(found: BundleFindings, language: str = "zh") -> str:
    """Return what was found as a few lines of text."""
    return "\n".join(_Teller(found, LANGUAGES.index(language)).tell())


class _Teller:
    """Tells what was found in one language."""

    def __init__(self, found: BundleFindings, place: int) -> None:
        self._found = found
        self._place = place

    def _say(self, key: str, /, **fills: str) -> str:
        return Template(WORDS[key][self._place]).substitute(fills)

    def tell(self) -> Iterator[str]:
        found = self._found
        if found.bundle is not None:
            yield from self._tell_decision(found.bundle)
            yield from self._tell_later(found.bundle)
        yield CONCLUSIONS[found.conclusion][self._place]
        for name, verdict in found.verdicts.to_data().items():
            told = VERDICTS[verdict][self._place] + self._qualify(name, verdict)
            yield self._say("line", name=NAMES[name][self._place], verdict=told)
        yield from self._tell_again()
        if found.verdicts.pages is Check.BAD:
            yield self._say("pages")
        yield from (item.render(LANGUAGES[self._place]) for item in found.faults)

    def _tell_decision(self, bundle: Bundle) -> Iterator[str]:
        """Tell what was decided, about whom, of which day, by whom: as the record says it."""
        entry = bundle.entry.entry
        body = entry.body or {}
        law = name_law(body)
        told = self._say("came_out", outcome=self._name_outcome(body.get("outcome")) or "?")
        if isinstance(subject := body.get("subject"), str):
            told = self._say("about", told=told, subject=_show_text(subject))
        yield told
        asked, on = (_show_text(str(body.get(name))) for name in ("decision", "as_of"))
        named = {"ruleset": _show_text(law.id), "edition": _show_text(law.edition)}
        yield self._say("asked_what", decision=asked, as_of=on, **named)
        slots = {"owner": _show_text(bundle.header.owner), "request": _show_text(entry.request_id)}
        yield self._say("by_whom", at=write_instant(entry.recorded_at), **slots)
        digest = str(entry.decision_digest)
        yield self._say("head", log=entry.log_id, seq=str(entry.seq), digest=digest)

    def _tell_later(self, bundle: Bundle) -> Iterator[str]:
        """Tell what became of the decision since."""
        stands, by = self._found.standing
        told = self._say(stands, **({} if by is None else {"by": str(by)}))
        because = next((x.entry.because for x in bundle.related if x.entry.seq == by), None)
        yield self._say("later", told=told, because=_show_text(because)) if because else told
        if by is not None and stands is Standing.REPLACED:
            yield self._tell_new_outcome(bundle, by)
        for seq in self._list_erasures():
            yield self._say("erased", seq=str(seq))

    def _tell_new_outcome(self, bundle: Bundle, by: int) -> str:
        """Tell what came out instead, or where it stands where the bundle does not hold it."""
        taking = next((x.entry for x in bundle.related if x.entry.seq == by), None)
        outcome = None if taking is None or taking.body is None else taking.body.get("outcome")
        told = self._name_outcome(outcome)
        if told is None:
            return self._say("instead_elsewhere", by=str(by))
        return self._say("instead", by=str(by), outcome=told)

    def _name_outcome(self, outcome: Data) -> str | None:
        """Return an outcome with its amounts as people write them; None for what is none."""
        result, language = state_result(sum_up(outcome)), LANGUAGES[self._place]
        if result is None:
            return None
        amounts = [tell_amount(x, language) for x in result["amounts"].values() if x["value"]]
        return _show_text(" ".join((tell_named(result["outcome"], "outcome", language), *amounts)))

    def _list_erasures(self) -> Iterator[int]:
        """Yield the entries that are proven and tell that what opens this one was erased."""
        bundle = self._found.bundle
        if bundle is None or self._found.verdicts.related is not Check.OK:
            return
        for item in bundle.related:
            about = item.entry.refers_seq == bundle.entry.entry.seq
            if item.entry.kind is EntryKind.ERASURE and about:
                yield item.entry.seq

    def _qualify(self, name: str, verdict: str) -> str:
        """Return what goes with a verdict on signatures or on time."""
        found = self._found
        if name == "authenticity":
            if verdict == Authenticity.ABSENT and found.asked.keys:
                return self._say("asked")
            unasked = verdict == Authenticity.OK and not found.asked.keys
            return self._say("own_keys") if unasked else ""
        if name != "time":
            return ""
        if verdict == Stamping.ABSENT and found.asked.authorities:
            return self._say("asked")
        if found.stamped_at is None:
            return ""
        moment = write_instant(found.stamped_at.replace(microsecond=0))
        own = "" if found.asked.authorities else self._say("own_roots")
        return self._say("stamped", moment=moment) + own

    def _tell_again(self) -> Iterator[str]:
        recheck = self._found.recheck
        if recheck is None:
            return
        for item in recheck.differences[:_MOST_DIFFERENCES]:
            recorded, again = _show(item.recorded), _show(item.again)
            yield self._say("difference", pointer=item.pointer, recorded=recorded, again=again)
        if recheck.obstacle is not None:
            key = str(recheck.obstacle)
            if recheck.obstacle is Obstacle.FACTS_ERASED and any(self._list_erasures()):
                key = "facts_gone"
            says = Template(OBSTACLES[key][self._place])
            told = says.substitute(detail=_show_text(recheck.detail))
            yield self._say("obstacle", obstacle=told)


def _show(data: Data) -> str:
    return _show_text(json.dumps(data, ensure_ascii=False))


def _show_text(text: str) -> str:
    """Return a text with nothing in it that a terminal would act on, and no longer than a line."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return plain if len(plain) <= _MOST_SHOWN else plain[:_MOST_SHOWN] + "…"
