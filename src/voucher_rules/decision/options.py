"""Comes in: readings chosen for a ruleset. Goes out: what a decision is taken under, or refusal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.law import Options
from voucher_rules.decision.stated import is_text
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.names import suggest_name


def check_settings(settings: Mapping[str, str], path: str) -> None:
    """Check that settings map text to text, by exact type. Raises InputError."""
    fits = type(settings) in (dict, MappingProxyType)
    if not fits or not all(is_text(item) for pair in settings.items() for item in pair):
        arguments = {"found": type(settings).__name__}
        raise InputError([Diagnostic("bad-setting", arguments, path=path)])


def choose_options(
    ruleset: CheckedRuleset, readings: Mapping[str, str], *, assume_in_force: bool = False
) -> Options:
    """Return what a decision is taken under, with the default of every reading not chosen.

    Raises :class:`~voucher_rules.InputError` for a reading or an option there is not.
    """
    return Options(_choose_readings(ruleset, readings), assume_in_force)


def _choose_readings(ruleset: CheckedRuleset, chosen: Mapping[str, str]) -> dict[str, str]:
    found = []
    check_settings(chosen, "readings")
    made = {name: reading.default for name, reading in ruleset.readings.items()}
    for name, option in chosen.items():
        reading = ruleset.readings.get(name)
        if reading is None:
            near = suggest_name(name, list(made))
            found.append(Diagnostic("unknown-reading", {"name": name, "near": near}))
        elif option not in reading.options:
            near = suggest_name(option, list(reading.options))
            listed = ", ".join(reading.options)
            arguments = {"found": option, "options": listed, "near": near}
            found.append(Diagnostic("not-one-of", arguments, path=f"reading.{name}"))
        else:
            made[name] = option
    if found:
        raise InputError(found)
    return made
