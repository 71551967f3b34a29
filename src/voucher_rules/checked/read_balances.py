"""Comes in: a balance of a document beside its lifecycles. Goes out: a typed one, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.declarations import RULESET_ID
from voucher_rules.checked.find_facts import find_fact, find_typed_fact
from voucher_rules.checked.histories import (
    EVERYONE,
    UNKNOWN,
    Balance,
    Lifecycle,
    Measure,
    Standing,
)
from voucher_rules.checked.read_records import find_list, read_fields
from voucher_rules.checked.read_spans import check_dated, read_dated, read_names, read_within
from voucher_rules.checked.structure import Structure
from voucher_rules.language.types import BOOLEAN, DATE, Kind, Type
from voucher_rules.ruleset.histories import BalanceDoc
from voucher_rules.sources.tree import Scalar

_OF_ITS_OWN: Final = frozenset({"set", "records"})
"""Measures that speak of choices and states, which another ruleset may have otherwise."""


def read_balance(
    structure: Structure, lifecycles: Mapping[str, Lifecycle], name: Scalar, doc: BalanceDoc
) -> Balance | None:
    """Return a balance under the name of the input it fills, or None once faults are reported."""
    held, _, part = doc.target.partition(".")
    lifecycle = lifecycles.get(held)
    if lifecycle is None:
        near = structure.made.report.suggest(held, lifecycles)
        structure.made.report.add("unknown-name", doc.target, name=held, near=near)
        return None
    before = len(structure.made.report.found)
    found = BalanceReader(structure, lifecycle, doc).read(name, part)
    return found if len(structure.made.report.found) == before else None


@dataclass(frozen=True, slots=True)
class BalanceReader:
    """Reads a balance whose lifecycle is known."""

    structure: Structure
    lifecycle: Lifecycle
    doc: BalanceDoc

    def read(self, name: Scalar, part: str) -> Balance | None:
        """Return the balance; ``part`` is what it is taken of beside the lifecycle's name."""
        doc, structure, lifecycle = self.doc, self.structure, self.lifecycle
        made = structure.made
        of = self._read_part(part)
        if doc.fills is not None:
            self._check_filled(doc.fills)
        elif doc.measure == "sum":
            self._check_currency()
        self._check_whose()
        self._check_across()
        otherwise = self._read_otherwise()
        fields = read_fields(structure, lifecycle, doc)
        within = read_within(structure, doc.within, doc.of)
        states = read_names(structure, doc.states or (), lifecycle.states)
        dates = () if doc.across else tuple(self._list_dates())
        dated_by = read_dated(structure, lifecycle, doc.dated_by, doc.states or (), dates)
        standings = [made.read_option(word, tuple(Standing)) for word in doc.standings or ()]
        if within is None:
            return None
        return Balance(
            name=str(doc.fills or f"ledger.{name}"),
            measure=Measure(doc.measure),
            lifecycle=lifecycle.name,
            states=states,
            per=() if self._is_of_all() else self._read_whose(),
            dated_by=dated_by,
            within=within,
            of=of,
            standings=tuple(Standing(word) for word in standings if word in tuple(Standing)),
            others_only=made.read_flag(doc.others_only),
            with_related=made.read_flag(doc.with_related),
            across=tuple(str(word) for word in doc.across or ()),
            otherwise=otherwise,
            fields=fields,
        )

    def _read_part(self, part: str) -> str:
        """Return what is measured beside the amount; report what the measure cannot take."""
        report, target, name = self.structure.made.report, self.doc.target, self.lifecycle.name
        known = self._list_parts()
        if part in known:
            if known[part] in self.lifecycle.states:
                check_dated(self.structure, self.lifecycle, known[part], self.doc.states or ())
            return known[part]
        carried = self.lifecycle.carries.get(part)
        if self.doc.measure == "sum" and part == "amount":
            report.add("holds-nothing", target, name=name)
        elif carried is not None and self.doc.measure in {"first", "last"}:
            report.add("type-mismatch", target, expected=str(DATE), found=str(carried.type))
        elif carried is not None and self.doc.measure == "set":
            report.add("type-mismatch", target, expected="choice", found=str(carried.type))
        else:
            whole = [f"{name}.{item}" if item else name for item in known]
            report.add("unknown-name", target, name=target, near=report.suggest(target, whole))
        return ""

    def _list_parts(self) -> dict[str, str]:
        """Return what may stand behind the lifecycle's name, and what is then measured."""
        carried = self.lifecycle.carries
        match self.doc.measure:
            case "sum":
                return {"amount": ""} if self.lifecycle.currency else {}
            case "distinct":
                return {name: name for name in carried}
            case "set":
                return {key: key for key in carried if carried[key].type.kind is Kind.CHOICE}
            case "first" | "last":
                moments = {f"{state}_at": state for state in self.lifecycle.states}
                return moments | {name: name for name in self._list_dates()}
            case _:
                return {"": ""}

    def _list_dates(self) -> list[str]:
        return [name for name, item in self.lifecycle.carries.items() if item.type == DATE]

    def _check_currency(self) -> None:
        unit, currency = self.doc.unit, self.lifecycle.currency
        if unit is not None and currency and str(unit) != currency:
            wanted, found = Type(Kind.MONEY, currency), Type(Kind.MONEY, str(unit))
            self.structure.made.report.add(
                "type-mismatch", unit, expected=str(wanted), found=str(found)
            )

    def _check_filled(self, word: Scalar) -> None:
        """Check that the fact a balance fills has its type, and can be none where that can be."""
        made, doc = self.structure.made, self.doc
        match doc.measure:
            case "sum":
                currency = str(doc.unit or self.lifecycle.currency)
                self._check_currency()
                find_typed_fact(made, word, Type(Kind.MONEY, currency))
            case "first" | "last":
                fact = find_typed_fact(made, word, DATE)
                if fact is not None and not fact.optional and doc.otherwise is None:
                    made.report.add("fact-not-optional", word, name=word)
            case "holds":
                find_typed_fact(made, word, BOOLEAN)
            case "set":
                self._check_set(word)
            case "records":
                find_list(made, word)
            case _:
                self._check_count(word)

    def _check_set(self, word: Scalar) -> None:
        carried = self.lifecycle.carries.get(self.doc.target.partition(".")[2])
        if carried is not None and carried.type.kind is Kind.CHOICE:
            wanted = Type(Kind.SET, carried.type.unit, carried.type.options)
            find_typed_fact(self.structure.made, word, wanted)

    def _read_otherwise(self) -> str:
        """Return what holds where there is no day: a date the case always has, or the unknown."""
        made, word = self.structure.made, self.doc.otherwise
        if word is None:
            return ""
        if self.doc.measure not in {"first", "last"}:
            made.report.add("key-does-not-fit", word, key="otherwise", type=self.doc.measure)
        elif word != UNKNOWN:
            fact = find_typed_fact(made, word, DATE)
            if fact is not None and (fact.optional or fact.applies is not None):
                made.report.add("otherwise-may-be-none", word, name=word)
        return str(word)

    def _check_count(self, word: Scalar) -> None:
        """A count takes its unit from the fact it fills."""
        made, unit = self.structure.made, self.doc.unit
        fact = find_fact(made, word)
        if fact is None or (fact.type.kind is Kind.COUNT and unit in {None, fact.type.unit}):
            return
        wanted = Type(Kind.COUNT, str(unit or ""))
        made.report.add("type-mismatch", word, expected=str(wanted), found=str(fact.type))

    def _is_of_all(self) -> bool:
        return tuple(map(str, self.doc.per)) == (EVERYONE,)

    def _read_whose(self) -> tuple[str, ...]:
        return read_names(
            self.structure, self.doc.per, {self.lifecycle.name, *self.lifecycle.carries}
        )

    def _check_whose(self) -> None:
        """What looks at others, or at a group, must go by more than the thing itself."""
        report, name = self.structure.made.report, self.lifecycle.name
        whose = {str(word) for word in self.doc.per}
        if self.doc.others_only is not None and name in whose:
            report.add("key-does-not-fit", self.doc.others_only, key="others_only", type=name)
        if self.doc.with_related is not None and whose in ({name}, {EVERYONE}):
            report.add("key-does-not-fit", self.doc.with_related, key="with_related", type=name)

    def _check_across(self) -> None:
        report = self.structure.made.report
        if self.doc.across and self.doc.measure in _OF_ITS_OWN:
            report.add("key-does-not-fit", self.doc.across[0], key="across", type=self.doc.measure)
        for word in self.doc.across or ():
            if not RULESET_ID.fullmatch(word):
                report.add("bad-ruleset-id", word, name=word)
            elif word == self.structure.made.document.ruleset:
                report.add("across-itself", word, name=word)
