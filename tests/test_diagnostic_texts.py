"""Comes in: the source, the table of texts and its page. Goes out: a failure where they disagree.

The codes are read off the source without running it. A call carries a code if it makes one of the
:data:`MAKERS`, an exception whose ``__init__`` takes ``code: str``, or if it calls a function that
hands its own parameter on to such a call; so a new helper is found without being named here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from typing import Final, TypeAlias

from voucher_rules.diagnostic_texts import DIAGNOSTIC_TEXTS

PROJECT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = PROJECT / "src" / "voucher_rules"
PAGE: Final = PROJECT / "docs" / "reference" / "errors.md"

CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ROW: Final = re.compile(r"^\| `([a-z][^`]*)` \|", re.MULTILINE)
GENERIC: Final = "near"  # added to every help by `Diagnostic.help`, so no text has a slot for it

MAKERS: Final[Mapping[str, int]] = {"Diagnostic": 1, "PydanticCustomError": 2}
"""What makes a diagnostic, its code first, and the place of its mapping of arguments."""

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the source, its functions, and the tables it binds at its top level."""

    name: str
    tree: ast.Module
    functions: frozenset[str]
    tables: Mapping[str, ast.Dict]


@dataclass(slots=True)
class Carrier:
    """A function that takes a code: where it stands, and which keywords are not arguments."""

    module: str
    index: int
    least: int
    own: frozenset[str]
    adds: set[str]
    """The arguments it gives itself, wherever it hands the code on."""
    deeper: set[str] = field(default_factory=set)


Carriers: TypeAlias = dict[str, list[Carrier]]


@dataclass(frozen=True, slots=True)
class Use:
    """A call with a code. ``supplied`` is None where the arguments are handed on unseen."""

    place: str
    code: str
    supplied: frozenset[str] | None
    lost: frozenset[str] = frozenset()


@dataclass(slots=True)
class Survey:
    """Every use of a code in a source, and each call whose code cannot be told."""

    uses: list[Use] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


def read_module(name: str, text: str) -> Module:
    tree = ast.parse(text)
    tables: dict[str, ast.Dict] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Dict() as table):
                tables[bound] = table
            case ast.AnnAssign(target=ast.Name(id=bound), value=ast.Dict() as table):
                tables[bound] = table
    functions = frozenset(node.name for node in ast.walk(tree) if isinstance(node, Function))
    return Module(name, tree, functions, tables)


def read_texts(nodes: Iterable[ast.expr | None]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def walk_functions(tree: ast.AST, owner: str = "") -> Iterator[tuple[str, Function]]:
    """Yield each function with the name of the class it is a method of, inner ones too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield owner, node
            yield from walk_functions(node)
        else:
            yield from walk_functions(node, node.name if isinstance(node, ast.ClassDef) else owner)


def walk_own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below ``function``, leaving out those of functions inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, Function):
            yield node
            yield from walk_own_nodes(node)


def list_parameters(function: Function, owner: str) -> list[ast.arg]:
    positional = [*function.args.posonlyargs, *function.args.args]
    bound = owner and not any(
        isinstance(item, ast.Name) and item.id == "staticmethod" for item in function.decorator_list
    )
    return positional[1:] if bound else positional


def make_carrier(
    module: Module, owner: str, function: Function, code: str, adds: Iterable[str] = ()
) -> Carrier:
    parameters = list_parameters(function, owner)
    named = [*parameters, *function.args.kwonlyargs]
    return Carrier(
        module=module.name,
        index=next((i for i, item in enumerate(parameters) if item.arg == code), len(parameters)),
        least=len(parameters) - len(function.args.defaults),
        own=frozenset(item.arg for item in named),
        adds=set(adds),
    )


def find_exceptions(modules: list[Module]) -> Carriers:
    """Return the exceptions that are made with a code."""
    found: Carriers = {}
    for module in modules:
        for owner, function in walk_functions(module.tree):
            if function.name == "__init__" and owner.endswith("Error"):
                for item in list_parameters(function, owner):
                    if item.arg == "code":
                        carrier = make_carrier(module, owner, function, "code")
                        found.setdefault(owner, []).append(carrier)
    return found


def name_called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def find_carriers(module: Module, call: ast.Call, carriers: Carriers) -> list[Carrier]:
    """Return what ``call`` may call; a module that has a function of the name means its own."""
    name = name_called(call)
    # `seen.add(word)` is no `report.add(code, word)`: it has too few parts.
    parts = len(call.args) + len(call.keywords)
    known = [item for item in carriers.get(name, []) if item.least <= parts]
    return [item for item in known if item.module == module.name or name not in module.functions]


def find_code(module: Module, call: ast.Call, carriers: Carriers) -> ast.expr | None:
    """Return the expression that ``call`` takes its code from, if it takes one."""
    places = [item.index for item in find_carriers(module, call, carriers)]
    if name_called(call) in MAKERS:
        places.append(0)
    for keyword in call.keywords:
        if places and keyword.arg == "code":
            return keyword.value
    return next((call.args[place] for place in places if place < len(call.args)), None)


def grow_carriers(modules: list[Module]) -> Carriers:
    """Return every function that hands a parameter on as a code, however far."""
    carriers = find_exceptions(modules)
    known: dict[int, Carrier] = {}
    grown = True
    while grown:
        grown = False
        for module in modules:
            for owner, function in walk_functions(module.tree):
                names = {item.arg for item in list_parameters(function, owner)}
                for call in walk_own_nodes(function):
                    if not isinstance(call, ast.Call):
                        continue
                    code = find_code(module, call, carriers)
                    if not isinstance(code, ast.Name) or code.id not in names:
                        continue
                    adds = read_supplied(module, call, carriers) or frozenset()
                    if id(function) not in known:
                        known[id(function)] = make_carrier(module, owner, function, code.id, adds)
                        carriers.setdefault(function.name, []).append(known[id(function)])
                        grown = True
                    known[id(function)].adds &= adds
                    grown |= add_deeper(known[id(function)], module, call, carriers)
    return carriers


def add_deeper(carrier: Carrier, module: Module, call: ast.Call, carriers: Carriers) -> bool:
    """Note which keywords never arrive as arguments, because a call on the way takes them."""
    if not any(keyword.arg is None for keyword in call.keywords):
        return False
    taken = {n for item in find_carriers(module, call, carriers) for n in item.own | item.deeper}
    fresh = taken - carrier.deeper
    carrier.deeper |= fresh
    return bool(fresh)


def resolve(node: ast.expr, module: Module, function: ast.AST) -> set[str] | None:
    """Return the codes an expression may stand for; None where that cannot be told."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Attribute(attr="code"):
            return set()
        case ast.Name(id=name):
            return resolve_name(name, module, function)
        case ast.IfExp(body=one, orelse=other):
            return join([resolve(one, module, function), resolve(other, module, function)])
    return resolve_table(node, module)


def resolve_table(node: ast.expr, module: Module) -> set[str] | None:
    """Return the texts of a table of the module, where ``node`` takes one of them."""
    match node:
        case (
            ast.Subscript(value=ast.Name(id=table))
            | ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"))
        ) if table in module.tables:
            return set(read_texts(module.tables[table].values))
    return None


def join(parts: list[set[str] | None]) -> set[str] | None:
    known = [part for part in parts if part is not None]
    return {code for part in known for code in part} if len(known) == len(parts) else None


def resolve_name(name: str, module: Module, function: ast.AST) -> set[str] | None:
    """Return what the assignments and loops of ``function`` may bind ``name`` to."""
    if isinstance(function, Function):
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if name in {item.arg for item in given}:
            return set()
    parts: list[set[str] | None] = []
    for node in walk_own_nodes(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                parts.append(resolve(value, module, function))
            case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value) if (
                bound == name
            ):
                parts.append(resolve(value, module, function))
            case (
                ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source)
            ) if name in {item.id for item in ast.walk(target) if isinstance(item, ast.Name)}:
                parts.append(resolve_loop(name, target, source, module))
    return join(parts) if parts else None


def resolve_loop(name: str, target: ast.expr, source: ast.expr, module: Module) -> set[str] | None:
    """Return what a loop over a table, or over texts written out, binds ``name`` to."""
    match target, source:
        case ast.Name(), ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return set(read_texts(items))
        case ast.Name(), ast.Name(id=table) if table in module.tables:
            return set(read_texts(module.tables[table].keys))
        case (
            ast.Tuple(elts=[ast.Name(id=first), _]),
            ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="items")),
        ) if table in module.tables:
            held = module.tables[table]
            return set(read_texts(held.keys if first == name else held.values))
    return None


def read_supplied(module: Module, call: ast.Call, carriers: Carriers) -> frozenset[str] | None:
    """Return the names of the arguments a call gives; None where they are not written out."""
    if name_called(call) in MAKERS:
        return read_mapping(call)
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    found = find_carriers(module, call, carriers)
    taken = {n for item in found for n in item.own | item.deeper}
    added = frozenset.intersection(*(frozenset(item.adds) for item in found))
    return (frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - taken) | added


def read_mapping(call: ast.Call) -> frozenset[str] | None:
    place = MAKERS[name_called(call)]
    named = [keyword.value for keyword in call.keywords if keyword.arg == "arguments"]
    given = [*call.args[place : place + 1], *named]
    match given:
        case []:
            return frozenset()
        case [ast.Dict(keys=keys)] if None not in keys:
            return frozenset(read_texts(keys))
    return None


def read_lost(module: Module, call: ast.Call, carriers: Carriers) -> frozenset[str]:
    """Return the arguments of a call that something on the way takes for its own parameter."""
    given = {keyword.arg for keyword in call.keywords if keyword.arg}
    found = find_carriers(module, call, carriers)
    return frozenset(n for item in found for n in (given - item.own) & item.deeper)


def survey_source(texts: Mapping[str, str]) -> Survey:
    modules = [read_module(name, text) for name, text in texts.items()]
    carriers = grow_carriers(modules)
    survey = Survey()
    for module in modules:
        functions = [function for _, function in walk_functions(module.tree)]
        for scope in [module.tree, *functions]:
            for call in walk_own_nodes(scope):
                if isinstance(call, ast.Call):
                    survey_call(survey, module, scope, call, carriers)
    return survey


def survey_call(
    survey: Survey, module: Module, scope: ast.AST, call: ast.Call, carriers: Carriers
) -> None:
    node = find_code(module, call, carriers)
    if node is None:
        return
    place = f"{module.name}:{call.lineno}"
    codes = resolve(node, module, scope)
    if codes is None:
        survey.untold.append(place)
        return
    supplied, lost = read_supplied(module, call, carriers), read_lost(module, call, carriers)
    survey.uses += [Use(place, code, supplied, lost) for code in sorted(codes)]


@cache
def survey_library() -> Survey:
    texts = {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.rglob("*.py"))
    }
    return survey_source({name: x for name, x in texts.items() if not is_silent(name, x)})


def is_silent(name: str, text: str) -> bool:
    """Tell whether a module tells no diagnostics; what it adds are numbers and no codes."""
    return name.startswith("compiled/") and "voucher_rules.diagnostics" not in text


def list_templates() -> list[tuple[str, str, str]]:
    """Return code, name of the part with its language, and template."""
    return [
        (code, f"{part}.{language}", template)
        for code, text in DIAGNOSTIC_TEXTS.items()
        for part, both in (("message", text.message), ("help", text.help))
        for language, template in both.items()
    ]


def read_slots(template: str) -> set[str]:
    return set(Template(template).get_identifiers())


def test_the_codes_of_the_source_are_found() -> None:
    found = {use.code for use in survey_library().uses}
    # One of each way a code is written today.
    written = {"bad-ruleset-id", "provision-missing", "anchor", "unknown-fact", "json-syntax"}
    assert written <= found
    assert {"not-a-boolean", "exponent", "too-few", "bad-shape", "one-of-keys"} <= found


def test_every_code_can_be_told() -> None:
    assert not (untold := survey_library().untold), f"write the code out at {untold}"


def test_every_code_used_has_a_text() -> None:
    missing = [
        f"{use.place}: {use.code}"
        for use in survey_library().uses
        if use.code not in DIAGNOSTIC_TEXTS
    ]
    assert not missing, "\n".join(missing)


def test_every_text_is_used() -> None:
    dead = set(DIAGNOSTIC_TEXTS) - {use.code for use in survey_library().uses}
    assert not dead, sorted(dead)


def test_every_slot_is_filled_by_every_call() -> None:
    empty = []
    for use in survey_library().uses:
        text = DIAGNOSTIC_TEXTS.get(use.code)
        if text is not None and use.supplied is not None:
            slots = read_slots(" ".join([*text.message.values(), *text.help.values()]))
            empty += [f"{use.place}: {use.code}: ${name}" for name in slots - use.supplied]
    assert not empty, "\n".join(sorted(empty))


def test_no_argument_is_lost_on_its_way() -> None:
    lost = [
        f"{use.place}: {use.code}: {sorted(use.lost)}" for use in survey_library().uses if use.lost
    ]
    assert not lost, "\n".join(lost)


def test_every_code_is_written_with_hyphens() -> None:
    assert not [code for code in DIAGNOSTIC_TEXTS if not CODE.fullmatch(code)]


def test_both_languages_are_there() -> None:
    for code, text in DIAGNOSTIC_TEXTS.items():
        assert list(text.message) == list(text.help) == ["zh", "en"], code
        assert all(text.message.values()), code
        assert bool(text.help["zh"]) == bool(text.help["en"]), code


def test_templates_are_valid() -> None:
    for code, part, template in list_templates():
        assert Template(template).is_valid(), (code, part)
        assert GENERIC not in read_slots(template), (code, part)
        assert template == template.strip(), (code, part)
        assert not template.endswith((".", "。")), (code, part)


def test_both_languages_have_the_same_slots() -> None:
    for code, text in DIAGNOSTIC_TEXTS.items():
        for part in (text.message, text.help):
            assert read_slots(part["zh"]) == read_slots(part["en"]), code


def test_the_page_lists_every_code_once() -> None:
    listed = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(DIAGNOSTIC_TEXTS)


EXAMPLE: Final = """
_CODES = {"a": "from-table"}
_SLIPS: Final = {"from-keys": 1}
class SlipError(ValueError):
    def __init__(self, code: str, **arguments: str) -> None: ...
class Report:
    def add(self, code: str, word: str, **arguments: str) -> None:
        self.found.append(diagnose(self.source, code, **arguments))
def diagnose(source: str, code: str, *, path: str = "", **arguments: str) -> None:
    return Diagnostic(code, arguments, path)
def check(report, seen, word):
    seen.add("not-a-code")
    report.add("plain", word, name=word)
    report.add("swallowed", word, path=word)
    code = "if-so" if word else "if-not"
    report.add(code, word, **word)
    report.add(_CODES.get(word, word), word)
    raise SlipError("slip", found=word)
def read(word):
    for code, _ in _SLIPS.items():
        return SlipError(code)
    raise SlipError(error.code)
def guess(word):
    raise SlipError(word.lower())
def tell(report, code, word):
    report.add(code, word, shown=word)
tell(report, "told", word)
Diagnostic("mapped", {"name": "x"})
"""


def test_the_survey_reads_an_example() -> None:
    survey = survey_source({"example.py": EXAMPLE})
    found = {use.code: (use.supplied, use.lost) for use in survey.uses}
    nothing: frozenset[str] = frozenset()
    assert found == {
        "plain": ({"name"}, nothing),
        "swallowed": (nothing, {"path"}),
        "if-so": (None, nothing),
        "if-not": (None, nothing),
        "from-table": (nothing, nothing),
        "slip": ({"found"}, nothing),
        "from-keys": (nothing, nothing),
        "mapped": ({"name"}, nothing),
        "told": ({"shown"}, nothing),
    }
    assert survey.untold == ["example.py:24"]
