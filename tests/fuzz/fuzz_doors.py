"""Comes in: a seed and a number of rounds. Goes out: every exception that escaped a door.

Each round takes something that is in order, damages it at random and brings it through a door: the
bytes of a ruleset, the facts of a case as YAML, JSON or Python values, or an expression. What is
let in is decided and explained, too. Whatever is raised but the library's own errors is an escape,
and so is an answer that takes longer than it may.

    python tests/fuzz/fuzz_doors.py SEED ROUNDS
"""

from __future__ import annotations

import json
import random
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import voucher_rules as vr
from voucher_rules.api import Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.decision.case import read_case
from voucher_rules.errors import VoucherRulesError
from voucher_rules.language.parse import ExpressionError, parse_expression
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.sources.json import read_json
from voucher_rules.sources.yaml import read_yaml
from voucher_rules.values.model import NONE, OPEN, Period, PeriodUnit

PROJECT: Final = Path(__file__).resolve().parents[2]
EVERY_TYPE: Final = PROJECT / "tests" / "rulesets" / "types" / "good" / "every_type.yaml"
SECONDS: Final = 20
"""How long one answer may take."""

WORDS: Final = [
    "",
    "~",
    "null",
    "''",
    '""',
    "0",
    "1",
    "-1",
    "-0",
    "0.5",
    "1e9",
    "80",
    "30%",
    "2/3",
    "1/0",
    ".nan",
    "true",
    "false",
    "yes",
    "none",
    "unknown",
    "unset",
    "endless",
    "5元",
    "5万元",
    "0元",
    "-5元",
    "5",
    "5 USD",
    "5人",
    "3天",
    "0天",
    "15个工作日",
    "48小时",
    "6个月",
    "100年",
    "2024-02-29",
    "2023-02-29",
    "2100-12-31",
    "2024-01-01T08:00",
    "2024-01-01T08:00Z",
    "0001-01-01",
    "boolean",
    "count",
    "number",
    "ratio",
    "money",
    "date",
    "instant",
    "period",
    "choice",
    "set",
    "id",
    "text",
    "day",
    "hour",
    "working_day",
    "month",
    "人",
    "CNY",
    "USD",
    "JPY",
    "size",
    "paper",
    "small",
    "contract",
    "claim",
    "voucher.amount",
    "claim.date",
    "contract.amount",
    "finding.sound",
    "ledger.claimed",
    "reading.r",
    "cap",
    "ratio * contract.amount",
    "a.b",
    "第一条",
    "第二条",
    "第一条（一）",
    "（一）",
    "up",
    "half_even",
    "at_most",
    "below",
    "amount",
    "permission",
    "value",
    "refused",
    "counts",
    "highest",
    "&a b",
    "*a",
    "!t x",
    "<<",
    "|",
    ">-",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "- a",
    "? a",
    "：",
    "，",
    "\t",
    "\0",
    "\u200b",
    "\ufeff",
    "\r",
    "'",
    '"',
    "#",
    "%",
    "@",
    "\\",
    "9" * 30,
    "x" * 200,
    "é",
    "e\u0301",
    "𠮷",
    "'small'",
    "a.b == 'x'",
    "min(cap, yearly_cap)",
    "given(pool.left)",
    "year(claim.date)",
    "1 - ratio",
]
"""What a damaged part is replaced with."""
KEYS: Final = [
    "type",
    "unit",
    "of",
    "min",
    "max",
    "optional",
    "value",
    "values",
    "from",
    "until",
    "limit",
    "when",
    "require",
    "exclude",
    "limits",
    "at_most",
    "define",
    "as",
    "window",
    "documents",
    "rank",
    "for",
    "soft",
    "key",
    "says",
    "requested",
    "round",
    "to",
    "partial",
    "ref",
    "no_rule",
    "options",
    "ordered",
    "effective",
    "by",
    "status",
    "as_of",
    "answers",
    "outputs",
    "sum",
    "count",
    "informative",
    "set_by",
]
TOKENS: Final = [
    "contract.amount",
    "applicant.staff",
    "applicant.share",
    "applicant.index",
    "applicant.size",
    "cap",
    "claim.papers",
    "applicant.name",
    "claim.date",
    "claim.submitted_at",
    "contract.lasts",
    "ratio",
    "longest",
    "pool.left",
    "finding.sound",
    "ledger.claimed",
    "0",
    "1",
    "5",
    "true",
    "None",
    "'small'",
    "['small']",
    "+",
    "-",
    "*",
    "/",
    "**",
    "<",
    "<=",
    "==",
    "!=",
    "in",
    "not in",
    "and",
    "or",
    "not",
    "if",
    "else",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "min(",
    "max(",
    "given(",
    "year(",
    "day(",
    "lambda",
    ":",
    ":=",
    "f'",
    "'",
    "\\",
    "\n",
    "中",
    "（",
    "\0",
    "...",
    "b'x'",
    "neg(",
    "for",
    "{",
    "}",
    "@",
]
FACTS: Final[Mapping[str, object]] = {
    "claim.date": "2024-03-01",
    "claim.submitted_at": "2024-03-01T08:00",
    "claim.papers": ["contract"],
    "applicant.local": True,
    "applicant.staff": "5人",
    "applicant.index": "0.5",
    "applicant.share": "60%",
    "applicant.size": "small",
    "applicant.code": "0091",
    "applicant.name": "甲",
    "officer.name": "乙",
    "contract.amount": {"value": "4000元", "source": "合同"},
    "contract.signed_on": "2024-02-01",
    "contract.lasts": "30天",
    "pool.left": "none",
    "finding.sound": True,
    "ledger.claimed": "0元",
}
VALUES: Final[list[Any]] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    5,
    10**18,
    10**40,
    10**5000,
    0.5,
    float("nan"),
    float("inf"),
    Decimal("0.1"),
    Decimal("NaN"),
    Decimal("1E+999999"),
    Decimal("-0"),
    Fraction(1, 3),
    Fraction(5),
    "",
    "5元",
    "5",
    "30%",
    "none",
    "unknown",
    "small",
    "true",
    "甲",
    "\ud800",
    "\0",
    "2024-02-29",
    "x" * 5000,
    b"x",
    [],
    ["contract"],
    ["contract", "contract"],
    [None],
    [["contract"]],
    {"contract"},
    (),
    {},
    {"contract": True},
    {"contract": "unknown", "invoice": False},
    {"contract": None},
    {"value": 5},
    {"value": {"value": 5}},
    {"value": "5元", "source": "x"},
    {"value": 5, "sourc": 1},
    {"value": None},
    {1: 2},
    date(2024, 2, 29),
    date.min,
    date.max,
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
    NONE,
    OPEN,
    object(),
    range(3),
    5j,
    Period(30, PeriodUnit.DAY),
    Period(-1, PeriodUnit.DAY),
    Period(1, PeriodUnit.MONTH),
    int,
    iter([]),
]


@dataclass(frozen=True, slots=True)
class Escape:
    """Something that got through: at which door, what, and how; ``where`` is the last own frame."""

    door: str
    given: str
    error: str
    where: str

    def __str__(self) -> str:
        return f"{self.door}: {self.error} in {self.where}\n  {self.given[:600]}"


def list_rulesets() -> list[str]:
    paths = sorted(PROJECT.glob("tests/rulesets/*/good/*.yaml"))
    return [path.read_text(encoding="utf-8") for path in paths]


def read_shipped() -> str:
    path = PROJECT / "rulesets" / "cn-nx-service-voucher" / "2016.yaml"
    return path.read_text(encoding="utf-8")


class Fuzzer:
    """One run: everything in it follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - to try inputs, not to keep a secret
        self.good = list_rulesets()
        self.shipped = read_shipped()
        self.program = vr.load(EVERY_TYPE).program("claim")
        self.escapes: list[Escape] = []
        self.let_in = 0

    def run(self, rounds: int) -> None:
        doors: list[tuple[Callable[[], None], int]] = [
            (self.try_ruleset, 6),
            (self.try_shipped, 1),
            (self.try_facts_yaml, 3),
            (self.try_facts_json, 3),
            (self.try_facts, 3),
            (self.try_expression, 4),
        ]
        for _ in range(rounds):
            chosen = self.random.choices([d for d, _ in doors], [w for _, w in doors])
            chosen[0]()

    def watch(self, door: str, given: object, enter: Callable[[], object]) -> object:
        """Bring something through a door; note what escapes and what takes too long."""
        start = time.perf_counter()
        try:
            return enter()
        except (VoucherRulesError, ExpressionError) as error:
            self.render(door, given, error)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.note(door, given, error)
        finally:
            taken = time.perf_counter() - start
            if taken > SECONDS:
                self.escapes.append(Escape(door, show(given), f"{taken:.0f} s", "time"))
        return None

    def render(self, door: str, given: object, error: Exception) -> None:
        """Write a refusal out in both languages: a text that cannot be written is an escape too."""
        if isinstance(error, vr.InputError | vr.RulesetError):
            try:
                for language in ("zh", "en"):
                    error.render(language).encode("utf-8", "surrogatepass")
            except Exception as other:  # noqa: BLE001
                self.note(f"{door}, its message", given, other)

    def note(self, door: str, given: object, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [item for item in frames if "voucher_rules" in item.filename]
        where = f"{Path(own[-1].filename).name}:{own[-1].name}" if own else "the test"
        told = f"{type(error).__name__}: {str(error)[:120]}"
        self.escapes.append(Escape(door, show(given), told, where))

    # Damage.

    def damage(self, text: str) -> str:
        for _ in range(self.random.choice([1, 1, 1, 2, 3, 6])):
            text = self.random.choice(
                [
                    self.replace_value,
                    self.replace_value,
                    self.replace_value,
                    self.replace_key,
                    self.splice,
                    self.splice,
                    self.drop_line,
                    self.repeat_line,
                    self.swap_words,
                ]
            )(text)
        return text

    def replace_value(self, text: str) -> str:
        """Put another word after a colon."""
        lines = text.split("\n")
        places = [
            (i, j + 2)
            for i, line in enumerate(lines)
            for j in range(len(line))
            if line[j : j + 2] == ": "
        ]
        if not places:
            return self.splice(text)
        number, start = self.random.choice(places)
        line = lines[number]
        ends = [at for at in (line.find(mark, start) for mark in (",", "}")) if at >= 0]
        end = min(ends) if ends and self.random.random() < 0.8 else len(line)
        lines[number] = line[:start] + self.random.choice(WORDS) + line[end:]
        return "\n".join(lines)

    def replace_key(self, text: str) -> str:
        """Give a key another name."""
        key = self.random.choice(KEYS)
        places = [at for at in range(len(text)) if text.startswith(f"{key}:", at)]
        if not places:
            return text
        at = self.random.choice(places)
        return text[:at] + self.random.choice(KEYS) + text[at + len(key) :]

    def splice(self, text: str) -> str:
        """Put something in, or in the place of something."""
        at = self.random.randrange(len(text) + 1)
        gone = self.random.choice([0, 0, 1, 2, 10])
        return text[:at] + self.random.choice(WORDS) + text[at + gone :]

    def drop_line(self, text: str) -> str:
        lines = text.split("\n")
        del lines[self.random.randrange(len(lines))]
        return "\n".join(lines) or "x"

    def repeat_line(self, text: str) -> str:
        lines = text.split("\n")
        at = self.random.randrange(len(lines))
        lines.insert(self.random.randrange(len(lines) + 1), lines[at])
        return "\n".join(lines)

    def swap_words(self, text: str) -> str:
        words = [word.strip("{}[],:'\"") for word in text.split()]
        one, other = self.random.choice(words or ["x"]), self.random.choice(words or ["x"])
        return text.replace(one, other, 1) if one else text

    def encode(self, text: str) -> bytes:
        data = text.encode("utf-8", "surrogatepass")
        if self.random.random() < 0.05 and data:
            at = self.random.randrange(len(data))
            data = data[:at] + bytes([self.random.randrange(256)]) + data[at + 1 :]
        return data

    # Doors.

    def try_ruleset(self) -> None:
        self.enter_ruleset(self.encode(self.damage(self.random.choice(self.good))), "ruleset")

    def try_shipped(self) -> None:
        self.enter_ruleset(self.encode(self.damage(self.shipped)), "shipped ruleset")

    def enter_ruleset(self, data: bytes, door: str) -> None:
        ruleset = self.watch(door, data, lambda: read_ruleset(data))
        if not isinstance(ruleset, Ruleset):
            return
        self.let_in += 1
        for name in ruleset.decisions:
            facts = self.draw_facts(ruleset, name)
            self.watch(
                f"{door}, decided with {facts}",
                data,
                lambda n=name, f=facts: tell(ruleset, n, f),  # type: ignore[misc]
            )

    def draw_facts(self, ruleset: Ruleset, name: str) -> dict[str, Any]:
        """Draw a case that may well be let in: most facts, each from its own domain."""
        stated = {}
        for fact, declared in ruleset.facts(name).items():
            if self.random.random() < 0.9:
                stated[fact] = self.draw_value(declared)
        return stated

    def draw_value(self, declared: Any) -> Any:  # noqa: ANN401 - an input, and any value
        kind = declared.type
        match str(kind.kind):
            case "boolean":
                return self.random.random() < 0.5
            case "date":
                return self.random.choice(["2024-03-01", "2019-12-31", "2100-12-31", "1990-01-01"])
            case "instant":
                return self.random.choice(
                    ["2024-03-01T00:00", "2100-12-31T12:00", "1991-01-01T00:00"]
                )
            case "period":
                units = {
                    "hour": "小时",
                    "day": "天",
                    "working_day": "个工作日",
                    "month": "个月",
                    "year": "年",
                }
                return f"{self.random.choice([0, 1, 30])}{units[kind.unit or 'day']}"
            case "choice":
                return self.random.choice(kind.options)
            case "set":
                return [option for option in kind.options if self.random.random() < 0.5]
            case "id" | "text":
                return self.random.choice(["甲", "乙", "0"])
            case "ratio":
                return self.random.choice(["0%", "1/3", "100%"])
            case _:
                return self.random.choice([0, 1, 5, 100])

    def try_facts_yaml(self) -> None:
        lines = [
            f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in FACTS.items()
        ]
        data = self.encode(self.damage("\n".join(lines)))
        self.watch("facts in YAML", data, lambda: self.enter_facts(*read_source(data, "yaml")))

    def try_facts_json(self) -> None:
        data = self.encode(self.damage(json.dumps(FACTS, ensure_ascii=False, indent=1)))
        self.watch("facts in JSON", data, lambda: self.enter_facts(*read_source(data, "json")))

    def try_facts(self) -> None:
        facts: dict[Any, Any] = dict(FACTS)
        for _ in range(self.random.choice([1, 1, 2, 5])):
            name = self.random.choice([*FACTS, "contract.amout", "contract", 5, None])
            facts[name] = self.random.choice(VALUES)
        self.watch("facts", facts, lambda: self.enter_facts(facts, None))

    def enter_facts(self, facts: Any, source: Any) -> object:  # noqa: ANN401 - whatever was read
        read_case(self.program, facts, source)
        self.let_in += 1
        if self.random.random() < 0.2:
            ruleset = vr.load(EVERY_TYPE)
            plain = {str(name): value for name, value in facts.items()}
            return tell(ruleset, "claim", plain, source)
        return None

    def try_expression(self) -> None:
        count = self.random.choice([1, 3, 5, 8, 30])
        glue = self.random.choice([" ", "", "  "])
        text = glue.join(self.random.choice(TOKENS) for _ in range(count))
        self.watch("expression", text, lambda: parse_expression(text))
        base = (
            self.good[-1] if self.random.random() < 0.1 else EVERY_TYPE.read_text(encoding="utf-8")
        )
        rule = json.dumps(text, ensure_ascii=False)
        data = base.replace("require: applicant.local", f"require: {rule}").encode(
            "utf-8", "replace"
        )
        self.enter_ruleset(data, "expression in a ruleset")


def read_source(data: bytes, form: str) -> tuple[object, object]:
    source = read_yaml(data, "f") if form == "yaml" else read_json(data, "f")
    return source.root, source


def read_ruleset(data: bytes) -> Ruleset:
    loaded = load_ruleset(data, "f.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("f.yaml"))


def tell(ruleset: Ruleset, name: str, facts: Mapping[str, Any], source: Any = None) -> object:  # noqa: ANN401
    """Decide a case and write it out in every form."""
    decision = ruleset.decide(name, facts, source=source)
    texts = [decision.explain(language) for language in ("zh", "en")]
    return (
        *texts,
        decision.explain("en", "html"),
        repr(decision),
        decision.amounts,
        decision.to_data(),
    )


def show(given: object) -> str:
    try:
        return repr(given)
    except Exception:  # noqa: BLE001 - what cannot be shown is still an escape
        return object.__repr__(given)


def fuzz(seed: int, rounds: int) -> Fuzzer:
    fuzzer = Fuzzer(seed)
    fuzzer.run(rounds)
    return fuzzer


def main(arguments: list[str]) -> int:
    seed, rounds = (int(argument) for argument in arguments)
    fuzzer = fuzz(seed, rounds)
    seen: dict[tuple[str, str], int] = {}
    for escape in fuzzer.escapes:
        kind = (escape.error.partition(":")[0], escape.where)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 2:
            sys.stdout.write(f"{escape}\n")
    for (error, where), count in sorted(seen.items()):
        sys.stdout.write(f"{count} x {error} in {where}\n")
    sys.stdout.write(f"{rounds} rounds, {fuzzer.let_in} let in, {len(fuzzer.escapes)} escaped\n")
    return 1 if fuzzer.escapes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
