"""Comes in: names, files and facts. Goes out: rulesets to ask and decisions to read.

The stages below do the work; this is the surface the package offers to programs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voucher_rules.api.decisions import Decision, OtherReading, to_main_unit
from voucher_rules.api.habit import Habit
from voucher_rules.arguments import check_language
from voucher_rules.catalog.find import RulesetFile, find_notices, find_ruleset, list_rulesets
from voucher_rules.catalog.kept.open import open_kept
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.model import CheckedRuleset, Provision
from voucher_rules.checked.symbols import Change, Input, NoticeChange, Parameter, Reading
from voucher_rules.decision.case import Case, read_case, read_on
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.options import choose_options
from voucher_rules.decision.result import (
    Overlay,
)
from voucher_rules.decision.stated import is_text
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.program.build import Program, build_program
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Source

if TYPE_CHECKING:
    from voucher_rules.checked.cliffs import Cliff
    from voucher_rules.ruleset.alterations import Alteration
    from voucher_rules.ruleset.load import LoadedRuleset


def load(  # noqa: PLR0913 - each argument is one thing of what is loaded
    name: str | Path,
    edition: str | None = None,
    *,
    folders: Sequence[str | Path] = (),
    notices: Sequence[str | Path] = (),
    known: date | str | None = None,
    cache: bool = True,
) -> Ruleset:
    """Load and check a ruleset by its name or by the path of its file.

    ``folders`` are searched before the shipped rulesets. Notices beside the file are applied, and
    those whose paths are given with them. Without ``edition`` it is the last by name, whatever was
    ``known`` on a day: :func:`catalog` finds the one in force, as it was known. Where a day is
    ``known``, only notices known on it count, and an edition published later is refused. A ruleset
    that was checked before is taken from what was kept of it where every file it rests on is the
    same; without ``cache`` all is read and checked anew. Raises
    :class:`~voucher_rules.RulesetNotFoundError`, or :class:`~voucher_rules.RulesetError` with every
    mistake at its place.
    """
    searched = tuple(Path(folder) for folder in folders)
    found = find_ruleset(name, edition, searched)
    day = None if known is None else read_on(known, "known")
    given = tuple(Path(notice) for notice in notices)
    ruleset = read_ruleset(found.path, searched, given, day, cache=cache)
    if edition is not None and ruleset.edition != edition:
        arguments = {"name": ruleset.id, "edition": edition, "known": ruleset.edition}
        raise RulesetNotFoundError([Diagnostic("edition-not-found", arguments)])
    published = ruleset.checked.succession.published
    if day is not None and published is not None and day < published:
        told = {"name": ruleset.id, "edition": ruleset.edition, "known": str(day)}
        raise RulesetNotFoundError(
            [Diagnostic("edition-known-later", told | {"published": str(published)})]
        )
    return ruleset


def read_ruleset(
    path: Path,
    folders: Sequence[Path] = (),
    notices: Sequence[Path] = (),
    known: date | None = None,
    *,
    cache: bool = True,
) -> Ruleset:
    """Read and check the ruleset in one file, with what it rests on. Raises as :func:`load` does.

    A calendar or a ruleset it uses is sought in ``folders``, in the folder above its own, and
    among the shipped ones. Notices apply that are ``known`` on a day; None: all.
    """
    beside = find_notices(path)
    further = [x for x in notices if x.resolve() not in {y.resolve() for y in beside}]
    opened = open_kept(path, folders, [*beside, *further], known, cache=cache)
    return Ruleset(opened.given, opened.checked, path, opened.folders, known=known)


def open_notice(path: Path, folders: Sequence[Path] = ()) -> Ruleset:
    """Return the ruleset a notice is for, with the notice applied, checked anew.

    Raises as :func:`load` does.

    The ruleset is sought in ``folders``, in the folder above the notice's own, and among the
    shipped ones.
    """
    from voucher_rules.catalog.gather import read_notices

    doc = read_notices([path])[0].document
    around = (*folders, path.resolve().parents[1])
    return load(str(doc.ruleset), str(doc.edition), folders=around, notices=[path], cache=False)


def rulesets(folders: Sequence[str | Path] = ()) -> list[RulesetFile]:
    """List the rulesets that :func:`load` would find, by name and edition."""
    return list_rulesets([Path(folder) for folder in folders])


def report(decisions: Mapping[str, Decision], *, title: str, language: str = "zh") -> str:
    """Return one HTML page that explains several decisions, each under its name.

    Raises ValueError for a language other than ``zh`` and ``en``.
    """
    check_language(language)
    from voucher_rules.explain.html import lay_out_report
    from voucher_rules.explain.outline import outline_decision

    outlines = [
        (name, outline_decision(x.result, language, x.trails)) for name, x in decisions.items()
    ]
    return lay_out_report(outlines, title, language)


def _key_question(
    decision: object, readings: object, placed_by: object, *, assumed: object
) -> Hashable | None:
    """Return all that a question is asked with, of the usual types; None for any other."""
    if type(decision) is not str or type(placed_by) is not str or type(assumed) is not bool:
        return None
    if not readings:
        return (decision, placed_by, assumed)
    if type(readings) is not dict:
        return None
    if any(type(text) is not str for pair in readings.items() for text in pair):
        return None
    return (decision, placed_by, assumed, *sorted(readings.items()))


@dataclass(frozen=True)
class Ruleset:
    """A checked ruleset: ask it what it holds, and have it decide cases."""

    given: LoadedRuleset | Callable[[], LoadedRuleset] = field(repr=False, compare=False)
    """The document, or how to read it: deciding needs none, and ``checked`` holds its digest."""
    checked: CheckedRuleset = field(repr=False)
    path: Path
    folders: tuple[Path, ...] = field(default=(), repr=False)
    """Where what it uses is sought before the shipped rulesets."""
    overlays: tuple[Overlay, ...] = ()
    known: date | None = field(default=None, repr=False)
    """The day as known on which its notices apply; None: all of them do."""
    origin: Ruleset | None = field(default=None, repr=False, compare=False)
    """What was amended first; None where nothing was."""
    layers: tuple[tuple[Alteration, ...], ...] = field(default=(), repr=False, compare=False)
    """What was asked of it to make this of it, each layer upon the one before."""
    _programs: dict[str, Program] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _habit: Habit = field(default_factory=Habit, init=False, repr=False, compare=False)

    @cached_property
    def loaded(self) -> LoadedRuleset:
        """The document as it was read, and amended."""
        return self.given() if callable(self.given) else self.given

    @property
    def id(self) -> str:
        """The name of the ruleset."""
        return self.checked.id

    @property
    def edition(self) -> str:
        """The edition of the ruleset."""
        return self.checked.edition

    @property
    def decisions(self) -> tuple[str, ...]:
        """The names of the questions it answers."""
        return tuple(self.checked.decisions)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Its numbers, by name."""
        return self.checked.parameters

    @property
    def readings(self) -> Mapping[str, Reading]:
        """Its disputed provisions, by name."""
        return self.checked.readings

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """Its provisions, in the order of the document."""
        return self.checked.provisions

    @property
    def notices(self) -> tuple[NoticeChange, ...]:
        """What notices changed in it, or set where it was left open."""
        return self.checked.notices

    @property
    def cliffs(self) -> tuple[Cliff, ...]:
        """Where a little more of a quantity gives less, or a formula takes another way."""
        from voucher_rules.checked.cliffs import list_cliffs

        return list_cliffs(self.checked)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Its rules, by id, in the order of the document."""
        return self.checked.rules

    def facts(self, decision: str) -> dict[str, Input]:
        """Return what a decision reads of a case, by name. Raises :class:`~.errors.InputError`."""
        return dict(self.program(decision).inputs)

    def program(self, decision: str) -> Program:
        """Return the ordered steps of a decision. Raises :class:`~voucher_rules.InputError`."""
        if not is_text(decision) or decision not in self.checked.decisions:
            name = decision if is_text(decision) else type(decision).__name__
            arguments = {"name": name, "near": suggest_name(name, list(self.decisions))}
            raise InputError([Diagnostic("unknown-decision", arguments)])
        if decision not in self._programs:
            self._programs[decision] = build_program(self.checked, decision)
        return self._programs[decision]

    def decide(  # noqa: PLR0913 - each argument is one thing a decision rests on
        self,
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        placed_by: str = "",
        source: Source | None = None,
    ) -> Decision:
        """Decide a case.

        ``facts`` maps names to values: Python values (``bool``, ``int``, ``Decimal``, ``date`` …),
        text as people write it (``"4000元"``, ``"30%"``), ``"none"`` and ``"unknown"``, or
        ``{"value": …, "source": …}`` with where it comes from. What is left out is unknown. Plain
        numbers of money count in the main unit (yuan). ``on`` is the day that fixes the law, where
        the facts do not state it; ``readings`` chooses how disputed provisions are read;
        ``assume_in_force`` decides under a draft as if it were law; ``placed_by`` cites the rule of
        transition by which the case falls under this edition whatever day fixes the law.
        ``source`` is the file the facts were read from, for the places in messages.

        Raises :class:`~voucher_rules.InputError` with every fault of the facts; nothing else.
        """
        key = _key_question(decision, readings, placed_by, assumed=assume_in_force)
        often = None if key is None or source is not None else self._habit.find(key)
        if often is not None:
            day = None if on is None else read_on(on)
            return Decision(None, verdict=often.decide(facts, day))
        program, case, options = self._prepare(
            decision,
            facts,
            on=on,
            readings=readings or {},
            assume_in_force=assume_in_force,
            placed_by=placed_by,
            source=source,
        )
        if key is not None:
            self._habit.keep(key, program, options, self.overlays)
        return Decision(decide(program, case, options, self.overlays))

    def decide_all_readings(  # noqa: PLR0913 - as decide
        self,
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        placed_by: str = "",
        source: Source | None = None,
    ) -> tuple[Decision, tuple[OtherReading, ...]]:
        """Decide a case as :meth:`decide` does, and under every other way to read it.

        Each option of each disputed provision the decision rests on is tried by itself, and those
        the ruleset declares to go together also in pairs. Raises as :meth:`decide` does.
        """
        program, case, options = self._prepare(
            decision,
            facts,
            on=on,
            readings=readings or {},
            assume_in_force=assume_in_force,
            placed_by=placed_by,
            source=source,
        )
        from voucher_rules.whatif.readings import study_readings

        study = study_readings(program, case, options, self.overlays)
        others = tuple(
            OtherReading(
                item.chosen,
                Decision(item.result),
                item.differs,
                {
                    name: to_main_unit(value, program.decision.outputs[name].type.unit)
                    for name, value in item.differences.items()
                },
            )
            for item in study.effects
        )
        return Decision(study.base), others

    def _prepare(  # noqa: PLR0913 - as decide
        self,
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None,
        readings: Mapping[str, str],
        assume_in_force: bool,
        placed_by: str,
        source: Source | None,
    ) -> tuple[Program, Case, Options]:
        """Return the program, the case read against it, and the options of a decision."""
        program = self.program(decision)
        chosen = choose_options(self.checked, readings, assume_in_force=assume_in_force)
        options = replace(chosen, placed_by=placed_by)
        day = None if on is None else read_on(on)
        return program, read_case(program, facts, source, day), options

    @property
    def changes(self) -> tuple[Change, ...]:
        """What what-ifs made otherwise in it, in the order they were made; nothing in a law."""
        return tuple(x.change for x in self.overlays if x.change is not None)

    def tell_changes(self, language: str = "zh") -> str:
        """Return what what-ifs made otherwise, a line each. Raises ValueError for a language."""
        check_language(language)
        from voucher_rules.explain.values import Writer
        from voucher_rules.explain.whatifs import tell_what_if

        writer = Writer(self.checked, language)
        return "".join(f"{tell_what_if(writer, change)}\n" for change in self.changes)

    def amend(
        self,
        settings: Mapping[str, Any] | None = None,
        /,
        *,
        from_: date | str | None = None,
        until: date | str | None = None,
        **named: Any,  # noqa: ANN401 - each a value of its parameter's type
    ) -> Ruleset:
        """Return the ruleset with something changed, checked whole: a what-if.

        What is changed stands by its name, or in ``settings`` where that is no name of Python:
        parameters (``cap``, ``cap[small]``), the default of a reading (``reading.day``), a rule
        left out (``rule.cap``: ``"off"``) and a formula or condition of one (``rule.cap.when``).
        Values are text in the notation of rulesets, or Python values as :meth:`decide` takes them;
        a mapping for cells of a table, a list of mappings for the brackets of a scale; one that
        holds on some days only is a :class:`~voucher_rules.Dated`, or has its days in ``from_`` and
        ``until``. What is changed in a ruleset that was amended stacks upon it.

        Raises :class:`~voucher_rules.InputError` for a name there is not, a change that changes
        nothing, the same one twice, and where the result is no ruleset.
        """
        from voucher_rules.api.amending import name_changes, read_changes

        stated = name_changes(settings, named, from_, until)
        return alter_ruleset(self, read_changes(self.checked, stated))

    def state_start(self, day: date | str) -> Ruleset:
        """Return the ruleset of a document that states no first day, with that day stated.

        Decisions under it know whether the document is in force and until when, and tell that
        somebody else than the document stated the day. Raises :class:`~voucher_rules.InputError`
        where the document states it, has no force (a draft), or the day is none.
        """
        from voucher_rules.catalog.starting import state_first_day

        start = read_on(day, "in_force_from")
        loaded, checked = state_first_day(self.loaded, self.checked, start)
        origin = None if self.origin is None else self.origin.state_start(start)
        return replace(self, given=loaded, checked=checked, origin=origin)

    def amend_from(self, what_if: Path | str) -> Ruleset:
        """Return the ruleset with the changes of a what-if file, or of its text, checked whole.

        A text of one line is the path of a file. Raises :class:`~voucher_rules.InputError` with
        every mistake at its line, :class:`~voucher_rules.RulesetNotFoundError` where a file cannot
        be read or there is no such edition.
        """
        from voucher_rules.api.what_if_files import (
            check_edition,
            check_head,
            describe_edition,
            open_what_if,
        )

        loaded = open_what_if(what_if)
        check_head(loaded, self.checked)
        if loaded.edition is None:
            return alter_ruleset(self, loaded.alterations, loaded.source)
        check_edition(loaded, self.checked, amended=bool(self.overlays))
        other = load(self.id, str(loaded.edition), folders=self.folders, known=self.known)
        change = describe_edition(loaded, self.checked)
        made = Overlay(change.kind, change.target, change.before, change.after, change=change)
        taken = replace(other, overlays=(made,))
        if not loaded.alterations:
            return taken
        return alter_ruleset(taken, loaded.alterations, loaded.source)

    def __repr__(self) -> str:
        decisions = ", ".join(self.decisions)
        return f"<Ruleset {self.id} {self.edition}: {decisions}>"


def alter_ruleset(
    ruleset: Ruleset, alterations: Sequence[Alteration], source: Source | None = None
) -> Ruleset:
    """Return a ruleset with changes made that were read already, as one layer upon it.

    ``source`` is the file they stand in. Raises as :meth:`Ruleset.amend` does.
    """
    from voucher_rules.api.amending import place_in_program
    from voucher_rules.catalog.whatifs import amend_ruleset

    try:
        made = amend_ruleset(ruleset.loaded, ruleset.checked, alterations, source, ruleset.changes)
    except InputError as error:
        raise place_in_program(error) from None
    loaded, checked, changes = made
    overlays = [Overlay(x.kind, x.target, x.before, x.after, change=x) for x in changes]
    return replace(
        ruleset,
        given=loaded,
        checked=checked,
        overlays=(*ruleset.overlays, *overlays),
        origin=ruleset if ruleset.origin is None else ruleset.origin,
        layers=(*ruleset.layers, tuple(alterations)),
    )
