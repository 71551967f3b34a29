"""Comes in: what a check of a bundle found. Goes out: it in a few lines, Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from string import Template
from typing import Final, TypeAlias

from voucher_rules.record.bundle_verdicts import BundleFindings, Check
from voucher_rules.record.canonical import Data
from voucher_rules.record.instants import write_instant
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.stamping import Stamping

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
    "revoked": ("该决定已由第 $by 条撤销", "the decision was revoked by entry $by"),
    "difference": (
        "  $pointer：记录为 $recorded，重新决定为 $again",
        "  $pointer: $recorded was recorded, and $again comes out",
    ),
    "obstacle": ("  原因：$obstacle $detail", "  because: $obstacle $detail"),
    "pages": (
        "核验说明与本版本所写不同：其中的命令请勿未读先行",
        "the instructions are not those this version writes: do not run their commands unread",
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
        yield CONCLUSIONS[found.conclusion][self._place]
        if found.bundle is not None:
            entry = found.bundle.entry.entry
            digest = str(entry.decision_digest)
            yield self._say("head", log=entry.log_id, seq=str(entry.seq), digest=digest)
        for name, verdict in found.verdicts.to_data().items():
            told = VERDICTS[verdict][self._place] + self._qualify(name, verdict)
            yield self._say("line", name=NAMES[name][self._place], verdict=told)
        yield from self._tell_again()
        if found.bundle is not None:
            stands, by = found.standing
            yield self._say(stands, **({} if by is None else {"by": str(by)}))
        if found.verdicts.pages is Check.BAD:
            yield self._say("pages")
        yield from (item.render(LANGUAGES[self._place]) for item in found.faults)

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
            yield self._say(
                "obstacle", obstacle=str(recheck.obstacle), detail=_show_text(recheck.detail)
            )


def _show(data: Data) -> str:
    return _show_text(json.dumps(data, ensure_ascii=False))


def _show_text(text: str) -> str:
    """Return a text with nothing in it that a terminal would act on, and no longer than a line."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return plain if len(plain) <= _MOST_SHOWN else plain[:_MOST_SHOWN] + "…"
