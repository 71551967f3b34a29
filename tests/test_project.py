"""Comes in: the files git tracks and the source. Goes out: a failure for each forbidden thing."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = PROJECT / "src" / "voucher_rules"

# What no tracked file may hold. One-letter classes keep the patterns from matching this file.
NEIGHBOUR: Final = "path out of the project"
FORBIDDEN_TEXT: Final[Mapping[str, re.Pattern[str]]] = {
    "path of one machine": re.compile(r"[/]work/|[/]root/|[/]tmp/", re.IGNORECASE),
    NEIGHBOUR: re.compile(r"[.][.]/shared", re.IGNORECASE),
    "word of the workshop": re.compile(r"\bsub[a]gent\b|\bissue[ ]#?[0-9]+\b", re.IGNORECASE),
}


def is_default_of_texts(name: str, line: str) -> bool:
    """Tell whether ``line`` is the one place that may point out of the project.

    The runner looks for the official texts beside the checkout; everyone else is told by the
    environment variable where they are.
    """
    return name == ".ci/run" and "VOUCHER_RULES_TEXTS" in line


def find_forbidden_text(name: str, text: str) -> Iterator[str]:
    """Yield ``name:line: kind`` for each forbidden thing in the name or the lines of a file."""
    for number, line in enumerate([name, *text.split("\n")]):
        for kind, pattern in FORBIDDEN_TEXT.items():
            allowed = kind == NEIGHBOUR and is_default_of_texts(name, line)
            if pattern.search(line) and not allowed:
                yield f"{name}:{number}: {kind}"


def list_tracked_files(folder: Path) -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=folder, check=True, capture_output=True)
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def read_tracked_text(path: Path) -> str:
    """Return what is in a file as text, binary files too; a deleted one is empty."""
    if path.is_symlink():
        return os.fspath(path.readlink())
    return path.read_bytes().decode(errors="replace") if path.is_file() else ""


def find_in_tracked_files(folder: Path) -> list[str]:
    return [
        found
        for name in list_tracked_files(folder)
        for found in find_forbidden_text(name, read_tracked_text(folder / name))
    ]


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="not a git checkout")
def test_tracked_files_hold_nothing_forbidden() -> None:
    assert list_tracked_files(PROJECT), "git tracks no file yet: add them first"
    assert not (found := find_in_tracked_files(PROJECT)), "\n".join(found)


def glue(*parts: str) -> str:
    """Return a forbidden text whose parts are not, so that this file may hold them."""
    return "".join(parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("see /work", "/main"),
        ("see /root", "/.cache"),
        ("see /", "tmp/out.html"),
        ("see ..", "/shared/documents"),
        ("a sub", "agent wrote this"),
        ("fixes issue", " #12"),
        ("Issue", " 7"),
    ],
    ids="".join,
)
def test_forbidden_text_is_found(parts: tuple[str, ...]) -> None:
    assert len(list(find_forbidden_text("notes.md", glue("\n", *parts)))) == 1
    assert len(list(find_forbidden_text(glue(*parts), ""))) == 1


@pytest.mark.parametrize("text", ["", "issued in 2016", "network/x", "issue of 3", "../x"])
def test_plain_text_is_let_be(text: str) -> None:
    assert list(find_forbidden_text("notes.md", text)) == []


@pytest.mark.parametrize(
    ("name", "before", "caught"),
    [
        (".ci/run", "VOUCHER_RULES_TEXTS=", False),
        (".ci/run", "cd ", True),
        ("notes.md", "VOUCHER_RULES_TEXTS=", True),
    ],
)
def test_only_the_default_of_the_texts_points_out(name: str, before: str, *, caught: bool) -> None:
    text = glue(before, "..", "/shared/documents")
    assert bool(list(find_forbidden_text(name, text))) is caught


def test_tracked_files_of_every_kind_are_read(tmp_path: Path) -> None:
    bad = glue("/work", "/x")
    (tmp_path / "名.bin").write_bytes(b"\xff\x00" + bad.encode())
    (tmp_path / ".hidden").write_text(bad)
    (tmp_path / "link").symlink_to(bad)
    (tmp_path / "untracked").write_text(bad)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "名.bin", ".hidden", "link"], cwd=tmp_path, check=True)
    found = {line.partition(":")[0] for line in find_in_tracked_files(tmp_path)}
    assert found == {"名.bin", ".hidden", "link"}


# What the source may not hold, read from its syntax tree. A rule yields the lines of its faults.

PAPER: Final = "sizes and places on paper"
POINT: Final = "where a point lies in a picture, from an exact number beside it"

# (file under src/voucher_rules, rule) -> why this file may break this rule.
ALLOWED: Final[Mapping[tuple[str, str], str]] = {
    ("batch/reading/columns.py", "no float(): amounts are exact"): (
        "a float of another package as a plain one, to be told apart or refused"
    ),
    ("api/population_pictures.py", "no float literal: amounts are exact"): PAPER,
    ("api/reform_pictures.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/bars.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/burn_down.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/grids.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/lines.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/regions.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/spans.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/spreads.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/style.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/texts.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/variations.py", "no float literal: amounts are exact"): PAPER,
    ("pictures/bars.py", "no float(): amounts are exact"): POINT,
    ("pictures/grids.py", "no float(): amounts are exact"): POINT,
    ("pictures/regions.py", "no float(): amounts are exact"): POINT,
    ("pictures/style.py", "no float(): amounts are exact"): POINT,
    ("pictures/texts.py", "no float(): amounts are exact"): POINT,
    ("compiled/python_load.py", "no eval or exec: data is never code"): (
        "runs code that this package wrote: whole numbers and made-up names, no text of any data"
    ),
}

RE_FUNCTIONS: Final = frozenset(
    {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
)
# An odd number of backslashes before the letter or sign: an escape, not an escaped backslash.
DIGIT_CLASS: Final = re.compile(r"(?<!\\)(?:\\\\)*\\d")
DOLLAR_END: Final = re.compile(r"(?<!\\)(?:\\\\)*\$\Z")
# isoparse reads one format; the rest of the module guesses.
STRICT_DATEUTIL: Final = frozenset({"isoparse", "isoparser"})
# Stands in a pattern for what is only known when the program runs.
UNKNOWN: Final = "\0"


def walk_calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_builtin(func: ast.expr, names: frozenset[str]) -> bool:
    match func:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(value=ast.Name(id="builtins"), attr=name):
            return name in names
    return False


def find_float_literals(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno


def find_float_calls(tree: ast.Module) -> Iterator[int]:
    for call in walk_calls(tree):
        if is_builtin(call.func, frozenset({"float", "complex"})):
            yield call.lineno


def find_format_calls(tree: ast.Module) -> Iterator[int]:
    for call in walk_calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}:
            yield call.lineno


def find_evaluations(tree: ast.Module) -> Iterator[int]:
    for call in walk_calls(tree):
        if is_builtin(call.func, frozenset({"eval", "exec"})):
            yield call.lineno


def is_guessing_parser(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(alias.name.startswith("dateutil.parser") for alias in names)
        case ast.ImportFrom(module="dateutil", names=names):
            return any(alias.name in {"parser", "*"} for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            inside = module.startswith("dateutil.parser")
            return inside and any(alias.name not in STRICT_DATEUTIL for alias in names)
        case ast.Attribute(attr="parser", value=ast.Name(id="dateutil")):
            return True
    return False


def find_guessing_parsers(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if is_guessing_parser(node):
            yield getattr(node, "lineno", 0)


def find_skipped_validations(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "model_construct":
            yield node.lineno


def find_unchecked_copies(tree: ast.Module) -> Iterator[int]:
    for call in walk_calls(tree):
        named = isinstance(call.func, ast.Attribute) and call.func.attr == "model_copy"
        # A keyword without a name is a ** that may hold it.
        if named and any(keyword.arg in {"update", None} for keyword in call.keywords):
            yield call.lineno


def list_parts(node: ast.expr | None) -> list[ast.expr]:
    match node:
        case ast.JoinedStr(values=values):
            return values
        case ast.FormattedValue(value=value):
            return [value]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [left, right]
    return []


def read_literal(node: ast.expr | None, constants: Mapping[str, str]) -> str:
    """Return the text of a string expression, with UNKNOWN where it is not written out."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=bytes(raw)):
            return raw.decode("latin-1")
        case ast.Name(id=name):
            return constants.get(name, UNKNOWN)
    return "".join(read_literal(part, constants) for part in list_parts(node)) or UNKNOWN


def read_constants(tree: ast.Module) -> dict[str, str]:
    """Return the strings a module binds to names at its top level."""
    constants: dict[str, str] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                constants[name] = read_literal(value, constants)
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                constants[name] = read_literal(value, constants)
    return constants


def read_re_names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names under which a module knows ``re``, and those of functions taken from it."""
    modules: set[str] = set()
    functions: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules |= {alias.asname or alias.name for alias in names if alias.name == "re"}
            case ast.ImportFrom(module="re", names=names):
                taken = (alias for alias in names if alias.name in RE_FUNCTIONS)
                functions |= {alias.asname or alias.name for alias in taken}
    return modules, functions


def is_re_call(call: ast.Call, modules: set[str], functions: set[str]) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module in modules and name in RE_FUNCTIONS
        case ast.Name(id=name):
            return name in functions
    return False


def find_named_patterns(call: ast.Call) -> Iterator[ast.expr]:
    return (keyword.value for keyword in call.keywords if keyword.arg == "pattern")


def read_re_patterns(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of each pattern given to ``re``."""
    constants = read_constants(tree)
    modules, functions = read_re_names(tree)
    for call in walk_calls(tree):
        if is_re_call(call, modules, functions):
            for node in [*call.args[:1], *find_named_patterns(call)]:
                yield call.lineno, read_literal(node, constants)


def read_field_patterns(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of each ``pattern=`` of any call, as pydantic's fields take them."""
    constants = read_constants(tree)
    for call in walk_calls(tree):
        for node in find_named_patterns(call):
            yield call.lineno, read_literal(node, constants)


def find_digit_classes(tree: ast.Module) -> Iterator[int]:
    for line, pattern in {*read_re_patterns(tree), *read_field_patterns(tree)}:
        if DIGIT_CLASS.search(pattern):
            yield line


def find_dollar_ends(tree: ast.Module) -> Iterator[int]:
    # Fields are left out: pydantic's own engine ends `$` at the very end, and has no fullmatch.
    for line, pattern in read_re_patterns(tree):
        if DOLLAR_END.search(pattern.rstrip()):
            yield line


RULES: Final[Mapping[str, Callable[[ast.Module], Iterator[int]]]] = {
    "no float literal: amounts are exact": find_float_literals,
    "no float(): amounts are exact": find_float_calls,
    "no str.format: it looks up attributes": find_format_calls,
    "no eval or exec: data is never code": find_evaluations,
    "no dateutil.parser but isoparse: it guesses": find_guessing_parsers,
    r"no \d in a pattern: it takes digits of every script; write [0-9]": find_digit_classes,
    "no $ at the end of a pattern: it lets a line end pass; use fullmatch": find_dollar_ends,
    "no model_construct: it skips validation": find_skipped_validations,
    "no model_copy(update=…): it skips validation": find_unchecked_copies,
}


@cache
def find_faults(text: str) -> set[tuple[int, str]]:
    tree = ast.parse(text)
    return {(line, rule) for rule, find in RULES.items() for line in find(tree)}


@cache
def read_source() -> dict[str, str]:
    paths = sorted(SOURCE.rglob("*.py"))
    return {path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_the_source_holds_nothing_forbidden() -> None:
    source = read_source()
    assert source, "no source found"
    faults = [
        f"{name}:{line}: {rule}"
        for name, text in source.items()
        for line, rule in sorted(find_faults(text))
        if (name, rule) not in ALLOWED
    ]
    assert not faults, "\n".join(faults)


def test_every_exception_is_still_needed() -> None:
    source = read_source()
    found = {(name, rule) for name, text in source.items() for _, rule in find_faults(text)}
    assert not (stale := ALLOWED.keys() - found), stale


BAD: Final[Mapping[str, tuple[str, ...]]] = {
    "no float literal": ("x = 0.5", "x = -1e3", "def f(x=1.0): ...", "x = 2j"),
    "no float()": ("float('1')", "import builtins\nbuiltins.float(1)"),
    "no str.format": ("'{}'.format(x)", "text.format_map(x)", "str.format('{}', x)"),
    "no eval or exec": ("eval('1')", "def f():\n    exec(x)", "builtins.eval(x)"),
    "no dateutil.parser": (
        "import dateutil.parser",
        "import dateutil.parser as p",
        "from dateutil import parser",
        "from dateutil import *",
        "from dateutil.parser import parse",
        "from dateutil.parser import isoparse, parse as p",
        "from dateutil.parser._parser import parse",
        "import dateutil\ndateutil.parser.parse(x)",
    ),
    r"no \d": (
        r"import re; re.compile(r'\d+')",
        r"import re; re.compile('\\d')",
        r"import re; re.search(br'\\\d', x)",
        r"import re as r; r.fullmatch(pattern=r'\d', string=x)",
        r"from re import compile as c; c(r'[\d.]')",
        "import re\nA = r'\\d'\nre.compile(A)",
        "import re\nA: str = r'\\d'\nB = 'x' + A\nre.compile(rf'a{B}b')",
        r"Field(pattern=r'^\d$')",
    ),
    "no $ at the end": (
        "import re; re.compile(r'a$')",
        r"import re; re.match(r'a\\$', x)",
        "import re\nA = 'a'\nre.compile(f'{A}$')",
        "import re; re.compile('a' 'b$')",
        "import re; re.compile('''a $\n''', re.VERBOSE)",
    ),
    "no model_construct": ("Case.model_construct(a=1)", "f = Case.model_construct"),
    "no model_copy": ("case.model_copy(update={'a': 1})", "case.model_copy(**options)"),
}

GOOD: Final = (
    "x = 1",
    "isinstance(x, float)",
    "def f(x: float) -> None: ...",
    "f'{x}'",
    "format(x, ',')",
    "import ast\nast.literal_eval(x)",
    "from dateutil.parser import isoparse",
    "from dateutil.relativedelta import relativedelta",
    "import re; re.fullmatch(r'[0-9]+', x)",
    r"import re; re.compile(r'\\d')",
    r"import re; re.compile(r'a\$')",
    "import re; re.compile(rf'a${x}')",
    "import re; re.escape('$')",
    r"print(r'\d$')",
    "Field(pattern='^[0-9]+$')",
    "case.model_copy()",
    "case.model_copy(deep=True)",
    "Case.model_validate(x)",
)


def list_bad_examples() -> list[tuple[str, str]]:
    return [(rule, text) for rule, texts in BAD.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), list_bad_examples())
def test_a_forbidden_thing_is_found_by_its_rule_alone(rule: str, text: str) -> None:
    found = {name for _, name in find_faults(text)}
    assert len(found) == 1
    assert found.pop().startswith(rule)


@pytest.mark.parametrize("text", GOOD)
def test_an_allowed_thing_is_let_be(text: str) -> None:
    assert find_faults(text) == set()


def test_every_rule_is_shown_to_fail() -> None:
    assert not [rule for rule in RULES if not any(rule.startswith(start) for start in BAD)]
