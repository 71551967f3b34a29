"""Comes in: command lines, one after the other. Goes out: each run by a process that is ready.

Starting Python and reading the library takes longer than most commands do, and the pages show
hundreds. So one process reads the library once and forks for each command; what stands in the path
as ``voucher-rules`` hands it the words, the folder, the environment and the three streams.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

CLIENT = """import array, json, os, socket, struct, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
said = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()
streams = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]).tobytes())]
line.sendmsg([struct.pack("!I", len(said))], streams)
line.sendall(said)
code = line.recv(1)
sys.exit(code[0] if code else "the command ended without a code")
"""
HEAD = struct.Struct("!I")


@contextmanager
def offer_command(folder: Path) -> Iterator[None]:
    """Put a ``voucher-rules`` into a folder that works while this context lasts."""
    with tempfile.TemporaryDirectory() as short:  # the address of a socket may not be long
        address, client = str(Path(short, "line")), Path(short, "client.py")
        client.write_text(CLIENT, encoding="utf-8")
        words = [sys.executable, str(Path(__file__)), address]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            starts = shlex.join([sys.executable, "-IS", str(client), address])
            program = folder / "voucher-rules"
            program.write_text(f'#!/bin/sh\nexec {starts} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
            yield
            process.kill()


def serve(address: str) -> None:
    """Run commands, each in a process of its own, until this one is ended."""
    read_library()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        os.write(1, b"ready\n")
        while True:
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                answer(line)
            line.close()
            reap()


def read_library() -> None:
    """Import all that commands would import one by one, and build what checks documents."""
    import voucher_rules  # noqa: PLC0415 - read in this process alone

    for item in walk_packages(voucher_rules.__path__, "voucher_rules."):
        if item.name.rpartition(".")[2] != "__main__":
            with suppress(ImportError):  # of an extra that is not installed
                import_module(item.name)
    voucher_rules.load("cn-sme-size", cache=False)


def reap() -> None:
    """Let go of processes that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def answer(line: socket.socket) -> None:
    """Run one command with the streams, the folder and the environment it was given in."""
    head, streams, _, _ = socket.recv_fds(line, HEAD.size, 3)
    said = bytearray()
    while len(said) < HEAD.unpack(head)[0]:
        said += line.recv(1 << 16)
    words, folder, environment = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["voucher-rules", *words]
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    out = io.BufferedWriter(io.FileIO(1, "w", closefd=False))
    err = io.BufferedWriter(io.FileIO(2, "w", closefd=False))
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        err, encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    code = call(words)
    sys.stdout.flush()
    sys.stderr.flush()
    line.send(bytes([code]))
    os._exit(code)


def call(words: list[str]) -> int:
    """Return the exit code of a command."""
    from voucher_rules.cli import main  # noqa: PLC0415 - as in serve

    try:
        return main(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as Python tells it
        sys.excepthook(*sys.exc_info())
        return 1


if __name__ == "__main__":
    serve(sys.argv[1])
