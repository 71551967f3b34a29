"""Comes in: the source tree. Goes out: a failure for each import that breaks the floor plan.

Every import counts, wherever it stands: at the top of a module, inside a function, under
``if TYPE_CHECKING:``, absolute or relative, or by name through ``import_module("…")``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

# Lowest first. A module imports only from packages that stand earlier, or from its own.
LAYERS: Final = (
    "front",
    "spans",
    "diagnostic_texts",
    "diagnostics",
    "errors",
    "arguments",
    "sources",
    "values",
    "calendars",
    "language",
    "meaning",
    "ruleset",
    "checked",
    "catalog",
    "program",
    "decision",
    "compiled",
    "ledger",
    "explain",
    "record",
    "batch",
    "whatif",
    "pictures",
    "intake",
    "api",
    "testing",
    "synthetic",
    "differences",
    "publish",
    "testing_plugin",
    "cli",
    "__init__",
    "__main__",
)

# Doors to the outside: who may import them at all, from within.
IMPORTERS: Final[Mapping[str, frozenset[str]]] = {
    "cli": frozenset({"__main__"}),
    "__init__": frozenset(),
}

THIRD_PARTY: Final = frozenset({"pydantic", "dateutil", "yaml"})
THIRD_PARTY_EXCEPTIONS: Final[Mapping[str, frozenset[str]]] = {
    # pydantic's own core, which carries the error type its validators raise.
    "ruleset": frozenset({"pydantic_core"}),
    # pytest loads this module itself, so pytest is there whenever the module is.
    "testing_plugin": frozenset({"pytest"}),
    # Readers of files that are no plain text; asked for when such a file is read, not before.
    "intake": frozenset({"docx", "pypdf", "bs4"}),
    # Signatures and time stamps; asked for when one is made or checked, not before.
    "record": frozenset({"cryptography", "rfc3161_client"}),
    # A ledger in PostgreSQL; asked for when one is opened, not before.
    "ledger": frozenset({"sqlalchemy", "psycopg"}),
    # Tables of other packages, in and out; asked for when one is given or wanted, not before.
    "batch": frozenset({"numpy", "pandas", "polars", "pyarrow", "duckdb", "pyspark"}),
    # Drawing; asked for when a picture is wanted, not before.
    "pictures": frozenset({"matplotlib", "numpy"}),
}

ROOT: Final = "voucher_rules"
SOURCE: Final = Path(__file__).resolve().parents[1] / "src" / ROOT


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the module it stands in, its line, and the module it names."""

    importer: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"

    @property
    def is_inside(self) -> bool:
        return self.target.split(".")[0] == ROOT


@dataclass(frozen=True, slots=True)
class Tree:
    """A package on disk: its modules and every import in them."""

    modules: frozenset[str]
    imports: tuple[Import, ...]


def name_module(path: Path, source: Path) -> str:
    parts = path.relative_to(source).with_suffix("").parts
    if parts != ("__init__",) and parts[-1] == "__init__":
        parts = parts[:-1]
    return ROOT if parts == ("__init__",) else ".".join((ROOT, *parts))


def name_layer(module: str) -> str:
    _, _, inner = module.partition(".")
    return inner.split(".")[0] if inner else "__init__"


def resolve_relative(package: str, level: int, name: str) -> str:
    """Return the absolute form of ``name`` written with ``level`` leading dots in ``package``."""
    if level == 0:
        return name
    parts = package.split(".")
    if level > len(parts):
        message = f"{'.' * level}{name} in {package} leads out of {ROOT}"
        raise ValueError(message)
    return ".".join(filter(None, (*parts[: len(parts) - level + 1], name)))


def read_targets(node: ast.AST, package: str, modules: frozenset[str]) -> Iterator[str]:
    """Yield each module that ``node`` names, if it is an import of some form."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            base = resolve_relative(package, level, module or "")
            for alias in names:
                submodule = f"{base}.{alias.name}"
                yield submodule if submodule in modules else base
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__")
            | ast.Attribute(attr="import_module" | "__import__"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            bare = name.lstrip(".")
            yield resolve_relative(package, len(name) - len(bare), bare)


def read_imports(module: str, path: Path, modules: frozenset[str]) -> Iterator[Import]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for target in read_targets(node, package, modules):
            yield Import(module, getattr(node, "lineno", 0), target)


def read_tree(source: Path) -> Tree:
    paths = {name_module(path, source): path for path in sorted(source.rglob("*.py"))}
    modules = frozenset(paths)
    imports = (found for name in paths for found in read_imports(name, paths[name], modules))
    return Tree(modules, tuple(dict.fromkeys(imports)))


def find_unlisted_layers(tree: Tree) -> list[str]:
    layers = {name_layer(module) for module in tree.modules}
    return [f"{layer} is not in LAYERS: give it its place" for layer in sorted(layers - {*LAYERS})]


def find_cycle(tree: Tree) -> list[str]:
    """Return the modules of one cycle, the first of them again at the end, or nothing."""
    graph: dict[str, set[str]] = {module: set() for module in tree.modules}
    for found in tree.imports:
        if found.target in tree.modules:
            graph[found.importer].add(found.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(module) for module in error.args[1]]
    return []


def is_upward(found: Import) -> bool:
    importer, target = name_layer(found.importer), name_layer(found.target)
    if importer == target:
        return False
    if importer not in LAYERS or target not in LAYERS:
        return True
    return LAYERS.index(target) > LAYERS.index(importer)


def find_upward_imports(tree: Tree) -> list[str]:
    return [str(found) for found in tree.imports if found.is_inside and is_upward(found)]


def is_kept_out(found: Import) -> bool:
    importer, target = name_layer(found.importer), name_layer(found.target)
    return importer != target and importer not in IMPORTERS.get(target, {importer})


def find_kept_out_imports(tree: Tree) -> list[str]:
    return [str(found) for found in tree.imports if found.is_inside and is_kept_out(found)]


def is_foreign(found: Import) -> bool:
    package = found.target.split(".")[0]
    allowed = THIRD_PARTY | THIRD_PARTY_EXCEPTIONS.get(name_layer(found.importer), frozenset())
    return package not in allowed | sys.stdlib_module_names


def find_foreign_imports(tree: Tree) -> list[str]:
    return [str(found) for found in tree.imports if not found.is_inside and is_foreign(found)]


# The same within `batch`, whose packages stand in levels: a module imports only from levels below
# its own, or from its own package.
LEVELS: Final = (
    ("reading",),
    ("cases",),
    ("verdicts",),
    ("numpy", "results"),
    ("memory", "sql"),
    ("duckdb", "spark"),
    ("runs",),
)


def find_level(module: str) -> tuple[str, int | None]:
    """Return the package of `batch` that a module belongs to, and its level; None: it has none."""
    name = module.removeprefix(f"{ROOT}.batch.").split(".")[0]
    return name, next((at for at, level in enumerate(LEVELS) if name in level), None)


def find_imports_of_batch(tree: Tree) -> Iterator[Import]:
    inside = f"{ROOT}.batch."
    return (
        x for x in tree.imports if x.importer.startswith(inside) and x.target.startswith(inside)
    )


def find_unplaced_parts(tree: Tree) -> list[str]:
    names = {x for x in tree.modules if x.startswith(f"{ROOT}.batch.") and find_level(x)[1] is None}
    return [f"{name} is in no package of LEVELS: give it its place" for name in sorted(names)]


def is_not_below(found: Import) -> bool:
    (own, at), (other, below) = find_level(found.importer), find_level(found.target)
    return own != other and (at is None or below is None or below >= at)


def find_upward_parts(tree: Tree) -> list[str]:
    return [str(found) for found in find_imports_of_batch(tree) if is_not_below(found)]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(SOURCE)


def test_the_source_tree_is_found(tree: Tree) -> None:
    assert ROOT in tree.modules
    assert any(found.is_inside for found in tree.imports)


def test_every_package_has_its_place_in_the_table(tree: Tree) -> None:
    assert not (found := find_unlisted_layers(tree)), "\n".join(found)


def test_no_module_imports_itself_by_a_detour(tree: Tree) -> None:
    assert not (found := find_cycle(tree)), " -> ".join(found)


def test_imports_point_to_earlier_packages(tree: Tree) -> None:
    assert not (found := find_upward_imports(tree)), "\n".join(found)


def test_every_part_of_batch_has_its_level(tree: Tree) -> None:
    assert not (found := find_unplaced_parts(tree)), "\n".join(found)


def test_parts_of_batch_import_from_levels_below(tree: Tree) -> None:
    assert len(list(find_imports_of_batch(tree))) > 100
    assert not (found := find_upward_parts(tree)), "\n".join(found)


def test_doors_to_the_outside_are_not_used_from_within(tree: Tree) -> None:
    assert not (found := find_kept_out_imports(tree)), "\n".join(found)


def test_third_party_packages_are_the_declared_ones(tree: Tree) -> None:
    assert not (found := find_foreign_imports(tree)), "\n".join(found)


PAGES: Final = SOURCE.parents[1] / "docs" / "explanation"


@pytest.mark.parametrize(
    ("name", "word"),
    [("architecture.md", r"^\| .*"), ("architecture.svg", r">[a-z_ ·—]+<")],
    ids=["page", "picture"],
)
def test_the_page_and_the_picture_have_every_package(name: str, word: str) -> None:
    held = re.findall(word, (PAGES / name).read_text(encoding="utf-8"), re.MULTILINE)
    told = re.findall(r"[a-z_]+", " ".join(x.split("|")[1] if "|" in x else x for x in held))
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert len(folders) > 20
    assert sorted(folders - {*told}) == []


def test_the_page_has_every_package_of_batch_in_order_and_its_modules() -> None:
    told = (PAGES / "architecture.md").read_text(encoding="utf-8").partition("## Tables")[2]
    rows = [line.split("|") for line in told.splitlines() if line.startswith("| ")][1:]
    named = {row[1].strip(" `"): re.findall(r"`([^`]+)`", row[3]) for row in rows}
    parts = {path.parent.name: path.parent for path in (SOURCE / "batch").glob("*/__init__.py")}
    parts[""] = SOURCE / "batch"
    for part, folder in parts.items():
        modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        assert sorted(named[part]) == sorted(modules), part
    assert [x for x in named if x] == [x for level in LEVELS for x in level if x in parts]


# From here on the checks above are shown to fail where they must.

FORMS: Final = {
    "absolute": "from voucher_rules.{to} import thing",
    "submodule of the root": "from voucher_rules import {to}",
    "whole name": "import voucher_rules.{to} as other",
    "relative": "from .{to} import thing",
    "relative submodule": "from . import {to}",
    "lazy": "def load():\n    from voucher_rules.{to} import thing\n    return thing",
    "lazy in a method": "class A:\n    def load(self):\n        from . import {to}\n",
    "type checking": (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from voucher_rules.{to} import Thing\n"
    ),
    "guarded": "try:\n    import voucher_rules.{to}\nexcept ImportError:\n    pass\n",
    "star": "from voucher_rules.{to} import *",
    "by name": 'import importlib\nimportlib.import_module("voucher_rules.{to}")',
    "by relative name": 'import importlib\nimportlib.import_module(".{to}", __package__)',
    "built in": '__import__("voucher_rules.{to}")',
}


def write_tree(folder: Path, files: Mapping[str, str]) -> Tree:
    source = folder / ROOT
    for name, text in {"__init__.py": "", **files}.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_tree(source)


def find_faults(tree: Tree) -> list[str]:
    checks = (
        find_unlisted_layers,
        find_cycle,
        find_upward_imports,
        find_kept_out_imports,
        find_foreign_imports,
    )
    return [fault for check in checks for fault in check(tree)]


def test_a_sound_tree_has_no_faults(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from voucher_rules.api import decide\n",
        "__main__.py": "from voucher_rules.cli import main\n",
        "spans.py": "from __future__ import annotations\nimport json, pydantic, yaml\n",
        "values/__init__.py": "from voucher_rules.values.read import read\n",
        "values/read.py": "from . import model\nfrom ..spans import Span\n",
        "values/model.py": "from dateutil.relativedelta import relativedelta\n",
        "api.py": "from voucher_rules import values\n",
        "testing_plugin.py": "import pytest\n",
        "cli/__init__.py": "from voucher_rules.cli.check import run\n",
        "cli/check.py": "from voucher_rules.api import decide\n",
    }
    assert find_faults(write_tree(tmp_path, files)) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_upward_import_is_caught_in_every_form(tmp_path: Path, form: str) -> None:
    tree = write_tree(tmp_path, {"spans.py": form.format(to="api"), "api.py": ""})
    assert [found.split()[-1] for found in find_upward_imports(tree)] == ["voucher_rules.api"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_cycle_is_caught_in_every_form(tmp_path: Path, form: str) -> None:
    files = {
        "api.py": form.format(to="values"),
        "values.py": "from voucher_rules.spans import Span",
        "spans.py": "from voucher_rules.api import decide",
    }
    cycle = find_cycle(write_tree(tmp_path, files))
    assert set(cycle) == {"voucher_rules.api", "voucher_rules.values", "voucher_rules.spans"}
    assert cycle[0] == cycle[-1]


def test_a_cycle_within_a_package_is_caught(tmp_path: Path) -> None:
    files = {"values/__init__.py": "", "values/a.py": "from . import b", "values/b.py": "import x"}
    assert find_cycle(write_tree(tmp_path, files)) == []
    files["values/b.py"] = "from ..values.a import thing"
    assert find_cycle(write_tree(tmp_path, files)) != []


def test_a_package_that_reads_its_own_front_is_a_cycle(tmp_path: Path) -> None:
    files = {"values/__init__.py": "from .a import thing", "values/a.py": "from . import thing"}
    assert find_cycle(write_tree(tmp_path, files)) != []


def test_a_module_that_imports_itself_is_a_cycle(tmp_path: Path) -> None:
    assert find_cycle(write_tree(tmp_path, {"api.py": "import voucher_rules.api"})) != []


def test_an_upward_import_between_subpackages_is_caught(tmp_path: Path) -> None:
    files = {"values/__init__.py": "", "values/read.py": "from ..program import step"}
    tree = write_tree(tmp_path, {**files, "program/__init__.py": "", "program/step.py": ""})
    assert find_upward_imports(tree) == [
        "voucher_rules.values.read:1 imports voucher_rules.program.step"
    ]


def test_an_import_of_a_package_that_is_not_there_is_caught(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, {"api.py": "from voucher_rules.missing import thing"})
    assert find_upward_imports(tree) == ["voucher_rules.api:1 imports voucher_rules.missing"]


@pytest.mark.parametrize(
    ("name", "text", "caught"),
    [
        ("cases/a.py", "from voucher_rules.batch.reading.b import thing", False),
        ("cases/a.py", "from voucher_rules.batch.cases.b import thing", False),
        ("cases/a.py", "from voucher_rules.values.spark import thing", False),
        ("runs.py", "from voucher_rules.batch.spark.b import thing", False),
        ("spark/a.py", "import pyspark", False),
        ("reading/a.py", "def load():\n    from voucher_rules.batch.cases.b import thing", True),
        ("numpy/a.py", "from voucher_rules.batch import results", True),
        ("spark/a.py", "from ..duckdb.b import thing", True),
        ("duckdb/a.py", "import voucher_rules.batch.runs", True),
        ("runs.py", "from voucher_rules.batch.other import thing", True),
    ],
)
def test_an_import_between_parts_of_batch_is_caught(
    tmp_path: Path, name: str, text: str, *, caught: bool
) -> None:
    parts = {f"batch/{x}/__init__.py": "" for x in ("cases", "duckdb", "reading", "results")}
    tree = write_tree(tmp_path, {"batch/__init__.py": "", **parts, f"batch/{name}": text})
    assert bool(find_upward_parts(tree)) is caught


@pytest.mark.parametrize("name", ["other.py", "other/__init__.py", "other/deep.py"])
def test_a_part_of_batch_without_a_level_is_caught(tmp_path: Path, name: str) -> None:
    files = {"batch/__init__.py": "", "batch/runs.py": "", f"batch/{name}": ""}
    assert len(find_unplaced_parts(write_tree(tmp_path, files))) == 1


@pytest.mark.parametrize("name", ["helpers.py", "helpers/__init__.py", "helpers/deep/part.py"])
def test_a_package_without_a_place_is_caught(tmp_path: Path, name: str) -> None:
    tree = write_tree(tmp_path, {name: ""})
    assert find_unlisted_layers(tree) == ["helpers is not in LAYERS: give it its place"]


@pytest.mark.parametrize(
    ("name", "text", "caught"),
    [
        ("api.py", "from voucher_rules.cli import main", True),
        ("__init__.py", "from voucher_rules.cli import main", True),
        ("__main__.py", "from voucher_rules.cli import main", False),
        ("cli/__init__.py", "from voucher_rules.cli import check", False),
        ("cli/__init__.py", "from voucher_rules import decide", True),
        ("cli/check.py", "from .. import decide", True),
        ("testing_plugin.py", "import voucher_rules", True),
        ("__main__.py", "import voucher_rules", True),
    ],
)
def test_a_door_used_from_within_is_caught(
    tmp_path: Path, name: str, text: str, *, caught: bool
) -> None:
    tree = write_tree(tmp_path, {"cli/__init__.py": "", "cli/check.py": "", name: text})
    assert bool(find_kept_out_imports(tree)) is caught


@pytest.mark.parametrize(
    ("name", "text", "caught"),
    [
        ("api.py", "import numpy", True),
        ("api.py", "def load():\n    import numpy.linalg", True),
        ("api.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy", True),
        ("api.py", "import pytest", True),
        ("testing.py", "import pytest", True),
        ("api.py", "from pydantic_core import CoreSchema", True),
        ("testing_plugin.py", "import pytest", False),
        ("testing_plugin.py", "import numpy", True),
        ("api.py", "import pydantic.fields, yaml, decimal", False),
    ],
)
def test_a_foreign_import_is_caught(tmp_path: Path, name: str, text: str, *, caught: bool) -> None:
    assert bool(find_foreign_imports(write_tree(tmp_path, {name: text}))) is caught


def test_a_relative_import_out_of_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leads out of voucher_rules"):
        write_tree(tmp_path, {"api.py": "from ... import thing"})
