"""Child processes that never outlive the command that started them, and the ports they use."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devkit.bootstrap import Trouble

PR_SET_PDEATHSIG = 1


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def port_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5):
            return True
    except OSError:
        return False


def kept_port(file: Path) -> int:
    """The port of last time while it is free, so that an address stays the same."""
    port = int(file.read_text()) if file.exists() else free_port()
    if port_open(port):
        port = free_port()
    file.write_text(str(port))
    return port


def die_with_my_parent() -> None:
    """Killed with SIGKILL, `make` takes this process down in order too."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def dies_with_parent(how: signal.Signals) -> list[str]:
    """The start of a command that the kernel signals when its parent dies."""
    tool = shutil.which("setpriv")
    return [tool, "--pdeathsig", how.name.removeprefix("SIG")] if tool else []


def start(
    command: Sequence[str],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
) -> subprocess.Popen[bytes]:
    """Start in a session of its own, out of reach of the terminal's Ctrl-C."""
    with log.open("ab") if log else contextlib.nullcontext(subprocess.PIPE) as out:
        return subprocess.Popen(
            list(command),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until(
    true: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path
) -> None:
    end = time.monotonic() + 30
    while not true():
        if process.poll() is not None or time.monotonic() > end:
            lines = log.read_text(errors="replace").split("\n")
            last = next((line for line in reversed(lines) if line.strip()), "it says nothing")
            raise Trouble(f"{name} did not start: {last.strip()} (more in {log})")
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float) -> None:
    """Ask, wait, then insist; the whole session goes when it must be insisted."""
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
