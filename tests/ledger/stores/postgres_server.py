"""Comes in: nothing. Goes out: a PostgreSQL server of our own, or why there is none.

It listens on a Unix socket in a temporary folder and is gone when the tests are.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

TRIES = 300


class PostgresServer:
    """A server with its data; may be killed and started again."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Short: the path of a socket may have about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="vr-pg-", dir="/tmp"))
        # The server refuses to run as root.
        self._user = find_plain_user() if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-U", "voucher", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://voucher@/postgres?host={self.folder}"

    def _command(self, name: str, *arguments: str) -> list[str]:
        return [str(self._programs / name), "-D", str(self.folder / "data"), *arguments]

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            self._command(name, *arguments), check=True, capture_output=True, user=self._user
        )

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-k", str(self.folder), "-c", "listen_addresses="),
                stdout=log,
                stderr=log,
                user=self._user,
            )
        for _ in range(TRIES):
            ready = subprocess.run(
                [str(self._programs / "pg_isready"), "-h", str(self.folder), "-q"], check=False
            )
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text())

    def crash(self) -> None:
        """End the server without letting it finish anything."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(120)


def find_plain_user() -> str:
    names = {item.pw_name for item in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def find_programs() -> Path | None:
    found = shutil.which("postgres")
    beside = Path(found).resolve().parent if found else None
    places = [beside, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    wanted = ("initdb", "postgres", "pg_isready")
    return next((x for x in places if x and all((x / name).exists() for name in wanted)), None)


@cache
def find_reason_to_skip() -> str:
    """Return why there is no PostgreSQL to test with, empty where there is."""
    missing = [name for name in ("sqlalchemy", "psycopg") if find_spec(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return "" if find_programs() else "no initdb and postgres found"


@cache
def start_server() -> PostgresServer:
    """Start the server all tests share."""
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs)
    atexit.register(server.stop)
    return server
