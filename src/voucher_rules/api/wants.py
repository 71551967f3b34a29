"""Comes in: nothing. Goes out: what studies take as arguments, to be checked before they begin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.arguments import FLAG, MAPPING, TEXT, WHOLE, Want, check_all, tell_kind
from voucher_rules.batch.cases.joining import Records
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.whatif.regimes import Regime

MOST_JOBS: Final = 1024
RULESET: Final = Want((Ruleset,), "Ruleset")
WORD: Final = TEXT
LAW: Final = Want((Ruleset, Regime), "Ruleset or Regime")
CHANGED: Final = Want((Ruleset, Regime, Mapping), "Ruleset, Regime or mapping")
REGIMES: Final = Want((Regime,), "Regime", several=True)
DAY: Final = Want((date, str), "day")
_CALLED: Final = Want((Callable,), "function")  # type: ignore[arg-type]  # isinstance takes it


@dataclass(frozen=True, slots=True)
class Listed(Want):
    """A list of anything, never a text gone through letter by letter."""

    def optional(self) -> Listed:
        """Return the same, where None may stand too."""
        return Listed(self.kinds, self.told, or_none=True)

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield that it is no list."""
        if given is None and self.or_none:
            return
        if isinstance(given, str | bytes | int | float) or given is None:
            yield Diagnostic("argument-not-a-list", {"name": name, "found": tell_kind(given)})
        elif isinstance(given, Mapping) or not isinstance(given, Collection):
            yield self._name_fault(name, given, "list")


@dataclass(frozen=True, slots=True)
class MappingOf(Want):
    """A mapping from names; ``listed`` tells that each stands for a list and never for one item."""

    listed: bool = False
    held: tuple[type, ...] = (object,)
    """The types that what a name stands for may have, where it is no list."""
    called: str = ""
    """How those are told in messages."""

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield what is wrong with a mapping, or with what it holds."""
        if not isinstance(given, Mapping):
            if given is not None or not self.or_none:
                yield self._name_fault(name, given)
            return
        inner = LIST if self.listed else Want(self.held, self.called)
        for key, item in given.items():
            if isinstance(key, str):
                yield from inner.find_faults(f"{name}[{key}]", item)
            else:
                yield from TEXT.find_faults(f"{name}: {key}", key)


@dataclass(frozen=True, slots=True)
class Groups(Want):
    """What to group by: names of columns, or mappings of such to the ends of bands."""

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield what is wrong with what is grouped by."""
        if isinstance(given, str):
            return
        if isinstance(given, Mapping):
            yield from BANDS.find_faults(name, given)
        elif not isinstance(given, Collection) or isinstance(given, bytes):
            yield self._name_fault(name, given)
        else:
            for place, item in enumerate(given):
                if isinstance(item, Mapping):
                    yield from BANDS.find_faults(f"{name}[{place}]", item)
                elif not isinstance(item, str):
                    yield self._name_fault(f"{name}[{place}]", item)


@dataclass(frozen=True, slots=True)
class ForEach(Want):
    """A mapping for all regimes, or a list with one for each."""

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield what is wrong with the mappings."""
        if isinstance(given, Mapping):
            return
        if isinstance(given, str | bytes) or not isinstance(given, Collection):
            yield self._name_fault(name, given)
            return
        for place, item in enumerate(given):
            yield from MAPPING.find_faults(f"{name}[{place}]", item)


LIST: Final = Listed((), "list")
BANDS: Final = MappingOf((Mapping,), "mapping", listed=True)
BY: Final = Groups((str, Mapping), "name of a column")
VALUES: Final = MappingOf((Mapping,), "mapping", listed=True)
FOR_EACH: Final = ForEach((Mapping,), "mapping")
CARRIES: Final = MappingOf(
    (Mapping,), "mapping", or_none=True, held=(str,), called="name of a column"
)
_OPTIONS: Final[Mapping[str, Want]] = {
    "on": Want((date, str), "day", or_none=True),
    "columns": MAPPING.optional(),
    "facts": MAPPING.optional(),
    "records": MappingOf((Mapping,), "mapping", held=(Records,), called="Records"),
    "floats": TEXT,
    "readings": MAPPING,
    "assume_in_force": FLAG,
    "output": TEXT,
    "jobs": WHOLE.optional(),
    "tell": _CALLED.optional(),
    "executor": _CALLED.optional(),
}


_SHARED: Final = frozenset(_OPTIONS) - {"output", "tell", "executor"}
"""Those that every table takes, whatever becomes of it."""
_READING: Final[Mapping[str, Want]] = {x: y for x, y in _OPTIONS.items() if x in _SHARED} | {
    "keys": Want((str,), "name of a column", several=True)
}


def check_names(options: Iterable[str], known: Iterable[str]) -> None:
    """Check that there are such options. Raises TypeError, as any function does."""
    unknown = sorted(set(options) - set(known))
    if unknown:
        message = f"unexpected argument: {', '.join(unknown)}"
        raise TypeError(message)


def check_reading(options: Mapping[str, Any]) -> None:
    """Check how a table is to be read. Raises :class:`~voucher_rules.InputError`."""
    check_all(_READING, options)
    _check_jobs(options.get("jobs"))


def check_table_options(options: Mapping[str, Any]) -> None:
    """Check how a table is to be read and decided. Raises :class:`~voucher_rules.InputError`.

    Raises TypeError for an option there is not.
    """
    check_names(options, _OPTIONS)
    check_all(_OPTIONS, options)
    _check_jobs(options.get("jobs"))


def _check_jobs(jobs: int | None) -> None:
    if jobs is not None and not 1 <= jobs <= MOST_JOBS:
        told = {"found": str(jobs), "low": "1", "high": str(MOST_JOBS)}
        raise InputError([Diagnostic("out-of-range", told, path="jobs")])
