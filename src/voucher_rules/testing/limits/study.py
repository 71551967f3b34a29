"""Comes in: a ruleset and its cases. Goes out: its limits as a study, to read and to tabulate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.arguments import check_language
from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.sheets import Column, Sheet
from voucher_rules.explain.vocabulary import VOCABULARY, make_tell
from voucher_rules.language.types import Kind, Type
from voucher_rules.testing.limits.beside import Known, load_pinned, read_known
from voucher_rules.testing.limits.sites import Side
from voucher_rules.testing.limits.survey import LimitReport, survey_limits
from voucher_rules.testing.load import Case

HEADINGS: Final = ("ref", "limit_text", *Side)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("$name 的界限", "limits of $name"),
    "summary": (
        "界限 $limits 处，$sides 侧：有案例 $pinned，不可能出现 $beyond，缺案例 $missing",
        "limits: $limits, sides: $sides; pinned: $pinned, out of reach: $beyond, lacking: $missing",
    ),
    "sheet": ("界限和案例", "Limits and the cases beside them"),
}
_tell: Final = make_tell(_WORDS)
_TEXT: Final = Type(Kind.TEXT)


@dataclass(frozen=True, eq=False)
class LimitSurvey(Study):
    """Every place where a ruleset turns on a number or a day, and whether cases pin its sides.

    ``reports`` has one for each limit; ``known`` the sides that no case can stand on.
    """

    ruleset: Ruleset
    reports: tuple[LimitReport, ...] = field(repr=False)
    known: Known = field(default_factory=dict, repr=False)

    @property
    def missing(self) -> tuple[tuple[str, Side], ...]:
        """The sides no case pins, each with the name of its limit."""
        return tuple(
            (item.site.id, side) for item in self.reports for side in self.list_lacking(item)
        )

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """A line for each limit: where it stands, what is compared, what is decided beside it."""
        columns = tuple(Column(key, _word(f"heading.{key}"), _TEXT) for key in HEADINGS)
        rows = tuple(self.make_row(item) for item in self.reports)
        return (Sheet("limits", Wording(*_WORDS["sheet"]), columns, rows),)

    def title(self, language: str) -> str:
        """Return whose limits these are."""
        check_language(language)
        return _tell(language, "title", name=f"{self.ruleset.id} {self.ruleset.edition}")

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how many limits there are, and how many of their sides cases pin."""
        counts = {
            "limits": len(self.reports),
            "sides": sum(len(item.site.sides) for item in self.reports),
            "pinned": sum(len(item.pinned) for item in self.reports),
            "beyond": len(self.known),
            "missing": len(self.missing),
        }
        yield _tell(language, "summary", **{key: str(count) for key, count in counts.items()})

    def list_lacking(self, report: LimitReport) -> list[Side]:
        """Return the sides of a limit that no case pins though one could."""
        return [side for side in report.missing if (report.site.id, side) not in self.known]

    def make_row(self, report: LimitReport) -> tuple[str | Wording, ...]:
        """Return the line of a limit."""
        site = report.site
        text = f"{site.text} · {site.cell}" if site.cell else site.text
        return (str(site.citation), text, *(self._tell_side(report, side) for side in Side))

    def _tell_side(self, report: LimitReport, side: Side) -> Wording:
        if side not in report.site.sides:
            return _word("limits.none")
        witness = report.pinned.get(side)
        if witness is None:
            beyond = (report.site.id, side) in self.known
            return _word("limits.beyond" if beyond else "limits.missing")
        told = _word(f"limits.outcome.{witness.decision.outcome}")
        amount = witness.decision.amount
        paid = amount.value if amount is not None else None
        return told if paid is None else Wording(f"{told.zh} {paid:,f}", f"{told.en} {paid:,f}")


def study_limits(ruleset: Ruleset, cases: Sequence[Case] | None = None) -> LimitSurvey:
    """Return where a ruleset turns on a number or a day, and which sides its cases pin.

    Without ``cases`` they are those of the case files beside it. Raises as ``load_cases`` does.
    """
    found = load_pinned(ruleset, (), ruleset.folders) if cases is None else tuple(cases)
    reports = survey_limits(ruleset, found)
    return LimitSurvey(ruleset, reports, read_known(ruleset, reports))


def _word(key: str) -> Wording:
    return Wording(*VOCABULARY[key])
