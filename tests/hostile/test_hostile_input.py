"""Comes in: hostile input, at every door. Goes out: a failure where the answer is not the right one.

Each row says what comes in, through which door, and what must come of it: a diagnostic code at its
place, or a value. Whatever escapes as another exception than the library's own is a defect. The
number in front of a test's name counts the class of input: the rows of one class stand together.

Run as a script with the numbers of rows, this module prints the codes of each: so a row that may
hang is tried in another process, which can be ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_UP, Decimal, Inexact, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import ValidationError

import voucher_rules as vr
from voucher_rules.api import Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Symbol
from voucher_rules.decision.case import read_case
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError, InputError, RulesetError
from voucher_rules.language.terms import Role
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.sources.json import read_json
from voucher_rules.sources.tree import MAX_BYTES, MAX_NODES, Scalar, Source
from voucher_rules.sources.tree import Mapping as ReadMapping
from voucher_rules.sources.yaml import read_yaml
from voucher_rules.spans import Span
from voucher_rules.values.model import NONE, Period, PeriodUnit

RULESETS: Final = Path(__file__).resolve().parents[1] / "rulesets"
MINIMAL: Final = (RULESETS / "minimal" / "good" / "minimal.yaml").read_text(encoding="utf-8")
EVERY_TYPE: Final = RULESETS / "types" / "good" / "every_type.yaml"

CNY: Final = "CNY"
CHINA: Final = timezone(timedelta(hours=8))


class Door(StrEnum):
    """Where something comes in."""

    RULESET = "ruleset"
    """The bytes of a ruleset file."""
    PARAMETER = "parameter"
    """A type, and the YAML of a parameter's value inside a ruleset."""
    FACTS_YAML = "facts_yaml"
    FACTS_JSON = "facts_json"
    FACTS = "facts"
    """A mapping of Python values."""
    EXPRESSION = "expression"
    DECISION = "decision"
    """The bytes of a ruleset file, and the facts of a case to decide under it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused with a code; at a line and a column, where there are lines; with words in it.

    ``code`` is empty where the right code has no name yet.
    """

    code: str
    at: tuple[int, int] | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Accepted, and read as a value."""

    value: object = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Refused or accepted, whichever: but answered."""


Expected = Refused | Accepted | Answered


@dataclass(frozen=True, slots=True)
class Row:
    """One hostile input and the right answer to it.

    ``wrong`` says how the library answers where it is not right yet. ``apart`` tells that a wrong
    answer may be none at all: the row is tried in a process that can be ended.
    """

    row: int
    what: str
    door: Door
    given: Any
    expected: Expected
    wrong: str = ""
    apart: bool = False

    def __str__(self) -> str:
        return f"row={self.row}-{self.door}-{self.what}"


FACT: Final = {
    "boolean": "applicant.local",
    "choice": "applicant.size",
    "count": "applicant.staff",
    "date": "claim.date",
    "id": "applicant.code",
    "instant": "claim.submitted_at",
    "money": "contract.amount",
    "number": "applicant.index",
    "optional money": "pool.left",
    "period": "contract.lasts",
    "ratio": "applicant.share",
    "set": "claim.papers",
    "text": "applicant.name",
}
"""A fact of each type in the ruleset of every type."""
UNITS: Final = {"count": "\n        unit: 人", "period": "\n        unit: day"}
TEXT_DOORS: Final = (Door.PARAMETER, Door.FACTS_YAML, Door.FACTS_JSON, Door.FACTS)
FACT_DOORS: Final = (Door.FACTS_YAML, Door.FACTS_JSON, Door.FACTS)


def fill_parameter(kind: str, written: str) -> tuple[bytes, tuple[int, int]]:
    """Return a ruleset whose one parameter has this value, and the place of the value."""
    before, after = MINIMAL.split("    no_rule: purpose\n")
    head = (
        f"{before}    parameters:\n      tested:\n        type: {kind}{UNITS.get(kind, '')}\n"
        "        informative: true\n        label: {zh: 例, en: example}\n        value: "
    )
    line = head.count("\n") + 1
    column = len(head) - head.rindex("\n")
    return f"{head}{written}\n{after}".encode(), (line, column)


def edit(old: str, new: str) -> bytes:
    """Return the minimal ruleset with one part of its text replaced."""
    assert MINIMAL.count(old) == 1
    return MINIMAL.replace(old, new).encode()


def place(old: str, skip: int = 0) -> tuple[int, int]:
    """Return the line and column of a part of the minimal ruleset, ``skip`` characters in."""
    start = MINIMAL.index(old) + skip
    return MINIMAL.count("\n", 0, start) + 1, start - MINIMAL.rfind("\n", 0, start)


def each(  # noqa: PLR0913 - the columns of the table
    row: int,
    kind: str,
    text: str,
    expected: Expected | str,
    *,
    doors: tuple[Door, ...] = TEXT_DOORS,
    wrong: str = "",
) -> Iterator[Row]:
    """Yield a row for each door through which a text may come as the value of a type."""
    answer = Refused(expected) if isinstance(expected, str) else expected
    shown = text if len(text) < 30 else f"{text[:20]}…"
    for door in doors:
        given: object = {FACT[kind]: text}
        if door is Door.PARAMETER:
            given = (kind, text)
        elif door is Door.FACTS_YAML:
            given = f"{FACT[kind]}: {text}\n".encode()
        elif door is Door.FACTS_JSON:
            given = json.dumps(given, ensure_ascii=False).encode()
        yield Row(row, f"{kind} {shown}", door, given, answer, wrong)


def quoted(text: str) -> str:
    """Return a text as YAML quotes it."""
    return json.dumps(text, ensure_ascii=False)


# What goes through the doors.


@cache
def every_type() -> Ruleset:
    return vr.load(EVERY_TYPE)


def read_facts(facts: Any, source: Source | None = None) -> object:  # noqa: ANN401 - hostile
    case = read_case(every_type().program("claim"), facts, source)
    names = [name for name in facts if type(name) in (str, Scalar)]
    return case.values[names[0]] if names else None


def read_parameter(kind: str, written: str) -> object:
    checked = check_ruleset(load_ruleset(fill_parameter(kind, written)[0], "tested.yaml"))
    return checked.parameters["tested"].values[0].value


def read_expression(text: str) -> object:
    checked = every_type().checked
    scope = {
        name: Symbol(name, item.role, item.type, item) for name, item in checked.inputs.items()
    }
    scope |= {n: Symbol(n, Role.PARAMETER, p.type, p) for n, p in checked.parameters.items()}
    at = Span("tested.yaml", 1, 1)
    report = Report(Source("tested.yaml", text, ReadMapping()))
    term = TermBuilder(scope, report).build(Scalar(text, at))
    if report.found:
        raise RulesetError(report.found)
    return str(term.type) if term else None


def enter(row: Row) -> object:
    """Bring a row through its door; return what it was read as, or raise."""
    match row.door:
        case Door.RULESET:
            return check_ruleset(load_ruleset(row.given, "tested.yaml")).id
        case Door.PARAMETER:
            return read_parameter(*row.given)
        case Door.FACTS_YAML:
            source = read_yaml(row.given, "tested.yaml")
            return read_facts(source.root, source)
        case Door.FACTS_JSON:
            source = read_json(row.given, "tested.json")
            return read_facts(source.root, source)
        case Door.FACTS:
            return read_facts(row.given() if callable(row.given) else row.given)
        case Door.EXPRESSION:
            return read_expression(row.given)
        case Door.DECISION:
            data, facts = row.given
            return str(make_ruleset(data).decide("claim", facts).outcome)


def make_ruleset(data: bytes) -> Ruleset:
    loaded = load_ruleset(data, "tested.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("tested.yaml"))


def list_codes(row: Row) -> list[str]:
    try:
        enter(row)
    except DiagnosedError as error:
        return [item.code for item in error.diagnostics]
    return []


# Objects of Python that no table of texts can hold.


class HostileText(str):
    """A text that runs code of its own when it is looked at."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __ne__(self, other: object) -> bool:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError

    __hash__ = str.__hash__


class AgreeableText(str):
    """A text that says it is equal to every other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class HostileObject:
    """An object that refuses to be looked at."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError


class HostileDict(dict[str, object]):
    """A mapping that runs code of its own when it is looked into."""

    def __contains__(self, key: object) -> bool:
        raise RuntimeError


class HostileZone(tzinfo):
    """A time zone that does not know its offset."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        del moment
        raise RuntimeError


class Answer(StrEnum):
    NONE = "none"
    SMALL = "small"


class SmallText(str):
    __slots__ = ()


class SmallDecimal(Decimal):
    pass


class SmallInt(int):
    pass


class Float64(float):
    """What a number of numpy's looks like: a float by inheritance."""


class LaterDate(date):
    pass


def nest_lists(depth: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(depth):
        made = [made]
    return made


def read_members_of(answer: object) -> dict[str, object]:
    return {"claim.papers": {"contract": answer}}


LAUGHS: Final = b"a: &a [lol, lol]\n" + b"".join(
    f"{y}: &{y} [{', '.join([f'*{x}'] * 9)}]\n".encode()
    for x, y in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES: Final = b"a: &a {k: v}\n" + b"".join(
    f"{y}: &{y} {{<<: [{', '.join([f'*{x}'] * 9)}]}}\n".encode()
    for x, y in zip("abcdefgh", "bcdefghi", strict=True)
)
TITLE: Final = "title: {zh: 例, en: example}\ndocument"


def retitle(text: str) -> bytes:
    """Return the minimal ruleset with another English title."""
    return edit(TITLE, f"title: {{zh: 例, en: {text}}}\ndocument")


TITLE_PLACE: Final = place(TITLE, len("title: {zh: 例, en: "))


def add_provision(text: str) -> bytes:
    return (MINIMAL + text).encode()


def name_fact(name: str) -> bytes:
    return edit("  claim.date: {type", f"  {name}: {{type")


def square(times: int) -> bytes:
    """Return a ruleset that squares a number again and again, by one definition after another."""
    rules = [
        f"      - {{id: d{i}, topic: fee, for: claim, define: x{i}, as: {'x' + str(i - 1) if i else 'a.n'} * "
        f"{'x' + str(i - 1) if i else 'a.n'}}}\n"
        for i in range(times)
    ]
    text = MINIMAL.replace("    no_rule: purpose\n", "    rules:\n" + "".join(rules))
    text = text.replace(
        "decisions:\n", "  a.n: {type: number, label: {zh: 数, en: n}}\ndecisions:\n", 1
    )
    says = "says: {zh: 例, en: x}"
    return f"{text}      - {{id: end, topic: fee, for: claim, require: x{times - 1} > 0, {says}}}\n".encode()


def chain(length: int, *, closed: bool = False) -> bytes:
    """Return a ruleset whose definitions make a chain; closed, it ends where it begins."""
    first = f"x{length - 1}" if closed else "a.n"
    names = [first, *(f"x{i}" for i in range(length))]
    rules = [
        f"      - {{id: d{i}, topic: fee, for: claim, define: x{i}, as: {names[i]}}}\n"
        for i in reversed(range(length))
    ]
    text = MINIMAL.replace("    no_rule: purpose\n", "    rules:\n" + "".join(rules))
    text = text.replace(
        "decisions:\n", "  a.n: {type: number, label: {zh: 数, en: n}}\ndecisions:\n", 1
    )
    says = "says: {zh: 例, en: x}"
    return (
        f"{text}      - {{id: end, topic: fee, for: claim, require: x{length - 1} > a.n, {says}}}\n"
    ).encode()


def add_parameter(body: str) -> bytes:
    before, after = MINIMAL.split("    no_rule: purpose\n")
    return f"{before}    parameters:\n      tested: {{informative: true, label: {{zh: 例, en: x}}, {body}}}\n{after}".encode()


def repeat_facts(count: int) -> bytes:
    lines = [
        f"  claim.fact_{i}: {{type: boolean, label: {{zh: 例, en: x}}}}\n" for i in range(count)
    ]
    rules = [
        f"      - {{id: r{i}, topic: cap, for: claim, require: claim.facts_{i}, says: {{zh: 例, en: x}}}}\n"
        for i in range(count)
    ]
    text = MINIMAL.replace("decisions:\n", "".join(lines) + "decisions:\n", 1)
    return text.replace("    no_rule: purpose\n", "    rules:\n" + "".join(rules)).encode()


R, Y, J, P, X = Door.RULESET, Door.FACTS_YAML, Door.FACTS_JSON, Door.FACTS, Door.EXPRESSION
DEEP: Final = "too-deep"
LONG_INT: Final = 10**5000


def list_rows() -> Iterator[Row]:
    yield from list_yaml_rows()
    yield from list_number_rows()
    yield from list_date_rows()
    yield from list_character_rows()
    yield from list_name_rows()
    yield from list_python_rows()
    yield from list_ruleset_rows()
    yield from list_expression_rows()


def list_yaml_rows() -> Iterator[Row]:
    yield Row(1, "billion laughs", R, LAUGHS, Refused("anchor", (1, 4)), apart=True)
    yield Row(1, "billion laughs", Y, LAUGHS, Refused("anchor", (1, 4)), apart=True)
    yield Row(2, "bomb of merge keys", R, MERGES, Refused("merge-key", (2, 8)), apart=True)
    yield Row(2, "merge key", R, retitle("x}\n<<: {a: b"), Refused("merge-key", (6, 1)))
    yield Row(3, "alias to itself", R, b"a: &a [*a]\n", Refused("alias", (1, 8)))
    for depth, door in ((2_000, R), (2_000, Y), (100_000, R), (100_000, Y)):
        lists = b"a:\n  " + b"[" * depth
        yield Row(4, f"{depth} lists", door, lists, Refused(DEEP, (2, 42)), apart=True)
    yield Row(5, "100000 lists", J, b'{"a":' + b"[" * 100_000, Refused(DEEP), apart=True)
    yield Row(5, "2000 lists", J, b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}", Refused(DEEP))
    maps = b"".join(b" " * i + b"a:\n" for i in range(1_400))
    yield Row(6, "1400 mappings", R, maps, Refused(DEEP, (41, 41)), apart=True)
    yield Row(6, "mappings as keys", R, b"? " * 1_000 + b"a", Refused("key-not-text", (1, 3)))
    yield Row(6, "list as key", R, b"? [a]\n: b\n", Refused("key-not-text", (1, 3)))
    keys = b"".join(b"key%d: x\n" % i for i in range(MAX_NODES))
    yield Row(7, "50000 keys", R, keys, Refused("too-many-nodes"), apart=True)
    yield Row(7, "over a mebibyte", R, b"#" * (MAX_BYTES + 1), Refused("file-too-large", (1, 1)))
    yield Row(7, "over a mebibyte", Y, b"#" * (MAX_BYTES + 1), Refused("file-too-large", (1, 1)))
    yield Row(7, "over a mebibyte", J, b" " * (MAX_BYTES + 1), Refused("file-too-large"))
    many = (b"\0" * 250_000, b"a:\n" + b"- \n" * 40_000, repeat_facts(1_500))
    yield Row(7, "250000 NULs", R, many[0], Refused("hidden-character"), apart=True)
    yield Row(7, "40000 nulls", R, many[1], Refused("null-value"), apart=True)
    yield Row(7, "1500 mistyped names", R, many[2], Refused("unknown-name"), apart=True)
    twice = retitle("x}\ntitle: {zh: 例, en: x")
    yield Row(8, "key twice", R, twice, Refused("duplicate-key", (6, 1)))
    yield Row(8, "both lines", R, twice, Refused("duplicate-key", (6, 1), "line 5"))
    both = b"contract.amount: 1\ncontract.amount: 2\n"
    yield Row(8, "fact twice", Y, both, Refused("duplicate-key", (2, 1)))
    yield Row(9, "number and text as keys", R, b'1: a\n"1": b\n', Refused("duplicate-key", (2, 1)))
    yield Row(10, "key twice", J, b'{"a": "1", "a": "2"}', Refused("duplicate-member"))
    inner = b'{"claim.papers": {"contract": true, "contract": false}}'
    yield Row(10, "inner key twice", J, inner, Refused("duplicate-member"))
    yield Row(11, "on as key", R, retitle("x}\non: {a: b"), Refused("unknown-key", (6, 1), "`on`"))
    for word in ("NO", "yes", "on", "True", "FALSE", "y"):
        yield from each(11, "boolean", word, "not-a-boolean")
    yield from each(11, "boolean", "true", Accepted(value=True))
    yield from each(11, "text", "NO", Accepted("NO"))
    yield from each(25, "number", "=", "not-a-number")
    tags = ("!!python/object/apply:os.system [x]", "!!python/name:os.system", "!local x", "! x")
    for tag in tags:
        yield Row(26, tag, Y, f"contract.amount: {tag}\n".encode(), Refused("tag", (1, 18)))
    for tag in ("!!timestamp ''", "!!bool x", "!!int", "!!float ''", "!!null x", "!!merge x"):
        yield Row(27, tag, Y, f"contract.amount: {tag}\n".encode(), Refused("tag", (1, 18)))
    for word in ("0x_", "._", "0b_", "-_", "1:60:99", "0o_"):
        yield from each(27, "number", word, "not-a-number")
    wide = b'contract.amount: "\\UFFFFFFFF"\n'
    yield Row(28, "escape beyond Unicode", Y, wide, Refused("yaml-syntax"))
    escape = retitle('"\\UFFFFFFFF"')
    digits = (TITLE_PLACE[0], TITLE_PLACE[1] + 3)
    yield Row(28, "its place", R, escape, Refused("yaml-syntax", digits))
    for tag in ("!!set {a}", "!!omap [a: b]", "!!binary aGk=", "!!pairs [a: b]", "!!str 5"):
        yield Row(29, tag, Y, f"contract.amount: {tag}\n".encode(), Refused("tag", (1, 18)))
    second = MINIMAL.encode() + b"---\na: b\n"
    lines = MINIMAL.count("\n")
    yield Row(30, "second document", R, second, Refused("multiple-documents", (lines + 1, 1)))
    for what, data in (
        ("empty", b""),
        ("blank", b"\n \n"),
        ("comments", b"# a\n# b\n"),
        ("BOM", b"\xef\xbb\xbf"),
    ):
        yield Row(30, what, R, data, Refused("empty-file", None))
        yield Row(30, what, Y, data, Refused("empty-file", None))
    yield Row(30, "empty", J, b"", Refused("json-syntax", (1, 1)))
    yield Row(30, "two objects", J, b"{}{}", Refused("json-syntax", (1, 3)))
    for what, data in (("a list", b"- a\n"), ("a word", b"a\n")):
        yield Row(30, what, R, data, Refused("root-not-a-mapping", (1, 1)))
    yield Row(30, "a list", J, b"[]", Refused("root-not-a-mapping"))
    yield Row(
        31, "directive", R, b"%YAML 1.2\n---\n" + MINIMAL.encode(), Refused("directive", (1, 1))
    )
    late = b"# x\n%TAG ! tag:x,2000:\n---\n" + MINIMAL.encode()
    yield Row(31, "late directive", R, late, Refused("directive", (2, 1)))
    yield Row(32, "UTF-16", R, MINIMAL.encode("utf-16"), Refused("not-utf8", (1, 1)))
    unmarked = MINIMAL.encode("utf-16-le")
    yield Row(32, "UTF-16 without a mark", R, unmarked, Refused("not-utf8", (5, 1)))
    gbk = MINIMAL.encode("gbk")
    first = place("例")[0]
    yield Row(32, "GBK", R, gbk, Refused("not-utf8", (first, 1), "save the file as UTF-8"))
    yield Row(32, "GBK", J, '{"a": "例"}'.encode("gbk"), Refused("not-utf8", None, "UTF-8"))
    yield Row(32, "half a surrogate pair", R, b"a: \xed\xa0\x80\n", Refused("not-utf8", (1, 1)))
    yield Row(33, "one BOM", R, b"\xef\xbb\xbf" + MINIMAL.encode(), Accepted("minimal"))
    yield Row(33, "one BOM", J, b'\xef\xbb\xbf{"applicant.staff": "5"}', Accepted(5))
    two = b"\xef\xbb\xbf\xef\xbb\xbf" + MINIMAL.encode()
    yield Row(33, "two BOMs", R, two, Refused("hidden-character", (1, 1), "U+FEFF"))
    yield Row(33, "BOM inside", R, retitle("\ufeffx"), Refused("hidden-character", TITLE_PLACE))


def list_number_rows() -> Iterator[Row]:
    for kind, text in (
        ("number", "0600"),
        ("money", "0600元"),
        ("count", "0600人"),
        ("ratio", "00.5"),
    ):
        yield from each(12, kind, text, "leading-zero")
    for text in ("1:30", "12:30:45"):
        yield from each(13, "number", text, "not-a-number")
    for text in ("1_000", "1__0_"):
        yield from each(14, "number", text, "digit-separator")
    yield from each(14, "money", "1_000元", "digit-separator")
    for text in ("0x1F", "0b101", "0o17"):
        yield from each(15, "number", text, "not-a-number")
    yield Row(15, "tag", Y, b'applicant.index: !!int "0x10"\n', Refused("tag", (1, 18)))
    for text in ("1e3", "1.0e+3", "1E3", "1e-3"):
        yield from each(16, "number", text, "exponent")
    yield from each(17, "money", "0.1元", Accepted(10))
    yield from each(17, "ratio", "0.1", Accepted(Fraction(1, 10)))
    yield from each(18, "number", "1.0e+400", "exponent")
    for text in (".inf", "-.inf", ".nan", "NaN", "Infinity", "-Infinity", "sNaN"):
        yield from each(18, "number", text, "not-finite")
    for text in ("-0", "-0.0", "-0.00"):
        for kind in ("number", "ratio"):
            yield from each(19, kind, text, "negative-zero")
    yield from each(19, "money", "-0.00元", "negative-zero")
    yield from each(19, "number", quoted("-0.00"), "negative-zero", doors=(Door.PARAMETER, Y))
    yield from each(20, "number", "9" * 5_000, "number-too-long")
    yield from each(20, "money", "9" * 19 + "元", "number-too-long")
    yield from each(20, "number", "0." + "1" * 18, "number-too-long")
    yield from each(20, "number", "9" * 12, Accepted(int("9" * 12)))
    yield from each(21, "number", "0x" + "f" * 20_000, "not-a-number")
    for text in ("1,000", "1,000.50"):
        yield from each(39, "number", text, "digit-separator")
    yield from each(39, "money", "1,000元", Refused("digit-separator", says="`1000`"))
    yield from each(39, "number", "１，０００", Refused("full-width-digits", says="`1,000`"))
    yield from each(39, "ratio", "50", "ratio-out-of-range", doors=FACT_DOORS)
    for text, fen in (
        ("50000元", 5_000_000),
        ("50000.00元", 5_000_000),
        ("5万元", 5_000_000),
        ("1.2亿元", 12_000_000_000),
    ):
        yield from each(39, "money", text, Accepted(fen), doors=(Door.PARAMETER,))
    yield from each(39, "money", "5万元", Accepted(5_000_000))
    for text, share in (
        ("30%", Fraction(3, 10)),
        ("2/3", Fraction(2, 3)),
        ("0.5", Fraction(1, 2)),
        ("1", 1),
    ):
        yield from each(39, "ratio", text, Accepted(share))
    for text in (
        "五成",
        "30 %",
        "30％",
        "3成",
        "1/0",
        "2/3%",
        "1/3/3",
        "0/0",
        "%",
        "/",
        "1/",
        "-1/3",
    ):
        yield from each(39, "ratio", text, Refused(""))
    for text in (
        "5萬元",
        "5 0元",
        "元",
        "5元元",
        "5.元",
        ".5元",
        "+5元",
        "--5元",
        "5万",
        "5kg",
        "￥5",
        "5元/年",
    ):
        yield from each(39, "money", text, Refused(""))
    for text in ("三十万", "壹拾万元整", "三十万元", "两千元", "〇元"):
        yield from each(40, "money", text, "not-a-number")
    for text in ("三成", "百分之五十"):
        yield from each(40, "ratio", text, "not-a-number")
    for text in ("１０００", "１２.5", "１０%"):
        yield from each(37, "ratio" if "%" in text else "number", text, "full-width-digits")
    yield from each(37, "money", "１０００元", "full-width-digits")
    for text in ("٣", "३", "五", "²", "½", "Ⅷ"):
        yield from each(37, "number", text, "not-a-number")
    for text in ("5000\u3000", "\u30005000", "5000\xa0", "5000\u2003"):
        yield from each(38, "number", text, "stray-space")
    yield from each(38, "number", quoted(" 5 "), "stray-space", doors=(Door.PARAMETER, Y))
    yield from each(38, "number", " 5 ", "stray-space", doors=(J, P))
    for text in ("5000元\u3000", "5000\u3000元", "5000\xa0元", "5000  元"):
        yield from each(38, "money", text, Refused(""))
    yield from each(48, "number", "0.10", Accepted(Fraction(1, 10)))
    numbers = {
        "1.000000000000000000000000001": Refused("number-too-long"),
        "12345678901234567890123456789.5": Refused("number-too-long"),
        "0.10": Accepted(Fraction(1, 10)),
        "1e3": Refused("exponent"),
        "-0": Refused("negative-zero"),
        "NaN": Refused("not-finite"),
        "-Infinity": Refused("not-finite"),
        "9" * 5_000: Refused("number-too-long"),
    }
    for text, expected in numbers.items():
        data = b'{"applicant.index": %s}' % text.encode()
        yield Row(48, f"bare {text[:30]}", J, data, expected)  # type: ignore[arg-type]
    yield Row(49, "true as number", J, b'{"applicant.index": true}', Refused("not-a-number"))
    yield Row(49, "true as text", J, b'{"applicant.name": true}', Accepted("true"))
    yield Row(49, "1 as boolean", J, b'{"applicant.local": 1}', Refused("not-a-boolean"))
    yield Row(49, "number as text", J, b'{"applicant.code": 1.50}', Accepted("1.50"))
    whole = ""
    for text in ("1.0", "1.00人"):
        yield from each(50, "count", text, "not-whole", wrong=whole)
    for text in ("1.5", "1/2"):
        yield from each(50, "count", text, Refused(""))
    for text in ("１２", "１２人"):
        yield from each(50, "count", text, "full-width-digits")
    yield from each(64, "money", "0E+50", "exponent")
    yield from each(64, "money", "1.100元", Accepted(110))
    yield from each(64, "money", "1.105元", "finer-than-minor-unit")
    yield from each(65, "money", "9" * 29 + "元", "number-too-long")
    yield from each(65, "number", "9" * 29, "number-too-long")
    for kind, text in (
        ("money", "-1元"),
        ("money", "0元"),
        ("count", "-1人"),
        ("ratio", "-0.1"),
        ("ratio", "1.5"),
        ("ratio", "80"),
    ):
        code = "ratio-out-of-range" if kind == "ratio" else "out-of-range"
        yield from each(69, kind, text, code, doors=FACT_DOORS)
    unbounded = ""
    for kind, text in (
        ("ratio", "80"),
        ("ratio", "1.5"),
        ("ratio", "-10%"),
        ("money", "-1元"),
        ("count", "-5人"),
    ):
        yield from each(69, kind, text, Refused(""), doors=(Door.PARAMETER,), wrong=unbounded)
    yield from each(69, "period", "-1天", "period-negative")
    yield from each(71, "money", "3000", "unit-missing", doors=(Door.PARAMETER,))
    yield from each(71, "money", "3000", Accepted(300_000), doors=FACT_DOORS)
    for text in ("3000USD", "3000 USD", "3000 万", "3000美元", "3000人"):
        yield from each(71, "money", text, "unit-unknown")
    yield from each(71, "count", "3家", "unit-unknown")


def list_date_rows() -> Iterator[Row]:
    for text, part in (
        ("2023-02-29", "day"),
        ("2024-13-01", "month"),
        ("2024-00-10", "month"),
        ("2024-04-31", "day"),
    ):
        yield from each(22, "date", text, "no-such-day")
        unsaid = ""
        said = Refused("no-such-day", says=f"{part} {text.split('-')[1 if part == 'month' else 2]}")
        yield from each(22, "date", text, said, doors=(Y,), wrong=unsaid)
    yield from each(22, "date", "0000-00-00", "date-out-of-range")
    for text in (
        "2024-1-1",
        "2024/3/4",
        "20240101",
        "2024.01.01",
        "2024年1月1日",
        "24-01-01",
        "2024-01-01Z",
        "２０２４-01-01",
        "+2024-01-01",
        "2024-W01-1",
        "2024-001",
    ):
        yield from each(23, "date", text, "not-a-date")
    yield from each(24, "date", "2024-01-01 00:00:00 +8", "not-a-date")
    yield from each(24, "date", "2024-01-01T00:00", "not-a-date")
    for text in ("1704067200", "0", "45292"):
        yield from each(51, "date", text, "not-a-date")
        yield Row(
            51, f"bare {text}", J, b'{"claim.date": %s}' % text.encode(), Refused("not-a-date")
        )
    yield from each(53, "date", "2024-01-01T00:00:00+08:00", "not-a-date")
    told = datetime(2024, 1, 2, 0, 30, tzinfo=CHINA)
    for text in ("2024-01-01T16:30Z", "2024-01-02T00:30:00+08:00", "2024-01-02T00:30"):
        yield from each(53, "instant", text, Accepted(told))
    for text in (
        "2024-01-01",
        "2024-01-01 16:30",
        "2024-01-01t16:30z",
        "2024-01-01T16",
        "2024-01-01T16:30+8",
        "16:30",
    ):
        yield from each(54, "instant", text, "not-an-instant")
    yield from each(54, "instant", "2024-01-01T16:30+99:00", "not-an-offset")
    for text in ("0000-01-01", "1989-12-31", "2101-01-01", "9999-12-31"):
        yield from each(59, "date", text, "date-out-of-range")
    for text in ("1990-01-01", "2100-12-31"):
        yield from each(59, "date", text, Accepted(date.fromisoformat(text)))
    for text in ("2024-01-01T24:00", "2024-01-01T23:59:60", "2024-01-01T23:60"):
        yield from each(60, "instant", text, Refused("no-such-time"))
    for text in ("1", "12:30", "10-11-12", "today", "now", "Jan 1 2024"):
        yield from each(61, "date", text, "not-a-date")


def list_character_rows() -> Iterator[Row]:
    hidden = {
        "NUL": "\0",
        "DEL": "\x7f",
        "NEL": "\x85",
        "line separator": "\u2028",
        "ZWSP": "\u200b",
        "override": "\u202e",
        "isolate": "\u2066",
        "soft hyphen": "\xad",
        "BEL": "\a",
        "BOM": "\ufeff",
        "word joiner": "\u2060",
        "noncharacter": "\uffff",
    }
    for what, character in hidden.items():
        code = f"U+{ord(character):04X}"
        refused = Refused("hidden-character", TITLE_PLACE, code)
        yield Row(34, what, R, retitle(character + "x"), refused)
        yield Row(34, f"escaped {what}", R, retitle(f'"\\u{ord(character):04x}x"'), refused)
        fact = f'applicant.name: "x\\u{ord(character):04x}"\n'.encode()
        yield Row(34, f"escaped {what}", Y, fact, Refused("hidden-character", (1, 17), code))
        wrong = ""
        data = b'{"applicant.name": "x\\u%04x"}' % ord(character)
        yield Row(34, f"escaped {what}", J, data, Refused("hidden-character"), wrong)
        yield Row(
            34, what, P, {"applicant.name": f"x{character}"}, Refused("hidden-character"), wrong
        )
    shown = ""
    for what, character in (
        ("Arabic letter mark", "\u061c"),
        ("tag letter", "\U000e0041"),
        ("inhibitor", "\u206a"),
    ):
        refused = Refused("hidden-character", (5, 21))
        yield Row(34, what, R, retitle(f"x{character}"), refused, shown)
    yield Row(
        34,
        "hidden in a key",
        R,
        edit("currency:", "curr\u200bency:"),
        Refused("hidden-character", place("currency", 4)),
    )
    surrogate = Refused("hidden-character", TITLE_PLACE, "U+D800")
    yield Row(35, "half a pair, escaped", R, retitle('"\\ud800"'), surrogate)
    alone = b'{"applicant.name": "\\ud800"}'
    yield Row(35, "half a pair, escaped", J, alone, Refused("hidden-character"))
    yield Row(
        35,
        "half a pair",
        P,
        {"applicant.name": "\ud800"},
        Refused("hidden-character"),
    )
    yield Row(
        36,
        "full-width colon at the top",
        R,
        "上限：5000\n".encode(),
        Refused("full-width-colon", (1, 1)),
    )
    yield Row(
        36,
        "full-width colon",
        R,
        "上限：5000\n".encode(),
        Refused("full-width-colon", None, "expected a colon and a space"),
    )
    colon = edit("currency: CNY", "currency：CNY")
    yield Row(
        36, "full-width colon inside", R, colon, Refused("full-width-colon", place("currency", 8))
    )
    inner = edit("    as_of: claim.date", "    as_of：claim.date")
    yield Row(
        36,
        "full-width colon further inside",
        R,
        inner,
        Refused("full-width-colon", place("as_of", 5)),
    )
    yield Row(
        36,
        "full-width colon in facts",
        Y,
        "claim.date：2024-01-01\n".encode(),
        Refused("full-width-colon"),
    )
    name = "㐂𠮷𰻞\ue000龘"
    for text in (name, "豈", "⾦", "e\u0301", "\u00e9", "葛\U000e0100"):
        yield from each(42, "text", text, Accepted(text), doors=FACT_DOORS)
    yield from each(46, "text", quoted(""), Accepted(""), doors=(Y,))
    for text in ("无", "N/A", "--", "不适用", "null", "~", "None", "nil", "未知"):
        if text not in {"null", "~"}:
            yield from each(46, "money", text, "not-a-number", doors=FACT_DOORS)
            yield from each(46, "choice", text, "not-one-of", doors=FACT_DOORS)
        else:
            yield from each(46, "money", text, "null-value", doors=(Y,))
    for text in ("", quoted("")):
        code = "null-value" if not text else "not-a-number"
        yield from each(46, "money", text, code, doors=(Y,))
    yield Row(46, "null", J, b'{"contract.amount": null}', Refused("null-value"))
    yield Row(46, "None", P, {"contract.amount": None}, Refused("null-value"))
    yield from each(46, "money", "", "not-a-number", doors=(J, P))
    yield from each(46, "optional money", "none", Accepted(NONE), doors=(Y, J, P))
    yield from each(46, "money", "none", "none-not-allowed", doors=(Y, P))
    yield from each(46, "text", quoted("none"), Accepted("none"), doors=(Y,))


def list_name_rows() -> Iterator[Row]:
    for what, name in (
        ("Cyrillic", "claim.d\u0430te"),
        ("full-width", "claim.ｄate"),
        ("radical", "claim.⾦"),
        ("NFD", "claim.e\u0301"),
    ):
        yield Row(
            41, what, R, name_fact(name), Refused("bad-declared-name", place("  claim.date: {", 2))
        )
        yield Row(41, what, Y, f"{name}: 1\n".encode(), Refused("unknown-fact", (1, 1)))
        yield Row(41, what, X, name, Refused(""))
    yield Row(
        41, "Cyrillic", X, "contract.\u0430mount", Refused("character-outside-quotes", (1, 10))
    )
    yield Row(
        41, "full-width letter", X, "contract.ａmount", Refused("character-outside-quotes", (1, 10))
    )
    near = edit("  status: issued", "  stauts: issued")
    yield Row(
        44,
        "mistyped key",
        R,
        near,
        Refused("unknown-key", place("status"), "did you mean `status`?"),
    )
    missing = edit("  verified: 2024-01-01\n", "")
    yield Row(44, "missing key", R, missing, Refused("missing-key", None, "`verified`"))
    cpa = add_parameter("type: money, value: 1元, limt: at_most")
    yield Row(
        44, "mistyped key inside", R, cpa, Refused("unknown-key", None, "did you mean `limit`?")
    )
    yield Row(
        44,
        "mistyped fact",
        Y,
        b"contract.amuont: 5\n",
        Refused("unknown-fact", (1, 1), "contract.amount"),
    )
    yield Row(
        44,
        "mistyped fact",
        J,
        b'{"contract.amuont": "5"}',
        Refused("unknown-fact", None, "contract.amount"),
    )
    yield Row(
        44,
        "mistyped fact",
        P,
        {"contract.amuont": 5},
        Refused("unknown-fact", None, "contract.amount"),
    )
    yield Row(
        44,
        "mistyped source",
        P,
        {"contract.amount": {"value": 5, "sorce": "x"}},
        Refused("unknown-key", None, "did you mean `source`?"),
    )
    template = "{0.__init__.__globals__} ${code} $near %s %(x)s"
    yield Row(75, "template in a title", R, retitle(quoted(template)), Accepted("minimal"))
    said = Refused("unknown-key", None, template)
    yield Row(75, "template in a key", R, retitle(f"x}}\n{quoted(template)}: {{a: b"), said)
    yield Row(75, "template as a fact", P, {template: 1}, Refused("unknown-fact", None, template))
    yield Row(
        75,
        "template as a value",
        P,
        {"applicant.size": template},
        Refused("not-one-of", None, template),
    )
    yield Row(75, "attributes", X, "applicant.__class__.__mro__", Refused("bad-name", (1, 1)))
    yield Row(
        75,
        "attribute of a fact",
        Y,
        b"contract.amount.__class__: 1\n",
        Refused("unknown-fact", (1, 1)),
    )


def list_python_rows() -> Iterator[Row]:
    amount, size, papers = "contract.amount", "applicant.size", "claim.papers"
    for number in (0.1, 1.0, 1.1 + 2.2, float("nan"), float("inf"), 5.0):
        for fact in (amount, "applicant.share", "applicant.staff"):
            yield Row(47, f"float {number} for {fact}", P, {fact: number}, Refused("float-refused"))
    for given in (Decimal("0.10"), Decimal("0.1"), Fraction(1, 10), "0.1", "0.10元"):
        yield Row(47, f"{type(given).__name__} {given}", P, {amount: given}, Accepted(10))
    yield Row(47, "int", P, {amount: 5}, Accepted(500))
    yield Row(
        47, "fraction of a fen", P, {amount: Fraction(1, 3)}, Refused("finer-than-minor-unit")
    )
    for fact in (
        amount,
        "applicant.staff",
        "applicant.share",
        "applicant.index",
        size,
        "claim.date",
    ):
        yield Row(49, f"True for {fact}", P, {fact: True}, Refused("wrong-python-type"))
    yield Row(49, "1 for a boolean", P, {"applicant.local": 1}, Refused("wrong-python-type"))
    yield Row(50, "1.0 for a count", P, {"applicant.staff": 1.0}, Refused("float-refused"))
    yield Row(
        50, "Decimal 1.5 for a count", P, {"applicant.staff": Decimal("1.5")}, Refused("not-whole")
    )
    for given in (0, 1704067200):  # type: ignore[assignment]
        yield Row(51, f"{given} for a date", P, {"claim.date": given}, Refused("wrong-python-type"))
    moment = datetime(2024, 1, 1, tzinfo=CHINA)
    yield Row(52, "datetime for a date", P, {"claim.date": moment}, Refused("wrong-python-type"))
    later = {"claim.date": LaterDate(2024, 1, 1)}
    yield Row(52, "subclass of date", P, later, Refused("wrong-python-type"))
    yield Row(
        52,
        "date for an instant",
        P,
        {"claim.submitted_at": date(2024, 1, 1)},
        Refused("wrong-python-type"),
    )
    yield Row(
        53, "instant elsewhere", P, {"claim.submitted_at": moment.astimezone(UTC)}, Accepted(moment)
    )
    naive = datetime(2024, 1, 1)
    yield Row(54, "naive instant", P, {"claim.submitted_at": naive}, Refused("naive-instant"))
    for zone, first in (
        (timezone(timedelta(hours=14)), datetime.min),
        (timezone(timedelta(hours=-12)), datetime.max),
    ):
        at = {"claim.submitted_at": first.replace(tzinfo=zone)}
        yield Row(
            59,
            f"{at['claim.submitted_at']}",
            P,
            at,
            Refused("out-of-range"),
        )
    yield Row(59, "last day of all", P, {"claim.date": date.max}, Refused("out-of-range"))
    yield Row(59, "first day of all", P, {"claim.date": date.min}, Refused("out-of-range"))
    for text in ("NaN", "sNaN", "Infinity", "-Infinity"):
        yield Row(62, text, P, {amount: Decimal(text)}, Refused("not-finite"))
    for text in ("1E+999999", "1E-999999", "0E+50", "0E-50", "9" * 29):
        yield Row(63, text[:20], P, {amount: Decimal(text)}, Refused("number-too-long"), apart=True)
    yield Row(63, "5001 digits", P, {amount: LONG_INT}, Refused("number-too-long"))
    yield Row(
        63, "5001 digits below", P, {amount: Fraction(1, LONG_INT)}, Refused("number-too-long")
    )
    yield Row(64, "Decimal 1.100", P, {amount: Decimal("1.100")}, Accepted(110))
    yield Row(65, "29 digits", P, {amount: int("9" * 29)}, Refused("out-of-range"))
    for fact, given in (  # type: ignore[assignment]
        (amount, -1),
        (amount, 0),
        ("applicant.share", 80),
        ("applicant.share", Decimal("1.5")),
        ("applicant.staff", -1),
    ):
        code = "ratio-out-of-range" if fact == "applicant.share" else "out-of-range"
        yield Row(69, f"{given} for {fact}", P, {fact: given}, Refused(code))
    for key in (1, b"contract.amount", None, (1,), Answer.SMALL, SmallText(amount)):
        yield Row(81, f"{key!r} as a name", P, {key: 1}, Refused("fact-name-not-text"))
    strange: tuple[object, ...] = (
        b"5",
        {5},
        (5,),
        [5],
        Float64(5),
        SmallDecimal(5),
        SmallInt(5),
        SmallText("5"),
        Answer.SMALL,
        5j,
        range(5),
        object(),
        int,
        iter([5]),
        bytearray(b"5"),
        memoryview(b"5"),
    )
    for given in strange:  # type: ignore[assignment]
        yield Row(81, f"{type(given).__name__}", P, {amount: given}, Refused("wrong-python-type"))
    yield Row(81, "mapping for an amount", P, {amount: {"amount": 5}}, Refused(""))
    exactly = ""
    none = {"pool.left": Answer.NONE}
    yield Row(81, "enum for none", P, none, Refused("wrong-python-type"), exactly)
    yield Row(81, "enum for an option", P, {size: Answer.SMALL}, Refused("wrong-python-type"))
    yield Row(81, "subclass in a set", P, {papers: [SmallText("contract")]}, Refused(""), exactly)
    yield Row(81, "enum in a set", P, {papers: [Answer.SMALL]}, Refused("not-one-of"))
    provenance = {amount: {"value": 5, "source": SmallText("x")}}
    yield Row(81, "subclass as source", P, provenance, Refused("text-expected"), exactly)
    for given in (5, "contract", b"contract", iter(["contract"]), range(2), object()):  # type: ignore[assignment]
        yield Row(
            81, f"{type(given).__name__} for a set", P, {papers: given}, Refused("set-expected")
        )
    for item in (1, None, 1.5, b"contract", ("contract",)):
        yield Row(81, f"{item!r} in a set", P, {papers: [item]}, Refused("not-one-of"))
    for given in (None, 5, "x", [("contract.amount", 5)], iter({"contract.amount": 5})):  # type: ignore[assignment]
        yield Row(
            81,
            f"{type(given).__name__} for facts",
            P,
            lambda given=given: given,
            Refused("facts-not-a-mapping"),
        )
    looks: dict[str, object] = {
        "text for an amount": {amount: HostileText("5")},
        "text for an option": {size: HostileText("small")},
        "text for a name": {HostileText(amount): 5},
        "text in a set": {papers: [HostileText("contract")]},
        "text that agrees, in a set": {papers: [AgreeableText("nonsense")]},
        "text that agrees, for none": {"pool.left": AgreeableText("nonsense")},
        "object for an amount": {amount: HostileObject()},
        "object in a set": {papers: [HostileObject()]},
        "object for a name": {HostileObject(): 5},
        "object as an answer": read_members_of(HostileObject()),
        "text as an answer": read_members_of(HostileText("true")),
        "object as a key of the source": {amount: {"value": 5, HostileObject(): "x"}},
        "text as a source": {amount: {"value": 5, "source": HostileText("x")}},
        "object as a source": {amount: {"value": 5, "source": HostileObject()}},
        "mapping for an amount": {amount: HostileDict()},
        "zone of an instant": {"claim.submitted_at": datetime(2024, 1, 1, tzinfo=HostileZone())},  # type: ignore[abstract]
        "count of a period": {"contract.lasts": Period(HostileObject(), PeriodUnit.DAY)},  # type: ignore[arg-type]
        "long number as a key of the source": {amount: {"value": 5, LONG_INT: "x"}},
        "long number in a set": {papers: [LONG_INT]},
        "long number as an answer": read_members_of(LONG_INT),
        "long count of a period": {"contract.lasts": Period(LONG_INT, PeriodUnit.DAY)},
        "text as the unit of a period": {"contract.lasts": Period(5, "day")},  # type: ignore[arg-type]
        "100000 lists in a set": {papers: [nest_lists(100_000)]},
        "100000 lists as an answer": read_members_of(nest_lists(100_000)),
    }
    for what, facts in looks.items():
        yield Row(82, what, P, facts, Refused(""))


def list_ruleset_rows() -> Iterator[Row]:
    reversed_days = edit("from: 2020-01-01, until: unset", "from: 2020-01-01, until: 2019-12-31")
    unchecked = "accepted"
    yield Row(57, "document ends before it starts", R, reversed_days, Refused(""))
    windows = {
        "value ends before it starts": (
            "from: 2020-01-01, until: 2019-12-31, value: 1元",
            "",
        ),
        "values touch on a day": (
            "from: 2020-01-01, until: 2021-01-01, value: 1元}, {from: 2021-01-01, value: 2元",
            "",
        ),
        "values overlap": (
            "from: 2020-01-01, until: 2022-01-01, value: 1元}, {from: 2021-01-01, value: 2元",
            "",
        ),
        "values out of order": ("from: 2022-01-01, value: 1元}, {from: 2021-01-01, value: 2元", ""),
        "endless value is followed": (
            "from: 2020-01-01, value: 1元}, {from: 2021-01-01, value: 2元",
            "",
        ),
        "gap of a day": (
            "from: 2020-01-01, until: 2020-12-30, value: 1元}, {from: 2021-01-01, value: 2元",
            unchecked,
        ),
    }
    for what, (body, wrong) in windows.items():
        data = add_parameter(f"type: money, values: [{{{body}}}]")
        code = "ends-before-start" if "before" in what else "" if wrong else "dates-overlap"
        yield Row(57, what, R, data, Refused(code), wrong)
    day = "{from: 2020-01-01, until: 2020-01-01, value: 1元}"
    yield Row(
        57,
        "value of one day",
        R,
        add_parameter(f"type: money, values: [{day}]"),
        Accepted("minimal"),
    )
    crossed = edit(
        "claim.date: {type: date,", "claim.date: {type: date, min: 2024-01-01, max: 2023-12-31,"
    )
    yield Row(69, "min above max", R, crossed, Refused("bounds-crossed"))
    for text in ("USDT", "元", "cny", "RMB"):
        yield Row(
            71, f"currency {text}", R, edit("CNY", text), Refused("unknown-currency", place("CNY"))
        )
    rule = "      - {id: %s, topic: note, for: claim, warn: {zh: 例, en: x}}\n"
    two = "    rules:\n" + rule % "a" + rule % "a"
    yield Row(
        72,
        "rule twice",
        R,
        edit("    no_rule: purpose\n", two),
        Refused("duplicate-rule", None, "line 26"),
    )
    cased = "    rules:\n" + rule % "a" + rule % "A"
    yield Row(
        72,
        "rule twice but for case",
        R,
        edit("    no_rule: purpose\n", cased),
        Refused("duplicate-rule", None, "line 26"),
    )
    again = "  - {ref: 第一条, summary: {zh: 例, en: x}, no_rule: purpose}\n"
    yield Row(
        72,
        "provision twice",
        R,
        add_provision(again),
        Refused("duplicate-provision", None, "line 23"),
    )
    options = (
        "  size: {label: {zh: 例, en: x}, options: {%s: {zh: 例, en: x}, %s: {zh: 例, en: x}}}\n"
    )
    choice = MINIMAL.replace(
        "facts:\n", f"choices:\n{options % ('small', 'small')}facts:\n", 1
    ).encode()
    yield Row(72, "option twice", R, choice, Refused("duplicate-key"))
    alike = MINIMAL.replace(
        "facts:\n", f"choices:\n{options % ('small', 'SMALL')}facts:\n", 1
    ).encode()
    yield Row(72, "option twice but for case", R, alike, Refused("options-alike"))
    yield Row(
        73, "closed chain", R, chain(1_000, closed=True), Refused("definition-cycle"), apart=True
    )
    yield Row(73, "definition of itself", R, chain(1, closed=True), Refused("definition-cycle"))
    yield Row(73, "long chain", R, chain(1_000), Accepted("minimal"), apart=True)
    hangs = ""
    squares = (square(40), {"claim.date": "2024-03-01", "a.n": "999999999999"})
    yield Row(77, "squares of squares", Door.DECISION, squares, Answered(), hangs, apart=True)
    early = (MINIMAL.encode(), {"claim.date": "2019-12-31"})
    yield Row(58, "before the first day", Door.DECISION, early, Accepted("not_in_force"))
    closed = edit("until: unset", "until: 2020-12-31")
    late = (closed, {"claim.date": "2021-01-01"})
    yield Row(58, "after the last day", Door.DECISION, late, Accepted("not_in_force"))
    last = (closed, {"claim.date": "2020-12-31"})
    yield Row(58, "on the last day", Door.DECISION, last, Accepted("granted"))
    yield Row(
        73, "two of a cycle", R, chain(2, closed=True), Refused("definition-cycle", None, "x0")
    )
    double = "      - {id: %s, topic: fee, for: claim, define: x, as: 1}\n"
    both = edit("    no_rule: purpose\n", "    rules:\n" + double % "a" + double % "b")
    yield Row(74, "two definitions of one name", R, both, Refused("double-definition", (27, 14)))


def list_expression_rows() -> Iterator[Row]:
    cost = "contract.amount"
    refused = {
        "__import__('os')": "unknown-function",
        "exec('x')": "unknown-function",
        "eval('1')": "unknown-function",
        "open('x')": "unknown-function",
        "lambda: 1": "unsupported-syntax",
        "[x for x in y]": "unsupported-syntax",
        "{x: 1 for x in y}": "unsupported-syntax",
        "(x for x in y)": "unsupported-syntax",
        f"{cost}[0]": "unsupported-syntax",
        f"{cost}()": "unsupported-syntax",
        "'a'.join('b')": "unsupported-syntax",
        "(cap := 1)": "unsupported-syntax",
        f"f'{{{cost}}}'": "unsupported-syntax",
        "b'x'": "unsupported-syntax",
        "...": "unsupported-syntax",
        "min(*cap)": "unsupported-syntax",
        "min(cap, key=cap)": "unsupported-syntax",
        "min(**cap)": "unsupported-syntax",
        "await cap": "unsupported-syntax",
        "cap is cap": "unsupported-syntax",
        "cap if cap": "expression-syntax",
        "cap = 1": "expression-syntax",
        "cap; cap": "expression-syntax",
        "import os": "expression-syntax",
        "None": "python-word",
        "True": "python-word",
        "~cap": "unsupported-syntax",
        "+cap": "unsupported-syntax",
        "cap // ratio": "unsupported-syntax",
        "cap % ratio": "unsupported-syntax",
        "cap @ ratio": "unsupported-syntax",
        "cap << 1": "unsupported-syntax",
        "cap | cap": "unsupported-syntax",
        "(cap).real": "bad",
        "min(cap).real": "unsupported-syntax",
        "cap.__class__": "bad-name",
        "_": "bad-name",
        "neg(cap)": "unknown-function",
        "matches(applicant.name, '(a+)+')": "unknown-function",
    }
    for text, code in refused.items():
        row = 79 if text.startswith("matches") else 76
        yield Row(row, text, X, text, Refused("" if code == "bad" else code))
    yield Row(
        76, "caret", X, "cap + cap ** cap", Refused("unsupported-syntax", (1, 7), "^^^^^^^^^^")
    )
    for text in ("9**9**9", "10**10**8", "cap ** ratio"):
        yield Row(77, text, X, text, Refused("unsupported-syntax", (1, 1)), apart=True)
    deep = "(" * 300 + "cap" + ")" * 300
    yield Row(78, "300 parentheses", X, deep, Refused(""))
    yield Row(78, "20000 terms", X, "+".join(["1"] * 20_000), Refused("expression-too-long"))
    yield Row(78, "900 terms", X, "+".join(["1"] * 900), Refused("expression-too-deep"))
    yield Row(78, "100000 signs", X, "-" * 100_000 + "cap", Refused("expression-too-long"))
    yield Row(78, "1900 signs", X, "-" * 1_900 + "cap", Refused("expression-too-deep"))
    yield Row(
        78, "450 negations", X, "not " * 450 + "applicant.local", Refused("expression-too-deep")
    )
    yield Row(78, "300 calls", X, "min(" * 300 + "cap" + ")" * 300, Refused(""))
    yield Row(78, "300 choices", X, "(cap if true else " * 110 + "cap" + ")" * 110, Refused(""))
    yield Row(78, "NUL", X, "cap\0", Refused(""))
    yield Row(80, "end of line", X, "cap\n", Refused("line-break", (1, 4)))
    ends = (
        ("date", "2024-01-01"),
        ("money", "5元"),
        ("ratio", "30%"),
        ("ratio", "2/3"),
        ("boolean", "true"),
        ("count", "5人"),
        ("period", "5天"),
        ("instant", "2024-01-01T00:00"),
        ("number", "5"),
        ("choice", "small"),
    )
    for kind, text in ends:
        doors = (J, P) if kind == "choice" else TEXT_DOORS
        for door in doors:
            written = quoted(f"{text}\n") if door in (Door.PARAMETER, Y) else f"{text}\n"
            yield from each(80, kind, written, Refused(""), doors=(door,))
    for kind, text in (("date", "２０２４-01-01"), ("period", "３０天"), ("count", "٣人")):
        yield from each(80, kind, text, Refused(""))


ROWS: Final = tuple(list_rows())


def list_parameters() -> Iterator[Any]:
    for number, row in enumerate(ROWS):
        marks = [pytest.mark.xfail(strict=True, reason=row.wrong)] if row.wrong else []
        yield pytest.param(number, row, marks=marks, id=str(row))


def find_place(row: Row) -> tuple[int, int] | None:
    """Return where the fault of a row stands: said by the row, or the place of the one value."""
    assert isinstance(row.expected, Refused)
    if row.expected.at:
        return row.expected.at
    if row.door is Door.PARAMETER:
        return fill_parameter(*row.given)[1]
    return None


def check_refusal(row: Row, found: tuple[Diagnostic, ...]) -> None:
    expected = row.expected
    assert isinstance(expected, Refused), [item.code for item in found]
    matching = [item for item in found if expected.code in {"", item.code}]
    assert matching, [item.code for item in found]
    at = find_place(row)
    if at:
        places = [(item.span.line, item.span.column) for item in matching if item.span]
        assert at in places, places
    texts = [item.render(language) for item in matching for language in ("en", "zh")]
    assert any(expected.says in text for text in texts), texts
    if row.door in {Door.RULESET, Door.PARAMETER, Door.FACTS_YAML, Door.EXPRESSION}:
        assert all(str(item.span) in item.render() for item in found)
        assert all(item.span and item.span.file == "tested.yaml" for item in found)


def run_apart(numbers: list[int], seconds: int) -> dict[int, list[str]]:
    """Try rows in another process; return the codes of each, as far as it came in the time."""
    command = [sys.executable, __file__, *map(str, numbers)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False).stdout
    except subprocess.TimeoutExpired as error:
        done = error.stdout or b""
    lines = [json.loads(line) for line in done.splitlines() if line.endswith(b"]")]
    return {number: codes for number, *codes in lines}


@cache
def run_all_apart() -> dict[int, list[str]]:
    """Try the rows that are answered rightly all at once, to start one process only."""
    numbers = [i for i, row in enumerate(ROWS) if row.apart and not row.wrong]
    return run_apart(numbers, 120)


def check_apart(number: int, row: Row) -> None:
    found = run_apart([number], 5) if row.wrong else run_all_apart()
    assert number in found, "no answer"
    match row.expected:
        case Refused(code):
            assert code in found[number]
        case Accepted():
            assert found[number] == []


@pytest.mark.parametrize(("number", "row"), tuple(list_parameters()))
def test_hostile_input_gets_the_right_answer(number: int, row: Row) -> None:
    if row.apart:
        check_apart(number, row)
        return
    try:
        value = enter(row)
    except DiagnosedError as error:
        check_refusal(row, error.diagnostics)
    else:
        assert isinstance(row.expected, Accepted), f"accepted as {value!r}"
        assert row.expected.value == value
        assert type(row.expected.value) is type(value)


# Rows that are no single input: what the library does with what it has let in.


def add_amount(output: str, ceiling: str) -> bytes:
    """Return a ruleset whose one amount is a parameter, rounded as ``output`` says."""
    text = MINIMAL.replace("answers: permission", "answers: amount")
    outputs = (
        f"    outputs: {{voucher.amount: {{type: money, label: {{zh: 例, en: x}}, {output}}}}}\n"
    )
    text = text.replace("provisions:\n", f"{outputs}provisions:\n", 1)
    rules = (
        "    parameters:\n"
        "      whole: {type: money, value: 1000000元, label: {zh: 例, en: x}}\n"
        f"      part: {{type: ratio, value: {ceiling}, label: {{zh: 例, en: x}}}}\n"
        "    rules:\n      - {id: cap, topic: cap, for: claim, limits: voucher.amount,"
        " at_most: part * whole, says: {zh: 例, en: x}}\n"
    )
    return text.replace("    no_rule: purpose\n", rules).encode()


DAY: Final = {"claim.date": "2024-03-01"}
CLAIM: Final[Mapping[str, object]] = {
    "claim.date": "2024-03-01",
    "claim.submitted_at": "2024-03-01T08:00",
    "claim.papers": ["contract"],
    "applicant.local": True,
    "applicant.staff": 5,
    "applicant.index": 1,
    "applicant.share": "60%",
    "applicant.size": "small",
    "applicant.code": "91",
    "applicant.name": "甲",
    "officer.name": "乙",
    "contract.amount": "4000元",
    "contract.signed_on": "2024-02-01",
    "contract.lasts": "30天",
    "pool.left": "none",
    "finding.sound": True,
    "ledger.claimed": "0元",
}


def decide(**changes: object) -> vr.Decision:
    """Decide the claim that is granted 2,000 yuan, with some facts changed."""
    made = {name.replace("__", "."): value for name, value in changes.items()}
    return every_type().decide("claim", {**CLAIM, **made})


def value_of(data: bytes) -> Decimal | None:
    amount = make_ruleset(data).decide("claim", DAY).amount
    return amount.value if amount else None


def check_missing_facts_are_named() -> None:
    decision = every_type().decide("claim", {"claim.date": "2024-03-01"})
    assert decision.outcome == "undetermined"
    assert set(decision.missing) == set(CLAIM) - {"claim.date", "finding.sound", "applicant.code"}
    assert decision.amount is not None
    assert decision.amount.value is None


def check_decimal_context_is_not_used() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_UP
        context.traps[Inexact] = True
        amount = decide(contract__amount=Decimal("4567.89")).amount
    assert amount is not None
    assert amount.value == Decimal("2283.94")


def check_half_cases() -> None:
    cases = {
        ("half_up", "0.00025%"): "3",
        ("half_even", "0.00025%"): "2",
        ("half_even", "0.00035%"): "4",
        ("down", "0.00029%"): "2",
        ("up", "0.00021%"): "3",
        ("up", "0.0002%"): "2",
        ("half_up", "0.00024999%"): "2",
    }
    for (mode, part), expected in cases.items():
        assert value_of(add_amount(f"round: {mode}, to: 1元", part)) == Decimal(expected), mode


def check_rounding_is_done_once() -> None:
    assert value_of(add_amount("round: half_up, to: 0.1元", "0.0000445%")) == Decimal("0.4")
    assert value_of(add_amount("round: half_up, to: 0.01元", "0.0000445%")) == Decimal("0.45")


def check_overuse_is_clamped_and_told() -> None:
    decision = decide(ledger__claimed="6000元")
    assert decision.outcome == "denied"
    assert decision.amount is not None
    assert decision.amount.value == 0
    assert "over_used" in {item.code for item in decision.warnings}


def check_names_compare_normalised() -> None:
    assert decide(applicant__name="caf\u00e9", officer__name="cafe\u0301").outcome == "denied"


def check_facts_are_copied() -> None:
    papers = ["contract"]
    facts: dict[str, Any] = {**CLAIM, "claim.papers": papers}
    decision = every_type().decide("claim", facts)
    before = decision.to_data()
    papers.clear()
    facts["contract.amount"] = "1元"
    assert decision.to_data() == before


def check_mappings_do_not_change() -> None:
    ruleset = every_type()
    decision = decide()
    held: list[Any] = [
        ruleset.parameters,
        ruleset.rules,
        ruleset.checked.inputs,
        ruleset.checked.choices["size"].options,
        decision.result.case.values,
        decision.result.amounts,
    ]
    for mapping in held:
        name = next(iter(mapping))
        with pytest.raises(TypeError):
            mapping[name] = mapping[name]


def check_objects_do_not_change() -> None:
    ruleset, decision = every_type(), decide()
    held: list[tuple[Any, str]] = [
        (ruleset, "checked"),
        (ruleset.checked, "parameters"),
        (ruleset.parameters["cap"], "values"),
        (ruleset.loaded.document, "provisions"),
        (decision, "result"),
        (decision.result, "outcome"),
        (decision.amount, "value"),
    ]
    for item, name in held:
        with pytest.raises((AttributeError, ValidationError)):
            setattr(item, name, None)


def check_lists_of_the_caller_are_not_handed_out() -> None:
    decision = decide()
    decision.amounts.clear()
    every_type().facts("claim").clear()
    assert decision.amount is not None
    assert decide().outcome == "granted"


def check_layout_is_no_meaning() -> None:
    plain = make_ruleset(MINIMAL.encode()).checked
    lines = MINIMAL.replace('edition: "1"\nlanguage: 1\n', "language: 1\nedition: '1' # x\n")
    for text in (MINIMAL.replace("\n", "\r\n"), MINIMAL + "\n", lines):
        other = make_ruleset(text.encode()).checked
        assert other.source_digest != plain.source_digest
        assert other.semantic_digest == plain.semantic_digest
    changed = make_ruleset(edit("en: bureau", "en: Bureau")).checked
    assert changed.semantic_digest != plain.semantic_digest


def check_order_of_options_is_meaning() -> None:
    text = EVERY_TYPE.read_text(encoding="utf-8")
    micro, large = "      micro: {zh: 微型, en: micro}\n", "      large: {zh: 大型, en: large}\n"
    turned = text.replace(large, "").replace(micro, large + micro)
    one, other = make_ruleset(text.encode()), make_ruleset(turned.encode())
    assert one.checked.choices["size"].options != {}
    assert list(one.checked.choices["size"].options) != list(other.checked.choices["size"].options)
    assert one.checked.semantic_digest != other.checked.semantic_digest


def check_templates_stay_as_they_are() -> None:
    template = "{0.__init__.__globals__} ${code} $near %s %(x)s"
    decision = make_ruleset(retitle(quoted(template))).decide("claim", DAY)
    assert template in decision.explain("en", "text")
    for layout in ("markdown", "html"):
        assert "${code} $near %s %(x)s" in decision.explain("en", layout)


def check_day_given_beside_is_held_to_its_type() -> None:
    days: tuple[Any, ...] = (
        datetime(2024, 3, 1, tzinfo=CHINA),
        datetime(2024, 3, 1),
        LaterDate(2024, 3, 1),
        5,
        1.5,
        b"2024-03-01",
        True,
        date.max,
        "2024-02-30",
        "2024-03-01\n",
        HostileObject(),
    )
    for day in days:
        with pytest.raises(InputError):
            every_type().decide("claim", {}, on=day)


def check_names_given_beside_are_held_to_their_type() -> None:
    ruleset: Any = every_type()
    with pytest.raises(InputError):
        ruleset.decide(5, {})
    with pytest.raises(InputError):
        ruleset.decide("claim", {}, readings={5: "x"})
    with pytest.raises(InputError):
        ruleset.amend({5: "x"})
    with pytest.raises(vr.VoucherRulesError):
        ruleset.amend({"cap": 0.5})
    with pytest.raises(vr.VoucherRulesError):
        ruleset.amend({"cap": object()})
    with pytest.raises(vr.InputError):
        ruleset.amend_from(5)
    with pytest.raises(vr.RulesetNotFoundError):
        ruleset.amend_from("\0.yaml")


def check_paths_that_name_nothing() -> None:
    for name in ("", ".", "/", "..", "a/b", "no.yaml", "\0.yaml", "\ud800.yaml", "x" * 300):
        with pytest.raises(vr.RulesetNotFoundError):
            vr.load(name)
    with pytest.raises(vr.RulesetNotFoundError):
        vr.load("x" * 5_000 + ".yaml")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the library must do with what is inside already."""

    row: int
    check: Callable[[], None]
    wrong: str = ""


BEHAVIOURS: Final = (
    Behaviour(45, check_missing_facts_are_named, "names an input that cannot decide"),
    Behaviour(52, check_day_given_beside_is_held_to_its_type),
    Behaviour(66, check_decimal_context_is_not_used),
    Behaviour(67, check_half_cases),
    Behaviour(68, check_rounding_is_done_once),
    Behaviour(70, check_overuse_is_clamped_and_told),
    Behaviour(43, check_names_compare_normalised),
    Behaviour(75, check_templates_stay_as_they_are),
    Behaviour(81, check_names_given_beside_are_held_to_their_type),
    Behaviour(83, check_facts_are_copied),
    Behaviour(83, check_objects_do_not_change),
    Behaviour(83, check_lists_of_the_caller_are_not_handed_out),
    Behaviour(83, check_mappings_do_not_change, "they are plain dicts"),
    Behaviour(85, check_paths_that_name_nothing),
    Behaviour(86, check_layout_is_no_meaning),
    Behaviour(86, check_order_of_options_is_meaning),
)


def list_behaviours() -> Iterator[Any]:
    for item in BEHAVIOURS:
        marks = [pytest.mark.xfail(strict=True, reason=item.wrong)] if item.wrong else []
        name = item.check.__name__.removeprefix("check_")
        yield pytest.param(item.check, marks=marks, id=f"row={item.row}-{name}")


@pytest.mark.parametrize("check", tuple(list_behaviours()))
def test_what_is_let_in_is_dealt_with_rightly(check: Callable[[], None]) -> None:
    check()


if __name__ == "__main__":
    for given in map(int, sys.argv[1:]):
        sys.stdout.write(f"{json.dumps([given, *list_codes(ROWS[given])])}\n")
        sys.stdout.flush()
