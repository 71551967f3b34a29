"""Comes in: the Pythons of this machine. Goes out: whether all of them make the same records.

For each Python and each set of dependencies (the lowest the project allows, the newest there are)
an environment is made under ``build/matrix``, and the golden corpus is made again in it under
several hash seeds, locales, time zones and decimal contexts. What cannot be installed is told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build" / "matrix"
VERSIONS: Final = ("3.11", "3.12", "3.13")
SETTINGS: Final[tuple[tuple[Mapping[str, str], tuple[str, ...]], ...]] = (
    ({"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}, ()),
    (
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        ("--precision", "2"),
    ),
    ({"PYTHONHASHSEED": "random", "TZ": "America/St_Johns", "PYTHONUTF8": "0"}, ()),
    ({"PYTHONHASHSEED": "42", "PYTHONOPTIMIZE": "2", "TZ": "Asia/Shanghai"}, ("--precision", "60")),
)


def find_pythons() -> Iterator[tuple[str, str]]:
    """Yield each version and the Python of it, where this machine has one."""
    for version in VERSIONS:
        found = next(filter(_runs, list_candidates(version)), None)
        if found is not None:
            yield version, found
        else:
            sys.stdout.write(f"Python {version}: not on this machine\n")


def list_candidates(version: str) -> Iterator[str]:
    """Yield where a Python may be: what the path names may be a shim that starts nothing."""
    on_path = shutil.which(f"python{version}")
    if on_path is not None:
        yield on_path
    homes = Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")
    yield from (str(home) for home in sorted(homes, reverse=True))


def _runs(python: str) -> bool:
    done = subprocess.run(
        [python, "-c", "import venv, ensurepip"], check=False, capture_output=True
    )
    return done.returncode == 0


def list_dependencies(which: str) -> list[str]:
    """Return the core dependencies: the ``lowest`` allowed, each exactly, or the ``newest``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named: list[str] = project["dependencies"]
    return [name.replace(">=", "==") if which == "lowest" else name for name in named]


def make_environment(version: str, python: str, which: str) -> Path | None:
    """Return the Python of an environment with these dependencies; None where there is none."""
    folder = BUILD / f"{version}-{which}"
    inside = folder / "bin" / "python"
    if (folder / ".made").exists():
        return inside
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    install = [str(inside), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    only = ["--only-binary", ":all:"] if which == "newest" else []
    done = subprocess.run(
        [*install, *only, *list_dependencies(which)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        sys.stdout.write(f"Python {version}, {which}: cannot be installed: {' '.join(last)}\n")
        return None
    (folder / ".made").touch()
    return inside


def rederive(python: Path, settings: Mapping[str, str], more: tuple[str, ...]) -> tuple[int, str]:
    """Return the exit code and the last line of making the corpus again."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    done = subprocess.run(
        [str(python), str(ROOT / "tests" / "record" / "rederive.py"), *more],
        check=False,
        capture_output=True,
        text=True,
        env={**kept, **settings, "PYTHONPATH": str(ROOT / "src"), "VOUCHER_RULES_CACHE": "off"},
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def main() -> int:
    """Try every Python with every set of dependencies under every setting."""
    BUILD.mkdir(parents=True, exist_ok=True)
    failed = tried = 0
    for version, python in find_pythons():
        for which in ("lowest", "newest"):
            inside = make_environment(version, python, which)
            if inside is None:
                continue
            for settings, more in SETTINGS:
                code, line = rederive(inside, settings, more)
                tried, failed = tried + 1, failed + bool(code)
                told = " ".join([*(f"{name}={value}" for name, value in settings.items()), *more])
                sys.stdout.write(f"Python {version}, {which}, {told}: {line}\n")
                sys.stdout.flush()
    sys.stdout.write(f"runs: {tried}, failed: {failed}\n")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
